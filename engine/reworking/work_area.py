"""The part of a picture that is worked on by itself: what lies around a mask, at the model's own size."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from engine.facts import ModelFacts
from engine.protocol import ControlPicture, GenerateRequest, StartPicture

_SLIMMEST = 2.0
"""An area is at most so many times longer than it is wide, where the picture allows it: models know no slimmer ones."""
_LEAST = 0.25
"""An area's side is at least this share of the model's own, so that little is scaled up more than four times."""


@dataclass(frozen=True)
class WorkArea:
    """A part of a picture.

    Attributes:
        box: (left, top, right, bottom) in pixels of the picture.
        size: (width, height) at which the model works on it.
    """

    box: tuple[int, int, int, int]
    size: tuple[int, int]

    @property
    def outer(self) -> tuple[int, int]:
        """(width, height) in pixels of the picture."""
        left, top, right, bottom = self.box
        return right - left, bottom - top

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        left, top, right, bottom = self.box
        return slice(top, bottom), slice(left, right)

    def inside(self, array: np.ndarray) -> np.ndarray:
        """A picture's or a mask's part, uint8 `[height, width(, 3)]`, at the size that the model works at."""
        part = np.ascontiguousarray(array[self.place])
        if self.outer == self.size:
            return part
        way = Image.Resampling.LANCZOS if array.ndim == 3 else Image.Resampling.BILINEAR
        return np.array(Image.fromarray(part).resize(self.size, way))

    def back(self, rgb: np.ndarray) -> np.ndarray:
        """What the model made, at the size that it has in the picture."""
        if self.outer == self.size:
            return rgb
        return np.array(Image.fromarray(np.ascontiguousarray(rgb)).resize(self.outer, Image.Resampling.LANCZOS))


def usual_context(mask: np.ndarray) -> int | None:
    """The context for a mask, where nobody says one: an eighth of the picture's longer side where the area with it is
    less than half of the picture, else None, the whole picture."""
    height, width = mask.shape
    margin = max(height, width) // 8
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    high = min(height, int(rows[-1]) + margin) - max(0, int(rows[0]) - margin)
    wide = min(width, int(columns[-1]) + margin) - max(0, int(columns[0]) - margin)
    return margin if 2 * high * wide < height * width else None


def area_around(mask: np.ndarray, context: int, facts: ModelFacts) -> WorkArea | None:
    """Return the area around what a mask covers, with `context` pixels on each side; None where it is all there is.

    It is scaled up to as many pixels as the model likes best; one that has more stays at its own size.
    """
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    likes = facts.defaults.size
    down = _grown(int(rows[0]) - context, int(rows[-1]) + 1 + context, round(likes[1] * _LEAST), height)
    across = _grown(int(columns[0]) - context, int(columns[-1]) + 1 + context, round(likes[0] * _LEAST), width)
    longest = max(down[1] - down[0], across[1] - across[0])
    down = _grown(*down, math.ceil(longest / _SLIMMEST), height)
    across = _grown(*across, math.ceil(longest / _SLIMMEST), width)
    multiple = facts.multiple
    scale = math.sqrt(likes[0] * likes[1] / ((down[1] - down[0]) * (across[1] - across[0])))
    if scale <= 1:  # at its own size, which has to be one that the model can make
        down = _grown(*down, -(-(down[1] - down[0]) // multiple) * multiple, height)
        across = _grown(*across, -(-(across[1] - across[0]) // multiple) * multiple, width)
        scale = 1.0
    outer = across[1] - across[0], down[1] - down[0]
    size = tuple(max(multiple, round(side * scale / multiple) * multiple) for side in outer)
    if outer == (width, height) == size:
        return None
    return WorkArea((across[0], down[0], across[1], down[1]), (size[0], size[1]))


def _grown(first: int, last: int, least: int, limit: int) -> tuple[int, int]:
    """A range of at least `least` within 0..limit around another, where there is room."""
    first, last = max(0, first), min(limit, last)
    missing = max(0, min(least, limit) - (last - first))
    first = max(0, min(first - missing // 2, limit - (last - first) - missing))
    return first, max(last, min(limit, first + least))


def request_inside(request: GenerateRequest, start: StartPicture, area: WorkArea) -> GenerateRequest:
    """The request that works on the area alone: words, styles and control pictures are cut out along with it."""
    mask = None if start.mask is None else area.inside(start.mask)
    words = tuple(
        replace(
            word,
            mask=area.inside(word.mask),
            revision=None if word.revision is None else (word.revision, area.box, area.size),
        )
        for word in request.text.words
    )
    styles = tuple(
        style if style.mask is None else replace(style, mask=area.inside(style.mask))
        for style in request.conditioning.styles
    )
    colours = request.colours and replace(request.colours, rgba=area.inside(request.colours.rgba))
    return request.replace(
        start=replace(start, rgb=area.inside(start.rgb), mask=mask, context=None),
        colours=colours,
        words=words,
        styles=styles,
        controls=tuple(_control_inside(control, request.picture.size, area) for control in request.adapters.controls),
        width=area.size[0],
        height=area.size[1],
    )


def _control_inside(control: ControlPicture, size: tuple[int, int], area: WorkArea) -> ControlPicture:
    image = Image.fromarray(np.ascontiguousarray(control.rgb))
    if image.size != size:
        image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    return replace(control, rgb=area.inside(np.array(image)))
