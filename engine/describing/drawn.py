"""A caption of a picture by what the recogniser sees in it, with the place of each word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image
from scipy import ndimage

from engine.errors import UnsupportedModel
from engine.protocol.told import Description
from engine.scoring.recogniser import STEP, Recogniser
from engine.scoring.visible_share import name_in, recogniser

LEAST = 0.01
"""The share of the picture from which on a name is told: that of its largest piece, as what is taken for something else
comes in scattered ones. From the same share of all of its pieces on a name counts as found."""
SIDE = 512
"""Pixels of the shorter side at which a picture is looked at: the recogniser knows things of that size."""
MOST_SIDE = 1024


def describe(rgb: np.ndarray, *, known: Sequence[str], least: float = LEAST) -> Description:
    """Describe a picture by what the recogniser sees: names with areas, from the largest to the smallest.

    Each place goes to the likeliest of the names that have a piece large enough to be told.

    Args:
        rgb: uint8 `[H, W, 3]`, of any size. known: the names that the model was trained on, which alone are told.
        least: the share of the picture from which on a name's largest piece counts.

    Raises:
        UnsupportedModel: no recogniser is installed, or the model knows none of its names.
    """
    judge = _judge(known)
    names, scores = judge.names, scores_of(rgb, judge)
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
    judge = _judge(known)
    labels = scores_of(rgb, judge).argmax(axis=0)
    found = []
    for phrase in phrases:
        name = name_in(phrase, judge.names, judge.other_words)
        found.append(name in known and bool((labels == judge.names.index(name)).mean() < least))
    return tuple(found)


def scores_of(rgb: np.ndarray, judge: Recogniser) -> np.ndarray:
    """How likely each of the judge's names is at each place: float32 `[names, h, w]`, smaller than the picture."""
    height, width = rgb.shape[:2]
    scale = min(SIDE / min(height, width), MOST_SIDE / max(height, width))
    size = tuple(max(STEP, round(side * scale / STEP) * STEP) for side in (width, height))
    return judge.scores(np.array(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS)))


def _judge(known: Sequence[str]) -> Recogniser:
    judge = recogniser() if known else None
    if judge is None or not set(known) & set(judge.names):
        raise UnsupportedModel(
            "This model says nothing of which words it knows, so its pictures cannot be described.",
            hint="Choose the starter, or write the prompt and find its words with Find in the Picture.",
        )
    return judge


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
