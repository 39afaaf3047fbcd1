"""Landscapes by seed: a picture, its caption, and the exact area of every word of the caption."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.world.captions import write_caption
from engine.world.looks import Look, apply_look
from engine.world.objects import LAND_THINGS, SKY_THINGS, THINGS, draw_thing
from engine.world.textures import FARS, GROUNDS, SKIES, STUFF, jagged, noise, profile

NAMES: tuple[str, ...] = (*STUFF, *THINGS)
"""The names that can be painted, by class index."""

SMALLEST_SHARE = 0.006
"""The caption mentions only names that cover at least this share of the picture."""

HELD_OUT = 1_000_000_000
"""Seeds from here on are never trained on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """One thing or stuff of a picture: its name, its colour word if it has one, and its area as bool `[size, size]`."""

    name: str
    colour: str | None
    area: np.ndarray

    @property
    def phrase(self) -> str:
        """Its phrase in the caption, without an article."""
        return f"{self.colour} {self.name}" if self.colour else self.name


@dataclass(frozen=True, kw_only=True, eq=False)
class Render:
    """One picture of the world.

    Attributes:
        rgb: uint8 `[size, size, 3]`.
        labels: uint8 `[size, size]`, indices into `NAMES`.
        caption: mentions everything that is large enough, in random order, and never says where anything is.
        items: what the caption mentions, in that order.
        spans: the code-point span of each item's phrase in the caption.
        layers: uint8 `[size, size]`, the part of each pixel, counted from back to front.
        things: bool `[parts]`, whether each part is a thing rather than stuff.
    """

    rgb: np.ndarray
    labels: np.ndarray
    caption: str
    items: tuple[Item, ...]
    spans: tuple[tuple[int, int], ...]
    layers: np.ndarray
    things: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the caption, each once, in order."""
        return tuple(dict.fromkeys(item.name for item in self.items))

    def in_look(self, look: Look, seed: int = 0) -> np.ndarray:
        """The picture in another look: uint8 `[size, size, 3]`; `seed` varies the grain."""
        return apply_look(self.rgb, self.layers, self.things, look, np.random.default_rng((seed, look.seed, 11)))

    def words(self) -> list[tuple[str, tuple[int, int], np.ndarray]]:
        """Everything that can be painted: `(phrase, span, mask)`, masks uint8 `[size, size]` of 0 and 255."""
        return [
            (item.phrase, span, np.where(item.area, 255, 0).astype(np.uint8))
            for item, span in zip(self.items, self.spans, strict=True)
        ]


class Drawing:
    """A picture under construction: colours, and the item of each pixel."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rgb = np.zeros((size, size, 3), np.float32)
        self.owner = np.zeros((size, size), np.int64)
        self.parts: list[tuple[str, str | None]] = []

    def put(self, name: str, colour: str | None, pixels: np.ndarray, coverage: np.ndarray) -> None:
        """Draw a part over the others: pixels float `[size, size, 3]` in 0..255, coverage `[size, size]` in 0..1."""
        self.rgb += (pixels - self.rgb) * coverage[..., None]
        self.owner[coverage > 0.5] = len(self.parts)
        self.parts.append((name, colour))


def render_scene(seed: int, size: int = 256) -> Render:
    """Draw a natural landscape of a seed: sky above, land below, things where they belong."""
    rng = np.random.default_rng(seed)
    picture = Drawing(size)
    sky = str(rng.choice(list(SKIES)))
    picture.put(sky, None, SKIES[sky](rng, size), np.ones((size, size), np.float32))
    horizon = rng.uniform(0.34, 0.62) * 256
    _things(
        picture, rng, list(SKY_THINGS), int(rng.choice(3, p=[0.35, 0.45, 0.2])), (0.12, max(0.2, horizon / 256 - 0.16))
    )
    ground_top = horizon
    if rng.random() < 0.75:
        ground_top = _far(picture, rng, horizon)
    _grounds(picture, rng, ground_top)
    _things(
        picture,
        rng,
        list(LAND_THINGS),
        int(rng.choice(4, p=[0.15, 0.4, 0.3, 0.15])),
        (min(0.62, ground_top / 256), 0.8),
    )
    return finish(picture, rng)


def free_scene(seed: int, size: int = 256) -> Render:
    """Draw a free layout of a seed: the square is divided into 2 to 4 areas of any stuff, with any things anywhere."""
    rng = np.random.default_rng((seed, 1))
    picture = Drawing(size)
    count = int(rng.integers(2, 5))
    names = [str(name) for name in rng.choice(list(STUFF), count, replace=False)]
    y, x = np.mgrid[0:size, 0:size] / size
    if rng.random() < 0.5:
        bend = rng.uniform(0.05, 0.25)
        x, y = x + bend * (noise(rng, size, 3, 3) - 0.5), y + bend * (noise(rng, size, 3, 3) - 0.5)
    centres = rng.uniform(0.08, 0.92, (count, 2))
    while min(np.abs(a - b).sum() for i, a in enumerate(centres) for b in centres[:i]) < 0.4:
        centres = rng.uniform(0.08, 0.92, (count, 2))
    distances = np.stack([np.hypot(x - cx, y - cy) for cx, cy in centres])
    for index, name in enumerate(names):
        others = np.delete(distances, index, 0).min(0)
        coverage = np.clip((others - distances[index]) * size / 1.5 + 0.5, 0, 1).astype(np.float32)
        picture.put(name, None, STUFF[name](rng, size), np.ones_like(coverage) if index == 0 else coverage)
    _things(picture, rng, list(THINGS), int(rng.choice(4, p=[0.2, 0.35, 0.3, 0.15])), (0.15, 0.85))
    return finish(picture, rng)


def _far(picture: Drawing, rng: np.random.Generator, horizon: float) -> float:
    size, name = picture.size, str(rng.choice(list(FARS)))
    if name == "mountains":
        line, height = jagged(rng, size, int(rng.integers(2, 5))), 70
    elif name == "forest":
        line, height = 0.6 * jagged(rng, size, 12) + 0.5 * profile(rng, size, 3), 40
    elif name == "city":
        line, height = np.repeat(rng.uniform(0.3, 1, 17), -(-size // 16))[:size], 46
    else:
        line, height = profile(rng, size, 3), 52
    top = horizon - rng.uniform(0.7, 1.1) * height * line
    texture = FARS[name](rng, size, top.astype(np.float32))  # type: ignore[call-arg]
    rows = np.arange(size, dtype=np.float32)[:, None] * (256 / size)
    picture.put(name, None, texture, np.clip(rows - top[None] + 0.5, 0, 1))
    return horizon + rng.uniform(10, 40)


def _grounds(picture: Drawing, rng: np.random.Generator, top: float) -> None:
    size = picture.size
    names = [
        str(name) for name in rng.choice(list(GROUNDS), int(rng.choice([1, 2, 3], p=[0.35, 0.45, 0.2])), replace=False)
    ]
    rows = np.arange(size, dtype=np.float32)[:, None] * (256 / size)
    columns = np.arange(size, dtype=np.float32)[None] * (256 / size)
    land = np.clip(rows - (top + 14 * (profile(rng, size, 3) - 0.5))[None] + 0.5, 0, 1)
    for index, name in enumerate(names):
        coverage = land
        if index:
            # A second ground covers a side or the foreground, with a soft winding edge.
            bend = 90 * (noise(rng, size, 3, 3) - 0.5)
            if rng.random() < 0.5:
                edge = rows + bend - (top + (256 - top) * rng.uniform(0.35, 0.7))
            else:
                edge = (columns - rng.uniform(80, 176)) * rng.choice([-1, 1]) + bend
            coverage = land * np.clip(edge + 0.5, 0, 1)
        picture.put(name, None, GROUNDS[name](rng, size), coverage)


def _things(
    picture: Drawing, rng: np.random.Generator, names: list[str], count: int, band: tuple[float, float]
) -> None:
    placed: list[tuple[str, str | None, float]] = []
    for _ in range(count):
        name = str(rng.choice(names))
        if placed and rng.random() < 0.25:
            name = placed[-1][0]
        thing = THINGS[name]
        taken = {colour for other, colour, _ in placed if other == name}
        free = [colour for colour in thing.colours if colour not in taken]
        if not free and (thing.colours or taken):
            continue
        colour = str(rng.choice(free)) if free else None
        height = rng.uniform(*thing.heights)
        half = height * thing.aspect / 2
        x = rng.uniform(min(half, 0.5), max(1 - half, 0.5))
        if any(abs(x - other) < 0.22 for *_, other in placed):
            x = 1 - x
        if any(abs(x - other) < 0.18 for *_, other in placed):
            continue
        y = rng.uniform(*band)
        if name in LAND_THINGS:
            y = min(y, 0.98 - height / 2)
        pixels, coverage = draw_thing(name, rng, size=picture.size, centre=(x, y), height=height, colour=colour)
        picture.put(name, colour, pixels, coverage)
        placed.append((name, colour, x))


def finish(picture: Drawing, rng: np.random.Generator) -> Render:
    """Add the caption: everything large enough is mentioned, and two things of a noun with their colours."""
    labels = np.array([NAMES.index(name) for name, _ in picture.parts], np.uint8)[picture.owner]
    items = []
    for index, (name, colour) in enumerate(picture.parts):
        area = picture.owner == index
        if area.mean() >= SMALLEST_SHARE:
            items.append(Item(name=name, colour=colour, area=area))
    order = rng.permutation(len(items))
    doubled = {item.name for item in items if sum(other.name == item.name for other in items) > 1}
    named = []
    for index in order:
        item = items[int(index)]
        # The colour may be left out, unless it distinguishes two things of a noun.
        keep = item.colour is not None and (item.name in doubled or rng.random() < 0.65)
        named.append(Item(name=item.name, colour=item.colour if keep else None, area=item.area))
    caption, spans = write_caption([item.phrase for item in named], rng)
    return Render(
        rgb=np.clip(np.round(picture.rgb), 0, 255).astype(np.uint8),
        labels=labels,
        caption=caption,
        items=tuple(named),
        spans=tuple(spans),
        layers=picture.owner.astype(np.uint8),
        things=np.array([name in THINGS for name, _ in picture.parts]),
    )
