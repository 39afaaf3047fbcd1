"""What an architecture's record says about a file that holds its transformer alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.models.assembly.sizes import Sizes

CLIP, T5, UMT5, QWEN3, QWEN25_VL, QWEN3_VL = "CLIP", "T5", "UMT5", "Qwen3", "Qwen2.5-VL", "Qwen3-VL"
"""Kinds of text encoders."""


@dataclass(frozen=True)
class Wanted:
    """A text encoder that a transformer needs: its kind, the width of its states, and whether it may be left out."""

    kind: str
    width: int
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class DenoiserFile:
    """How a file with the transformer alone is recognised, and what the files do not say.

    All functions are given the shapes of its tensors, by the original names and without any prefix; they may raise
    KeyError, IndexError, ValueError or ArithmeticError where those make no sense. A file may also have diffusers'
    names: what is read of it is then called by the original ones first.

    Attributes:
        signs: names of tensors that every such file has. without: those that none has.
        names: diffusers' names of the tensors that are read here -> the original ones; N is the number of a block. Of
            tensors that are one in the original, such as an attention's three, the first stands for all.
        config: the values of the transformer's config.json, given the file's name in lower case, too. schedule: those
            of its scheduler's, likewise. index: those that its model_index.json has beside the parts, likewise.
        encoders: the text encoders, by part. tokenizers: their kinds, by part.
        converter: the function of `engine.models.assembly.converting` or of diffusers that renames its tensors; "" for
            none.
        more: further parts that lie in the file -> the prefix of their tensors and their config. Where diffusers' names
            are used they are files of their own.
        instead: what to do where it is refused.
        refuses: given also the file's name in lower case: what it is, if it is one that cannot be used, else "".
    """

    signs: tuple[str, ...]
    without: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    config: Callable[[Sizes, str], Mapping[str, Any]]
    schedule: Callable[[Sizes, str], Mapping[str, Any]]
    index: Callable[[Sizes, str], Mapping[str, Any]] = lambda sizes, name: {}
    encoders: Callable[[Sizes], Mapping[str, Wanted]]
    tokenizers: Mapping[str, str]
    converter: str = ""
    more: Mapping[str, tuple[str, Callable[[Sizes], Mapping[str, Any]]]] = field(default_factory=dict)
    instead: str = "Choose the base model of the same name."
    refuses: Callable[[Sizes, str], str] = lambda sizes, name: ""

    def original(self, sizes: Sizes) -> Sizes | None:
        """Return the tensors of such a file by the original names; None if they are those of another kind of file."""
        if self.is_original(sizes):
            found: Sizes = sizes
        else:
            first = {original.replace("N", "0"): own.replace("N", "0") for own, original in self.names.items()}
            outside = tuple(prefix for prefix, _ in self.more.values())
            signs = [first.get(sign, sign) for sign in self.signs if not sign.startswith(outside)]
            if not first or not all(sign in sizes for sign in signs):
                return None
            found = self._renamed(sizes)
        return None if any(sign in found for sign in self.without) else found

    def is_original(self, names: Collection[str]) -> bool:
        """Whether the tensors of such a file have the original names, which `converter` turns into diffusers'."""
        return all(sign in names for sign in self.signs)

    def _renamed(self, sizes: Sizes) -> dict[str, tuple[int, ...]]:
        found = dict(sizes)
        for own, original in self.names.items():
            if "N" not in own:
                if own in sizes:
                    found[original] = sizes[own]
                continue
            for name, shape in sizes.items():
                if match := re.fullmatch(re.escape(own).replace("N", r"(\d+)"), name):
                    found[original.replace("N", match[1])] = shape
        return found


FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
"""The scheduler of most flows."""


def moved_by_size(longest: int, most: float, *, shift: float = 1.0, terminal: float | None = None) -> Mapping[str, Any]:
    """Return the scheduler of a flow whose times move to more noise the more cells a picture has.

    Args:
        longest, most: so many cells, and by how much they move them; 256 cells do by 0.5. terminal: where they end.
    """
    places = {"base_image_seq_len": 256, "max_image_seq_len": longest, "base_shift": 0.5, "max_shift": most}
    last = {} if terminal is None else {"shift_terminal": terminal}
    return {**FLOW, **places, **last, "shift": shift, "use_dynamic_shifting": True}
