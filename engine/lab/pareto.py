"""The Pareto front of obedience against quality: which laws differ beyond the 95 % intervals, also in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.lab.statistics import interval

AHEAD, BEHIND, TRADE, EVEN = "ahead", "behind", "trade", "even"


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """A setting as a point: obedience (mIoU, more is better) and quality (KID, less is better).

    Attributes:
        law: the name of its law. title: the law's displayed name. place: its name among the points of that law.
        main: whether it is its law at the model's own strength.
        dial: whether it is a setting of our law's fidelity dial.
        miou_samples, kid_samples: float64 `[R]`, bootstrap resamples; all points draw the same layouts.
    """

    law: str
    title: str
    place: str
    main: bool
    dial: bool = False
    miou: float
    kid: float
    miou_samples: np.ndarray
    kid_samples: np.ndarray

    @property
    def name(self) -> str:
        """Its full name: title and place."""
        return f"{self.title}, {self.place}" if self.place else self.title


def against(one: Point, other: Point) -> dict[str, Any]:
    """Compare `one` with `other`: a `verdict`, and the differences in mIoU and KID with their 95 % intervals.

    A difference counts if its interval, paired by layout, excludes 0. `AHEAD`: `one` is better in one measure and not
    worse in the other. `BEHIND`: the reverse. `TRADE`: better in one and worse in the other. `EVEN`: no difference.
    """
    miou = interval(one.miou_samples - other.miou_samples)
    kid = interval(one.kid_samples - other.kid_samples)
    signs = {_sign(*miou), -_sign(*kid)} - {0}
    verdict = EVEN if not signs else TRADE if len(signs) == 2 else AHEAD if signs == {1} else BEHIND
    return {
        "verdict": verdict,
        "miou_delta": one.miou - other.miou,
        "miou_delta_ci": miou,
        "kid_delta": one.kid - other.kid,
        "kid_delta_ci": kid,
    }


def _sign(low: float, high: float) -> int:
    return 1 if low > 0 else -1 if high < 0 else 0


def on_front(points: Sequence[Point]) -> list[bool]:
    """For each point, whether no other point is ahead of it."""
    return [
        all(against(other, point)["verdict"] != AHEAD for other in points if other is not point) for point in points
    ]


def survey(points: Sequence[Point], *, ours: str, published: str) -> dict[str, Any]:
    """Which points lie on the front, and how our law's main point compares with the others, also in sentences.

    Args:
        points: of one set of layouts. ours, published: the names of our law and of eDiff-I's.

    Returns:
        `front`: the names of the points on it. `ours_on_front`, `ours_ahead` (of the published law's main point): None
        if there is no such point. `rivals`: for each point of another law its `name`, `law`, and comparison with ours,
        see `against`. `sentences`: the text of the report.
    """
    front = [point.name for point, on in zip(points, on_front(points), strict=True) if on]
    own = next((point for point in points if point.law == ours and point.main and not point.dial), None)
    known = next((point for point in points if point.law == published and point.main), None)
    if own is None:
        return {"front": front, "ours_on_front": None, "ours_ahead": None, "rivals": [], "sentences": []}
    rivals = [(point, against(point, own)) for point in points if point.law != ours]
    ahead = None if known is None else against(own, known)["verdict"] == AHEAD
    sentences = [
        f"Our default {'lies' if own.name in front else 'does not lie'} on the measured front of obedience against"
        " quality."
    ]
    if known is not None:
        sentences.append(_compared("Our default", own, known, "eDiff-I's law as published"))
    sentences += _about_rivals([(point, found) for point, found in rivals if point is not known])
    beaten = [point.place for point in points if point.dial and against(point, own)["verdict"] == AHEAD]
    if beaten:
        sentences.append(f"These settings of our own dial are ahead of the default: {', '.join(beaten)}.")
    return {
        "front": front,
        "ours_on_front": own.name in front,
        "ours_ahead": ahead,
        "rivals": [{"name": point.name, "law": point.law, **found} for point, found in rivals],
        "sentences": sentences,
    }


def _compared(name: str, one: Point, other: Point, whom: str) -> str:
    found = against(one, other)
    words = {
        AHEAD: f"{name} is ahead of {whom}",
        BEHIND: f"{name} is behind {whom}",
        TRADE: f"{name} and {whom} trade obedience for quality",
        EVEN: f"{name} and {whom} do not differ within the intervals",
    }
    return f"{words[found['verdict']]}: {_figures(found)}."


def _about_rivals(rivals: Sequence[tuple[Point, dict[str, Any]]]) -> list[str]:
    """One sentence for each way in which other laws beat ours, and one that lists the laws that are not better."""
    better: dict[str, list[str]] = {}
    rest: list[Point] = []
    for point, found in rivals:
        words = _better(found)
        if words:
            place = f"{point.place} ({_figures(found)})" if point.place else _figures(found)
            better.setdefault(f"{point.title} {words}", []).append(place)
        else:
            rest.append(point)
    sentences = [f"{words}: {'; '.join(places)}." for words, places in better.items()]
    if rest:
        sentences.append(f"Not better in either respect, within the intervals: {'; '.join(_by_law(rest))}.")
    return sentences


def _better(found: dict[str, Any]) -> str:
    if found["verdict"] == AHEAD:
        return "is ahead of our default"
    if found["verdict"] != TRADE:
        return ""
    if found["miou_delta"] > 0:
        return "obeys better than our default but looks worse"
    return "looks better than our default but obeys worse"


def _by_law(points: Sequence[Point]) -> list[str]:
    """The points as "eDiff-I, weight 1, weight 2", with each law named once."""
    places: dict[str, list[str]] = {}
    for point in points:
        places.setdefault(point.title, []).append(point.place)
    return [", ".join(part for part in (title, *own) if part) for title, own in places.items()]


def _figures(found: dict[str, Any]) -> str:
    parts = [
        f"{name} {found[f'{key}_delta']:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"
        for name, key, digits in (("mIoU", "miou", 3), ("KID", "kid", 4))
        for low, high in [found[f"{key}_delta_ci"]]
    ]
    return ", ".join(parts)
