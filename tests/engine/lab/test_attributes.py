"""The attributes lab: both colours of a noun anywhere, rows with a paired gain, and a whole run on a tiny model."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import attributes
from engine.lab.attribute_binding import is_right, same_noun_items
from engine.lab.attributes import has_both, row, run
from engine.lab.tables import table
from engine.world.pairs import pair_scene
from engine.world.scenes import NAMES
from tests.engine.lab.test_layout import ColourJudge


def test_both_colours_count_wherever_they_are_and_one_alone_does_not():
    layout = pair_scene(7, nouns=["house"])
    first, second = same_noun_items(layout)
    labels = np.zeros(layout.rgb.shape[:2], np.int64) - 1
    labels[first.area | second.area] = NAMES.index("house")
    assert is_right(layout, layout.rgb, labels) and has_both(layout, layout.rgb, labels)
    turned, turned_labels = layout.rgb[:, ::-1], labels[:, ::-1]
    assert has_both(layout, turned, turned_labels) and not is_right(layout, turned, turned_labels)
    alone = labels.copy()
    alone[second.area] = -1
    assert not has_both(layout, layout.rgb, alone)


def test_a_gain_is_that_of_the_same_scenes():
    found = row("own", True, [True, True, False, True], [True, False, False, False], 0.9)
    assert (found["right"], found["gain"], found["ceiling"]) == (0.75, 0.5, 0.9)
    assert found["gain_ci"][0] >= 0.0 and row("off", False, [True], [True], 1.0)["gain_ci"] == [0.0, 0.0]


def test_a_run_has_a_row_for_each_way_with_paint_and_without(whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(attributes, "WAYS", {"off": 0.0, "own": 1.0})
    timed = []
    monkeypatch.setattr(
        attributes, "compare_steps", lambda requests, **_: timed.append(requests) or {"step_ratio": 1.0}
    )
    monkeypatch.setattr(attributes, "able_nouns", lambda judge: ("house",))
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [(each["set"], each["way"]) for each in result["rows"]] == [
        ("unpainted", "off"), ("unpainted", "own"), ("painted", "off"), ("painted", "own")
    ]  # fmt: skip
    assert "more than off" in table(result) and result["step_ratio"] == 1.0
    assert [each.conditioning.structured for each in timed[0].values()] == [False, True]
    with pytest.raises(BadRequest, match="number of scenes"):
        run(n=0)
