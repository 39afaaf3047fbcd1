"""The taste lab: who likes what, what its rows measure, and a whole run on a tiny model."""

from __future__ import annotations

import pytest

from engine.errors import BadRequest
from engine.lab import taste
from engine.lab.image_store import Picture
from engine.lab.style import LOOKS, make_scale
from engine.lab.taste import case, drawn, row, run, unseen
from tests.engine.lab.test_layout import ColourJudge


@pytest.fixture(scope="module")
def looks():
    return unseen()


def test_pictures_in_the_liked_look_are_nearer_to_it_than_others_are(looks):
    cases, scale = [case(index) for index in range(2)], make_scale(1)
    liked = [Picture(rgb=each.liked[1], step_ms=1.0) for each in cases]
    other = [Picture(rgb=each.usual[0], step_ms=1.0) for each in cases]
    right, near, _ = row("mood", cases, liked, looks, scale, ColourJudge())
    wrong, far, _ = row("none", cases, other, looks, scale, ColourJudge())
    assert right["nearest"] > wrong["nearest"] and right["distance"] < wrong["distance"]
    assert (near < far).all() and right["weight"] == 1.0 and wrong["weight"] is None


def test_nobody_likes_what_is_compared_with(monkeypatch):
    seeds = []
    monkeypatch.setattr(taste, "drawn", lambda look, seed: seeds.append(seed) or drawn(look, seed)[:8, :8])
    monkeypatch.setattr(taste, "statistics", lambda rgb: rgb)
    unseen()
    apart = set(seeds)
    seeds.clear()
    case(0)
    assert len(apart) == taste.UNSEEN * len(LOOKS) and not apart & set(seeds)


def test_a_run_has_a_row_for_each_condition_with_pairs_against_none(looks, whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(taste, "CONDITIONS", {"none": None, "away": -1.0})
    monkeypatch.setattr(taste, "make_scale", lambda: make_scale(1))
    monkeypatch.setattr(taste, "unseen", lambda: looks)
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [each["condition"] for each in result["rows"]] == ["none", "away"]
    assert result["rows"][0]["change"] == 0 and result["rows"][1]["miou_change_ci"]
    with pytest.raises(BadRequest, match="number of layouts"):
        run(n=0)
