"""Colour and texture statistics that characterise a picture's style, and distances between styles; plain numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

COLOUR: tuple[str, ...] = (
    *(f"{channel} {what}" for what in ("mean", "spread") for channel in ("L", "a", "b")),
    "chroma",
)
"""Mean and standard deviation over the picture of each CIELAB channel, and the mean chroma."""

BANDS = 4
DIRECTIONS: tuple[str, ...] = ("across", "down", "diagonal")
PERIOD = 8
"""The width in pixels of the cells that blockiness looks for, in a picture of 256x256."""

TEXTURE: tuple[str, ...] = (
    *(f"band {band} {direction}" for band in range(1, BANDS + 1) for direction in DIRECTIONS),
    "crispness",
    "blockiness",
)
"""Energies of the lightness in bands of halving resolution; whether it changes at few edges or everywhere; and whether
the edges lie on a grid."""

STATISTICS: tuple[str, ...] = (*COLOUR, *TEXTURE)

_UNSEEN = 0.25
"""Energy in L squared that is hardly visible; added before the logarithm so that differences below it do not matter."""

# sRGB's primaries to XYZ, each row over the D65 white point's own value (IEC 61966-2-1).
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
_TO_XYZ /= _TO_XYZ.sum(axis=1, keepdims=True)


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB (CIE 1976, D65) of sRGB: uint8 `[..., 3]` -> float64 `[..., 3]`; L 0..100, a and b about -110..110."""
    values = np.arange(256) / 255
    linear = np.where(values > 0.04045, ((values + 0.055) / 1.055) ** 2.4, values / 12.92)[rgb]
    xyz = linear @ _TO_XYZ.T
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def statistics(rgb: np.ndarray) -> np.ndarray:
    """The statistics of one picture: uint8 `[size, size, 3]` -> float64 `[statistics]`, in the order of `STATISTICS`.

    `size` is a multiple of `2**BANDS` and of `PERIOD`.
    """
    lab = to_lab(rgb)
    flat = lab.reshape(-1, 3)
    chroma = np.hypot(flat[:, 1], flat[:, 2]).mean()
    return np.concatenate([flat.mean(axis=0), flat.std(axis=0), [chroma], _texture(lab[..., 0])])


def _texture(lightness: np.ndarray) -> np.ndarray:
    energies = []
    level = lightness
    for _ in range(BANDS):
        # Haar wavelet bands: differences within each 2x2 square; the square's mean is the next level.
        a, b, c, d = level[::2, ::2], level[::2, 1::2], level[1::2, ::2], level[1::2, 1::2]
        for difference in (a - b + c - d, a + b - c - d, a - b - c + d):
            energies.append(np.mean((difference / 2) ** 2))
        level = (a + b + c + d) / 4
    return np.array([*np.log(_UNSEEN + np.array(energies)), _crispness(lightness), _blockiness(lightness)])


def _crispness(lightness: np.ndarray) -> float:
    """Log of the RMS over the mean of pixel differences: near 0 if all are alike, above 1 for a few sharp edges."""
    steps = np.abs(np.concatenate([np.diff(lightness, axis=0).ravel(), np.diff(lightness, axis=1).ravel()]))
    return float(np.log((np.sqrt(np.mean(steps**2)) + _UNSEEN) / (steps.mean() + _UNSEEN)))


def _blockiness(lightness: np.ndarray) -> float:
    """Share of the difference energy at the strongest of `PERIOD` offsets: 1 / PERIOD .. 1, mean of both axes."""
    period = max(2, PERIOD * len(lightness) // 256)
    shares = []
    for axis in (0, 1):
        steps = np.diff(lightness, axis=axis, append=np.take(lightness, [-1], axis=axis)) ** 2
        along = steps.mean(axis=1 - axis).reshape(-1, period).mean(axis=0) + _UNSEEN / period
        shares.append(along.max() / along.sum())
    return float(np.mean(shares))


@dataclass(frozen=True, eq=False)
class Scale:
    """The unit of each statistic: its standard deviation `[statistics]` over pictures in many styles."""

    spread: np.ndarray

    @classmethod
    def of(cls, pictures: Sequence[np.ndarray]) -> Scale:
        """The standard deviation over 2 or more pictures, see `statistics`; 1 for a statistic that never varies."""
        spread = np.stack([statistics(rgb) for rgb in pictures]).std(axis=0)
        return cls(np.where(spread > 1e-6, spread, 1.0))

    def distances(self, one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
        """The RMS distance of two pictures' statistics, 0 or more: over all, over colour, and over texture.

        Two pictures in unrelated styles are about sqrt(2) apart.
        """
        apart = ((one - other) / self.spread) ** 2
        parts = (apart, apart[: len(COLOUR)], apart[len(COLOUR) :])
        whole, colour, texture = (float(np.sqrt(part.mean())) for part in parts)
        return whole, colour, texture
