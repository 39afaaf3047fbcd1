"""A schedule of experts covers every sigma exactly once."""

from __future__ import annotations

import math

import pytest
import torch

from engine.experts.routing import Expert, ExpertSchedule


def expert(name: str, low: float, high: float, latents=None) -> Expert:
    return Expert(name, lambda x, sigma: torch.full_like(x, sigma), low=low, high=high, latents=latents)


def test_one_expert_owns_everything():
    schedule = ExpertSchedule([Expert("base", lambda x, sigma: x)])
    assert [schedule.at(sigma).name for sigma in (0.0, 1.0, 4096.0)] == ["base"] * 3


def test_the_boundary_belongs_to_the_noisier_expert():
    schedule = ExpertSchedule([expert("low", 0, 0.5), expert("high", 5, math.inf), expert("middle", 0.5, 5)])
    assert [each.name for each in schedule.experts] == ["high", "middle", "low"]
    assert [schedule.at(sigma).name for sigma in (14.6, 5.0, 4.999, 0.5, 0.499, 0.0)] == [
        "high",
        "high",
        "middle",
        "middle",
        "low",
        "low",
    ]
    assert float(schedule.denoise(torch.zeros(1), 2.0)) == 2.0


@pytest.mark.parametrize(
    "bounds",
    [
        [],
        [(0.1, math.inf)],
        [(0.0, 10.0)],
        [(0.0, 1.0), (2.0, math.inf)],
        [(0.0, 3.0), (2.0, math.inf)],
        [(0.0, math.inf), (0.0, math.inf)],
    ],
)
def test_gaps_and_overlaps_are_refused(bounds):
    with pytest.raises(ValueError):
        ExpertSchedule([expert(f"e{low}", low, high) for low, high in bounds])


def test_experts_of_different_latents_are_refused():
    with pytest.raises(ValueError, match="latents"):
        ExpertSchedule([expert("a", 0, 1, (4, 8)), expert("b", 1, math.inf, (16, 8))])
