"""The stuff of the procedural world: textures of sky, distance and ground that can fill an area of any shape."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

Texture = Callable[[np.random.Generator, int], np.ndarray]
"""`texture(rng, size) -> float32 [size, size, 3]` in 0..255; lengths in its code are in 1/256 of the picture."""

Colour = tuple[float, float, float]


def noise(rng: np.random.Generator, size: int, cells_x: int, cells_y: int) -> np.ndarray:
    """Smooth noise in 0..1, float32 `[size, size]`, from a random grid scaled up bicubically."""
    grid = Image.fromarray(rng.random((cells_y + 2, cells_x + 2), dtype=np.float32))
    return np.clip(np.asarray(grid.resize((size, size), Image.Resampling.BICUBIC)), 0, 1)


def profile(rng: np.random.Generator, size: int, waves: int) -> np.ndarray:
    """A smooth random line in 0..1, float32 `[size]`, with about `waves` hills."""
    points = Image.fromarray(rng.random((1, waves + 2), dtype=np.float32))
    return np.clip(np.asarray(points.resize((size, 1), Image.Resampling.BICUBIC))[0], 0, 1)


def jagged(rng: np.random.Generator, size: int, peaks: int) -> np.ndarray:
    """A random line of straight slopes in 0..1, float32 `[size]`, with `peaks` peaks."""
    x = np.linspace(0, 1, 2 * peaks + 1) + np.append(np.append(0, rng.uniform(-0.15, 0.15, 2 * peaks - 1) / peaks), 0)
    y = np.where(
        np.arange(2 * peaks + 1) % 2 == 1, rng.uniform(0.7, 1, 2 * peaks + 1), rng.uniform(0, 0.35, 2 * peaks + 1)
    )
    return np.interp(np.linspace(0, 1, size), x, y).astype(np.float32)


def _tint(rng: np.random.Generator, *colours: Colour, amount: float = 10) -> list[np.ndarray]:
    shift = rng.uniform(-amount, amount, 3)
    return [np.clip(np.asarray(colour) + shift, 0, 255).astype(np.float32) for colour in colours]


def _gradient(size: int, *stops: np.ndarray) -> np.ndarray:
    at = np.linspace(0, 1, len(stops))
    y = np.linspace(0, 1, size)
    column = np.stack([np.interp(y, at, [stop[c] for stop in stops]) for c in range(3)], -1)
    return np.repeat(column[:, None], size, 1).astype(np.float32)


def _mix(picture: np.ndarray, colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return picture + (colour - picture) * alpha[..., None]


def _step(values: np.ndarray, threshold: float, width: float) -> np.ndarray:
    return np.clip((values - threshold) / width + 0.5, 0, 1)


def _strokes(picture: np.ndarray, draw_on: Callable[[ImageDraw.ImageDraw, float], None]) -> np.ndarray:
    # Drawn at twice the size and averaged down, because Pillow draws without antialiasing.
    size = picture.shape[0]
    big = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).resize(
        (2 * size, 2 * size), Image.Resampling.BILINEAR
    )
    draw_on(ImageDraw.Draw(big), 2 * size / 256)
    return np.asarray(big.resize((size, size), Image.Resampling.BOX)).astype(np.float32)


def _rgb(colour: np.ndarray) -> tuple[int, int, int]:
    return int(colour[0]), int(colour[1]), int(colour[2])


def _scatter(rng: np.random.Generator, across: int = 1, down: int = 1, jitter: float = 3) -> list[tuple[float, float]]:
    # One mark near the centre of every `across` x `down` cells of 16 units, the latent's grid: as regular as wallpaper,
    # so that a 16 times smaller latent can encode the position of each. Rows of wide cells are offset like bricks.
    wide, high = 16 * across, 16 * down
    return [
        (
            (i + 0.5) * wide + (wide / 2 if across > 1 and j % 2 else 0) + rng.uniform(-jitter, jitter),
            (j + 0.5) * high + rng.uniform(-jitter, jitter),
        )
        for j in range(256 // high)
        for i in range(-1, 256 // wide + 1)
    ]


def blue_sky(rng: np.random.Generator, size: int) -> np.ndarray:
    """A clear sky, lighter towards the horizon."""
    top, bottom = _tint(rng, (58, 132, 226), (186, 224, 250))
    return _gradient(size, top, bottom)


def sunset(rng: np.random.Generator, size: int) -> np.ndarray:
    """A sky from violet to orange, with streaks of cloud."""
    top, middle, bottom, streak = _tint(rng, (98, 52, 128), (232, 98, 112), (255, 186, 104), (255, 150, 130))
    return _mix(_gradient(size, top, middle, bottom), streak, 0.7 * _step(noise(rng, size, 3, 16), 0.62, 0.1))


def night_sky(rng: np.random.Generator, size: int) -> np.ndarray:
    """A dark sky with stars."""
    top, bottom = _tint(rng, (12, 16, 50), (42, 46, 108), amount=6)

    def stars(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, 2, 1, 4):
            r = rng.choice([1.3, 1.8, 2.4])
            draw.ellipse([(x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s], fill=(255, 250, 214))

    return _strokes(_gradient(size, top, bottom), stars)


def cloudy_sky(rng: np.random.Generator, size: int) -> np.ndarray:
    """A grey sky with clouds."""
    dark, middle, light = _tint(rng, (126, 136, 152), (160, 168, 182), (194, 200, 210))
    field = noise(rng, size, 3, 9)
    picture = _mix(_gradient(size, dark, middle), middle, _step(field, 0.4, 0.08))
    return _mix(picture, light, _step(field, 0.62, 0.08))


def aurora(rng: np.random.Generator, size: int) -> np.ndarray:
    """A dark sky with green and violet curtains of light."""
    top, bottom, low, high = _tint(rng, (14, 26, 58), (26, 62, 88), (64, 232, 158), (150, 96, 222), amount=6)
    picture = _gradient(size, top, bottom)
    y = np.arange(size, dtype=np.float32)[:, None] * (256 / size)
    # Curtains along winding lines: bright at the lower edge, violet and faint above it.
    for hem in (60 + rng.uniform(-14, 14), 140 + rng.uniform(-14, 14), 220 + rng.uniform(-14, 14)):
        above = (hem + 52 * (profile(rng, size, 3) - 0.5))[None] - y
        glow = np.where(above > 0, np.exp(-np.maximum(above, 0) / 26), np.clip(1 + above / 7, 0, 1))
        rays = 0.72 + 0.28 * np.sin(np.arange(size) * (2 * np.pi / size * 16) + rng.uniform(0, 6))[None]
        colour = low + (high - low) * np.clip(above / 52, 0, 1)[..., None]
        picture = _mix(picture, colour, (0.92 * glow * rays).astype(np.float32))
    return picture.astype(np.float32)


def _layers(
    rng: np.random.Generator,
    size: int,
    colours: list[np.ndarray],
    line: Callable[[], np.ndarray],
    height: float,
    gap: float,
    first: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # Rows of land, each hiding the lower part of the one behind. Returns picture, depth below the row's top, row index.
    y = np.arange(size, dtype=np.float32)[:, None] * (256 / size)
    picture = np.broadcast_to(colours[0], (size, size, 3)).astype(np.float32).copy()
    depth = np.full((size, size), 1e3, np.float32)
    row = np.zeros((size, size), np.int64)
    base = -height if first is None else 0.0
    index = 0
    while base < 256 + height:
        top = first if index == 0 and first is not None else base - height * line()
        alpha = np.clip(y - top[None] + 0.5, 0, 1)
        picture = _mix(picture, colours[index % len(colours)], alpha)
        depth = np.where(alpha > 0.5, y - top[None], depth)
        row = np.where(alpha > 0.5, index, row)
        base = (float(first.max()) if index == 0 and first is not None else base) + gap * rng.uniform(0.8, 1.2)
        index += 1
    return picture, depth, row


def mountains(rng: np.random.Generator, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Rows of mountains with snow on their peaks.

    Args:
        first: the top line of the first row, float32 `[size]`, in 1/256 from the top of the picture.
    """
    colours = _tint(rng, (112, 106, 142), (94, 90, 126), (128, 120, 152), amount=8)
    picture, depth, _ = _layers(
        rng, size, colours, lambda: jagged(rng, size, int(rng.integers(2, 5))) * 1.0, 62, 66, first
    )
    snow = _step(-depth + 10 + 14 * noise(rng, size, 14, 14), 0, 1.5)
    picture = _mix(picture, np.array([240, 244, 250], np.float32), snow)
    shade = _step(noise(rng, size, 12, 5), 0.62, 0.05) * (1 - snow) * 0.35
    return _mix(picture, np.array([60, 56, 92], np.float32), shade)


def hills(rng: np.random.Generator, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Rows of green hills, with tops as in `mountains`."""
    colours = _tint(rng, (122, 178, 130), (96, 158, 118), (142, 194, 138))
    picture, depth, _ = _layers(rng, size, colours, lambda: profile(rng, size, 3), 44, 46, first)
    return _mix(picture, np.array([190, 226, 170], np.float32), 0.6 * np.clip(1 - depth / 22, 0, 1))


def forest(rng: np.random.Generator, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Rows of dark pines, with tops as in `mountains`."""
    colours = _tint(rng, (24, 84, 62), (16, 66, 52), (34, 100, 70), amount=6)

    def pines() -> np.ndarray:
        count = int(rng.integers(11, 15))
        return jagged(rng, size, count)

    picture, depth, _ = _layers(rng, size, colours, pines, 26, 24, first)
    return _mix(picture, np.array([74, 140, 88], np.float32), 0.5 * np.clip(1 - depth / 8, 0, 1))


def desert(rng: np.random.Generator, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Rows of orange dunes, with tops as in `mountains`."""
    colours = _tint(rng, (206, 112, 62), (188, 94, 52), (222, 132, 74), amount=8)
    picture, depth, _ = _layers(rng, size, colours, lambda: profile(rng, size, 3), 40, 44, first)
    picture = _mix(picture, np.array([246, 178, 112], np.float32), 0.8 * np.clip(1 - depth / 16, 0, 1))
    return _mix(picture, np.array([140, 60, 44], np.float32), 0.3 * np.clip(depth / 60, 0, 1))


def city(rng: np.random.Generator, size: int, first: np.ndarray | None = None) -> np.ndarray:
    """Rows of houses with lit windows, with tops as in `mountains`."""
    colours = _tint(rng, (96, 112, 146), (74, 88, 124), (118, 132, 164), amount=8)

    def roofs() -> np.ndarray:
        # One height per 16 units, so that walls are aligned with the latent's grid.
        return np.repeat(rng.uniform(0.1, 1, 17), -(-size // 16))[:size].astype(np.float32)

    picture, depth, _ = _layers(rng, size, colours, roofs, 44, 58, first)

    def windows(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, jitter=0):
            for dx in (-4, 3):
                lit = (255, 224, 128) if rng.random() < 0.6 else (52, 62, 96)
                draw.rectangle([(x + dx - 1.5) * s, (y - 3) * s, (x + dx + 2) * s, (y + 3) * s], fill=lit)

    return np.where(depth[..., None] > 7, _strokes(picture, windows), picture).astype(np.float32)


def grass(rng: np.random.Generator, size: int) -> np.ndarray:
    """Light green grass with tufts."""
    light, dark, blade, shadow = _tint(rng, (126, 204, 72), (92, 178, 56), (172, 228, 98), (66, 148, 44))
    field = _mix(np.broadcast_to(light, (size, size, 3)).copy(), dark, _step(noise(rng, size, 4, 7), 0.5, 0.3))

    def tufts(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng):
            colour = _rgb(blade if rng.random() < 0.55 else shadow)
            for dx in (-3.5, 0, 3.5):
                draw.line(
                    [x * s, (y + 4) * s, (x + dx) * s, (y - rng.uniform(7, 10)) * s], fill=colour, width=round(1.8 * s)
                )

    return _strokes(field, tufts)


def sand(rng: np.random.Generator, size: int) -> np.ndarray:
    """Pale sand with ripples."""
    light, dark = _tint(rng, (248, 232, 186), (228, 204, 148), amount=7)
    y = np.arange(size, dtype=np.float32)[:, None] * (256 / size)
    phase = y + 26 * noise(rng, size, 3, 3)
    ripple = _step(np.sin(phase * (2 * np.pi / 17)), 0.72, 0.5) * _step(noise(rng, size, 5, 9), 0.42, 0.2)
    return _mix(np.broadcast_to(light, (size, size, 3)).copy(), dark, 0.9 * ripple)


def snow(rng: np.random.Generator, size: int) -> np.ndarray:
    """Snow with bluish drifts."""
    light, shadow = _tint(rng, (244, 248, 253), (196, 216, 240), amount=5)
    drifts = _step(noise(rng, size, 3, 7), 0.58, 0.22)
    return _mix(np.broadcast_to(light, (size, size, 3)).copy(), shadow, drifts)


def lake(rng: np.random.Generator, size: int) -> np.ndarray:
    """Blue water with glints."""
    top, bottom, glint = _tint(rng, (52, 148, 190), (22, 92, 152), (150, 214, 232))
    water = _gradient(size, top, bottom, top, bottom)

    def waves(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, 2, 1):
            if rng.random() < 0.8:
                half = rng.uniform(6, 15)
                draw.rounded_rectangle(
                    [(x - half) * s, (y - 1.2) * s, (x + half) * s, (y + 1.2) * s], 1.2 * s, fill=_rgb(glint)
                )

    return _strokes(water, waves)


def flowers(rng: np.random.Generator, size: int) -> np.ndarray:
    """A meadow with blossoms in several colours."""
    light, dark = _tint(rng, (84, 160, 74), (62, 136, 64))
    field = _mix(np.broadcast_to(light, (size, size, 3)).copy(), dark, _step(noise(rng, size, 5, 5), 0.5, 0.3))
    petals = [(236, 72, 96), (255, 255, 250), (250, 166, 214), (190, 112, 230)]

    def blossoms(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, jitter=2.5):
            r, petal = rng.uniform(3.2, 4.2), petals[int(rng.integers(len(petals)))]
            for angle in np.arange(5) * (2 * np.pi / 5) + rng.uniform(0, 1):
                px, py = x + r * 0.9 * np.cos(angle), y + r * 0.9 * np.sin(angle)
                draw.ellipse(
                    [(px - r * 0.75) * s, (py - r * 0.75) * s, (px + r * 0.75) * s, (py + r * 0.75) * s], fill=petal
                )
            draw.ellipse(
                [(x - r * 0.6) * s, (y - r * 0.6) * s, (x + r * 0.6) * s, (y + r * 0.6) * s], fill=(255, 214, 70)
            )

    return _strokes(field, blossoms)


def rocks(rng: np.random.Generator, size: int) -> np.ndarray:
    """Grey stones close together."""
    gap, *stones = _tint(rng, (70, 68, 70), (128, 124, 122), (152, 148, 142), (108, 106, 108), amount=8)

    def pebbles(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, 2, 1):
            stone = stones[int(rng.integers(len(stones)))]
            angles = np.arange(7) * (2 * np.pi / 7) + rng.uniform(0, 1)
            radii = rng.uniform(12, 16, 7)
            outline = [
                ((x + r * np.cos(a)) * s, (y + 0.66 * r * np.sin(a)) * s) for a, r in zip(angles, radii, strict=True)
            ]
            draw.polygon(outline, fill=_rgb(stone))
            shine = [
                ((x - 2 + 0.55 * r * np.cos(a)) * s, (y - 3 + 0.34 * r * np.sin(a)) * s)
                for a, r in zip(angles, radii, strict=True)
            ]
            draw.polygon(shine, fill=_rgb(np.clip(stone + 26, 0, 255)))

    return _strokes(np.broadcast_to(gap, (size, size, 3)).copy(), pebbles)


def wheat(rng: np.random.Generator, size: int) -> np.ndarray:
    """A golden field with ears."""
    base, stalk, ear = _tint(rng, (222, 166, 40), (176, 120, 24), (255, 218, 96), amount=7)

    def stalks(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, jitter=2):
            lean = rng.uniform(-2, 3)
            draw.line([x * s, (y + 7) * s, (x + lean) * s, (y - 5) * s], fill=_rgb(stalk), width=round(1.4 * s))
            draw.ellipse([(x + lean - 2.6) * s, (y - 9) * s, (x + lean + 2.6) * s, (y - 1) * s], fill=_rgb(ear))

    return _strokes(np.broadcast_to(base, (size, size, 3)).copy(), stalks)


def lavender(rng: np.random.Generator, size: int) -> np.ndarray:
    """Rows of violet bushes."""
    earth, light, dark, leaf = _tint(rng, (142, 122, 128), (176, 128, 220), (122, 78, 178), (104, 132, 92), amount=8)

    def bushes(draw: ImageDraw.ImageDraw, s: float) -> None:
        for x, y in _scatter(rng, jitter=1.2):
            draw.ellipse([(x - 8.5) * s, (y - 3) * s, (x + 8.5) * s, (y + 7) * s], fill=_rgb(leaf))
            draw.ellipse([(x - 8) * s, (y - 7) * s, (x + 8) * s, (y + 4) * s], fill=_rgb(dark))
            for dx, dy in ((-4, -3), (1, -5), (4, -1)):
                draw.ellipse([(x + dx - 2) * s, (y + dy - 2) * s, (x + dx + 2) * s, (y + dy + 2) * s], fill=_rgb(light))

    return _strokes(np.broadcast_to(earth, (size, size, 3)).copy(), bushes)


SKIES: dict[str, Texture] = {
    "blue sky": blue_sky,
    "sunset": sunset,
    "night sky": night_sky,
    "cloudy sky": cloudy_sky,
    "aurora": aurora,
}
FARS: dict[str, Texture] = {"mountains": mountains, "hills": hills, "forest": forest, "desert": desert, "city": city}
GROUNDS: dict[str, Texture] = {
    "grass": grass,
    "sand": sand,
    "snow": snow,
    "lake": lake,
    "flowers": flowers,
    "rocks": rocks,
    "wheat": wheat,
    "lavender": lavender,
}
STUFF: dict[str, Texture] = {**SKIES, **FARS, **GROUNDS}
