"""The border of a mask as straight lines along pixel edges, for drawing a selection."""

from __future__ import annotations

import numpy as np

from canvas.model.tiled_mask import TiledMask


def edges(mask: TiledMask) -> np.ndarray:
    """Lines between what is at least half covered and what is not: float32 `[n, 4]` of x0, y0, x1, y1 in pixels.

    Neighbouring pixels' edges in a row or a column are one line. The canvas' own edge counts where the mask touches it.
    """
    bounds = mask.bounds()
    if bounds is None:
        return np.zeros((0, 4), np.float32)
    x, y, w, h = bounds
    inside = np.zeros((h + 2, w + 2), bool)
    inside[1:-1, 1:-1] = mask.read(bounds) >= 128
    level = _runs(inside[1:] ^ inside[:-1])
    upright = _runs((inside[:, 1:] ^ inside[:, :-1]).T)[:, [1, 0, 3, 2]]
    lines = np.concatenate((level, upright)).astype(np.float32)
    # Line r of `level` lies under row r of `inside`, whose first row and column are one before the bounds.
    lines += np.array((x - 1, y - 1, x - 1, y - 1), np.float32)
    lines[: len(level), 1::2] += 1
    lines[len(level) :, 0::2] += 1
    return lines


def _runs(bits: np.ndarray) -> np.ndarray:
    """Runs of set bits along each row: int `[n, 4]` of first column, row, column after the last, row."""
    padded = np.zeros((bits.shape[0], bits.shape[1] + 2), np.int8)
    padded[:, 1:-1] = bits
    change = np.diff(padded, axis=1)
    rows, begins = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    return np.stack((begins, rows, ends, rows), axis=1)
