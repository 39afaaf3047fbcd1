"""What is asked of a picture that is there already, and what is told of it: a prompt, each word with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Told:
    """One word of a caption.

    Attributes:
        name: the word. span: its half-open code-point span in the caption. area: the share of the picture, 0..1.
        mask: uint8 `[H, W]` of the picture's size: 255 is the word.
    """

    name: str
    span: tuple[int, int]
    area: float
    mask: np.ndarray


@dataclass(frozen=True, eq=False)
class Description:
    """What a picture shows.

    Attributes:
        caption: what it shows in words; "" where nothing is known.
        words: those of it that have a place.
        missing: whether each phrase that was looked for is not seen; () where none was.
    """

    caption: str
    words: tuple[Told, ...]
    missing: tuple[bool, ...] = ()

    @classmethod
    def of_names(cls, places: Sequence[tuple[str, float, np.ndarray]]) -> Description:
        """A caption of names with commas between them, in their order; of each its name, area and mask."""
        caption, words = "", []
        for name, area, mask in places:
            caption += ", " if caption else ""
            words.append(Told(name, (len(caption), len(caption) + len(name)), area, mask))
            caption += name
        return cls(caption, tuple(words))


@dataclass(frozen=True, kw_only=True, eq=False)
class PictureQuestion:
    """A picture that is to be described, or in which something is looked for.

    Attributes:
        rgb: the picture, uint8 `[H, W, 3]`, of any size.
        phrases: what is looked for; None asks what the picture shows.
        model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or mps.
    """

    rgb: np.ndarray
    phrases: tuple[str, ...] | None = None
    model: str = "starter"
    device: str = "auto"
