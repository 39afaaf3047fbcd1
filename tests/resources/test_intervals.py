"""Intervals of noise levels that share 0 to infinity out, and what is said of those that do not."""

from __future__ import annotations

import math

import pytest

from resources.intervals import fault


@pytest.mark.parametrize(
    "intervals",
    [
        [("a", 0, math.inf)],
        [("low", 0.0, 0.5), ("high", 5, math.inf), ("middle", 0.5, 5)],
    ],
)
def test_a_partition_has_no_fault(intervals):
    assert fault(intervals) == ""


@pytest.mark.parametrize(
    ("intervals", "said"),
    [
        ([], "there is none"),
        ([("a", 0.1, math.inf)], "from 0 to 0.1"),
        ([("a", 0.0, 10.0)], "above 10"),
        ([("a", 0, 1), ("b", 2, math.inf)], 'from 1 to 2, between "a" and "b"'),
        ([("a", 0, 3), ("b", 2, math.inf)], '"a" and "b" overlap from 2 to 3'),
        ([("a", 0, math.inf), ("b", 0, math.inf)], "overlap"),
        ([("a", 0, 1), ("b", 1, 1), ("c", 1, math.inf)], '"b" is left with nothing'),
        ([("a", 2, 1), ("c", 1, math.inf)], '"a" ends at 1, below'),
        ([("a", math.nan, math.inf)], '"a" are nan'),
        ([("a", 0, math.nan)], '"a" are 0 and nan'),
        ([("a", -1, math.inf)], '"a" are -1'),
        ([("a", math.inf, math.inf)], '"a" are inf'),
        ([("a", "0", math.inf)], "no noise levels"),
        ([("a", None, math.inf)], "no noise levels"),
        ([("a", False, math.inf)], "no noise levels"),
    ],
)
def test_a_fault_is_said_with_its_name_and_place(intervals, said):
    assert said in fault(intervals)
