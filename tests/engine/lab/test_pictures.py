"""The pictures lab: two references on two halves, what its rows measure, and a whole run on a tiny model."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import pictures, variations
from engine.lab.color_stats import statistics
from engine.lab.image_store import Picture
from engine.lab.pictures import halves, references, row, run
from engine.lab.style import case, make_scale
from tests.engine.lab.test_layout import ColourJudge


@pytest.fixture(scope="module")
def scale():
    """The unit of each statistic, from one picture a look."""
    return make_scale(1)


def test_a_picture_of_two_halves_of_its_references_is_nearest_to_its_own(scale):
    each = case(0)
    joined = np.where(halves()[0][..., None] > 0, each.reference, each.wrong)
    right = row("painted", [each], [Picture(rgb=joined, step_ms=1.0)], scale, ColourJudge())
    assert right["nearer"] == 1 and right["distance_own"] < right["distance_other"]
    turned = np.where(halves()[0][..., None] > 0, each.wrong, each.reference)
    assert row("painted", [each], [Picture(rgb=turned, step_ms=1.0)], scale, ColourJudge())["nearer"] == 0


def test_each_reference_lies_on_its_half_or_everywhere():
    left, right = halves()
    assert (left > 0).mean() == 0.5 and not np.any((left > 0) & (right > 0))
    assert [len(references(condition, case(0))) for condition in pictures.CONDITIONS] == [2, 2, 0]
    assert references("everywhere", case(0))[0].mask is None


def test_a_run_has_a_row_for_each_condition(scale, whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "CONDITIONS", ("painted",))
    monkeypatch.setattr(pictures, "make_scale", lambda: scale)
    monkeypatch.setattr(variations, "WAYS", ("another seed", "tokens"))
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [each["condition"] for each in result["rows"]] == ["painted"]
    assert [each["way"] for each in result["variations"]] == list(variations.WAYS)
    assert result["variations"][0]["content_gain"] == 0.0
    with pytest.raises(BadRequest, match="number of layouts"):
        run(n=0)


def test_variations_are_compared_by_content_look_and_places(scale):
    one, judge = case(0).layout.rgb, ColourJudge()
    turned = np.ascontiguousarray(one[:, ::-1])
    same = variations.kept(one, one, [statistics(one)] * 2, judge, scale)
    assert np.array_equal(same, [0, 0, 0])
    content, look, places = variations.kept(one, turned, [statistics(each) for each in (one, turned)], judge, scale)
    assert content == 0 and look < 0.1 and places > 0.1, "only places differ"
    rows = variations.row("tokens", np.array([[0.1, 1.0, 0.5]] * 2), np.array([[0.3, 1.5, 0.5]] * 2))
    assert (rows["content"], rows["content_gain"], rows["places_gain"]) == pytest.approx((0.1, 0.2, 0.0))
