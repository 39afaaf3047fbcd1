"""The repaint lab: what is painted into what, what its rows measure, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import repaint
from engine.lab.image_store import Picture
from engine.lab.repaint import CONDITIONS, STRENGTHS, case, repaint_row, run, strength_row
from engine.lab.tables import table
from engine.world.scenes import NAMES
from tests.engine.lab.test_layout import ColourJudge


def test_a_thing_is_painted_where_it_is_not():
    each = case(0)
    assert each.thing.name not in each.scene.names and each.prompt.endswith(each.thing.phrase)
    assert (each.mask[each.thing.area] == 255).all() and each.mask.mean() > 255 * each.thing.area.mean()
    assert np.array_equal(case(0).scene.rgb, each.scene.rgb)


class Named(ColourJudge):
    """Sees a thing where a picture is white, and nothing but the first name elsewhere."""

    def __init__(self, name: str) -> None:
        self.kind = NAMES.index(name)

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        return np.where((rgb == 255).all(axis=-1), self.kind, 0 if self.kind else 1).astype(np.uint8)


def test_rows_count_the_thing_in_its_area_and_the_bits_outside():
    each = case(1)
    right = np.where(each.mask[..., None] > 0, 0, np.minimum(each.scene.rgb, 254)).astype(np.uint8)
    scene = each.scene.rgb
    object.__setattr__(each.scene, "rgb", np.minimum(scene, 254))
    right[each.thing.area] = 255
    judge = Named(each.thing.name)
    row = repaint_row("painted", [each], [Picture(rgb=right, step_ms=1.0)], judge)
    assert (row["miou"], row["recall"], row["outside_same"]) == (1.0, 1.0, 1.0)
    wrong = each.scene.rgb.copy()
    wrong[0 if not each.mask[0, 0] else -1, 0] ^= 1
    row = repaint_row("painted", [each], [Picture(rgb=wrong, step_ms=1.0)], judge)
    assert (row["miou"], row["recall"], row["outside_same"]) == (0.0, 0.0, 0.0)
    near = strength_row(0.2, [each], [Picture(rgb=each.scene.rgb, step_ms=1.0)], judge)
    assert near["distance"] == 0.0 and near["kept"] == 1.0


def test_a_run_has_a_row_for_each_condition_and_strength(whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(repaint, "STRENGTHS", (0.2, 1.0))
    monkeypatch.setattr(repaint, "REFINED", ("painted",))
    told = []
    result = run(
        n=1,
        model=str(whole_model),
        device="cpu",
        work=tmp_path,
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    assert [row["condition"] for row in result["rows"]] == list(CONDITIONS)
    assert [row["outside_same"] for row in result["rows"]] == [1.0] * 4
    before, refined = result["refined"]
    assert before["kept"] == 1.0 and refined["condition"] == "painted"
    near, far = result["strengths"]
    assert near["distance"] < far["distance"] and told == sorted(told) and told[-1] == 1.0
    assert "painted, area" in table(result) and "strength" in table(result) and len(STRENGTHS) == 5
    with pytest.raises(BadRequest, match="number of scenes"):
        run(n=0)
