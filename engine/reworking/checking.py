"""Checks the picture that a request begins from, its mask, and what is asked of a second pass."""

from __future__ import annotations

import numpy as np

from engine.attention.masks import check_word
from engine.errors import BadMask, BadRequest
from engine.protocol import GenerateRequest, KeptShape, StartPicture
from engine.reworking.shapes import words_within
from engine.reworking.upscaling import check_upscaler
from resources.checking import check
from resources.limits import MAX_SIDE, Prompt
from resources.settings import check_settings


def check_rework(request: GenerateRequest) -> None:
    """Check `request.start` and `request.refine`, each where it is there.

    Raises:
        BadRequest, BadMask: a picture or a mask is of another kind or size than the request's picture, or nothing is
            masked, or the refined picture would be too large. Refused: a number is out of its range. And others: see
            `engine.reworking.upscaling.check_upscaler`.
    """
    if request.start is not None:
        check_settings(request.start)
        _check_start(request.start, request.picture.size)
        if request.start.shape is not None:
            _check_shape(request, request.start, request.start.shape)
    if request.refine is not None:
        check_settings(request.refine)
        side = request.refine.scale * max(request.picture.size)
        if side > MAX_SIDE:
            raise BadRequest(
                f"The refined picture would be {side} pixels wide or high.",
                hint=f"Choose a smaller size or scale: at most {MAX_SIDE} pixels a side.",
            )
        check_upscaler(request.refine.upscaler)


def _check_shape(request: GenerateRequest, start: StartPicture, shape: KeptShape) -> None:
    check_settings(shape)
    check(shape.prompt, Prompt, "The text of what the picture shows")
    if start.mask is None:
        raise BadRequest(
            "There is no shape to keep to: the whole picture is redone.", hint="Mask the part that is the shape."
        )
    for word in request.text.words:
        check_word(word, width=request.picture.width, height=request.picture.height)
    if not words_within(request.text.words, start.mask):
        raise BadRequest(
            "No word is painted in the shape that is to be filled.",
            hint="Paint the word that fills it, within the part that is redone.",
        )


def _check_start(start: StartPicture, size: tuple[int, int]) -> None:
    width, height = size
    rgb, mask = start.rgb, start.mask
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise BadRequest(
            "The picture to start from is not an RGB picture.", hint="Give an array of uint8 [height, width, 3]."
        )
    if rgb.shape[:2] != (height, width):
        raise BadRequest(
            f"The picture to start from is {rgb.shape[1]}x{rgb.shape[0]}, but the picture is {width}x{height}.",
            hint="Give both the same size.",
        )
    if mask is None:
        return
    if not isinstance(mask, np.ndarray) or mask.dtype != np.uint8 or mask.ndim != 2:
        raise BadMask(
            "The repaint mask must hold one byte for each pixel.",
            hint="Give a uint8 array [height, width]: 0 stays as it is, 255 is redone.",
        )
    if mask.shape != (height, width):
        raise BadMask(
            f"The repaint mask is {mask.shape[1]}x{mask.shape[0]}, but the picture is {width}x{height}.",
            hint="Paint the mask at the picture's size.",
        )
    if not mask.any():
        raise BadMask("The repaint mask is empty.", hint="Paint the part to change, or leave the mask out.")
