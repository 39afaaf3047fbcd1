"""Whether intervals of noise levels share 0 to infinity out among them; if not, why, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Interval = tuple[str, Any, Any]
"""A name and the bounds `low <= sigma < high`."""

HINT = "Let each expert begin where the next one ends, from 0 up to infinity."


def fault(intervals: Sequence[Interval]) -> str:
    """What is wrong, naming who; empty where every noise level belongs to exactly one interval."""
    if not intervals:
        return "there is none"
    for name, low, high in intervals:
        if not (_is_number(low) and _is_number(high) and 0 <= low < math.inf):  # NaN fails the comparison
            return f'the bounds of "{name}" are {low!r} and {high!r}, which are no noise levels'
        if low == high:
            return f'"{name}" is left with nothing: it begins and ends at {low:g}'
        if low > high:
            return f'"{name}" ends at {high:g}, below where it begins ({low:g})'
    ordered = sorted(intervals, key=lambda interval: interval[1])
    if ordered[0][1] != 0:
        return f'nobody works from 0 to {ordered[0][1]:g}, below "{ordered[0][0]}"'
    for (below, _, end), (above, begin, _) in pairwise(ordered):
        if end < begin:
            return f'nobody works from {end:g} to {begin:g}, between "{below}" and "{above}"'
        if end > begin:
            return f'"{below}" and "{above}" overlap from {begin:g} to {end:g}'
    if ordered[-1][2] != math.inf:
        return f'nobody works above {ordered[-1][2]:g}, where "{ordered[-1][0]}" ends'
    return ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
