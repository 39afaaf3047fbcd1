"""Builds a scene: places things, lights and shades them consistently, and lets them hide what is behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from engine.training.picture_book.backdrops import SIZE, Backdrop
from engine.training.picture_book.colours import recoloured
from engine.training.picture_book.nouns import Noun
from engine.training.picture_book.placing import Spot, Wish, find_spot
from engine.training.picture_book.sprites import Sprite, sized

SMALLEST = 48
"""The smallest allowed longer side of a thing in pixels."""

_SEEN = 0.35
"""A thing of which a smaller share is visible is not named, because it cannot be recognised."""

_ENOUGH = 0.04
"""The smallest share of the picture that counts as a place where things may stand."""

_LIGHTS: dict[str, tuple[float, float, float]] = {
    "sunset": (1.03, 0.93, 0.88),
    "night sky": (0.8, 0.83, 0.98),
    "aurora": (0.78, 0.9, 0.95),
    "cloudy sky": (0.95, 0.96, 0.98),
    "deep sea": (0.84, 0.96, 1.02),
    "space": (0.92, 0.92, 1.02),
}
"""How the light of some stuff multiplies the colours (RGB) of things in front of it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One thing in a picture, or all areas of one stuff.

    Attributes:
        name: a noun's, or a stuff's. colour: of `COLOURS`, for a thing that was recoloured. group: things with the same
            number are named together ("three dogs"); -1 for stuff.
        style, drawing: the letter of the pack that a thing's drawing is from, and the drawing's key; "" for stuff.
        area: bool `[512, 512]`, its visible area.
        extent: the same with what other things hide of it.
        square: the first row, first column and side of the square around a thing, in latent cells; (0, 0, 0) for stuff.
    """

    name: str
    colour: str
    group: int
    style: str
    area: np.ndarray
    extent: np.ndarray
    square: tuple[int, int, int] = (0, 0, 0)
    drawing: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """One composition: rgb uint8 `[512, 512, 3]`, and its parts from back to front, whose areas do not overlap."""

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
    """A placed drawing: float32 `[h, w, 4]`, with its upper left corner at `corner` (x, y)."""

    noun: Noun
    drawing: Sprite
    colour: str
    group: int
    spot: Spot
    sprite: np.ndarray

    @property
    def corner(self) -> tuple[int, int]:
        """Where the sprite lies."""
        return self.spot.box[:2]

    def extent(self) -> np.ndarray:
        """What of the picture it covers, bool `[512, 512]`."""
        extent = np.zeros((SIZE, SIZE), bool)
        window, cut = _window(self.corner, self.sprite.shape)
        extent[window] = self.sprite[cut][..., 3] > 0.5
        return extent


class Canvas:
    """A scene under construction."""

    def __init__(self, backdrop: Backdrop, rng: np.random.Generator) -> None:
        self.backdrop, self.rng = backdrop, rng
        self.rgb = backdrop.rgb.astype(np.float32)
        self.light = _light(backdrop, rng)
        self.places = frozenset(place for place, share in backdrop.shares().items() if share > _ENOUGH)
        self._things: list[_Thing] = []

    def put(
        self, noun: Noun, drawing: Sprite, image: Image.Image, colour: str, group: int, *, free: bool, scale: float
    ) -> None:
        """Find a spot for a thing, if there is one; `finish` draws it.

        Args:
            image: its drawing, RGBA. colour, group: see `Part`. free: whether it may stand anywhere.
            scale: below 1 makes it smaller, to leave room for several.
        """
        rng = self.rng
        wish = Wish(heights=noun.heights, aspect=image.width / image.height, scale=scale, smallest=SMALLEST, size=SIZE)
        places = () if free else [place for place in noun.places if place in self.places]
        taken = [(thing.spot.box, thing.noun == noun) for thing in self._things]
        spot = find_spot(rng, wish, {place: self.backdrop.area(place) for place in places}, taken)
        if spot is None:
            return
        sprite, applied = sized(image, spot.width, spot.height), ""
        changed = recoloured(sprite, colour) if colour else None
        if changed is not None:
            sprite, applied = changed, colour
        self._things.append(_Thing(noun=noun, drawing=drawing, colour=applied, group=group, spot=spot, sprite=sprite))

    def finish(self) -> Scene:
        """Draw all things, from the farthest to the nearest, and return the scene."""
        owner = self.backdrop.owner.astype(np.int64)
        first = len(self.backdrop.names)
        # A thing that stands lower in the picture is nearer.
        for number, thing in sorted(enumerate(self._things), key=lambda pair: pair[1].spot.depth):
            if thing.spot.shadow:
                self._shade(thing)
            window, cut = _window(thing.corner, thing.sprite.shape)
            alpha = thing.sprite[cut][..., 3:]
            self.rgb[window] += (self._lit(thing.sprite)[cut] - self.rgb[window]) * alpha
            owner[window][alpha[..., 0] > 0.5] = first + number
        parts = []
        for number, name in enumerate(self.backdrop.names):
            area = owner == number
            parts.append(Part(name=name, colour="", group=-1, style="", area=area, extent=area))
        for number, thing in enumerate(self._things):
            area = owner == first + number
            if area.sum() >= _SEEN * (thing.sprite[..., 3] > 0.5).sum():
                part = Part(
                    name=thing.noun.name,
                    colour=thing.colour,
                    group=thing.group,
                    style=thing.drawing.pack,
                    drawing=thing.drawing.key,
                    area=area,
                    extent=thing.extent(),
                    square=thing.spot.square,
                )
                parts.append(part)
        rgb = np.clip(np.round(self.rgb), 0, 255).astype(np.uint8)
        return Scene(rgb=rgb, parts=tuple(part for part in parts if part.area.any()))

    def _lit(self, sprite: np.ndarray) -> np.ndarray:
        """A drawing in the scene's light, slightly brighter at the top than at the bottom."""
        fall = np.linspace(1.05, 0.94, sprite.shape[0], dtype=np.float32)[:, None, None]
        return np.clip(sprite[..., :3] * self.light * fall, 0, 255)

    def _shade(self, thing: _Thing) -> None:
        """Draw the shadow of a thing on what it stands on or hangs in front of."""
        alpha, (left, top) = thing.sprite[..., 3], thing.corner
        if thing.spot.place == "wall":
            image = Image.fromarray((255 * np.pad(alpha, 6)).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3))
            shade = np.asarray(image, np.float32)[..., None] / 255
            # The corner ignores the padding, which moves the shadow to the right and down.
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
    """The region of the picture that a sprite covers, and the matching region of the sprite."""
    spans = []
    for start, length in zip(reversed(corner), shape[:2], strict=True):
        low = min(max(0, start), SIZE)
        high = max(low, min(SIZE, start + length))
        spans.append((slice(low, high), slice(low - start, high - start)))
    return (spans[0][0], spans[1][0]), (spans[0][1], spans[1][1])


def _light(backdrop: Backdrop, rng: np.random.Generator) -> np.ndarray:
    """The RGB factors of the scene's light, float32 `[3]`."""
    tints = [_LIGHTS[name] for name in backdrop.names if name in _LIGHTS]
    tint = np.array(tints[0] if tints and backdrop.kind != "free" else (1, 1, 1), np.float32)
    return 1 + (tint - 1) * np.float32(rng.uniform(0.5, 1.1))
