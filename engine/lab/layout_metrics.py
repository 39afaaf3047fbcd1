"""What one setting's pictures of one set come to: a row of the layout lab, each figure with its 95 % interval."""

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
    """What the judge says of real renders: features `[n, D]`, and the share of their pixels it labels right."""

    features: np.ndarray
    accuracy: float


def look_at_reals(draw: Callable[[int], Render], count: int, judge: Judge, tick: Callable[[int], None]) -> Reals:
    """Show the judge `count` renders of other seeds than the layouts'; `tick(n)` is called after each n of them."""
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
    """A row of the result, and what it was made of.

    Attributes:
        row: see `measure`.
        miou_samples, kid_samples: float64 `[RESAMPLES]`, bootstrap resamples of the row's figures; those of all
            settings of a set are drawn alike, so that differences are paired by layout. `kid_samples` is None where
            the kernel distance does not exist.
    """

    row: dict[str, Any]
    miou_samples: np.ndarray
    kid_samples: np.ndarray | None


def measure(
    name: str, setting: Setting, layouts: Sequence[Render], pictures: Sequence[Picture], judge: Judge, reals: Reals
) -> Measured:
    """The measures of one setting over the layouts of one set.

    See `engine.lab.segmentation_eval` for mIoU (of all names, and of the smallest third of the areas) and recall. KID
    takes the judge's features in units of their spread over real renders: as they come, a few large ones drown out the
    rest.
    All intervals are 95 % bootstraps over the layouts; KID's over the real renders too.
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
"""Where there is nothing to compare."""


def step_ratio(pictures: Sequence[Picture], against: Sequence[Picture]) -> dict[str, Any]:
    """How many times as long a step takes: the median over layouts of both pictures' ratio, with its 95 % interval.

    Only layouts whose two pictures were made in one run count, where they came in turn and what else the machine did
    fell on both alike; without any, all is None.
    """
    pairs = [(a.step_ms, b.step_ms) for a, b in zip(pictures, against, strict=True) if a.run == b.run and a.run]
    if not pairs:
        return dict(NO_RATIO)
    ratios = np.array([ours / theirs for ours, theirs in pairs])
    return {
        "step_ratio": float(np.median(ratios)),
        "step_ratio_ci": list(bootstrap_interval(ratios, statistic=np.median)),
    }
