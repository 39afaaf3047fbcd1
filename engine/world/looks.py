"""Looks, which captions never mention: a medium (watercolour, paper cut, ink, ...) in a light (dusk, sepia, ...)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from engine.world.textures import noise

MEDIA: tuple[str, ...] = ("plain", "watercolour", "paper cut", "ink", "pixel", "dots")

_Tone = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class _Light:
    """Rotates hues by `hue` degrees, scales saturation, then blends by `mix` with a tone between two tints."""

    dark: _Tone
    bright: _Tone
    mix: float
    saturation: float = 1.0
    hue: float = 0.0


LIGHTS: dict[str, _Light] = {
    "day": _Light(dark=(0, 0, 0), bright=(255, 255, 255), mix=0.0),
    "dusk": _Light(dark=(74, 30, 92), bright=(255, 202, 128), mix=0.5, saturation=0.95),
    "moonlit": _Light(dark=(6, 12, 44), bright=(142, 172, 222), mix=0.62, saturation=0.6),
    "sepia": _Light(dark=(54, 34, 22), bright=(248, 226, 184), mix=0.86),
    "winter": _Light(dark=(92, 116, 152), bright=(250, 252, 255), mix=0.52, saturation=0.6),
    "neon": _Light(dark=(44, 0, 92), bright=(120, 255, 244), mix=0.4, saturation=1.6, hue=20),
    "autumn": _Light(dark=(66, 26, 14), bright=(255, 208, 112), mix=0.38, saturation=1.1, hue=-34),
    "mint": _Light(dark=(52, 112, 112), bright=(238, 252, 226), mix=0.5, saturation=0.75, hue=12),
}

WITHHELD: frozenset[tuple[str, str]] = frozenset(
    {
        ("plain", "sepia"),
        ("watercolour", "moonlit"),
        ("paper cut", "autumn"),
        ("ink", "mint"),
        ("pixel", "dusk"),
        ("dots", "neon"),
    }
)
"""Pairs of medium and light that are never trained on; the style lab uses them to measure."""

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Look:
    """A medium in a light; `seed` slightly varies the light's colours, equally for all pictures in the look."""

    medium: str
    light: str
    seed: int = 0


PLAIN = Look("plain", "day")
"""The world as it is drawn, without a medium or a light."""


def trained_looks() -> list[tuple[str, str]]:
    """All pairs of medium and light except the withheld ones; the first is that of `PLAIN`."""
    return [(medium, light) for light in LIGHTS for medium in MEDIA if (medium, light) not in WITHHELD]


def apply_look(
    rgb: np.ndarray, layers: np.ndarray, things: np.ndarray, look: Look, rng: np.random.Generator
) -> np.ndarray:
    """Return a picture of the world in another look, uint8 `[size, size, 3]`; the areas of its parts do not change.

    Args:
        rgb: uint8 `[size, size, 3]`.
        layers: int `[size, size]`, the part of each pixel, counted from back to front.
        things: bool `[parts]`, whether each part is a thing rather than stuff.
        rng: for what differs between pictures in the same look, such as grain.
    """
    picture = rgb.astype(np.float32)
    if look.medium != "plain":
        picture = _DRAW[look.medium](picture, layers, things, rng)
    return np.clip(np.round(_lit(picture, look)), 0, 255).astype(np.uint8)


def _lit(picture: np.ndarray, look: Look) -> np.ndarray:
    light = LIGHTS[look.light]
    if not light.mix:
        return picture
    rng = np.random.default_rng((look.seed, 7))
    dark, bright = (np.clip(np.array(tint) + rng.normal(0, 14, 3), 0, 255) for tint in (light.dark, light.bright))
    mix = float(np.clip(light.mix + rng.normal(0, 0.05), 0.2, 0.92))
    turned = picture @ _turn(light.hue + rng.normal(0, 8), light.saturation * np.exp(rng.normal(0, 0.1))).T
    tone = np.clip(picture @ _LUMA / 255, 0, 1)[..., None]
    return turned + (dark + (bright - dark) * tone - turned) * mix


def _turn(degrees: float, saturation: float) -> np.ndarray:
    """An RGB matrix that rotates hues around the grey axis and scales the distance from it."""
    angle = np.deg2rad(degrees)
    axis = np.full((3, 3), 1 / 3)
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / np.sqrt(3)
    about = np.cos(angle) * (np.eye(3) - axis) + np.sin(angle) * cross
    return (np.outer(np.ones(3), _LUMA) * (1 - saturation) + saturation * (axis + about)).astype(np.float32)


def _blurred(picture: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius * picture.shape[0] / 256))).astype(np.float32)


def _rims(layers: np.ndarray) -> np.ndarray:
    """1 where two parts meet, else 0, float32."""
    rims = np.zeros(layers.shape, bool)
    rims[1:] |= layers[1:] != layers[:-1]
    rims[:, 1:] |= layers[:, 1:] != layers[:, :-1]
    return rims.astype(np.float32)


def _watercolour(picture: np.ndarray, layers: np.ndarray, things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size = picture.shape[0]
    paper = np.array([252, 249, 240], np.float32)
    wash = 0.42 + 0.46 * noise(rng, size, 5, 5) + 0.1 * noise(rng, size, 16, 16)
    wash = np.clip(wash + 0.12 * things[layers], 0.3, 1)
    wet = paper + (_blurred(picture, 2.2) - paper) * wash[..., None]
    rims = _blurred(255 * _rims(layers), 1.6) / 255
    return wet * (1 - 0.75 * np.clip(2.2 * rims, 0, 0.5))[..., None]


def _paper_cut(picture: np.ndarray, layers: np.ndarray, things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size, count = picture.shape[0], len(things)
    flat = layers.ravel()
    pixels = np.maximum(np.bincount(flat, minlength=count), 1)
    means = np.stack([np.bincount(flat, picture[..., c].ravel(), count) / pixels for c in range(3)], -1)
    kept = np.where(things, 0.8, 0.18)[layers][..., None]
    sheet = means[layers] + (_blurred(picture, 1.2) - means[layers]) * kept
    # The sheet in front casts a shadow to the lower right, and its upper left edge is lit.
    step = max(1, size * 5 // 256)
    shifted = np.pad(layers, ((step, 0), (step, 0)), mode="edge")[:size, :size]
    shadow = _blurred(255.0 * (shifted > layers), 2.2) / 255
    lit = np.pad(layers, ((2, 0), (2, 0)), mode="edge")[:size, :size] < layers
    return sheet * (1 - 0.55 * shadow[..., None]) + 34 * lit[..., None]


def _ink(picture: np.ndarray, layers: np.ndarray, things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size = picture.shape[0]
    paper, ink = np.array([250, 246, 234], np.float32), np.array([36, 34, 48], np.float32)
    soft = _blurred(picture, 1.0)
    tone = soft @ _LUMA
    y, x = np.mgrid[0:size, 0:size] * (256 / size)
    strokes = np.zeros((size, size), np.float32)
    for darker, slope in ((150, 1), (84, -1)):
        line = np.abs((x + slope * y) % 8 - 4)
        strokes = np.maximum(strokes, np.clip(1.9 - line, 0, 1) * np.clip((darker - tone) / 40, 0, 0.85))
    change = np.hypot(np.gradient(tone, axis=0), np.gradient(tone, axis=1))
    rims = _blurred(255 * _rims(layers), 0.9) / 255
    lines = np.maximum(np.clip(2.4 * rims, 0, 1), np.clip(change / 14 - 0.6, 0, 0.8))
    tinted = paper + (soft - paper) * 0.38
    return tinted + (ink - tinted) * np.maximum(strokes, lines)[..., None]


def _pixel(picture: np.ndarray, layers: np.ndarray, things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size, side = picture.shape[0], max(1, picture.shape[0] // 32)
    blocks = picture.reshape(size // side, side, size // side, side, 3).mean((1, 3))
    blocks = np.round(blocks / 42.5) * 42.5
    return blocks.repeat(side, 0).repeat(side, 1)


def _dots(picture: np.ndarray, layers: np.ndarray, things: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    size, side = picture.shape[0], max(1, picture.shape[0] // 32)
    cells = picture.reshape(size // side, side, size // side, side, 3).mean((1, 3))
    cells = cells + rng.normal(0, 12, (*cells.shape[:2], 1))
    y, x = np.mgrid[0:size, 0:size] % side + 0.5
    disc = np.clip(0.46 * side - np.hypot(y - side / 2, x - side / 2) + 0.5, 0, 1)
    ground = np.array([246, 240, 226], np.float32)
    under = ground + (_blurred(picture, 3) - ground) * 0.3
    return under + (cells.repeat(side, 0).repeat(side, 1) - under) * disc[..., None]


_DRAW = {"watercolour": _watercolour, "paper cut": _paper_cut, "ink": _ink, "pixel": _pixel, "dots": _dots}
