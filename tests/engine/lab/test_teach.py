"""The teaching lab: the withheld thing and its judge, layouts with the word in a thing's place, and what is counted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import teach
from engine.lab.image_store import Picture
from engine.lab.withheld import NAME, WithheldJudge, draw
from engine.world.scenes import NAMES


class Eyes:
    """A judge that sees what the layout has."""

    def predict(self, rgb):
        return np.stack([teach.case(index).layout.labels for index in range(len(rgb))])

    def features(self, rgb):
        return np.zeros((len(rgb), 2), np.float32)


@pytest.fixture(scope="module")
def judge() -> WithheldJudge:
    return WithheldJudge([teach.case(index).layout for index in range(3)], drawings=12)


def test_the_thing_is_drawn_with_its_place_and_a_caption_of_words_that_are_known(judge):
    one, other = draw(0, 96), draw(1, 96)
    assert one.rgb.shape == (96, 96, 3) and not np.array_equal(one.rgb, other.rgb)
    inside = one.rgb[one.area].astype(int)
    assert 0.04 < one.area.mean() < 0.4 and np.median(inside[:, 0]) > 150 > np.median(inside[:, 1])
    assert one.caption == f"a {NAME} on grass under blue sky" and NAME not in NAMES
    assert judge.accuracy > 0.8


def test_the_judge_knows_it_from_a_thing_of_the_world(judge):
    drawn, case = draw(77), teach.case(0)
    assert judge.shows(drawn.rgb, drawn.area) > 0.5 > judge.shows(case.layout.rgb, case.area)


def test_a_layout_has_the_word_in_a_thing_s_place_and_all_else_as_it_was():
    case = teach.case(1)
    said = [case.prompt[slice(*word.span)] for word in case.words]
    assert said.count(NAME) == 1 and len(said) == len(case.layout.items)
    before = [item.phrase for item in case.layout.items]
    assert [phrase for phrase in said if phrase != NAME] == [phrase for phrase in before if phrase in said]
    assert np.array_equal(next(w.mask for w in case.words if case.prompt[slice(*w.span)] == NAME) > 0, case.area)


def test_each_method_is_counted_beside_the_untaught_word(monkeypatch, tmp_path):
    monkeypatch.setattr(teach, "OTHERS", 3)
    monkeypatch.setattr(teach, "_taught", lambda method, *_: {"custom": 0.5}.get(method, 0.75))

    asked = {condition: [] for condition in teach.CONDITIONS}

    def make(request, **_):
        asked[_["library"].folder.parent.name].append(request.text.prompt)
        index = int(request.id.removeprefix("lab-"))
        case, rgb = teach.case(index), teach.case(index).layout.rgb.copy()
        if "custom" in str(_["library"].folder):  # there, and there alone, it was learnt
            drawn = draw(index)
            rows, columns = np.nonzero(case.area.any(1))[0], np.nonzero(case.area.any(0))[0]
            from PIL import Image

            y, x = np.nonzero(drawn.area.any(1))[0], np.nonzero(drawn.area.any(0))[0]
            figure = Image.fromarray(drawn.rgb[y[0] : y[-1] + 1, x[0] : x[-1] + 1])
            box = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
            rgb[box[0] : box[2], box[1] : box[3]] = figure.resize((box[3] - box[1], box[2] - box[0]))
        return Picture(rgb=rgb, step_ms=1.0)

    monkeypatch.setattr(teach, "make", make)
    result = teach.run(2, device="cpu", steps=3, work=tmp_path, judge=Eyes())
    rows = {row["condition"]: row for row in result["rows"]}
    assert list(rows) == list(teach.CONDITIONS) and json.dumps(result)
    assert rows["custom"]["recognised"] > rows["untaught"]["recognised"] == rows["known"]["recognised"] == 0.0
    assert set(asked["known"]) == {teach.case(index).prompt.replace(NAME, "house") for index in range(2)}
    assert set(asked["untaught"]) == set(asked["custom"]) == {teach.case(index).prompt for index in range(2)}
    assert rows["custom"]["loss"] == 0.5 and rows["untaught"]["loss"] is None
    assert all(row["others_miou"] == 1.0 and row["others_change"] == 0.0 for row in rows.values())
    assert all(row["others_change_known"] == 0.0 for row in rows.values())
    with pytest.raises(BadRequest):
        teach.run(0)
