"""The word lab: which word is turned, what its rows say, and a whole run on a tiny model."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import word
from engine.lab.image_store import Picture
from engine.lab.requests import SETS
from engine.lab.tables import table
from engine.lab.word import chosen, figures, row, run
from engine.world.scenes import NAMES
from tests.engine.lab.test_layout import ColourJudge


class Seer:
    """A judge that sees the labels that it was given."""

    def __init__(self, labels) -> None:
        self.labels = labels

    def predict(self, rgb):
        return np.stack(self.labels)


def test_the_smallest_name_that_is_there_once_is_judged_inside_its_own_paint():
    layout = SETS["world"](11)
    item = layout.items[chosen(layout)]
    names = [each.name for each in layout.items]
    others = [each for each in layout.items if names.count(each.name) == 1]
    assert names.count(item.name) == 1 and item.area.sum() == min(each.area.sum() for each in others)
    picture = [Picture(rgb=layout.rgb, step_ms=1.0)]
    right = row(1.0, [layout], picture, Seer([layout.labels]))
    assert right["overlaps"][0] == 1.0 == right["others"][0] == right["seen"][0]
    moved = layout.labels.copy()
    moved[item.area] = (NAMES.index(item.name) + 1) % len(NAMES)
    wrong = row(None, [layout], picture, Seer([moved]))
    assert wrong["overlaps"][0] == 0.0 == wrong["seen"][0]
    shown = figures(right, wrong)
    assert shown["iou_gain"] == 1.0 and shown["seen_gain_ci"] == [1.0, 1.0] and shown["fidelity"] == 1.0
    assert figures(wrong, wrong)["fidelity"] == "as all words" and figures(wrong, wrong)["iou_gain"] == 0.0


def test_a_run_turns_one_word_alone(whole_model, tmp_path, monkeypatch):
    asked = []

    def make(request, **_more):
        asked.append([each.fidelity for each in request.text.words])
        return Picture(rgb=np.zeros((256, 256, 3), np.uint8), step_ms=1.0)

    monkeypatch.setattr(word, "make", make)
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [sum(each is not None for each in words) for words in asked] == [1, 0, 1]
    assert [each["fidelity"] for each in result["rows"]] == [0.0, "as all words", 1.0] and "IoU" in table(result)
    with pytest.raises(BadRequest, match="number of layouts"):
        run(n=0)
