"""A caption of a picture by what the segmenter of the starter's world sees in it, with the place of each word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image
from scipy import ndimage

from engine.errors import UnsupportedModel
from engine.protocol.told import Description
from engine.scoring.visible_share import name_in, segmenter

LEAST = 0.01
"""The share of the picture from which on a name is told: that of its largest piece, as what is taken for something else
comes in scattered ones. From the same share of all of its pieces on a name counts as found."""
SIDE = 256
"""Pixels of the shorter side at which a picture is looked at: the segmenter knows things of that size."""
MOST_SIDE = 1024
AURORA, NIGHT, LIGHT = "aurora", "night sky", 60.0
"""The segmenter takes a night sky that the starter painted, whose stars are softer than drawn ones, for an aurora. Only
an aurora has light: the brightest tenth of its place has a luminance of 80 to 117 of 255 (11 pictures, drawn and made),
that of a night sky one of 22 to 39 (13 pictures)."""
_STEP = 16


def describe(rgb: np.ndarray, *, known: Sequence[str], least: float = LEAST) -> Description:
    """Describe a picture by what the segmenter sees: names with areas, from the largest to the smallest.

    Each place goes to the likeliest of the names that have a piece large enough to be told.

    Args:
        rgb: uint8 `[H, W, 3]`, of any size. known: the names that the model was trained on, which alone are told.
        least: the share of the picture from which on a name's largest piece counts.

    Raises:
        UnsupportedModel: no segmenter is installed, or the model knows none of its names.
    """
    names, scores = scores_of(rgb, known=known)
    labels = scores.argmax(axis=0)
    seen = [number for number in np.unique(labels) if largest_piece(labels == number) >= least]
    if not seen:
        return Description("", ())
    labels = np.array(seen)[scores[seen].argmax(axis=0)]
    shares = np.bincount(labels.ravel(), minlength=len(names)) / labels.size
    told = [n for n in np.argsort(-shares, kind="stable") if n in seen and names[n] in known]
    size = rgb.shape[1], rgb.shape[0]
    return Description.of_names([(names[n], float(shares[n]), _mask(labels == n, size)) for n in told])


def missing(rgb: np.ndarray, phrases: Sequence[str], *, known: Sequence[str], least: float = LEAST) -> tuple[bool, ...]:
    """Whether each phrase that was asked for is not seen in a picture; one of no known name is not missing.

    Args, Raises: as for `describe`.
    """
    names, scores = scores_of(rgb, known=known)
    labels = scores.argmax(axis=0)
    found = []
    for phrase in phrases:
        name = name_in(phrase, [each for each in names if each in known])
        found.append(name is not None and bool((labels == names.index(name)).mean() < least))
    return tuple(found)


def scores_of(rgb: np.ndarray, *, known: Sequence[str]) -> tuple[Sequence[str], np.ndarray]:
    """The segmenter's names, and how likely each is at each place: float32 `[names, h, w]`, smaller than the picture.

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
    seen = np.array(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
    return judge.names, _with_dark_skies(seen, judge.names, judge.scores(seen))


def _with_dark_skies(rgb: np.ndarray, names: Sequence[str], scores: np.ndarray) -> np.ndarray:
    """The scores `[names, h, w]` of a picture `[h, w, 3]`, in which an aurora without light is a night sky."""
    here = lightless(rgb, names, scores.argmax(axis=0))
    if here.any():
        aurora, night = names.index(AURORA), names.index(NIGHT)
        scores = scores.copy()
        scores[aurora][here], scores[night][here] = scores[night][here], scores[aurora][here]
    return scores


def lightless(rgb: np.ndarray, names: Sequence[str], labels: np.ndarray) -> np.ndarray:
    """Where labels `[h, w]` of a picture `[h, w, 3]` say aurora and there is no light of one: bool `[h, w]`."""
    if AURORA not in names or NIGHT not in names:
        return np.zeros(labels.shape, bool)
    here = np.asarray(labels == names.index(AURORA))
    dark = here.any() and np.percentile(rgb[here] @ np.array([0.299, 0.587, 0.114]), 90) < LIGHT
    return here if dark else np.zeros_like(here)


def largest_piece(here: np.ndarray) -> float:
    """The share of the picture, 0..1, that the largest piece of an area has whose cells touch: bool `[h, w]`."""
    pieces, _count = ndimage.label(here)
    sizes = np.bincount(pieces.ravel())[1:]
    return float(sizes.max() / here.size) if sizes.size else 0.0


def _mask(here: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Where labels say so, uint8 `[H, W]` of (width, height), with smooth edges; without specks."""
    soft = ndimage.median_filter(here.astype(np.uint8) * 255, 3, mode="nearest")
    grown = np.asarray(Image.fromarray(soft).resize(size, Image.Resampling.BICUBIC))
    return np.where(grown > 127, 255, 0).astype(np.uint8)
