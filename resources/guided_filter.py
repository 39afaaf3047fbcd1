"""The guided filter: a soft map takes the edges of a picture (He, Sun and Tang 2010)."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

EPSILON = 1e-3
"""Contrasts below its root, of 1, are no edge."""


class Guide:
    """A picture by whose edges soft maps are filtered; what all maps share is computed once.

    Args:
        rgb: the picture, float `[h, w, 3]`, 0..1. radius: means are over squares of side `2 * radius + 1`.
    """

    def __init__(self, rgb: np.ndarray, radius: int, epsilon: float = EPSILON) -> None:
        self._radius, self._rgb = radius, rgb
        self._colours = [rgb[..., channel].astype(np.float32) for channel in range(3)]
        self._middles = [self._mean(colour) for colour in self._colours]
        self._spread = np.zeros((*rgb.shape[:2], 3, 3), np.float32)
        for first in range(3):
            for second in range(first, 3):
                both = self._mean(self._colours[first] * self._colours[second])
                both -= self._middles[first] * self._middles[second]
                self._spread[..., first, second] = self._spread[..., second, first] = both
        self._spread += epsilon * np.eye(3, dtype=np.float32)

    def _mean(self, array: np.ndarray) -> np.ndarray:
        found: np.ndarray = ndimage.uniform_filter(array, 2 * self._radius + 1, mode="nearest")
        return found

    def coefficients(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The linear map of colours to a soft map `[h, w]` about each pixel: slopes `[h, w, 3]`, offsets `[h, w]`."""
        values = values.astype(np.float32)
        level = self._mean(values)
        shared = np.stack([self._mean(self._colours[c] * values) - self._middles[c] * level for c in range(3)], axis=-1)
        slopes = np.linalg.solve(self._spread, shared[..., None])[..., 0]
        offset = level - sum(slopes[..., c] * self._middles[c] for c in range(3))
        return np.stack([self._mean(slopes[..., c]) for c in range(3)], axis=-1), self._mean(offset)

    def filtered(self, values: np.ndarray) -> np.ndarray:
        """A soft map float `[h, w]` with the picture's edges, eq. 14 to 16 of the paper."""
        slopes, offset = self.coefficients(values)
        found: np.ndarray = np.einsum("hwc,hwc->hw", slopes, self._rgb) + offset
        return found


def guided(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float = EPSILON) -> np.ndarray:
    """A soft map float `[h, w]` with the edges of a picture, float RGB `[h, w, 3]`, 0..1; see `Guide`."""
    return Guide(guide, radius, epsilon).filtered(values)


def coefficients(
    values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float = EPSILON
) -> tuple[np.ndarray, np.ndarray]:
    """See `Guide.coefficients`."""
    return Guide(guide, radius, epsilon).coefficients(values)
