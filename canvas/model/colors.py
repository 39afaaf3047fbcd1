"""Colours of the overlays: a palette, what a phrase's own words say, and more that differ from all that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import numpy as np

# Four hues of Okabe and Ito, then the colours farthest from all before them (CIELAB, the least of normal, red-blind and
# green-blind sight after Machado 2009), none darker than L = 45 or nearly white, so that patterns show in them on any
# picture: any two differ by at least 15 for everyone.
PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#8844ff",
    "#88ffaa",
    "#44ffee",
    "#aa6622",
    "#6666cc",
    "#00aaaa",
    "#eeaa66",
    "#ff2266",
    "#8866aa",
    "#88ccaa",
    "#00eeff",
    "#ee44ff",
)

# What a colour's name in a phrase looks like: first choice, then shades for the next words of the same colour.
NAMED = {
    "red": ("#e03c31", "#aa0000", "#ff7f73"),
    "crimson": ("#c2183c", "#8f0f2c", "#e8607c"),
    "orange": ("#f28c28", "#c46210", "#ffb870"),
    "yellow": ("#f0e442", "#c9b800", "#fff59a"),
    "gold": ("#e0a800", "#b08400", "#ffd65c"),
    "golden": ("#e0a800", "#b08400", "#ffd65c"),
    "green": ("#2fa84f", "#146b2e", "#86dc9b"),
    "turquoise": ("#30c9c0", "#11827c", "#93ece7"),
    "cyan": ("#22c7e6", "#0b7f96", "#97e9f8"),
    "blue": ("#3f7fe8", "#1d4aa8", "#8fb8ff"),
    "violet": ("#8844ff", "#5a1fc2", "#bb92ff"),
    "purple": ("#9b45d1", "#641a94", "#cb95ee"),
    "magenta": ("#d934c0", "#961a84", "#f490e4"),
    "pink": ("#ff8fc4", "#d9569a", "#ffc4e0"),
    "brown": ("#9a6238", "#6b4020", "#c99a76"),
    "white": ("#f4f4f0", "#d8d8d0", "#c4c4bc"),
    "silver": ("#c0c4cc", "#9298a4", "#dde0e6"),
    "grey": ("#9a9aa0", "#6e6e76", "#c4c4ca"),
    "gray": ("#9a9aa0", "#6e6e76", "#c4c4ca"),
    "black": ("#3a3a42", "#55555f", "#74747e"),
}
MANY = 256
CLEAR = 15.0  # CIELAB distance from which two overlays are told apart at a glance
_WORD = re.compile(r"[^\W\d_]+")
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def overlay_color(taken: Iterable[str], phrase: str = "") -> str:
    """A colour for something new to paint, "#rrggbb", that none of `taken` has.

    Where `phrase` names a colour (“red house”) it is that one, or a shade of it; else the first of the palette that
    stands clear of all that are taken, and when these run out the colour that is farthest from all of them. Hundreds of
    words use up all colours; then they come again.
    """
    used = list(taken)
    known = set(used)
    for word in _WORD.findall(phrase.casefold()):
        shades = [shade for shade in NAMED.get(word, ()) if shade not in known]
        if shades:
            clear = (shade for shade, far in zip(shades, _apart(tuple(shades), used), strict=True) if far >= CLEAR)
            return next(clear, shades[0])
    clear = (color for color, far in zip(PALETTE, _apart(PALETTE, used), strict=True) if far >= CLEAR)
    color = next(clear, None)
    if color is not None:
        return color
    free = [color for color in _grid() if color not in known]
    if not free or len(used) > MANY:
        return free[0] if free else _grid()[len(used) % len(_grid())]  # nobody tells so many apart
    far = _apart(_grid(), used)
    return max(free, key=dict(zip(_grid(), far, strict=True)).__getitem__)


def _apart(colors: tuple[str, ...], others: list[str]) -> np.ndarray:
    """For each colour the CIELAB distance to the nearest of the others; infinite without any."""
    if not others:
        return np.full(len(colors), np.inf)
    return np.linalg.norm(_labs(colors)[:, None] - _labs(tuple(others))[None], axis=-1).min(axis=1)


@lru_cache(maxsize=64)
def _labs(colors: tuple[str, ...]) -> np.ndarray:
    return np.stack([_lab(color) for color in colors])


@lru_cache(maxsize=2048)
def _lab(color: str) -> np.ndarray:
    value = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = _XYZ @ linear / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@cache
def _grid() -> tuple[str, ...]:
    """All colours of a coarse cube that are neither nearly black nor nearly white: a picture has enough of those."""
    levels = range(0, 256, 32)
    colors = [f"#{r:02x}{g:02x}{b:02x}" for r in levels for g in levels for b in levels]
    return tuple(color for color in colors if 25 < _lab(color)[0] < 95)
