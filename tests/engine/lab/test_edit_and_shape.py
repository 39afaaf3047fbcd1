"""The labs of edited words and of kept shapes: their cases, what their rows measure, and a run of each."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import edit, shape
from engine.lab.edit import case, edit_row, outside
from engine.lab.image_store import Picture
from engine.lab.shape import overlaps, shape_request, shape_row
from engine.lab.tables import table
from engine.models.library import Library
from engine.text.spans import find_span
from tests.engine.lab.test_layout import ColourJudge
from tests.engine.lab.test_repaint import Named


def test_a_thing_becomes_another_with_its_paint():
    each = case(0)
    assert each.name not in each.layout.names and each.name in each.prompt
    assert len(each.words) == len(each.layout.words())
    for word, (_phrase, span, mask) in zip(each.words, each.layout.words(), strict=True):
        was = each.layout.caption[slice(*span)]
        assert each.prompt[slice(*word.span)] == was.replace(each.thing.name, each.name)
        assert np.array_equal(word.mask, mask)
    assert np.array_equal(case(0).thing.area, each.thing.area)


def pictures(each) -> tuple[np.ndarray, np.ndarray]:
    """The scene with the new thing in its place, and without it; white is the thing."""
    scene = np.minimum(each.layout.rgb, 254)
    object.__setattr__(each.layout, "rgb", scene)
    right = scene.copy()
    right[each.thing.area] = 255
    return right, scene


def test_rows_count_the_new_word_in_its_area_and_what_changed_outside():
    each = case(1)
    right, scene = pictures(each)
    judge, made = Named(each.name), [Picture(rgb=rgb, step_ms=1.0) for rgb in (right, scene)]
    assert [edit_row("edited", [each], [one], judge)["recall"] for one in made] == [1.0, 0.0]
    moved = scene.copy()
    moved[~each.thing.area] -= 3
    assert outside([each], [Picture(rgb=moved, step_ms=1.0)], made[1:]).tolist() == [3.0]
    assert outside([each], made[:1], made[1:]).tolist() == [0.0], "inside it may be another"
    rows = [shape_row("kept", [each], [one], judge) for one in made]
    assert [(row["miou"], row["recall"], row["outside_same"]) for row in rows] == [(1.0, 1.0, 1.0), (0.0, 0.0, 1.0)]
    half = right.copy()
    rows_ = np.flatnonzero(each.thing.area.any(axis=1))
    half[: rows_[len(rows_) // 2]] = scene[: rows_[len(rows_) // 2]]
    assert 0.2 < overlaps([each], [Picture(rgb=half, step_ms=1.0)], judge)[0] < 0.8


def test_requests_differ_by_paint_and_shape_alone():
    each, defaults = case(2), Library().inspect("starter").defaults
    asked = [
        shape_request(2, each, name, model="starter", device="cpu", defaults=defaults) for name in shape.CONDITIONS
    ]
    plain, painted, kept, inverted = asked
    assert not plain.text.words and [word.span for word in painted.text.words] == [
        word.span for word in each.words if word.span[0] <= find_span(each.prompt, each.name)[0] < word.span[1]
    ]
    assert kept.start.shape is not None and not kept.start.shape.inverted and painted.start.shape is None
    assert inverted.start.shape.inverted and inverted.start.shape.prompt == each.layout.caption
    assert all(np.array_equal(one.start.mask > 0, each.thing.area) and one.picture.seed == 2 for one in asked)


@pytest.mark.parametrize(("lab", "rows", "told"), [(edit, edit.CONDITIONS, 3), (shape, shape.CONDITIONS, 4)])
def test_a_run_has_a_row_for_each_condition(whole_model, tmp_path, lab, rows, told):
    heard: list[float] = []
    result = lab.run(
        n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge(),
        progress=lambda _text, fraction: heard.append(fraction),
    )  # fmt: skip
    assert [row["condition"] for row in result["rows"]] == list(rows) and len(heard) == told and heard[-1] == 1.0
    assert rows[-1] in table(result) and result["n"] == 1
    if lab is edit:
        assert 0 <= result["outside_over_same_seed"] < 1 and result["rows"][0]["distance"] == 0
        assert len(result["recall_over_same_seed_ci"]) == 2
    else:
        assert [row["outside_same"] for row in result["rows"]] == [1.0] * 4
        assert next(iter(result["gains"])) == "kept - repainted, painted" and len(result["gains"]) == 3
    with pytest.raises(BadRequest, match="is 0"):
        lab.run(n=0)
