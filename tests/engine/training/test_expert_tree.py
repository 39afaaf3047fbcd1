"""The tree that experts are branched along: who owns which noise levels, and how much each is trained."""

from __future__ import annotations

import math

import pytest

from engine.errors import BadRequest, UnsupportedModel
from engine.sampling.schedule import NoiseSchedule
from engine.training.expert_tree import LEAST_STEPS, divide, entries, grow
from engine.training.painted_attention import new_scheduler
from resources import intervals

NOISE = NoiseSchedule(new_scheduler().config)


def test_each_end_owns_a_quarter_of_the_times_and_the_middle_what_is_left() -> None:
    nodes = {node.name: node for node in grow(NOISE, 2)}
    assert {name: (node.parent, node.first, node.last) for name, node in nodes.items()} == {
        "high-1": ("", 500, 1000),
        "high": ("high-1", 750, 1000),
        "low-1": ("", 0, 500),
        "low": ("low-1", 0, 250),
        "middle": ("", 250, 750),
    }
    assert list(nodes).index("high-1") < list(nodes).index("high")
    assert math.isclose(sum(node.share for node in nodes.values()), 1)
    assert NOISE.sigma(749) < nodes["high"].low < NOISE.sigma(750), "between two times, so that each has one owner"
    assert nodes["middle"].high == nodes["high"].low and nodes["middle"].low == nodes["low"].high


def test_the_leaves_share_all_noise_out_and_each_owns_enough_steps() -> None:
    told = entries(grow(NOISE, 2))
    assert [entry["name"] for entry in told] == ["high", "middle", "low"]
    assert told[0]["high"] is None and told[2]["low"] == 0
    bounds = [(entry["name"], entry["low"], math.inf if entry["high"] is None else entry["high"]) for entry in told]
    assert intervals.fault(bounds) == ""
    sigmas = NOISE.walk("dpmpp_2m", 20).sigmas[:-1]
    owned = [sum(low <= sigma < high for sigma in sigmas) for _, low, high in bounds]
    assert owned == [5, 10, 5] and min(owned) >= LEAST_STEPS


@pytest.mark.parametrize("depth", [-1, 0, 1, 3, 60])
def test_a_depth_that_leaves_an_expert_next_to_nothing_is_refused(depth: int) -> None:
    with pytest.raises(BadRequest) as caught:
        grow(NOISE, depth)
    assert "from 2 to 2" in caught.value.hint


def test_a_flow_is_refused() -> None:
    with pytest.raises(UnsupportedModel):
        grow(NoiseSchedule({"_class_name": "FlowMatchEulerDiscreteScheduler"}), 2)


def test_steps_are_divided_by_share_and_no_node_goes_without() -> None:
    nodes = grow(NOISE, 2)
    assert divide(nodes, 80) == {"high-1": 8, "high": 16, "low-1": 8, "low": 16, "middle": 32}
    assert set(divide(nodes, 1).values()) == {1}
