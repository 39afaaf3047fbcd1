"""Painted words: checks their masks, reduces them to every attention level that has layers, and builds the matrix A."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.attention.mask_reduction import MaskCache, Size, level_sizes, reduce_mask, sample_mask
from engine.attention.parts import painted_parts, things_of
from engine.errors import BadMask, BadRequest
from resources import pictures
from resources.checking import Refused, check
from resources.limits import Share, Strength
from resources.mask_pictures import NotAMask, mask_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.protocol import PaintedWord


def mask_from_image(source: str | Path | bytes | Image.Image, *, size: Size | None = None) -> np.ndarray:
    """Return the mask in a picture: uint8 `[height, width]`, 255 painted, 0 not; see `resources.mask_pictures`.

    White is painted and black is not; if the picture has transparency and only one colour, its opacity is the mask.
    EXIF orientation is applied. A mask in which nothing is painted is returned like any other.

    Args:
        source: a picture file, its bytes, or a Pillow image.
        size: the `(width, height)` it must have.

    Raises:
        BadMask: the picture cannot be read, has colours, or has another size.
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
        BadRequest: the strength or the fidelity is out of its range, or the window is not `0 <= start <= end <= 1`.
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
        check(word.fidelity, Share | None, "A word's fidelity", advice="Give a number from 0, loose, to 1, exact.")
    except Refused as refused:
        raise BadRequest(refused.message, hint=refused.hint) from None
    start, end = word.window
    if not 0.0 <= start <= end <= 1.0:
        raise BadRequest(
            f"A word's window runs from {start} to {end}.", hint="Give a start and an end between 0 and 1, in order."
        )


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
        coverages: for each word its reduced mask `[h, w]`, 0..1, with h * w = pixels, row by row.
        positions: for each word its token positions in the context.
        strengths: for each word its signed strength. Where paint overlaps, it adds.
        pixels: number of pixels of the level.
        tokens: length of the context.
    """
    matrix = np.zeros((pixels, tokens), dtype=np.float32)
    for coverage, places, strength in zip(coverages, positions, strengths, strict=True):
        matrix[:, list(places)] += (strength * coverage.reshape(-1))[:, None]
    return matrix


LAYOUT_PIXELS = 1024
"""Levels of up to this many pixels, at a model's native size, carry a picture's layout; larger ones carry texture."""


def layout_level(native: Size, levels: int, used: Collection[int]) -> int:
    """Return the first level that carries layout in a model with a native latent size of `(height, width)`.

    What a level does is learnt in training and does not depend on the size of a picture: Stable Diffusion XL's deepest
    level arranges objects at 1536x1024 as it does at 1024x1024, though it has more pixels there.
    """
    sizes = level_sizes(*native, levels)
    return next((level for level in sorted(used) if math.prod(sizes[level]) <= LAYOUT_PIXELS), max(used))


class Paint:
    """The painted words of one request, as A[N, tokens] for every attention level and any point of the schedule.

    Args:
        words: the painted words; masks at picture size.
        positions: for each word its token positions in the context (see `engine.text.spans.token_positions`).
        latent_size: `(height, width)` of the latent.
        levels: number of attention levels (`AttentionControl.levels`).
        tokens: length of the context, all chunks.
        cache: reduced masks that are shared between requests; by default nothing is shared.
        containment: 0 (none) .. 1: the share of a word's strength that is subtracted outside of its paint. A word's own
            fidelity stands in its place.
        bilinear: reduce masks with `sample_mask` instead of `reduce_mask`.
        used: the levels that have cross-attention; masks are reduced for these only. By default all.
        layout_from: the first level that carries layout rather than texture, see `layout_level`. The deepest level and
            those of at most `LAYOUT_PIXELS` always do.
        pictures: the positions of picture tokens, each with its part: they are painted at that part of each thing in a
            word's paint; see `engine.attention.parts`.
        counts: how many things each word means, None where that is not known; by default of none.

    Attributes:
        sizes: `(h, w)` of each level. layout: the levels that carry layout.

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
        used: Collection[int] | None = None,
        layout_from: int | None = None,
        pictures: Mapping[int, int] | None = None,
        counts: Sequence[int | None] | None = None,
    ) -> None:
        self.words = tuple(words)
        self.positions = tuple(tuple(places) for places in positions)
        self.sizes = level_sizes(*latent_size, levels)
        self.tokens = tokens
        self.used = tuple(range(levels)) if used is None else tuple(sorted(used))
        self.layout = tuple(
            level
            for level in self.used
            if math.prod(self.sizes[level]) <= LAYOUT_PIXELS
            or (layout_from is not None and level >= layout_from)
            or level == self.used[-1]
        )
        self._pictures = pictures or {}
        self._counts = counts or [None] * len(self.words)
        self._parts: dict[int, np.ndarray] = {}
        self._contents: dict[int, bytes] = {}
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

    @property
    def acts(self) -> bool:
        """Whether any word acts at any point of the schedule."""
        return any(self._acts)

    def active(self, fraction: float) -> tuple[int, ...]:
        """Return the indices of the words that act at `fraction` of the schedule.

        `fraction` is the middle of a step, `(index + 0.5) / steps`, so that adjacent windows neither share a step nor
        leave one out. Words of strength 0 and words without paint never act.
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
        word = self.words[index]
        if index not in self._contents:
            self._contents[index] = self._cache.content(word)
        return self._cache.reduce(word.mask, self.sizes[level], cell, content=self._contents[index])

    def _part(self, index: int, part: int, level: int) -> np.ndarray:
        """Return the coverage of one part of word `index` at `level`: float32 `[h, w]`, 0..1."""
        if index not in self._parts:
            pieces = things_of(self.words[index].mask, self._counts[index])
            self._parts[index] = painted_parts([reduce_mask(each, self.sizes[0], cell=self._cell) for each in pieces])
        return reduce_mask(self._parts[index][part], self.sizes[level], cell=(2.0**level, 2.0**level), full=1.0)

    def _wanted(self, index: int, coverage: np.ndarray) -> np.ndarray:
        """Where a token of word `index` should be: its coverage, and below 0 where it should be kept out; `[h, w]`."""
        word = self.words[index]
        containment = self._containment if word.fidelity is None else word.fidelity
        if not containment or word.strength < 0:
            return coverage
        # Relative to the fullest cell: small paint fills no cell, and must not be pushed out of the cells it touches.
        outside = 1.0 - coverage / max(float(coverage.max()), 1e-12)
        return coverage - np.float32(containment) * outside

    def _at(self, active: tuple[int, ...], level: int) -> np.ndarray:
        """Return A of one level: float32 `[N, tokens]`."""
        height, width = self.sizes[level]
        if level not in self.used:
            return np.zeros((0, self.tokens), dtype=np.float32)
        planes, places, strengths = [], [], []
        for index in active:
            positions = self.positions[index]
            tokens: list[tuple[np.ndarray, Sequence[int]]] = [
                (self.coverage(index, level), [each for each in positions if each not in self._pictures]),
                *(
                    (self._part(index, self._pictures[each], level), [each])
                    for each in positions
                    if each in self._pictures
                ),
            ]
            for coverage, own in tokens:
                planes.append(self._wanted(index, coverage))
                places.append(own)
                strengths.append(self.words[index].strength)
        return paint_matrix(planes, places, strengths, pixels=height * width, tokens=self.tokens)

    def matrices(self, active: tuple[int, ...]) -> list[np.ndarray]:
        """Return A for every level, `[N, tokens]` float32, of the words with these indices; N is 0 at unused levels."""
        if active not in self._built:
            self._built[active] = [self._at(active, level) for level in range(len(self.sizes))]
        return self._built[active]
