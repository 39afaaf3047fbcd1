"""The names that a transformer's original code has for its layers, and what became of them in diffusers'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.models.adapters.names import BEFORE_TRANSFORMER, Place, flat, layers_of
from engine.models.architectures import pieces_of


def original_names(network: Any, layers: Mapping[str, str]) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """The further names of a transformer's layers, as `layer_names` has them, with where they belong.

    Args:
        layers: see `Architecture.layers`.
    """
    for original, places in original_layers("transformer", layers_of(network), layers):
        for beginning in BEFORE_TRANSFORMER:
            yield flat(f"{beginning}.{original}" if beginning else original), places


def original_layers(
    part: str, paths: Mapping[str, tuple[int, int]], layers: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """The layers that a transformer's original code has, by the names there, with the modules that they became.

    Args:
        paths: (outputs, inputs) of each module. layers: see `Architecture.layers`.
    """
    for original, template in layers.items():
        pieces = pieces_of(template)
        first = re.compile(re.escape(pieces[0]).replace(r"\#", r"(\d+)"))
        for path in paths:
            match = first.fullmatch(path)
            if match is None:
                continue
            own = [_numbered(piece, match.groups()) for piece in pieces]
            if any(each not in paths for each in own):
                continue
            yield _numbered(original, match.groups()), _cut(part, own, paths, swapped=template.startswith("~"))


def _numbered(template: str, numbers: tuple[str, ...]) -> str:
    for number in numbers:
        template = template.replace("#", number, 1)
    return template


def _cut(part: str, own: list[str], paths: Mapping[str, tuple[int, int]], *, swapped: bool) -> tuple[Place, ...]:
    if len(own) == 1:
        outputs, inputs = paths[own[0]]
        if swapped and outputs == 2 * inputs:
            half = outputs // 2
            return (Place(part, own[0], ((half, outputs), (0, half)), outputs),)
        return (Place(part, own[0]),)
    whole, places, first = sum(paths[each][0] for each in own), [], 0
    for each in own:
        last = first + paths[each][0]
        places.append(Place(part, each, ((first, last),), whole))
        first = last
    return tuple(places)
