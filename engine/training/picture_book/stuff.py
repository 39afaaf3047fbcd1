"""Textures of stuff that the world lacks: road, river, sea, meadow, deep sea, wall, floor, table and space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from engine.world.textures import FARS, GROUNDS, SKIES, noise

Texture = Callable[[np.random.Generator, int], np.ndarray]
"""`texture(rng, size) -> float32 [size, size, 3]` in 0..255; lengths inside are in 1/256 of the picture."""

_Colour = tuple[int, int, int]


def _tint(rng: np.random.Generator, colour: _Colour, amount: float = 10) -> _Colour:
    red, green, blue = (int(np.clip(c + rng.uniform(-amount, amount), 0, 255)) for c in colour)
    return red, green, blue


def _lighter(colour: _Colour, by: float) -> _Colour:
    red, green, blue = (int(np.clip(c + by, 0, 255)) for c in colour)
    return red, green, blue


def _flat(size: int, colour: _Colour) -> np.ndarray:
    return np.broadcast_to(np.array(colour, np.float32), (size, size, 3)).copy()


def _slope(size: int, top: _Colour, bottom: _Colour) -> np.ndarray:
    share = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    rows = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    return np.repeat(rows, size, 1)


def _blotches(rng: np.random.Generator, picture: np.ndarray, colour: _Colour, cells: int, share: float) -> np.ndarray:
    size = picture.shape[0]
    soft = np.clip((noise(rng, size, cells, cells) - 0.55) / 0.12 + 0.5, 0, 1) * share
    return picture + (np.array(colour, np.float32) - picture) * soft[..., None]


def _drawn(picture: np.ndarray, draw_on: Callable[[ImageDraw.ImageDraw, float], None]) -> np.ndarray:
    # Drawn at twice the size and averaged down, because Pillow draws without antialiasing.
    size = picture.shape[0]
    big = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).resize((2 * size, 2 * size))
    draw_on(ImageDraw.Draw(big), 2 * size / 256)
    return np.asarray(big.resize((size, size), Image.Resampling.BOX), np.float32)


def _marks(rng: np.random.Generator, step: float, jitter: float) -> list[tuple[float, float]]:
    count = int(256 / step) + 2
    return [
        ((i + 0.5 * (j % 2)) * step + rng.uniform(-jitter, jitter), j * step + rng.uniform(-jitter, jitter))
        for j in range(count)
        for i in range(count)
    ]


def road(rng: np.random.Generator, size: int) -> np.ndarray:
    """Asphalt, with a broken white line."""
    grey = _tint(rng, (104, 106, 114))
    picture = _blotches(rng, _flat(size, grey), _lighter(grey, 10), 5, 0.7)
    line, width, gap = rng.uniform(150, 220), rng.uniform(3, 5), rng.uniform(30, 44)

    def stripes(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x in np.arange(-rng.uniform(0, gap), 256, gap):
            draw.rectangle([x * s, (line - width) * s, (x + 0.55 * gap) * s, (line + width) * s], fill=(240, 238, 228))

    return _drawn(picture, stripes)


def _waves(rng: np.random.Generator, picture: np.ndarray, glint: _Colour, step: float, length: float) -> np.ndarray:
    def strokes(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _marks(rng, step, step / 4):
            if rng.random() < 0.6:
                half = rng.uniform(0.5, 1) * length
                draw.rounded_rectangle(
                    [(x - half) * s, (y - 1) * s, (x + half) * s, (y + 1) * s], radius=1.2 * s, fill=glint
                )

    return _drawn(picture, strokes)


def river(rng: np.random.Generator, size: int) -> np.ndarray:
    """Light blue flowing water with long glints."""
    blue = _tint(rng, (92, 178, 224))
    return _waves(rng, _slope(size, _lighter(blue, 10), _lighter(blue, -14)), _lighter(blue, 62), 20, 13)


def sea(rng: np.random.Generator, size: int) -> np.ndarray:
    """Deep blue water with rows of small waves."""
    blue = _tint(rng, (34, 116, 190))
    picture = _slope(size, _lighter(blue, 26), _lighter(blue, -14))
    crest = _lighter(blue, 76)

    def waves(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _marks(rng, 24, 3):
            for dx in (-5, 5):
                box = [(x + dx - 5) * s, (y - 4) * s, (x + dx + 5) * s, (y + 4) * s]
                draw.arc(box, 20, 160, fill=crest, width=round(1.4 * s))

    return _drawn(picture, waves)


def meadow(rng: np.random.Generator, size: int) -> np.ndarray:
    """Lush grass with a few daisies and buttercups far apart."""
    green = _tint(rng, (116, 190, 88))
    picture = _blotches(rng, _flat(size, green), _lighter(green, -18), 4, 0.9)

    def daisies(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _marks(rng, 30, 8):
            petal = (255, 255, 250) if rng.random() < 0.6 else (250, 214, 70)
            for angle in np.arange(6) * (np.pi / 3):
                px, py = x + 2.4 * np.cos(angle), y + 2.4 * np.sin(angle)
                draw.ellipse([(px - 1.7) * s, (py - 1.7) * s, (px + 1.7) * s, (py + 1.7) * s], fill=petal)
            draw.ellipse([(x - 1.6) * s, (y - 1.6) * s, (x + 1.6) * s, (y + 1.6) * s], fill=(246, 178, 50))

    return _drawn(picture, daisies)


def deep_sea(rng: np.random.Generator, size: int) -> np.ndarray:
    """Under water: blue-green, lighter above, with slanting light and bubbles."""
    blue = _tint(rng, (38, 138, 178), 16)
    picture = _slope(size, _lighter(blue, 52), _lighter(blue, -50))
    y, x = np.mgrid[0:size, 0:size] / size
    slant = rng.uniform(0.2, 0.6)
    beams = np.clip(np.sin((x + slant * y) * rng.uniform(14, 22) + rng.uniform(0, 6)) * 3 - 1.6, 0, 1)
    picture += (34 * beams * np.clip(1 - 1.2 * y, 0, 1))[..., None]

    def bubbles(draw: ImageDraw.ImageDraw, s: float) -> None:
        for _ in range(int(rng.integers(8, 20))):
            cx, cy, r = rng.uniform(0, 256), rng.uniform(0, 256), rng.uniform(2, 5)
            box = [(cx - r) * s, (cy - r) * s, (cx + r) * s, (cy + r) * s]
            draw.ellipse(box, outline=_lighter(blue, 100), width=round(1.1 * s))

    return _drawn(picture, bubbles)


_WALLS: tuple[_Colour, ...] = ((246, 226, 186), (196, 220, 232), (238, 200, 196), (206, 224, 192), (224, 210, 234))


def wall(rng: np.random.Generator, size: int) -> np.ndarray:
    """A painted or papered wall: plain, striped or dotted."""
    colour = _tint(rng, _WALLS[int(rng.integers(len(_WALLS)))], 8)
    kind, step = int(rng.integers(3)), rng.uniform(22, 40)

    def paper(draw: ImageDraw.ImageDraw, s: float) -> None:
        if kind == 1:
            for x in np.arange(0, 256, step):
                draw.rectangle([x * s, 0, (x + step / 2) * s, 256 * s], fill=_lighter(colour, -12))
        for x, y in _marks(rng, step, 0) if kind == 2 else []:
            draw.ellipse([(x - 3) * s, (y - 3) * s, (x + 3) * s, (y + 3) * s], fill=_lighter(colour, -20))

    return _drawn(_flat(size, colour), paper)


def floor(rng: np.random.Generator, size: int) -> np.ndarray:
    """Boards or tiles."""
    tiled = rng.random() < 0.35
    colour = _tint(rng, (214, 218, 220) if tiled else (192, 138, 88), 12)
    step = rng.uniform(22, 34) if tiled else rng.uniform(16, 24)
    seam = _lighter(colour, -34)

    def lines(draw: ImageDraw.ImageDraw, s: float) -> None:
        for j, y in enumerate(np.arange(0, 256 + step, step)):
            if not tiled:
                shade = _lighter(colour, float(rng.uniform(-8, 8)))
                draw.rectangle([0, y * s, 256 * s, (y + step) * s], fill=shade)
            draw.rectangle([0, (y - 0.7) * s, 256 * s, (y + 0.7) * s], fill=seam)
            across = step if tiled else rng.uniform(70, 110)
            for x in np.arange(0 if tiled else (j % 2) * across / 2, 256, across):
                draw.rectangle([(x - 0.7) * s, y * s, (x + 0.7) * s, (y + step) * s], fill=seam)

    return _drawn(_flat(size, colour), lines)


def table(rng: np.random.Generator, size: int) -> np.ndarray:
    """A table's top: wood with grain, or a chequered cloth."""
    if rng.random() < 0.4:
        colour = _tint(rng, ((214, 84, 78), (92, 142, 206), (108, 172, 120))[int(rng.integers(3))])
        step = rng.uniform(13, 20)

        def cloth(draw: ImageDraw.ImageDraw, s: float) -> None:
            for j, y in enumerate(np.arange(0, 256, step)):
                for i, x in enumerate(np.arange(0, 256, step)):
                    shade = (250, 246, 240) if not (i % 2 or j % 2) else colour if i % 2 and j % 2 else None
                    if shade:
                        draw.rectangle([x * s, y * s, (x + step) * s - 1, (y + step) * s - 1], fill=shade)

        return _drawn(_flat(size, _lighter(colour, 56)), cloth)
    colour = _tint(rng, (178, 116, 66), 16)

    def grain(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _marks(rng, 26, 9):
            half = rng.uniform(12, 34)
            draw.rounded_rectangle(
                [(x - half) * s, (y - 0.8) * s, (x + half) * s, (y + 0.8) * s], radius=s, fill=_lighter(colour, -20)
            )

    return _drawn(_flat(size, colour), grain)


def space(rng: np.random.Generator, size: int) -> np.ndarray:
    """Outer space: near black, with a faint nebula and stars of many sizes."""
    dark = _tint(rng, (18, 16, 42), 8)
    picture = _blotches(rng, _flat(size, dark), _tint(rng, (58, 34, 96), 20), 3, 0.8)

    def stars(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _marks(rng, 18, 9):
            r = rng.choice([0.8, 1.1, 1.5, 2.1], p=[0.4, 0.3, 0.2, 0.1])
            draw.ellipse([(x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s], fill=(250, 246, 222))

    return _drawn(picture, stars)


NEW: dict[str, Texture] = {
    "road": road,
    "river": river,
    "sea": sea,
    "meadow": meadow,
    "deep sea": deep_sea,
    "wall": wall,
    "floor": floor,
    "table": table,
    "space": space,
}

TEXTURES: dict[str, Texture] = {**SKIES, **FARS, **GROUNDS, **NEW}
"""All stuff by name; each texture can fill an area of any shape."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "blue sky": ("sky", "clear sky"),
    "sunset": ("evening sky", "sunrise"),
    "night sky": ("starry sky", "night"),
    "cloudy sky": ("grey sky",),
    "aurora": ("northern lights",),
    "mountains": ("peaks",),
    "hills": ("hill",),
    "forest": ("woods", "wood"),
    "desert": ("dunes",),
    "city": ("town", "skyline"),
    "grass": ("lawn",),
    "sand": ("beach",),
    "lake": ("pond",),
    "flowers": ("flower bed",),
    "rocks": ("stones",),
    "wheat": ("wheat field", "corn field"),
    "lavender": ("lavender field",),
    "road": ("street",),
    "river": ("stream",),
    "sea": ("ocean",),
    "deep sea": ("under water",),
    "floor": ("wooden floor",),
    "table": ("table top",),
    "space": ("outer space",),
}
"""Other names for stuff."""

OFFERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SKIES, ("sky",)),
    **dict.fromkeys(FARS, ()),
    **dict.fromkeys(GROUNDS, ("ground",)),
    "desert": ("ground",),
    "hills": ("ground",),
    "snow": ("snow", "ground"),
    "lake": ("water",),
    "road": ("road", "ground"),
    "river": ("water",),
    "sea": ("water",),
    "meadow": ("ground",),
    "deep sea": ("underwater",),
    "wall": ("wall",),
    "floor": ("floor",),
    "table": ("table",),
    "space": ("space",),
}
"""Which of `nouns.PLACES` each stuff offers."""
