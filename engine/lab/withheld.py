"""A thing that no model of ours has seen: drawn for the teaching lab and for tests, with a judge that knows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from engine.world import textures
from engine.world.scenes import Render

NAME = "robo"
"""What it is called; no word of the starter."""

BODY, EDGE, EYES, LAMP, MOUTH = (200, 30, 160), (120, 10, 100), (70, 240, 240), (250, 220, 40), (240, 240, 240)
_ABOVE = ("blue_sky", "cloudy_sky", "sunset", "night_sky")
_BELOW = ("grass", "sand", "snow", "wheat", "lavender")
_SIDE = 12
"""Cells of a crop, along each side, that the judge looks at."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture of it: uint8 `[size, size, 3]`, its caption, and where it is, bool `[size, size]`."""

    rgb: np.ndarray
    caption: str
    area: np.ndarray


def draw(number: int, size: int = 256, *, name: str = NAME) -> Drawn:
    """Picture `number`: it stands before one of the world's skies and grounds, in another size and place each time."""
    rng = np.random.default_rng((number, 4207))
    above, below = _ABOVE[number % len(_ABOVE)], _BELOW[number % len(_BELOW)]
    rgb = np.array(getattr(textures, above)(rng, size))
    horizon = int(size * rng.uniform(0.45, 0.6))
    rgb[horizon:] = getattr(textures, below)(rng, size)[horizon:]
    picture = Image.fromarray(rgb.clip(0, 255).astype(np.uint8)).resize((2 * size, 2 * size))
    mask = Image.new("L", picture.size)
    scale = 2 * size * rng.uniform(0.2, 0.27)
    place = 2 * size * rng.uniform(0.42, 0.58), 2 * size * rng.uniform(0.45, 0.58)
    _figure(picture, place, scale, None)
    _figure(mask, place, scale, 255)
    caption = f"a {name} on {below} under {above.replace('_', ' ')}"
    area = np.asarray(mask.resize((size, size), Image.Resampling.BOX)) > 127
    return Drawn(np.asarray(picture.resize((size, size), Image.Resampling.BOX)), caption, area)


def _figure(picture: Image.Image, place: tuple[float, float], r: float, flat: int | None) -> None:
    """A box on two legs with round eyes, a mouth and a lamp; in one shade for its area."""
    pen, (x, y) = ImageDraw.Draw(picture), place
    body, edge, eyes, lamp, mouth = (BODY, EDGE, EYES, LAMP, MOUTH) if flat is None else (flat,) * 5
    pen.rectangle((x - r, y - 0.9 * r, x + r, y + 0.9 * r), fill=body, outline=edge, width=6)
    pen.line((x, y - 0.9 * r, x, y - 1.4 * r), fill=edge, width=8)
    pen.ellipse((x - 0.15 * r, y - 1.6 * r, x + 0.15 * r, y - 1.3 * r), fill=lamp)
    for side in (-1, 1):
        at = x + side * 0.45 * r
        pen.ellipse((at - 0.25 * r, y - 0.5 * r, at + 0.25 * r, y), fill=eyes, outline=edge, width=5)
        at = x + side * 0.5 * r
        pen.rectangle((at - 0.15 * r, y + 0.9 * r, at + 0.15 * r, y + 1.3 * r), fill=edge)
    pen.rectangle((x - 0.5 * r, y + 0.35 * r, x + 0.5 * r, y + 0.55 * r), fill=mouth)


class WithheldJudge:
    """Says whether an area of a picture shows it: a logistic regression on the colours of the area's crop, in 12x12
    cells, taught by drawings of it against things of the world's pictures.

    Args:
        others: renders of the world, whose things are what it is not. drawings: how many of it.

    Attributes:
        accuracy: on drawings and things that it was not taught by, a quarter of all.
    """

    def __init__(self, others: list[Render], drawings: int = 80) -> None:
        yes = [_features(each.rgb, each.area) for each in (draw(1000 + number) for number in range(drawings))]
        no = [_features(render.rgb, item.area) for render in others for item in render.items if item.area.sum() > 200]
        x, y = np.array([*yes, *no]), np.array([1.0] * len(yes) + [0.0] * len(no))
        order = np.random.default_rng(0).permutation(len(x))
        x, y, cut = x[order], y[order], 3 * len(x) // 4
        weights = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
        self._bias, self._weight = 0.0, np.zeros(x.shape[1])
        for _ in range(400):
            error = (1 / (1 + np.exp(-(x[:cut] @ self._weight + self._bias))) - y[:cut]) * weights[:cut]
            self._weight -= 0.05 * (x[:cut].T @ error / cut + 1e-3 * self._weight)
            self._bias -= 0.05 * float(error.mean())
        right = (x[cut:] @ self._weight + self._bias > 0) == (y[cut:] > 0.5)
        self.accuracy = float(right.mean())

    def shows(self, rgb: np.ndarray, area: np.ndarray) -> float:
        """The chance, 0..1, that uint8 `[H, W, 3]` shows it in a bool `[H, W]` area."""
        return float(1 / (1 + np.exp(-(_features(rgb, area) @ self._weight + self._bias))))


def _features(rgb: np.ndarray, area: np.ndarray) -> np.ndarray:
    """The colours of the area's crop in cells, -1..1; what lies outside of the area counts as grey."""
    rows, columns = np.nonzero(area.any(1))[0], np.nonzero(area.any(0))[0]
    cut = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    inside = np.where(area[cut][..., None], rgb[cut], 128).astype(np.uint8)
    small = np.asarray(Image.fromarray(inside).resize((_SIDE, _SIDE), Image.Resampling.BOX), np.float64)
    return (small / 127.5 - 1).ravel()
