"""Makes a control map of the picture that was given: fitted to the result's size, and its edges where asked for."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from engine.errors import BadRequest
from engine.protocol import ControlPicture
from resources.checking import Refused
from resources.limits import MAX_CONTROLS, MAX_SIDE
from resources.settings import check_choices, check_settings

_BLUR = 1.4
"""Standard deviation in pixels of the blur before edges are looked for, as Canny's examples have it."""
_WEAK, _STRONG = 0.08, 0.2
"""Steps of brightness, in shares of the largest one, from which an edge goes on, and from which it begins."""
_FLAT = 4.0
"""The largest step of brightness, of 255, of a picture in which there are no edges at all."""
_PEN = 5
"""Pixels that the line of a sketch is wide at 512 pixels: what scribble ControlNets were taught with is about that."""


def check_controls(controls: tuple[ControlPicture, ...]) -> None:
    """Check a request's control pictures by themselves.

    Raises:
        BadRequest: there are too many, or a value is out of its range; the hint names the range.
    """
    if len(controls) > MAX_CONTROLS:
        raise BadRequest(f"There are {len(controls)} control pictures.", hint=f"Use at most {MAX_CONTROLS}.")
    for control in controls:
        rgb = control.rgb
        good = isinstance(rgb, np.ndarray) and rgb.dtype == np.uint8 and rgb.ndim == 3 and rgb.shape[2] == 3
        if not good or not rgb.size or max(rgb.shape) > MAX_SIDE:
            raise BadRequest(
                "A control picture is not an RGB picture.",
                hint=f"Give an array of uint8 [h, w, 3], of at most {MAX_SIDE} pixels a side.",
            )
        try:
            check_settings(control)
            check_choices(control)
        except Refused as refused:
            raise BadRequest(refused.message, hint=refused.hint) from None
        if control.window[0] > control.window[1]:
            raise BadRequest(
                f"A control picture acts from {control.window[0]} to {control.window[1]} of the steps.",
                hint="Give the start first, then the end, each from 0 to 1.",
            )


def control_map(control: ControlPicture, size: tuple[int, int]) -> np.ndarray:
    """Return the control map, uint8 `[height, width, 3]`, for a result of `size` (width, height).

    The picture is scaled to cover the result, and its middle is used; one of the result's size stays as it is.
    """
    image = Image.fromarray(np.ascontiguousarray(control.rgb))
    if image.size != size:
        image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    if control.prepare == "edges":
        pen = max(1, round(_PEN * max(size) / 512)) if control.kind == "scribble" else 1
        return np.repeat(edges(np.array(image.convert("L")), pen=pen)[..., None], 3, axis=2)
    if control.prepare == "lines":
        return np.array(ImageOps.invert(image))
    return np.array(image)


def edges(grey: np.ndarray, *, pen: int = 1) -> np.ndarray:
    """Return the edges of a picture, white on black: uint8 `[h, w]` from uint8 `[h, w]`.

    Canny's method (doi:10.1109/TPAMI.1986.4767851): blur, gradient, the crest of each slope, and of the weak crests
    those that touch a strong one. Thresholds are shares of the picture's own largest slope.

    Args:
        pen: width of the lines in pixels.
    """
    smooth = np.array(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(_BLUR)), np.float32)
    if min(grey.shape) < 2:
        return np.zeros_like(grey)
    down, across = (np.asarray(each) for each in np.gradient(smooth))
    slope = np.hypot(down, across)
    top = float(slope.max())
    if 2 * top < _FLAT:
        return np.zeros_like(grey)
    crest = slope * _is_crest(slope, down, across) / top
    found = _grown(crest >= _STRONG, crest >= _WEAK)
    lines = Image.fromarray(np.where(found, 255, 0).astype(np.uint8))
    return np.array(lines.filter(ImageFilter.MaxFilter(pen | 1)) if pen > 1 else lines)


def _is_crest(slope: np.ndarray, down: np.ndarray, across: np.ndarray) -> np.ndarray:
    """Where the slope is steepest along its own direction, one of four; of two that are equal the first."""
    padded = np.pad(slope, 1)
    direction = np.round(np.arctan2(down, across) / (np.pi / 4)).astype(int) % 4
    crest = np.zeros(slope.shape, bool)
    height, width = slope.shape
    for number, (dy, dx) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        before = padded[1 - dy : 1 - dy + height, 1 - dx : 1 - dx + width]
        after = padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        crest |= (direction == number) & (slope > before) & (slope >= after)
    return crest


def _grown(seed: np.ndarray, within: np.ndarray) -> np.ndarray:
    """The parts of `within` that touch the seed, sides and corners counted."""
    found = seed
    while True:
        image = Image.fromarray(np.where(found, 255, 0).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
        grown = (np.array(image) > 0) & within
        if int(grown.sum()) == int(found.sum()):
            return found
        found = grown
