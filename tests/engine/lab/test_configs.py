"""The rows of a layout run: which laws, at which strengths, and the dial."""

from __future__ import annotations

import pytest

from engine.attention.laws import LAWS
from engine.errors import BadRequest
from engine.lab.configs import DIAL_SETTINGS, Setting, knows_strength, settings


def test_rows_are_no_paint_then_four_weights_about_the_models_own() -> None:
    rows = settings(0.6, ["none", "default", "default"], None)
    assert [(row.law, row.paint_weight) for row in rows] == [
        ("none", 0.0),
        ("default", 0.3),
        ("default", 0.6),
        ("default", 1.2),
        ("default", 2.4),
    ]
    assert [row.default for row in rows] == [False, False, True, False, False]
    assert [row.main for row in rows] == [True, False, True, False, False]


def test_weights_stay_within_what_the_engine_takes() -> None:
    assert [row.paint_weight for row in settings(4.0, ["default"], None)] == [0.0, 2.0, 4.0, 8.0, 10.0]
    assert [row.paint_weight for row in settings(4.0, ["ediffi"], [1.0, 0.5, 1.0])] == [0.0, 0.5, 1.0]


def test_a_law_that_the_engine_does_not_have_is_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="no law"):
        settings(0.6, ["default", "of the jungle"], None)


def test_all_is_every_law_of_the_engine_once_ours_last_and_then_the_dial() -> None:
    rows = settings(0.6, ["hard", "all"], None)
    laws = list(dict.fromkeys(row.law for row in rows))
    assert sorted(laws) == sorted(LAWS) and laws[:2] == ["none", "hard"] and laws[-1] == "default"
    dial = [row for row in rows if row.dial]
    assert [(row.law, row.paint_weight, row.fidelity) for row in dial] == [
        ("default", 0.6, place) for place in DIAL_SETTINGS
    ]
    assert rows[-len(dial) :] == dial and not any(row.default for row in dial)
    mains = [row.law for row in rows if row.main and not row.dial]
    assert sorted(mains) == sorted(LAWS), "one row of each law is its main one"
    assert len({row.key for row in rows}) == len(rows)


def test_the_dial_can_be_asked_for_alone() -> None:
    rows = settings(0.6, ["dial"], None)
    assert [(row.law, row.dial) for row in rows] == [("none", False), *[("default", True)] * 5]


def test_published_laws_are_loose_and_ours_is_as_the_model_has_it() -> None:
    rows = settings(0.6, ["all"], None)
    assert {row.law: row.fidelity for row in rows if not row.dial} == {
        law: None if law == "default" else 0.0 for law in LAWS
    }


def test_a_law_that_knows_no_strength_comes_once_at_the_weight_nearest_to_the_models_own() -> None:
    assert not knows_strength(LAWS["hard"]) and knows_strength(LAWS["ediffi"])
    hard = [row for row in settings(0.6, ["hard", "ediffi"], [0.5, 2.0]) if row.law == "hard"]
    assert [(row.paint_weight, row.main, row.default) for row in hard] == [(0.5, True, False)]


def test_a_settings_fields_are_the_requests() -> None:
    setting = Setting(law="default", paint_weight=0.6, fidelity=0.25, dial=True)
    assert setting.fields == {"law": "default", "paint_weight": 0.6, "fidelity": 0.25}
    assert setting.key == "default-0.6-fidelity-0.25"
    assert Setting(law="ediffi", paint_weight=2.4, fidelity=0.0).key == "ediffi-2.4"
