"""The eight layouts that every model is measured on: plain words that any model knows, in plain shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.protocol import PaintedWord

_Shape = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""`(x, y)`, 0..1 from the left and from the top -> how far inside each place is, in sides of a picture."""

_EDGE = 0.02
"""Of the picture's side, over which paint fades out."""


@dataclass(frozen=True)
class Layout:
    """A prompt with its painted words, each `(phrase, shape)`; every phrase is in the prompt once."""

    prompt: str
    words: tuple[tuple[str, _Shape], ...]

    def painted(self, width: int, height: int) -> tuple[PaintedWord, ...]:
        """Its words at strength 1, masks uint8 `[height, width]`."""
        y, x = np.mgrid[0:height, 0:width]
        x, y = (x + 0.5) / width, (y + 0.5) / height
        found = []
        for phrase, shape in self.words:
            start = self.prompt.index(phrase)
            mask = np.clip(shape(x, y) / _EDGE + 0.5, 0.0, 1.0)
            found.append(PaintedWord(span=(start, start + len(phrase)), mask=(mask * 255).astype(np.uint8)))
        return tuple(found)


def _disc(cx: float, cy: float, radius: float) -> _Shape:
    return lambda x, y: radius - np.hypot(x - cx, y - cy)


def _box(left: float, top: float, right: float, bottom: float) -> _Shape:
    return lambda x, y: np.minimum(np.minimum(x - left, right - x), np.minimum(y - top, bottom - y))


_BELOW, _ABOVE = _box(-1, 0.6, 2, 2), _box(-1, -1, 2, 0.4)

LAYOUTS = (
    Layout("a house and a tree", (("house", _box(0.08, 0.35, 0.42, 0.8)), ("tree", _box(0.62, 0.2, 0.9, 0.8)))),
    Layout("a lake under a sunset", (("lake", _BELOW), ("sunset", _ABOVE))),
    Layout("a castle and mountains", (("castle", _box(0.35, 0.3, 0.65, 0.6)), ("mountains", _BELOW))),
    Layout("a boat on a lake", (("boat", _disc(0.3, 0.6, 0.14)), ("lake", _BELOW))),
    Layout("the moon over a forest", (("moon", _disc(0.75, 0.22, 0.13)), ("forest", _BELOW))),
    Layout("a balloon over flowers", (("balloon", _disc(0.28, 0.3, 0.2)), ("flowers", _BELOW))),
    Layout("a kite and a church", (("kite", _box(0.62, 0.1, 0.92, 0.45)), ("church", _box(0.08, 0.3, 0.4, 0.8)))),
    Layout("a rainbow over grass", (("rainbow", _ABOVE), ("grass", _BELOW))),
)
