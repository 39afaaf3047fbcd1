"""Reduces masks to the sizes of the attention levels by exact area averages, and caches the results by content."""

from __future__ import annotations

import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from engine.protocol import PaintedWord

Size = tuple[int, int]
_COLUMNS = 512


def level_sizes(height: int, width: int, levels: int) -> list[Size]:
    """Return the `(height, width)` of each attention level under a latent of `height` x `width`.

    A level halves the one above and rounds up, as diffusers' downsampling does: 63x97, 32x49, 16x25, ...
    """
    sizes = [(height, width)]
    while len(sizes) < levels:
        height, width = -(-height // 2), -(-width // 2)
        sizes.append((height, width))
    return sizes


def reduce_mask(
    mask: np.ndarray, size: Size, *, cell: tuple[float, float] | None = None, full: float = 255.0
) -> np.ndarray:
    """Return the area average of a mask: float32 `[h, w]`, 0..1; the share of the area that is painted is kept exactly.

    One pass over the mask: whole pixels are summed, pixels on the edges of cells are split between them. (OpenCV's and
    scikit-image's area reductions cannot let the last cell reach over the edge; Pillow's and torch's are not exact for
    parts of pixels.)

    Args:
        mask: uint8 or float `[H, W]`, 0..`full`.
        size: `(h, w)` of the level.
        cell: height and width in pixels that one element stands for. The last row and column may reach over the edge;
            they average the part that exists. Default: the mask divided evenly, `(H / h, W / w)`.
    """
    height, width = mask.shape
    cell_h, cell_w = cell or (height / size[0], width / size[1])
    rows = _means(mask, size[0], cell_h)
    return np.ascontiguousarray(_means(rows.T, size[1], cell_w).T, dtype=np.float32) / np.float32(full)


def _means(values: np.ndarray, cells: int, cell: float) -> np.ndarray:
    """Return the mean of `values` `[pixels, n]` over each cell along the first axis: float64 `[cells, n]`."""
    pixels = len(values)
    edges = np.minimum(np.arange(cells + 1) * cell, pixels)
    within = np.minimum(edges.astype(np.intp), pixels - 1)  # the pixel that each edge lies in; `part`: how far into it
    part = (edges - within)[:, None]
    lengths = np.maximum(np.diff(edges), 1e-12)[:, None]
    kind = np.uint32 if values.dtype == np.uint8 else np.float64
    means = np.empty((cells, values.shape[1]))
    for first in range(0, values.shape[1], _COLUMNS):  # in blocks: numpy copies what it sums to a wider type
        block = values[:, first : first + _COLUMNS]
        sums = np.add.reduceat(block, within, axis=0, dtype=kind)[:-1].astype(np.float64)
        sums[within[1:] == within[:-1]] = 0.0  # both edges in one pixel: no whole one between
        cut = part * block[within]
        means[:, first : first + _COLUMNS] = (sums + cut[1:] - cut[:-1]) / lengths
    return means


def sample_mask(mask: np.ndarray, size: Size) -> np.ndarray:
    """Return a mask as paint-with-words-sd reduces it: float32 `[h, w]`, 0..1, bilinear with aligned corners.

    Paint between the sampled points is lost; `reduce_mask` is the better way.
    """
    corners = [np.linspace(0, pixels - 1, cells) for pixels, cells in zip(mask.shape, size, strict=True)]
    low = [np.floor(places).astype(int) for places in corners]
    high = [np.minimum(first + 1, pixels - 1) for first, pixels in zip(low, mask.shape, strict=True)]
    down, across = ((places - first).astype(np.float32)[:, None] for places, first in zip(corners, low, strict=True))
    values = mask.astype(np.float32) / np.float32(255.0)
    rows = values[low[0]] * (1 - down) + values[high[0]] * down
    return rows[:, low[1]] * (1 - across.T) + rows[:, high[1]] * across.T


class MaskCache:
    """Reduced masks by content, mask size, level size and cell: after a stroke only that word's mask is reduced again.

    Masks share an entry if their content is equal, whatever their revisions: two requests, or two programs, may give
    the same revision to different masks.

    Args:
        capacity: bytes of reduced masks that are kept; the least recently used goes first.
    """

    def __init__(self, capacity: int = 64 << 20) -> None:
        self._capacity = capacity
        self._bytes = 0
        self._kept: OrderedDict[Hashable, np.ndarray] = OrderedDict()
        self._known: dict[int, tuple[weakref.ref[Any], Hashable, bytes]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def content(self, word: PaintedWord) -> bytes:
        """Return a hash of a word's mask; takes about a millisecond for each million pixels.

        Not computed again for the same array with the same revision, if the word has one.
        """
        mask = word.mask
        known = self._known.get(id(mask))
        if known is not None and known[0]() is mask and word.revision is not None and known[1] == word.revision:
            return known[2]
        digest = hashlib.blake2b(np.ascontiguousarray(mask).data, digest_size=16).digest()
        self._known = {key: entry for key, entry in self._known.items() if entry[0]() is not None}
        self._known[id(mask)] = (weakref.ref(mask), word.revision, digest)
        return digest

    def reduce(self, mask: np.ndarray, size: Size, cell: tuple[float, float], *, content: bytes) -> np.ndarray:
        """Return `reduce_mask(mask, size, cell=cell)`, from the cache if its `content` is known; read-only."""
        key = (content, mask.shape, size, cell)
        reduced = self._kept.get(key)
        if reduced is None:
            reduced = reduce_mask(mask, size, cell=cell)
            reduced.flags.writeable = False
            self._kept[key] = reduced
            self._bytes += reduced.nbytes
            while self._bytes > self._capacity and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        else:
            self._kept.move_to_end(key)
        return reduced
