"""Masks: checked pictures of paint, reduced by area to every attention level, and set down as A[pixels, tokens]."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.errors import BadMask, BadRequest
from resources import pictures
from resources.checking import Refused, check
from resources.limits import Strength
from resources.mask_pictures import NotAMask, mask_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from engine.protocol import PaintedWord

Size = tuple[int, int]


def mask_from_image(source: str | Path | bytes | Image.Image, *, size: Size | None = None) -> np.ndarray:
    """Return the mask in a picture: uint8 `[height, width]`, 255 painted, 0 not; see `resources.mask_pictures`.

    White is painted and black is not; where the picture is see-through and of one colour, its opacity is the mask. The
    picture stands upright as its EXIF orientation says. A mask in which nothing is painted is returned like any other.

    Args:
        source: a picture file, its bytes, or a Pillow image.
        size: the `(width, height)` it must have.

    Raises:
        BadMask: not a readable picture, a picture with colours, or of another size.
    """
    name = "The mask" if isinstance(source, Image.Image | bytes) else f'The mask "{Path(source).name}"'
    try:
        image = source if isinstance(source, Image.Image) else pictures.open_picture(source)
        _check_size(pictures.upright_size(image), name, size)  # before it is decoded
        return mask_of(pictures.decode(image))
    except pictures.PictureError as error:
        message, hint = error.explain(name)
        raise BadMask(message, hint=hint, details=error.details) from error
    except NotAMask as error:
        hint = "Save it as 8-bit grey: white where the word is painted, black where it is not."
        raise BadMask(f"{name} {error}.", hint=hint, details=f"mode {image.mode}") from error


def _check_size(found: Size, name: str, size: Size | None) -> None:
    if size is not None and found != tuple(size):
        raise BadMask(
            f"{name} is {found[0]}x{found[1]}, but the picture is {size[0]}x{size[1]}.",
            hint=f"Save the mask as a grey picture of {size[0]}x{size[1]} pixels.",
        )


def check_word(word: PaintedWord, *, width: int, height: int) -> None:
    """Make sure that a painted word's mask, strength and window are usable on a picture of `width` x `height` pixels.

    Raises:
        BadMask: the mask is not uint8 `[height, width]`.
        BadRequest: the strength is out of its range, or the window is not `0 <= start <= end <= 1`.
    """
    mask = word.mask
    if not isinstance(mask, np.ndarray) or mask.ndim != 2 or mask.dtype != np.uint8:
        kind = f"{mask.dtype} {list(mask.shape)}" if isinstance(mask, np.ndarray) else type(mask).__name__
        raise BadMask(
            "A mask must hold one byte for each pixel.",
            hint="Give a uint8 array [height, width]: 0 unpainted, 255 painted.",
            details=kind,
        )
    if mask.shape != (height, width):
        raise BadMask(
            f"A mask is {mask.shape[1]}x{mask.shape[0]}, but the picture is {width}x{height}.",
            hint="Paint the mask at the picture's size.",
        )
    try:
        check(word.strength, Strength, "A word's strength")
    except Refused as refused:
        raise BadRequest(refused.message, hint=refused.hint) from None
    start, end = word.window
    if not 0.0 <= start <= end <= 1.0:
        raise BadRequest(
            f"A word's window runs from {start} to {end}.", hint="Give a start and an end between 0 and 1, in order."
        )


def level_sizes(height: int, width: int, levels: int) -> list[Size]:
    """Return the `(height, width)` of each attention level under a latent of `height` x `width`.

    A level halves the one above and rounds up, as diffusers' downsampling does: 63x97, 32x49, 16x25, ...
    """
    sizes = [(height, width)]
    while len(sizes) < levels:
        height, width = -(-height // 2), -(-width // 2)
        sizes.append((height, width))
    return sizes


def reduce_mask(mask: np.ndarray, size: Size, *, cell: tuple[float, float] | None = None) -> np.ndarray:
    """Return the area average of a mask: float32 `[h, w]`, 0..1, where the share of painted area survives exactly.

    Args:
        mask: uint8 `[H, W]`.
        size: `(h, w)` of the level.
        cell: height and width in pixels that one element stands for. The last row and column may reach over the edge;
            they average the part that exists. Default: the mask divided evenly, `(H / h, W / w)`.
    """
    height, width = mask.shape
    cell_h, cell_w = cell or (height / size[0], width / size[1])
    rows = _overlaps(height, size[0], cell_h)
    columns = _overlaps(width, size[1], cell_w)
    return (rows @ mask.astype(np.float32) @ columns.T) / np.float32(255.0)


def sample_mask(mask: np.ndarray, size: Size) -> np.ndarray:
    """Return a mask as paint-with-words-sd takes it: float32 `[h, w]`, 0..1, sampled bilinearly with aligned corners.

    What lies between the sampled points is lost; `reduce_mask` is the better way.
    """
    corners = [np.linspace(0, pixels - 1, cells) for pixels, cells in zip(mask.shape, size, strict=True)]
    low = [np.floor(places).astype(int) for places in corners]
    high = [np.minimum(first + 1, pixels - 1) for first, pixels in zip(low, mask.shape, strict=True)]
    down, across = ((places - first).astype(np.float32)[:, None] for places, first in zip(corners, low, strict=True))
    values = mask.astype(np.float32) / np.float32(255.0)
    rows = values[low[0]] * (1 - down) + values[high[0]] * down
    return rows[:, low[1]] * (1 - across.T) + rows[:, high[1]] * across.T


@lru_cache(maxsize=32)
def _overlaps(pixels: int, cells: int, cell: float) -> np.ndarray:
    """Return float32 `[cells, pixels]`: the share that each pixel has in each cell's part inside the picture."""
    left = np.arange(cells)[:, None] * cell
    pixel = np.arange(pixels)[None, :]
    covered = np.clip(np.minimum(left + cell, pixel + 1) - np.maximum(left, pixel), 0.0, None)
    return (covered / np.maximum(covered.sum(axis=1, keepdims=True), 1e-12)).astype(np.float32)


class MaskCache:
    """Reduced masks by (revision or content, mask size, level size, cell): a stroke on one word reduces one mask again.

    Args:
        capacity: the number of reduced masks kept; the least recently used goes first.
    """

    def __init__(self, capacity: int = 1024) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[Hashable, np.ndarray] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def reduce(self, word: PaintedWord, size: Size, cell: tuple[float, float]) -> np.ndarray:
        """Return `reduce_mask(word.mask, size, cell=cell)`, from the cache where it is known; read only."""
        revision = word.revision
        if revision is None:
            revision = hashlib.blake2b(np.ascontiguousarray(word.mask).data, digest_size=16).digest()
        key = (revision, word.mask.shape, size, cell)
        reduced = self._kept.get(key)
        if reduced is None:
            reduced = reduce_mask(word.mask, size, cell=cell)
            reduced.flags.writeable = False
            self._kept[key] = reduced
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return reduced


def paint_matrix(
    coverages: Sequence[np.ndarray],
    positions: Sequence[Sequence[int]],
    strengths: Sequence[float],
    *,
    pixels: int,
    tokens: int,
) -> np.ndarray:
    """Return A of one level: float32 `[pixels, tokens]`, the sum over words of strength x coverage on the word's
    tokens.

    Args:
        coverages: for each word its reduced mask `[h, w]`, 0..1, with h * w = pixels, rows first.
        positions: for each word its token positions in the context.
        strengths: for each word its signed strength. Where paint overlaps, it adds.
        pixels: number of pixels of the level.
        tokens: length of the context.
    """
    matrix = np.zeros((pixels, tokens), dtype=np.float32)
    for coverage, places, strength in zip(coverages, positions, strengths, strict=True):
        matrix[:, list(places)] += (strength * coverage.reshape(-1))[:, None]
    return matrix


class Paint:
    """The painted words of one request, ready to be A[N, tokens] at every attention level, at any point of the
    schedule.

    Args:
        words: the painted words; masks at picture size.
        positions: for each word its token positions in the context (see `engine.text.spans.token_positions`).
        latent_size: `(height, width)` of the latent.
        levels: number of attention levels (`AttentionControl.levels`).
        tokens: length of the context, all chunks.
        cache: reduced masks kept between requests; by default none.
        containment: 0 (none) .. 1: how much of its strength a word's paint takes off where there is none of it.
        bilinear: take masks by `sample_mask` instead of `reduce_mask`.

    Raises:
        BadMask, BadRequest: see `check_word`; masks of different sizes.
    """

    def __init__(
        self,
        words: Sequence[PaintedWord],
        positions: Sequence[Sequence[int]],
        *,
        latent_size: Size,
        levels: int,
        tokens: int,
        cache: MaskCache | None = None,
        containment: float = 0.0,
        bilinear: bool = False,
    ) -> None:
        self.words = tuple(words)
        self.positions = tuple(tuple(places) for places in positions)
        self.sizes = level_sizes(*latent_size, levels)
        self.tokens = tokens
        self._cache = MaskCache() if cache is None else cache
        self._containment = containment
        self._bilinear = bilinear
        self._built: dict[tuple[int, ...], list[np.ndarray]] = {}
        if self.words:
            height, width = self.words[0].mask.shape[:2]
            for word in self.words:
                check_word(word, width=width, height=height)
            self._cell = (height / latent_size[0], width / latent_size[1])
        self._acts = tuple(word.strength != 0 and bool(word.mask.any()) for word in self.words)

    def active(self, fraction: float) -> tuple[int, ...]:
        """Return the indices of the words that act at `fraction` of the schedule.

        `fraction` is the middle of a step, `(index + 0.5) / steps`, so that windows that meet share no step and leave
        none out. Words of strength 0 and words without paint never act.
        """
        return tuple(
            index
            for index, word in enumerate(self.words)
            if self._acts[index] and word.window[0] <= fraction and (fraction < word.window[1] or word.window[1] == 1.0)
        )

    def coverage(self, index: int, level: int) -> np.ndarray:
        """Return word `index`'s reduced mask at `level`: float32 `[h, w]`, 0..1."""
        if self._bilinear:
            return sample_mask(self.words[index].mask, self.sizes[level])
        scale = 2**level
        cell = (self._cell[0] * scale, self._cell[1] * scale)
        return self._cache.reduce(self.words[index], self.sizes[level], cell)

    def _wanted(self, index: int, level: int) -> np.ndarray:
        """Where word `index` is to be: its coverage, and below 0 where it is to be kept out; float32 `[h, w]`."""
        coverage = self.coverage(index, level)
        if not self._containment or self.words[index].strength < 0:
            return coverage
        # In units of the fullest cell: the paint of a small thing covers no cell wholly, and is not to be pushed out.
        outside = 1.0 - coverage / max(float(coverage.max()), 1e-12)
        return coverage - np.float32(self._containment) * outside

    def matrices(self, active: tuple[int, ...]) -> list[np.ndarray]:
        """Return A for every level, `[N, tokens]` float32, of the words with these indices."""
        if active not in self._built:
            self._built[active] = [
                paint_matrix(
                    [self._wanted(index, level) for index in active],
                    [self.positions[index] for index in active],
                    [self.words[index].strength for index in active],
                    pixels=height * width,
                    tokens=self.tokens,
                )
                for level, (height, width) in enumerate(self.sizes)
            ]
        return self._built[active]
