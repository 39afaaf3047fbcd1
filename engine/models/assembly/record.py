"""What an architecture's record says about a file that holds its transformer alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    All functions are given the shapes of its tensors, in the original layout and without any prefix; they may raise
    KeyError, IndexError, ValueError or ArithmeticError where those make no sense.

    Attributes:
        signs: names of tensors that every such file has. without: those that none has.
        config: the values of the transformer's config.json. schedule: those of its scheduler's, given the file's name
            in lower case, too. index: those that its model_index.json has beside the parts, likewise.
        encoders: the text encoders, by part. tokenizers: their kinds, by part.
        converter: the function of `engine.models.assembly.converting` or of diffusers that renames its tensors; "" for
            none.
        more: further parts that lie in the file -> the prefix of their tensors and their config.
        instead: what to do where it is refused.
        refuses: given also the file's name in lower case: what it is, if it is one that cannot be used, else "".
    """

    signs: tuple[str, ...]
    without: tuple[str, ...] = ()
    config: Callable[[Sizes], Mapping[str, Any]]
    schedule: Callable[[Sizes, str], Mapping[str, Any]]
    index: Callable[[Sizes, str], Mapping[str, Any]] = lambda sizes, name: {}
    encoders: Callable[[Sizes], Mapping[str, Wanted]]
    tokenizers: Mapping[str, str]
    converter: str = ""
    more: Mapping[str, tuple[str, Callable[[Sizes], Mapping[str, Any]]]] = field(default_factory=dict)
    instead: str = "Choose the base model of the same name."
    refuses: Callable[[Sizes, str], str] = lambda sizes, name: ""

    def fits(self, sizes: Sizes) -> bool:
        """Whether these are the tensors of such a file."""
        return all(sign in sizes for sign in self.signs) and not any(sign in sizes for sign in self.without)


FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000}
"""The scheduler of most flows."""
