"""The lab's measures, in plain numpy: overlap of areas, recall of names, kernel distance, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

FOUND_SHARE = 0.01
FOUND_PART = 0.25
"""A name counts as found if it covers 1 % of the picture, or a quarter of its true area if that is less."""

RESAMPLES = 2000


def ious(predicted: np.ndarray, true: np.ndarray, classes: Sequence[int]) -> np.ndarray:
    """Intersection over union of each class: float64 `[classes]`, 0..1.

    Args:
        predicted, true: label maps of the same shape. A class that is in neither has an overlap of 1: no error.
    """
    scores = []
    for index in classes:
        drawn, wanted = predicted == index, true == index
        union = np.count_nonzero(drawn | wanted)
        scores.append(np.count_nonzero(drawn & wanted) / union if union else 1.0)
    return np.array(scores, np.float64)


def found(predicted: np.ndarray, true: np.ndarray, classes: Sequence[int]) -> np.ndarray:
    """Whether each class appears anywhere in the picture: bool `[classes]`; see `FOUND_SHARE`."""
    hits = []
    for index in classes:
        enough = min(FOUND_SHARE * true.size, FOUND_PART * np.count_nonzero(true == index))
        hits.append(np.count_nonzero(predicted == index) >= max(enough, 1.0))
    return np.array(hits, bool)


def bootstrap_interval(
    values: np.ndarray,
    *,
    statistic: Callable[..., np.ndarray] = np.mean,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """The percentile bootstrap interval (Efron 1979) of a statistic over independent values `[n]`, n >= 1.

    Args:
        statistic: accepts the keyword `axis`, as `np.mean` and `np.median` do.
        level: the share of resamples inside the interval.
        seed: of the resampling; the same values and seed give the same interval.
    """
    values = np.asarray(values, np.float64)
    picks = np.random.default_rng(seed).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.quantile(statistic(values[picks], axis=1), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def ratio_interval(above: np.ndarray, below: np.ndarray, *, level: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """The percentile bootstrap interval of sum(above) / sum(below) over independent pairs: `[n]` each, n >= 1.

    Pairs are resampled together, so what both have in common does not widen the interval. `below` is above 0.
    """
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    picks = np.random.default_rng(seed).integers(0, len(below), (RESAMPLES, len(below)))
    ratios = above[picks].sum(axis=1) / below[picks].sum(axis=1)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _picks(n: int, seed: int) -> np.ndarray:
    """The indices that each resample draws, `[RESAMPLES, n]`: always the same for the same n and seed."""
    return np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))


def mean_samples(values: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Bootstrap resamples of the mean of values `[n]`: float64 `[RESAMPLES]`.

    Two measures over the same n layouts are resampled with the same layouts, so their differences are paired.
    """
    return np.asarray(values, np.float64)[_picks(len(values), seed)].mean(axis=1)


def ratio_samples(above: np.ndarray, below: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Bootstrap resamples of sum(above) / sum(below): float64 `[RESAMPLES]`, NaN where sum(below) is 0.

    They are paired as in `mean_samples`.
    """
    picks = _picks(len(below), seed)
    sums = np.asarray(below, np.float64)[picks].sum(axis=1)
    return np.asarray(above, np.float64)[picks].sum(axis=1) / np.where(sums > 0, sums, np.nan)


def interval(samples: np.ndarray, *, level: float = 0.95) -> list[float]:
    """The percentile interval of resamples `[RESAMPLES]`, as [low, high]; NaN are left out."""
    low, high = np.nanquantile(samples, [(1 - level) / 2, (1 + level) / 2])
    return [float(low), float(high)]


def _kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a @ b.T / a.shape[1] + 1.0) ** 3


def kernel_distance(a: np.ndarray, b: np.ndarray) -> float | None:
    """KID (arXiv 1801.01401): the unbiased squared MMD of features `[m, D]` and `[n, D]` under (x.y / D + 1)^3.

    Near 0, and sometimes below it, if both come from the same distribution. None if either has fewer than two rows, for
    which it is not defined.
    """
    m, n = len(a), len(b)
    if m < 2 or n < 2:
        return None
    a, b = a.astype(np.float64), b.astype(np.float64)
    own_a, own_b = _kernel(a, a), _kernel(b, b)
    within_a = (own_a.sum() - np.trace(own_a)) / (m * (m - 1))
    within_b = (own_b.sum() - np.trace(own_b)) / (n * (n - 1))
    return float(within_a + within_b - 2.0 * _kernel(a, b).mean())


def kernel_distance_samples(a: np.ndarray, b: np.ndarray, *, seed: int = 0) -> np.ndarray:
    """Bootstrap resamples of `kernel_distance` over both sides' rows, at least two each: float64 `[RESAMPLES]`.

    A row that is drawn twice does not count as a pair with itself, which would make the distance too large. The rows of
    `a` are drawn as in `mean_samples`. NaN where a resample has only one distinct row.
    """
    a, b = a.astype(np.float64), b.astype(np.float64)
    counts = [
        np.stack([np.bincount(pick, minlength=n) for pick in _picks(n, seed + side)]).astype(np.float64)
        for side, n in enumerate((len(a), len(b)))
    ]
    within = []
    for rows, times in zip((a, b), counts, strict=True):
        own = _kernel(rows, rows)
        pairs = len(rows) ** 2 - (times**2).sum(axis=1)
        total = ((times @ own) * times).sum(axis=1) - times**2 @ np.diag(own)
        within.append(total / np.where(pairs > 0, pairs, np.nan))
    across = ((counts[0] @ _kernel(a, b)) * counts[1]).sum(axis=1) / (len(a) * len(b))
    return within[0] + within[1] - 2.0 * across


def standardised(features: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Features `[m, D]` minus the mean of the reference `[n, D]`, divided by its standard deviation, per feature.

    A feature that does not vary in the reference is only centred.
    """
    spread = reference.std(axis=0)
    return (features - reference.mean(axis=0)) / np.where(spread > 1e-6, spread, 1.0)
