"""A scene under construction: things find their spots, are lit and shaded alike, and hide what is behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from engine.training.picture_book.backdrops import SIZE, Backdrop
from engine.training.picture_book.colours import recoloured
from engine.training.picture_book.nouns import Noun
from engine.training.picture_book.placing import Spot, Wish, find_spot
from engine.training.picture_book.sprites import sized

SMALLEST = 40
"""Pixels of the longer side of the smallest thing."""

_WRITTEN = frozenset(
    {"calendar", "shop", "racing car", "clock", "alarm clock", "watch", "teacher", "medal", "keyboard"}
)
"""What bears writing, and so is never mirrored."""

_SEEN = 0.35
"""A thing that shows less of itself than this keeps no name: nobody could tell what it is."""

_ENOUGH = 0.04
"""Share of the picture from which on a place is one where things may stand."""

_LIGHTS: dict[str, tuple[float, float, float]] = {
    "sunset": (1.03, 0.93, 0.88),
    "night sky": (0.8, 0.83, 0.98),
    "aurora": (0.78, 0.9, 0.95),
    "cloudy sky": (0.95, 0.96, 0.98),
    "deep sea": (0.84, 0.96, 1.02),
    "space": (0.92, 0.92, 1.02),
}
"""What the light before some stuff does to the colours of things."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One thing in a picture, or all of one stuff.

    Attributes:
        name: a noun's, or a stuff's. colour: of `COLOURS`, for a thing that was recoloured. group: things with the same
            number are told together ("three dogs"); -1 for stuff.
        style: the letter of the pack a thing was drawn by, "" for stuff.
        area: bool `[512, 512]`, what is seen of it.
    """

    name: str
    colour: str
    group: int
    style: str
    area: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """One composition: rgb uint8 `[512, 512, 3]`, and its parts from the back; their areas do not overlap."""

    rgb: np.ndarray
    parts: tuple[Part, ...]

    def layers(self) -> tuple[np.ndarray, np.ndarray]:
        """Which part owns each pixel, int64 `[512, 512]`, and which parts are things, bool `[parts]`."""
        owner = np.zeros(self.rgb.shape[:2], np.int64)
        for number, part in enumerate(self.parts):
            owner[part.area] = number
        return owner, np.array([part.group >= 0 for part in self.parts])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Thing:
    """A drawing that has found its spot: float32 `[h, w, 4]`, laid with its upper left corner at `corner` (x, y)."""

    noun: Noun
    style: str
    colour: str
    group: int
    spot: Spot
    sprite: np.ndarray

    @property
    def corner(self) -> tuple[int, int]:
        """Such that the sprite, which a turn may have made wider, has the spot's middle and foot."""
        left, _, right, bottom = self.spot.box
        height, width = self.sprite.shape[:2]
        return (left + right - width) // 2, bottom - height


class Canvas:
    """A scene under construction."""

    def __init__(self, backdrop: Backdrop, rng: np.random.Generator) -> None:
        self.backdrop, self.rng = backdrop, rng
        self.rgb = backdrop.rgb.astype(np.float32)
        self.light = _light(backdrop, rng)
        self.places = frozenset(place for place, share in backdrop.shares().items() if share > _ENOUGH)
        self._things: list[_Thing] = []

    def put(
        self, noun: Noun, image: Image.Image, style: str, colour: str, group: int, *, free: bool, scale: float
    ) -> None:
        """Find a spot for a thing, if there is one; it is drawn by `finish`.

        Args:
            image: its drawing, RGBA. style, colour, group: see `Part`. free: it may stand anywhere.
            scale: makes it smaller, where there shall be room for several.
        """
        rng = self.rng
        wish = Wish(heights=noun.heights, aspect=image.width / image.height, scale=scale, smallest=SMALLEST, size=SIZE)
        places = () if free else [place for place in noun.places if place in self.places]
        taken = [(thing.spot.box, thing.noun == noun) for thing in self._things]
        spot = find_spot(rng, wish, {place: self.backdrop.area(place) for place in places}, taken)
        if spot is None:
            return
        if rng.random() < 0.5 and noun.name not in _WRITTEN:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if spot.place in ("sky", "space", "underwater", "") and rng.random() < 0.4:
            image = image.rotate(rng.uniform(-18, 18), Image.Resampling.BICUBIC, expand=True)
        sprite, told = sized(image, spot.height), ""
        changed = recoloured(sprite, colour) if colour else None
        if changed is not None:
            sprite, told = changed, colour
        self._things.append(_Thing(noun=noun, style=style, colour=told, group=group, spot=spot, sprite=sprite))

    def finish(self) -> Scene:
        """The picture."""
        owner = self.backdrop.owner.astype(np.int64)
        first = len(self.backdrop.names)
        # Who stands lower in the picture stands nearer.
        for number, thing in sorted(enumerate(self._things), key=lambda pair: pair[1].spot.depth):
            if thing.spot.shadow:
                self._shade(thing)
            window, cut = _window(thing.corner, thing.sprite.shape)
            alpha = thing.sprite[cut][..., 3:]
            self.rgb[window] += (self._lit(thing.sprite)[cut] - self.rgb[window]) * alpha
            owner[window][alpha[..., 0] > 0.5] = first + number
        parts = [
            Part(name=name, colour="", group=-1, style="", area=owner == number)
            for number, name in enumerate(self.backdrop.names)
        ]
        for number, thing in enumerate(self._things):
            area = owner == first + number
            if area.sum() >= _SEEN * (thing.sprite[..., 3] > 0.5).sum():
                name, colour = thing.noun.name, thing.colour
                parts.append(Part(name=name, colour=colour, group=thing.group, style=thing.style, area=area))
        rgb = np.clip(np.round(self.rgb), 0, 255).astype(np.uint8)
        return Scene(rgb=rgb, parts=tuple(part for part in parts if part.area.any()))

    def _lit(self, sprite: np.ndarray) -> np.ndarray:
        """A drawing's colours in the scene's light, a little brighter above than below."""
        fall = np.linspace(1.05, 0.94, sprite.shape[0], dtype=np.float32)[:, None, None]
        return np.clip(sprite[..., :3] * self.light * fall, 0, 255)

    def _shade(self, thing: _Thing) -> None:
        """Darken what a thing stands on or hangs before."""
        alpha, (left, top) = thing.sprite[..., 3], thing.corner
        if thing.spot.place == "wall":
            image = Image.fromarray((255 * np.pad(alpha, 6)).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3))
            shade = np.asarray(image, np.float32)[..., None] / 255
            # The padding is left out of the corner: the shade falls to the right and down.
            window, cut = _window((left, top), shade.shape)
            self.rgb[window] *= 1 - 0.2 * shade[cut]
            return
        columns = np.flatnonzero(alpha[-max(2, len(alpha) // 10) :].max(0) > 0.4)
        if not len(columns):
            return
        middle, half = left + columns.mean(), 0.6 * (columns[-1] - columns[0] + 1) + 4
        high, foot = max(3.0, 0.16 * half), top + len(alpha) - 1
        y, x = np.mgrid[-2 * high : 2 * high, -1.3 * half : 1.3 * half].astype(np.float32)
        oval = 0.34 * np.clip((1.15 - np.hypot(x / half, y / high)) / 0.5, 0, 1)[..., None]
        window, cut = _window((int(middle - 1.3 * half), int(foot - 2 * high)), oval.shape)
        self.rgb[window] *= 1 - oval[cut]


def _window(corner: tuple[int, int], shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Which part of the picture something covers, and which part of it that is."""
    spans = []
    for start, length in zip(reversed(corner), shape[:2], strict=True):
        low = min(max(0, start), SIZE)
        high = max(low, min(SIZE, start + length))
        spans.append((slice(low, high), slice(low - start, high - start)))
    return (spans[0][0], spans[1][0]), (spans[0][1], spans[1][1])


def _light(backdrop: Backdrop, rng: np.random.Generator) -> np.ndarray:
    """What the scene's light does to colours, float32 `[3]`."""
    tints = [_LIGHTS[name] for name in backdrop.names if name in _LIGHTS]
    tint = np.array(tints[0] if tints and backdrop.kind != "free" else (1, 1, 1), np.float32)
    return 1 + (tint - 1) * np.float32(rng.uniform(0.5, 1.1))
