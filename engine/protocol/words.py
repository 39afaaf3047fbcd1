"""Words of a request that are painted, and what is said of a picture whose words are edited or that is instructed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from resources.limits import KEEP_CROSS, KEEP_SELF, PICTURE_GUIDANCE, EditWeight, PictureGuidance, Share
from resources.setting_spec import SettingSpec


@dataclass(frozen=True, kw_only=True, eq=False)
class PaintedWord:
    """One word of the prompt and where in the picture it should be.

    Attributes:
        span: half-open code-point offsets `[start, end)` into the prompt.
        mask: uint8 `[height, width]` at picture size, 0 unpainted .. 255 fully painted; never written to.
        revision: a value that changes whenever the mask does; it saves hashing the mask again. With None, the default,
            the mask is hashed for each request, which takes about a millisecond for each million pixels.
        strength: signed, -2..2 in the window; 1 normal, 0 none, negative pushes the word out.
        window: part of the schedule in which the word acts, `(start, end)` as fractions of the steps, 0 first, 1 last.
        fidelity: how strictly this word keeps to its paint: the dial, 0 loose .. 1 exact; None as the request says.
    """

    span: tuple[int, int]
    mask: np.ndarray
    revision: Hashable | None = None
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)
    fidelity: float | None = None


@dataclass(frozen=True, kw_only=True)
class WordWeight:
    """How much more or less of a word an edited picture has.

    Attributes:
        span: half-open code-point offsets `[start, end)` into the request's prompt.
        weight: what its attention is multiplied by: 1 as it was, 0 none of it, below 0 its opposite.
    """

    span: tuple[int, int]
    weight: Annotated[EditWeight, SettingSpec(label="Weight", subject="The weight of a word", low=-2, high=4)] = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class PromptEdit:
    """The prompt of a picture of which words were edited: the request's is the new one, and the picture is kept.

    All else of the request is as it was for that picture, the seed above all: it is made again beside the new one,
    which takes its attention over (Prompt-to-Prompt, arXiv 2208.01626).

    Attributes:
        prompt: what the picture was made with. words: the words of it that were painted.
        keep_cross: the share of the steps, from the first on, in which each word that stayed, and each that stands for
            another, has the other's attention: 0 keeps nothing, 1 most.
        keep_self: the same for the attention of the picture's parts to one another, which holds shapes.
        weights: words of the new prompt of which there should be more or less.
        everywhere: whether the picture may change all over; else only where edited words are painted, or where they
            draw attention if they are not.
    """

    prompt: str
    words: tuple[PaintedWord, ...] = ()
    keep_cross: Annotated[
        Share,
        SettingSpec(
            label="Words kept",
            subject="The share of steps that keeps words",
            tip="How long words keep their places",
            step=0.05,
            decimals=2,
        ),
    ] = KEEP_CROSS
    keep_self: Annotated[
        Share,
        SettingSpec(
            label="Shapes kept",
            subject="The share of steps that keeps shapes",
            tip="How long shapes are kept",
            step=0.05,
            decimals=2,
        ),
    ] = KEEP_SELF
    weights: tuple[WordWeight, ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class InstructedPicture:
    """A picture that is to be changed as the prompt says, such as "make it night" (InstructPix2Pix, arXiv 2211.09800).

    The prompt's guidance says how much the instruction is followed. Where words of it are painted, or a mask is given,
    the picture changes there alone; all else of it stays, bit for bit.

    Attributes:
        rgb: uint8 `[height, width, 3]` at picture size.
        guidance: how much the result is like the picture: 1 is little; below 2 most instructions are still followed.
        mask: uint8 `[height, width]` at picture size: where the instruction acts, 255 fully; None is where its words
            are painted, or everywhere if none is.
    """

    rgb: np.ndarray
    guidance: Annotated[
        PictureGuidance,
        SettingSpec(
            label="Picture guidance",
            subject="The guidance by the picture",
            tip="How much the result is like the picture",
            step=0.1,
            decimals=1,
            high=3,
        ),
    ] = PICTURE_GUIDANCE
    mask: np.ndarray | None = None
