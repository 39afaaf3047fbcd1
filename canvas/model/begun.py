"""What a picture began from where that was not noise alone: a picture, the part of it to make anew, a second pass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from resources.limits import KEEP_CROSS, KEEP_SELF, PICTURE_GUIDANCE

KINDS = ("image", "vary", "tokens", "repaint", "extend", "refine", "edit", "instruct")
"""A picture from outside, the picture itself, the picture as its own picture tokens, a part of it, what a larger canvas
has new, a second pass alone, words of a picture's prompt edited, and the picture changed as an instruction says."""


SHAPES = ("", "noise", "picture")
"""Whether what was made anew keeps to its mask exactly: not at all, from noise, or from the picture's own noise."""


@dataclass(frozen=True, eq=False)
class PaintedThen:
    """A word of the prompt that a picture had before, as it was painted.

    Attributes:
        span: half-open code-point offsets into that prompt. mask: uint8 `[h, w]`. strength: signed.
        window: the share of the steps in which it acted, (start, end). fidelity: its own, 0..1, or None.
    """

    span: tuple[int, int]
    mask: np.ndarray
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)
    fidelity: float | None = None


@dataclass(frozen=True, eq=False)
class EditedPrompt:
    """The prompt of a picture before words of it were edited, and how much of the picture is kept.

    Attributes:
        prompt: what it was made with. words: those of it that were painted.
        keep_cross, keep_self: for which share of the steps words keep their places, and shapes, 0..1.
        weights: words of the new prompt, by span, with what their attention is multiplied by.
        everywhere: whether the picture may change all over.
    """

    prompt: str
    words: tuple[PaintedThen, ...] = ()
    keep_cross: float = KEEP_CROSS
    keep_self: float = KEEP_SELF
    weights: tuple[tuple[tuple[int, int], float], ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, eq=False)
class Begun:
    """Beside the scene it is all that is needed to make the same picture again.

    Attributes:
        kind: one of `KINDS`.
        name: the file of the picture that it began from, without its folder; "" where that has none.
        rgb: that picture, uint8 `[h, w, 3]` at the scene's size; None for noise, or where it was not kept.
        digest: by which it is known again, see `digest_of`; "" for noise.
        strength: how much of it was made anew, 0..1; of "tokens" how strongly its look and content acted.
        mask: uint8 `[h, w]`, what was made anew; None for all of it.
        context: pixels around the mask that the model saw; None for the whole picture.
        scale: how many times larger a second pass made it; 1 is none.
        detail: the strength of the second pass, 0..1.
        upscaler: the file of the upscaling network; "" is a filter.
        edit: the prompt before words of it were edited; None where none were, or where it was not kept.
        picture_guidance: how much a picture that an instruction changed was kept, see `InstructedPicture`.
        shape: one of `SHAPES`. shows: what the picture showed in words, where it was taken back to its own noise.
    """

    kind: str
    name: str = ""
    rgb: np.ndarray | None = None
    digest: str = ""
    strength: float = 1.0
    mask: np.ndarray | None = None
    context: int | None = None
    scale: int = 1
    detail: float = 0.35
    upscaler: str = ""
    edit: EditedPrompt | None = None
    picture_guidance: float = PICTURE_GUIDANCE
    shape: str = ""
    shows: str = ""

    @classmethod
    def of(cls, kind: str, rgb: np.ndarray, strength: float, *, name: str = "", **more: object) -> Begun:
        """What begins from a picture, whose digest is taken."""
        return cls(kind, name, rgb, digest_of(rgb), strength, **more)  # type: ignore[arg-type]

    @property
    def complete(self) -> bool:
        """Whether the same picture can be made again: it began from noise, or what it began from is here."""
        return self.edit is not None if self.kind == "edit" else self.rgb is not None or not self.digest

    @property
    def from_noise(self) -> bool:
        """Whether the run begins from noise alone: a picture that is there acts by its tokens."""
        return self.rgb is None or self.kind == "tokens"

    @property
    def bytes(self) -> int:
        """The memory that it takes."""
        words = () if self.edit is None else self.edit.words
        return sum(array.nbytes for array in (self.rgb, self.mask, *(each.mask for each in words)) if array is not None)

    def without_pixels(self) -> Begun:
        """What is left for a file that carries no pixels: the picture is only known by its name and digest."""
        return replace(self, rgb=None, mask=None, edit=None)


def digest_of(rgb: np.ndarray) -> str:
    """The MD5 of the pixels, row by row: what A1111 writes as “Init image hash”."""
    return hashlib.md5(np.ascontiguousarray(rgb).tobytes(), usedforsecurity=False).hexdigest()


def parameters_of(begun: Begun | None, size: tuple[int, int], name: str = "") -> dict[str, str]:
    """What a picture's text says of it, under the names that A1111 gives it.

    With a second pass “Size” is that of the picture, and “First pass size” that of the scene: A1111 takes both apart.

    Args:
        size: (width, height) of the scene. name: what the upscaling network is called; "" for its filter.
    """
    if begun is None:
        return {}
    found: dict[str, str] = {}
    second = begun.scale > 1
    if second:
        found["Size"] = f"{begun.scale * size[0]}x{begun.scale * size[1]}"
    by_tokens = begun.kind == "tokens"
    if by_tokens:
        found["Picture tokens"] = f"{begun.strength:g}"
    if begun.kind == "instruct":
        found["Image CFG scale"] = f"{begun.picture_guidance:g}"
    elif begun.digest and not by_tokens and (begun.strength or not second):
        found["Denoising strength"] = f"{begun.strength:g}"
    elif second:
        found["Denoising strength"] = f"{begun.detail:g}"
    if second:
        found["First pass size"] = f"{size[0]}x{size[1]}"
        found["Hires upscale"] = str(begun.scale)
        found["Hires upscaler"] = name or "Lanczos"
        found["Hires strength"] = f"{begun.detail:g}"
    if begun.mask is not None:
        found["Inpaint area"] = "Whole picture" if begun.context is None else "Only masked"
        if begun.context is not None:
            found["Masked area padding"] = str(begun.context)
    if begun.shape:
        found["Shape kept"] = "from noise" if begun.shape == "noise" else "from the picture's own noise"
    if begun.edit is not None:
        found["Edited prompt"] = json.dumps(begun.edit.prompt, ensure_ascii=False)
        found["Words kept"], found["Shapes kept"] = f"{begun.edit.keep_cross:g}", f"{begun.edit.keep_self:g}"
    if begun.digest:
        if begun.name:
            found["Init image"] = begun.name
        found["Init image hash"] = begun.digest
    found["Worked on by"] = begun.kind
    return found


def report_of(begun: Begun | None, name: str = "") -> Mapping[str, object]:
    """What `--json` says of it; `name` as for `parameters_of`."""
    if begun is not None and begun.kind == "instruct":
        area = None if begun.mask is None else float(np.mean(begun.mask > 0))
        told = {"picture_guidance": begun.picture_guidance, "area": area, "name": begun.name}
        return {"instruct": told, "start": None, "refine": None}
    start = begun is not None and bool(begun.digest)
    edit = None if begun is None else begun.edit
    return {
        **(
            {}
            if edit is None
            else {"edit": {"prompt": edit.prompt, "keep_cross": edit.keep_cross, "keep_self": edit.keep_self}}
        ),
        "start": {
            "strength": begun.strength,
            "repainted": None if begun.mask is None else float(np.mean(begun.mask > 0)),
            "context": begun.context,
            "name": begun.name,
            **({"shape": begun.shape} if begun.shape else {}),
            **({"by": "tokens"} if begun.kind == "tokens" else {}),
        }
        if begun is not None and start
        else None,
        "refine": {"scale": begun.scale, "strength": begun.detail, "upscaler": name}
        if begun is not None and begun.scale > 1
        else None,
    }
