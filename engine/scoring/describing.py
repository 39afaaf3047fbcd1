"""A caption of a picture with the place of each of its words: what the segmenter of the starter's world sees in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from engine.errors import BadReference, UnsupportedModel
from engine.scoring.visible_share import name_in, segmenter

LEAST = 0.01
"""The share of the picture from which on a name is told; the same from which on it counts as found."""
SIDE = 256
"""Pixels of the shorter side at which a picture is looked at: the segmenter knows things of that size."""
MOST_SIDE = 1024
_STEP = 16


@dataclass(frozen=True, eq=False)
class Told:
    """One word of a caption.

    Attributes:
        name: the word. span: its half-open code-point span in the caption. area: the share of the picture, 0..1.
        mask: uint8 `[H, W]` of the picture's size: 255 is the word.
    """

    name: str
    span: tuple[int, int]
    area: float
    mask: np.ndarray


@dataclass(frozen=True, eq=False)
class Description:
    """What a picture shows.

    Attributes:
        caption: the words with commas between them, from the largest to the smallest; "" where nothing is known.
        words: each with its place.
    """

    caption: str
    words: tuple[Told, ...]


def describe(rgb: np.ndarray, *, known: Sequence[str], least: float = LEAST) -> Description:
    """Describe a picture by what the segmenter sees: names with areas, as a prompt whose words are painted.

    Args:
        rgb: uint8 `[H, W, 3]`, of any size. known: the names that the model was trained on, which alone are told.
        least: the share of the picture from which on a name is told.

    Raises:
        UnsupportedModel: no segmenter is installed, or the model knows none of its names. BadReference: the picture is
        of another kind.
    """
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise BadReference(
            "Only a picture of 8 bits for each of red, green and blue can be described.",
            hint="Pass uint8 RGB of the shape [height, width, 3].",
        )
    names, labels = labels_of(rgb, known=known)
    shares = np.bincount(labels.ravel(), minlength=len(names)) / labels.size
    told = [n for n in np.argsort(-shares, kind="stable") if shares[n] >= least and names[n] in known]
    caption, words = "", []
    for number in told:
        caption += ", " if caption else ""
        span = len(caption), len(caption) + len(names[number])
        caption += names[number]
        words.append(Told(names[number], span, float(shares[number]), _mask(labels == number, rgb.shape[1::-1])))
    return Description(caption, tuple(words))


def labels_of(rgb: np.ndarray, *, known: Sequence[str]) -> tuple[Sequence[str], np.ndarray]:
    """The segmenter's names, and which of them each place of a picture is: uint8 `[h, w]`, smaller than the picture.

    Raises:
        UnsupportedModel: no segmenter is installed, or the model knows none of its names.
    """
    judge = segmenter() if known else None
    if judge is None or not set(known) & set(judge.names):
        raise UnsupportedModel(
            "This model says nothing of which words it knows, so its pictures cannot be described.",
            hint="Choose the starter, or write the prompt and find its words with Find in the Picture.",
        )
    height, width = rgb.shape[:2]
    scale = min(SIDE / min(height, width), MOST_SIDE / max(height, width))
    size = tuple(max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height))
    small = np.array(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
    return judge.names, judge.predict(small[None])[0]


def missing(rgb: np.ndarray, phrases: Sequence[str], *, known: Sequence[str], least: float = LEAST) -> tuple[bool, ...]:
    """Whether each phrase that was asked for is not seen in a picture; one of no known name is not missing.

    Args, Raises: as for `describe`.
    """
    names, labels = labels_of(rgb, known=known)
    found = []
    for phrase in phrases:
        name = name_in(phrase, [each for each in names if each in known])
        found.append(name is not None and bool((labels == names.index(name)).mean() < least))
    return tuple(found)


def _mask(here: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Where labels say so, uint8 `[H, W]` of (width, height), with smooth edges; without specks."""
    soft = ndimage.median_filter(here.astype(np.uint8) * 255, 3, mode="nearest")
    grown = np.asarray(Image.fromarray(soft).resize(size, Image.Resampling.BICUBIC))
    return np.where(grown > 127, 255, 0).astype(np.uint8)
