"""Compositions: drawn things set into a backdrop, by seed, with the exact area of each thing and of all stuff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.training.picture_book.backdrops import SIZE, Backdrop, BackdropPool, draw_backdrop
from engine.training.picture_book.colours import COLOURS, recoloured
from engine.training.picture_book.nouns import Noun, nouns
from engine.training.picture_book.placing import Spot, Wish, find_spot
from engine.training.picture_book.split import HELD_OUT, pair_is_withheld, withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore, sized
from engine.training.picture_book.styles import style_of

FREE_SHARE = 1 / 3
"""Share of scenes in which anything stands anywhere, at any size."""

SMALLEST = 40
"""Pixels of the longer side of the smallest thing."""

_GROUP_SHARE, _GROUP = 0.22, (2, 3, 4, 5)
"""How often a scene has several of one noun, and how many."""

_COUNTS = ((1, 0.2), (2, 0.28), (3, 0.24), (4, 0.16), (5, 0.12))
"""How many kinds of things a scene has."""

_WRITTEN = frozenset(
    {"calendar", "shop", "racing car", "clock", "alarm clock", "watch", "teacher", "medal", "keyboard"}
)
"""What bears writing, and so is never mirrored."""

_SEEN = 0.35
"""A thing that shows less of itself than this is taken away again."""


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


class Composer:
    """Composes scenes.

    Args:
        pool: the backdrops that training scenes stand before; without it, as for held-out seeds, each draws its own.
        withheld: whether drawings and pairs that training must not see may come, as they do for held-out seeds.
    """

    def __init__(self, sprites: SpriteStore, pool: BackdropPool | None = None, *, withheld: bool = False) -> None:
        self.sprites, self.pool, self.withheld = sprites, pool, withheld
        self.nouns = [noun for noun in nouns().values() if noun.name in sprites.of]
        self.drawings: dict[str, list[Sprite]] = {}
        for noun in self.nouns:
            drawn = sprites.of[noun.name]
            kept = frozenset() if withheld else withheld_drawings(drawn)
            self.drawings[noun.name] = [sprite for sprite in drawn if sprite.key not in kept]

    def __call__(self, seed: int) -> Scene:
        """The scene of a seed, all of its things by one pack if the seed's style has one; in no look yet.

        Raises:
            ValueError: a held-out seed without leave to show what is withheld, or the other way round.
        """
        if (seed >= HELD_OUT) != self.withheld:
            raise ValueError(f"seed {seed} is {'held out' if seed >= HELD_OUT else 'not held out'}")
        rng = np.random.default_rng((seed, 22))
        free = bool(rng.random() < FREE_SHARE)
        # A noun first, then a backdrop for it: else what stands on tables would be seen far less than what walks.
        first = self._any(self.nouns, rng)
        if self.pool is None or self.withheld:
            backdrop = draw_backdrop(seed)
        else:
            backdrop = self.pool.pick(rng, "" if free else str(rng.choice(first.places)))
        if rng.random() < 0.5:
            backdrop = _mirrored(backdrop)
        canvas = Canvas(backdrop, rng)
        self._fill(canvas, rng, first, style_of(seed).pack, free=free)
        return canvas.finish()

    @staticmethod
    def _any(choice: list[Noun], rng: np.random.Generator) -> Noun:
        return choice[int(rng.integers(len(choice)))]

    def _fill(self, canvas: Canvas, rng: np.random.Generator, first: Noun, pack: str, *, free: bool) -> None:
        kinds = int(rng.choice([count for count, _ in _COUNTS], p=[share for _, share in _COUNTS]))
        offered = canvas.places()
        fitting = self.nouns if free else [noun for noun in self.nouns if offered & set(noun.places)]
        if not fitting:
            return
        chosen: list[Noun] = []
        for turn in range(kinds):
            noun = first if turn == 0 and first in fitting else self._any(fitting, rng)
            if noun in chosen or (not self.withheld and any(pair_is_withheld(noun.name, each.name) for each in chosen)):
                continue
            chosen.append(noun)
        group_of = int(rng.integers(len(chosen))) if chosen and rng.random() < _GROUP_SHARE else -1
        for index, noun in enumerate(chosen):
            many = int(rng.choice(_GROUP)) if index == group_of else 1
            drawn = self.drawings[noun.name]
            drawn = [sprite for sprite in drawn if sprite.pack == pack] or drawn
            # Several of one noun are mostly the same drawing, as in a flock; else each is its own.
            alike = many > 1 and rng.random() < 0.7
            told_apart = many == 2 and noun.recolour and rng.random() < 0.6
            sprite, colour = drawn[int(rng.integers(len(drawn)))], self._colour(noun, rng)
            for k in range(many):
                if k and not alike:
                    sprite = drawn[int(rng.integers(len(drawn)))]
                if k and told_apart:
                    colour = str(rng.choice([each for each in COLOURS if each != colour]))
                shrunk = 1.0 if many == 1 else 0.75
                canvas.put(noun, self.sprites.image(sprite), sprite.pack, colour, index, free=free, scale=shrunk)

    def _colour(self, noun: Noun, rng: np.random.Generator) -> str:
        return str(rng.choice(list(COLOURS))) if noun.recolour and rng.random() < 0.8 else ""


class Canvas:
    """A scene under construction."""

    def __init__(self, backdrop: Backdrop, rng: np.random.Generator) -> None:
        self.backdrop, self.rng = backdrop, rng
        self.rgb = backdrop.rgb.astype(np.float32)
        self.light = _light(backdrop, rng)
        self._offered: frozenset[str] | None = None
        self._laid: list[tuple[Noun, str, str, int, Spot, np.ndarray]] = []

    def places(self) -> frozenset[str]:
        """Those that the backdrop offers enough of."""
        if self._offered is None:
            shares = self.backdrop.shares()
            self._offered = frozenset(place for place, share in shares.items() if share > 0.04)
        return self._offered

    def put(
        self, noun: Noun, image: Image.Image, style: str, colour: str, group: int, *, free: bool, scale: float
    ) -> None:
        """Find a spot for a thing and remember it; it is drawn by `finish`, from the back to the front."""
        rng = self.rng
        taken = [(spot.box, noun.name == other.name) for other, _, _, _, spot, _ in self._laid]
        places = () if free else [place for place in noun.places if place in self.places()]
        wish = Wish(heights=noun.heights, aspect=image.width / image.height, scale=scale, smallest=SMALLEST, size=SIZE)
        spot = find_spot(rng, wish, {place: self.backdrop.area(place) for place in places}, taken)
        if spot is None:
            return
        if rng.random() < 0.5 and noun.name not in _WRITTEN:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if spot.place in ("sky", "space", "underwater", "") and rng.random() < 0.4:
            image = image.rotate(rng.uniform(-18, 18), Image.Resampling.BICUBIC, expand=True)
        sprite = sized(image, spot.height)
        told = ""
        if colour:
            changed = recoloured(sprite, colour)
            told, sprite = ("", sprite) if changed is None else (colour, changed)
        self._laid.append((noun, style, told, group, spot, sprite))

    def finish(self) -> Scene:
        """The picture."""
        owner = self.backdrop.owner.astype(np.int64)
        first = len(self.backdrop.names)
        # Who stands lower in the picture stands nearer; what has no foot keeps its turn.
        order = sorted(range(len(self._laid)), key=lambda k: self._laid[k][4].depth)
        sizes = {}
        for k in order:
            *_, spot, sprite = self._laid[k]
            window, cut = _window(spot, sprite)
            if spot.shadow:
                self._shadow(spot, sprite)
            colour = self._lit(sprite)[cut]
            alpha = sprite[cut][..., 3:]
            self.rgb[window] += (colour - self.rgb[window]) * alpha
            owner[window][alpha[..., 0] > 0.5] = first + k
            sizes[k] = float((sprite[..., 3] > 0.5).sum())
        return Scene(rgb=np.clip(np.round(self.rgb), 0, 255).astype(np.uint8), parts=self._parts(owner, first, sizes))

    def _parts(self, owner: np.ndarray, first: int, sizes: dict[int, float]) -> tuple[Part, ...]:
        parts = []
        for index, name in enumerate(self.backdrop.names):
            parts.append(Part(name=name, colour="", group=-1, style="", area=owner == index))
        for k, (noun, style, colour, group, _, _) in enumerate(self._laid):
            area = owner == first + k
            # What is all but hidden keeps no name: nobody could tell what it is.
            if area.sum() >= _SEEN * sizes[k]:
                parts.append(Part(name=noun.name, colour=colour, group=group, style=style, area=area))
        return tuple(part for part in parts if part.area.any())

    def _lit(self, sprite: np.ndarray) -> np.ndarray:
        """A drawing's colours in the scene's light, a little brighter above than below."""
        height = sprite.shape[0]
        fall = np.linspace(1.05, 0.94, height, dtype=np.float32)[:, None, None]
        return np.clip(sprite[..., :3] * self.light * fall, 0, 255)

    def _shadow(self, spot: Spot, sprite: np.ndarray) -> None:
        """A soft oval under the feet, or a shade beside what hangs on a wall."""
        left, top, right, bottom = spot.box
        if spot.place == "wall":
            shade = np.pad(sprite[..., 3], 6)
            shade = np.asarray(Image.fromarray((255 * shade).astype(np.uint8)).resize(shade.shape[::-1])) / 255
            moved = Spot(box=(left, top, right + 12, bottom + 12), place="wall", depth=0, shadow=False)
            window, cut = _window(moved, shade[..., None])
            self.rgb[window] *= 1 - 0.18 * shade[cut][..., None]
            return
        foot = sprite[-max(2, sprite.shape[0] // 10) :, :, 3].max(0) > 0.4
        columns = np.flatnonzero(foot)
        if not len(columns):
            return
        middle, half = left + columns.mean(), 0.6 * (columns[-1] - columns[0] + 1) + 4
        high = max(3.0, 0.16 * half)
        y0, y1 = max(0, int(bottom - 2 * high)), min(SIZE, int(bottom + 2 * high) + 1)
        x0, x1 = max(0, int(middle - 1.3 * half)), min(SIZE, int(middle + 1.3 * half) + 1)
        if y0 >= y1 or x0 >= x1:
            return
        y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        distance = np.hypot((x - middle) / half, (y - bottom + 1) / high)
        self.rgb[y0:y1, x0:x1] *= (1 - 0.34 * np.clip((1.15 - distance) / 0.5, 0, 1))[..., None]


def _window(spot: Spot, sprite: np.ndarray) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a sprite lies in the picture, and which part of the sprite lies there."""
    left, top = spot.box[0], spot.box[1]
    height, width = sprite.shape[:2]
    y0, y1, x0, x1 = max(0, top), min(SIZE, top + height), max(0, left), min(SIZE, left + width)
    return (slice(y0, max(y0, y1)), slice(x0, max(x0, x1))), (
        slice(y0 - top, max(y0, y1) - top),
        slice(x0 - left, max(x0, x1) - left),
    )


_LIGHTS: dict[str, tuple[float, float, float]] = {
    "sunset": (1.03, 0.93, 0.88),
    "night sky": (0.8, 0.83, 0.98),
    "aurora": (0.78, 0.9, 0.95),
    "cloudy sky": (0.95, 0.96, 0.98),
    "deep sea": (0.84, 0.96, 1.02),
    "space": (0.92, 0.92, 1.02),
}


def _light(backdrop: Backdrop, rng: np.random.Generator) -> np.ndarray:
    """What the scene's light does to colours, float32 `[3]`."""
    tints = [_LIGHTS[name] for name in backdrop.names if name in _LIGHTS]
    tint = np.array(tints[0] if tints and backdrop.kind != "free" else (1, 1, 1), np.float32)
    return 1 + (tint - 1) * np.float32(rng.uniform(0.5, 1.1))


def _mirrored(backdrop: Backdrop) -> Backdrop:
    return Backdrop(
        kind=backdrop.kind,
        rgb=np.ascontiguousarray(backdrop.rgb[:, ::-1]),
        owner=np.ascontiguousarray(backdrop.owner[:, ::-1]),
        names=backdrop.names,
    )
