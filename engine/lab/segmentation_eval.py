"""Evaluates the judge's labels: how much of each name lies where it should, and whether it appears at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.errors import ModelNotFound
from engine.lab.statistics import bootstrap_interval, found, ious, ratio_interval
from engine.scoring.recogniser import Recogniser
from engine.scoring.visible_share import recogniser
from engine.world.scenes import NAMES, Render


class Judge(Protocol):
    """Labels the pixels of a picture; `WorldJudge` is one."""

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """Labels of pictures: uint8 RGB `[B, H, W, 3]` -> uint8 `[B, H, W]`, indices into `NAMES`, or `OTHER`."""
        ...

    def features(self, rgb: np.ndarray) -> np.ndarray:
        """Features of pictures for the kernel distance: uint8 RGB `[B, H, W, 3]` -> float32 `[B, D]`."""
        ...


OTHER = 255
"""The label of what has none of the world's names."""


class WorldJudge:
    """A recogniser that says everything in the world's names."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self._table = np.full(len(recogniser.names), OTHER, np.uint8)
        for number, name in enumerate(NAMES):
            meant = name if name in recogniser.names else recogniser.other_words[name]
            self._table[recogniser.names.index(meant)] = number

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """See `Judge`."""
        return np.asarray(self._table[self.recogniser.predict(rgb)])

    def features(self, rgb: np.ndarray) -> np.ndarray:
        """See `Judge`."""
        return self.recogniser.features(rgb)


def load_recogniser() -> Recogniser:
    """Load the recogniser that ships with the program.

    Raises:
        ModelNotFound: its weights are not installed.
    """
    found = recogniser()
    if found is None:
        raise ModelNotFound(
            "The recogniser that judges the pictures is not installed.",
            hint="Reinstall Wordbrush, or train it with: python -m engine.training.picture_book.recogniser",
        )
    return found


def load_judge() -> Judge:
    """Load the recogniser that ships, as a judge of the world's names. Raises: see `load_recogniser`."""
    return WorldJudge(load_recogniser())


@dataclass(frozen=True, kw_only=True, eq=False)
class Verdict:
    """What the judge sees in the pictures of some layouts, one entry per layout.

    Attributes:
        overlaps: float64 `[n]`, the mean intersection over union of the caption's names, 0..1.
        found: int64 `[n]`, how many of the names appear anywhere, see `engine.lab.statistics.found`.
        named: int64 `[n]`, how many names the caption has.
    """

    overlaps: np.ndarray
    found: np.ndarray
    named: np.ndarray

    @property
    def miou(self) -> float:
        """The mean overlap over the layouts, 0..1."""
        return float(self.overlaps.mean())

    @property
    def miou_ci(self) -> list[float]:
        """Its 95 % bootstrap interval over the layouts."""
        return list(bootstrap_interval(self.overlaps))

    @property
    def recall(self) -> float:
        """The share of all the captions' names that were found, 0..1."""
        return float(self.found.sum() / self.named.sum())

    @property
    def recall_ci(self) -> list[float]:
        """Its 95 % bootstrap interval over the layouts."""
        return list(ratio_interval(self.found, self.named))


def small_overlaps(
    layouts: Sequence[Render], predicted: Sequence[np.ndarray] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The overlaps (IoU) of the smallest third of all named areas of the layouts.

    Returns:
        for each layout the sum of these overlaps, float64 `[n]`, and their number, int64 `[n]`; at least one in total.
    """
    classes = [[NAMES.index(word) for word in layout.names] for layout in layouts]
    areas = [
        np.array([np.count_nonzero(layout.labels == index) for index in named])
        for layout, named in zip(layouts, classes, strict=True)
    ]
    largest = np.quantile(np.concatenate(areas), 1 / 3, method="lower")
    sums, counts = [], []
    for layout, labels, named, sizes in zip(layouts, predicted, classes, areas, strict=True):
        small = [index for index, area in zip(named, sizes, strict=True) if area <= largest]
        sums.append(ious(labels, layout.labels, small).sum())
        counts.append(len(small))
    return np.array(sums, np.float64), np.array(counts)


def compare(layouts: Sequence[Render], predicted: Sequence[np.ndarray] | np.ndarray) -> Verdict:
    """Compare label maps `[n, H, W]` with the layouts that they should show; n >= 1."""
    overlaps, hits, named = [], [], []
    for layout, labels in zip(layouts, predicted, strict=True):
        classes = [NAMES.index(word) for word in layout.names]
        overlaps.append(ious(labels, layout.labels, classes).mean())
        hits.append(np.count_nonzero(found(labels, layout.labels, classes)))
        named.append(len(classes))
    return Verdict(overlaps=np.array(overlaps, np.float64), found=np.array(hits), named=np.array(named))
