"""The timeline without a window: its axis, boundaries that move, intervals that split and go, who could work where."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from app.timeline import partition
from app.timeline import text as words
from app.timeline.axis import Axis, next_stop, percent, snapped, stops_between
from app.timeline.candidates import problem_of, sources
from canvas.model.experts import Expert, check_experts
from engine.facts import Defaults, ExpertFacts, ModelFacts

AXIS = Axis(14.6)
THREE = (Expert("high", low=3.0), Expert("mid", low=0.9, high=3.0), Expert("low", high=0.9))
OWN = (ExpertFacts("early", 2.0, math.inf), ExpertFacts("late", 0.0, 2.0, is_base=True))


def facts(name: str = "mine", *, family: str = "sd", latents: str = "", multiple: int = 8, experts=()) -> ModelFacts:
    defaults = Defaults(guidance=7.5, paint_weight=0.4, size=(512, 512))
    kinds = {"latents": latents or family, "multiple": multiple}
    return ModelFacts(name=name, family=family, defaults=defaults, experts=tuple(experts), **kinds)


@pytest.mark.parametrize("top", [1.0, 14.6, 4096.0])
def test_places_fall_with_the_noise_and_come_back(top):
    axis = Axis(top)
    sigmas = [sigma for sigma in (0.001, 0.03, 0.3, 1.0, 5.0, 14.0, 90.0) if sigma < top]
    places = [axis.place(sigma) for sigma in sigmas]
    assert places == sorted(places, reverse=True) and len(set(places)) == len(places)
    assert axis.place(0.0) == 1.0 and axis.place(math.inf) == 0.0
    assert [axis.sigma(place) for place in places] == pytest.approx(sigmas, rel=2e-3)


def test_the_first_step_is_not_on_the_edge_and_beyond_it_all_is():
    assert 0 < AXIS.place(14.6) < 0.05 and AXIS.place(1e6) == 0.0


def test_percent_of_noise():
    assert [percent(sigma) for sigma in (0.0, 1.0, 3.0, math.inf)] == [0, 50, 90, 100]


def test_boundaries_snap_between_two_steps():
    stops = stops_between((0.1, 0.3, 0.7))
    assert stops == pytest.approx((0.2, 0.5))
    assert snapped(0.21, stops, reach=0.02) == pytest.approx(0.2) and snapped(0.24, stops, reach=0.02) == 0.24
    assert next_stop(0.2, stops, left=False) == pytest.approx(0.5) and next_stop(0.2, stops, left=True) is None


def test_what_is_shown_for_what_a_scene_says():
    assert [expert.name for expert in partition.shown(None, ())] == ["base"]
    assert [(expert.name, expert.part) for expert in partition.shown(None, OWN)] == [
        ("early", "early"),
        ("late", "late"),
    ]
    assert partition.shown((), OWN) == (Expert("base"),)
    assert partition.shown(tuple(reversed(THREE)), OWN) == THREE


def test_what_a_scene_keeps_of_what_is_shown():
    assert partition.kept(partition.shown(None, OWN), OWN) is None
    assert partition.kept((Expert("base"),), OWN) == ()
    assert partition.kept((Expert("base"),), ()) is None
    assert partition.kept((Expert("base", guidance=3.0),), ()) == (Expert("base", guidance=3.0),)


@pytest.mark.parametrize("boundary", [0, 1])
@pytest.mark.parametrize("place", [-5.0, 0.0, 0.2, 0.5, 0.999, 7.0])
def test_no_boundary_takes_the_last_room_of_a_neighbour(boundary, place):
    moved = partition.move(THREE, boundary, place, AXIS)
    check_experts(moved)
    for expert in moved:
        assert AXIS.place(expert.low) - AXIS.place(expert.high) >= partition.LEAST - 1e-3


def test_a_boundary_goes_where_it_is_put():
    moved = partition.move(THREE, 0, AXIS.place(5.0), AXIS)
    assert moved[0].low == moved[1].high == pytest.approx(5.0, rel=1e-3) and moved[2] is THREE[2]


def test_a_boundary_between_neighbours_without_room_stays():
    tight = (Expert("a", low=1.02), Expert("b", low=1.01, high=1.02), Expert("c", low=1.0, high=1.01))
    tight += (Expert("d", high=1.0),)
    for place in (0.1, 0.5, 0.9):
        assert partition.move(tight, 1, place, AXIS) == tight


def test_boundaries_beyond_the_left_end_stay_a_partition():
    beyond = (Expert("a", low=60.0), Expert("b", low=50.0, high=60.0), Expert("c", high=50.0))
    for boundary in (0, 1):
        for place in (0.0, 0.01, 0.3):
            check_experts(partition.move(beyond, boundary, place, AXIS))
    for index in range(3):
        check_experts(partition.split(beyond, index, 0.0, AXIS))


def test_a_split_makes_two_of_the_same():
    parts = partition.split(THREE, 1, AXIS.place(2.0), AXIS)
    check_experts(parts)
    assert [expert.name for expert in parts] == ["high", "mid", "mid", "low"]
    assert parts[1].low == parts[2].high == pytest.approx(2.0, rel=1e-3)


def test_no_split_where_there_is_no_room_for_two():
    parts = THREE
    for _ in range(40):
        parts = partition.split(parts, 0, 0.0, AXIS)
        check_experts(parts)
    assert partition.split(parts, 0, 0.0, AXIS) == parts and not partition.can_split(parts[0], AXIS)


@pytest.mark.parametrize(("index", "heir", "low", "high"), [(0, "mid", 0.9, math.inf), (1, "high", 0.9, math.inf),
                                                            (2, "mid", 0.0, 3.0)])  # fmt: skip
def test_who_inherits_the_room_of_one_that_is_removed(index, heir, low, high):
    rest = partition.remove(THREE, index)
    check_experts(rest)
    assert [(expert.low, expert.high) for expert in rest if expert.name == heir] == [(low, high)]


def test_the_last_expert_cannot_be_removed():
    alone = (Expert("base"),)
    assert partition.remove(alone, 0) == alone


def test_steps_go_to_those_who_own_their_noise():
    assert partition.steps_of(THREE, (14.0, 5.0, 3.0, 2.0, 0.1)) == [(1, 3), (4, 4), (5, 5)]
    assert partition.steps_of(THREE, (14.0, 0.1)) == [(1, 1), None, (2, 2)]


def test_sources_are_the_base_its_experts_and_the_models_that_fit():
    known = {"mine": facts(experts=OWN), "kin": facts("kin"), "large": facts("large", family="sdxl"), "gone": None}
    models = [("mine", "Mine"), ("kin", "Kin"), ("large", "Large"), ("gone", "Gone")]
    found = sources("mine", models, known.get)
    assert [(source.name, source.model, source.part) for source in found] == [
        ("base", "", ""), ("early", "", "early"), ("Kin", "kin", ""), ("Large", "large", ""), ("Gone", "gone", ""),
    ]  # fmt: skip
    assert [bool(source.problem) for source in found] == [False, False, False, True, True]


def test_a_refiner_fits_the_model_that_it_refines():
    known = {"base": facts("base", family="sdxl"), "refiner": facts("refiner", family="sdxl_refiner", latents="sdxl")}
    assert not problem_of(Expert("fine", model="refiner"), known["base"], known.get)
    assert problem_of(Expert("fine", model="refiner"), facts(), known.get)


def test_intervals_say_why_their_expert_cannot_work():
    known = {"mine": facts(experts=OWN), "coarse": facts("coarse", multiple=16)}

    def problem(**expert) -> str:
        return problem_of(Expert("x", **expert), known["mine"], known.get)

    assert problem() == problem(part="early") == problem(part="late") == ""
    assert "“gone”" in problem(part="gone")
    assert "latents" in problem(model="coarse") and "cannot be read" in problem(model="no-such")


def test_what_is_said_of_an_interval_and_a_boundary():
    text = words.of_interval(replace(THREE[1], guidance=6.0), (4, 9), known=True, problem="")
    assert "σ 3 (90 % noise)" in text and "steps 4 to 9" in text and "guidance is 6" in text
    assert "It has" not in words.of_interval(THREE[0], None, known=False, problem="")
    assert "It has no step" in words.of_interval(THREE[0], None, known=True, problem="")
    assert "high works before, mid after" in words.of_boundary(THREE[0], THREE[1])
