"""The architectures that models may have: each a small file here, which says how its folders look and what they can do.

A new architecture is one more file of this folder with an `ARCHITECTURE`, and one of the same name in
`engine.models.families` that loads its networks; nothing else names it. No torch here: files are read, not loaded.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import UnsupportedModel


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """What is known of a kind of model before one is loaded.

    Attributes:
        name: of this record's file, and of the file in `engine.models.families` that loads it.
        pipeline: the `_class_name` in the model_index.json of its folders.
        parts: the folders that it must have.
        guidance, paint_weight, side: its defaults, where a model's maker says no others; `side` in pixels.
        latents: what its latents are; denoisers of equal ones can share a picture.
        upcasts_vae: whether its autoencoder overflows in half precision unless its config says otherwise.
        is_meant: whether a model_index.json with that `_class_name` is of it, given its content.
        encoders: the text encoders that can be switched, given the folder of the config files.
        takes_styles: whether there is an image encoder in that folder.
        single_file: shapes by tensor name of a single file in the original layout, None for any length, and the name
            of the shipped config files that go with it.
        text_tensors: by part what the names of its tensors begin with in such a file: "transformer." is followed by
            transformers' names, "model." by those of OpenCLIP.
    """

    name: str
    pipeline: str
    parts: tuple[str, ...]
    guidance: float
    paint_weight: float
    side: int
    latents: str
    upcasts_vae: bool = False
    is_meant: Callable[[Mapping[str, Any]], bool] = lambda index: True
    encoders: Callable[[Path], tuple[str, ...]] = lambda config: ("clip",)
    takes_styles: Callable[[Path], bool] = lambda config: False
    single_file: tuple[tuple[Mapping[str, tuple[int | None, ...]], str], ...] = ()
    text_tensors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def architectures() -> Mapping[str, Architecture]:
    """All of them by name, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = [importlib.import_module(f"{__name__}.{name}").ARCHITECTURE for name in names]
    return {each.name: each for each in found}


def of_index(index: Mapping[str, Any]) -> Architecture:
    """The architecture of a model folder, by its model_index.json.

    Raises:
        UnsupportedModel: there is none; the hint names those that there are.
    """
    kind = index.get("_class_name")
    for each in architectures().values():
        if each.pipeline == kind and each.is_meant(index):
            return each
    known = dict.fromkeys(each.pipeline for each in architectures().values())
    raise UnsupportedModel(
        f"Models of the kind {kind} are not supported.", hint=f"Choose a model of the kind {' or '.join(known)}."
    )


def shipped_config(header: Mapping[str, Any]) -> str | None:
    """The name of the shipped config files for a single file with that header; None where there are none."""
    for each in architectures().values():
        for shapes, config in each.single_file:
            if all(_has_shape(header.get(name), shape) for name, shape in shapes.items()):
                return config
    return None


def _has_shape(entry: Any, wanted: tuple[int | None, ...]) -> bool:
    shape = entry.get("shape") if isinstance(entry, dict) else None
    if not isinstance(shape, list) or len(shape) != len(wanted):
        return False
    return all(length is None or side == length for side, length in zip(shape, wanted, strict=True))
