"""Measures one setting's pictures of one set: a row of the layout lab, each figure with its 95 % interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.lab.configs import Setting
from engine.lab.image_store import Picture
from engine.lab.segmentation_eval import Judge, compare, small_overlaps
from engine.lab.statistics import (
    bootstrap_interval,
    interval,
    kernel_distance,
    kernel_distance_samples,
    mean_samples,
    ratio_samples,
    standardised,
)
from engine.world.scenes import HELD_OUT, Render

_REAL_SEEDS = HELD_OUT + 2_000_000
_AT_ONCE = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Reals:
    """The judge on real renders: their features `[n, D]`, and the share of pixels that it labels right, 0..1."""

    features: np.ndarray
    accuracy: float


def look_at_reals(draw: Callable[[int], Render], count: int, judge: Judge, tick: Callable[[int], None]) -> Reals:
    """Run the judge on `count` renders of seeds that no layout uses; `tick(n)` is called after each batch of n."""
    features, right = [], 0.0
    for start in range(0, count, _AT_ONCE):
        renders = [draw(_REAL_SEEDS + i) for i in range(start, min(start + _AT_ONCE, count))]
        rgb = np.stack([render.rgb for render in renders])
        features.append(judge.features(rgb))
        right += sum(np.mean(p == r.labels) for p, r in zip(judge.predict(rgb), renders, strict=True))
        tick(len(renders))
    return Reals(features=np.concatenate(features), accuracy=float(right / count))


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """A row of the result, and the bootstrap resamples behind it.

    Attributes:
        row: see `measure`.
        miou_samples, kid_samples: float64 `[RESAMPLES]`, resamples of the row's figures. All settings of a set draw the
            same layouts, so differences are paired by layout. `kid_samples` is None if there are too few pictures for
            a kernel distance.
    """

    row: dict[str, Any]
    miou_samples: np.ndarray
    kid_samples: np.ndarray | None


def measure(
    name: str, setting: Setting, layouts: Sequence[Render], pictures: Sequence[Picture], judge: Judge, reals: Reals
) -> Measured:
    """Measure one setting over the layouts of one set; returns the row and its resamples.

    See `engine.lab.segmentation_eval` for mIoU (of all names, and of the smallest third of the areas) and recall. KID
    uses the judge's features, standardised over real renders, because otherwise a few large features would dominate.
    All intervals are 95 % bootstraps over the layouts; for KID also over the real renders.
    """
    rgb = np.stack([picture.rgb for picture in pictures])
    labels = judge.predict(rgb)
    verdict, small = compare(layouts, labels), small_overlaps(layouts, labels)
    features, real = (standardised(each, reals.features) for each in (judge.features(rgb), reals.features))
    kid = kernel_distance(features, real)
    kids = None if kid is None else kernel_distance_samples(features, real)
    times = np.array([picture.step_ms for picture in pictures])
    row = {
        "set": name,
        "law": setting.law,
        "paint_weight": setting.paint_weight,
        "fidelity": setting.fidelity,
        "default": setting.default,
        "main": setting.main,
        "dial": setting.dial,
        "miou": verdict.miou,
        "miou_ci": verdict.miou_ci,
        "miou_small": float(small[0].sum() / small[1].sum()),
        "miou_small_ci": interval(ratio_samples(*small)),
        "kid": kid,
        "kid_ci": None if kids is None else interval(kids),
        "recall": verdict.recall,
        "recall_ci": verdict.recall_ci,
        "step_ms": float(np.median(times)),
        "step_ms_ci": list(bootstrap_interval(times, statistic=np.median)),
    }
    return Measured(row=row, miou_samples=mean_samples(verdict.overlaps), kid_samples=kids)


NO_RATIO: dict[str, Any] = {"step_ratio": None, "step_ratio_ci": None}
"""The step ratio of a setting that has nothing to compare with."""


def step_ratio(pictures: Sequence[Picture], against: Sequence[Picture]) -> dict[str, Any]:
    """The relative step time: the median over layouts of the two pictures' ratio, with its 95 % interval.

    Only layouts whose two pictures were made in the same run count: there they ran one after the other, so other load
    on the machine affected both. If there are none, all values are None.
    """
    pairs = [(a.step_ms, b.step_ms) for a, b in zip(pictures, against, strict=True) if a.run == b.run and a.run]
    if not pairs:
        return dict(NO_RATIO)
    ratios = np.array([ours / theirs for ours, theirs in pairs])
    return {
        "step_ratio": float(np.median(ratios)),
        "step_ratio_ci": list(bootstrap_interval(ratios, statistic=np.median)),
    }
