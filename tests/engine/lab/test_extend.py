"""The extend lab: what a drawn scene is extended by, and what its rows measure."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab.extend import ADDED, CONDITIONS, case, extend_row, run
from engine.lab.image_store import Picture
from engine.lab.requests import SIZE
from engine.lab.tables import table
from engine.reworking.extending import extended
from engine.world.scenes import NAMES
from tests.engine.lab.test_layout import ColourJudge


class Names:
    """Sees what a picture's red says: the index of a name."""

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        return rgb[..., 0]


def test_a_new_thing_stands_in_the_new_part_and_the_grounds_go_on():
    each = case(0)
    assert each.thing.name not in each.scene.names and each.prompt.endswith(each.thing.phrase)
    assert not each.area[:, :SIZE].any() and each.area[:, SIZE:].any()
    new = each.meant[:, SIZE:]
    assert (new[each.area[:, SIZE:]] == NAMES.index(each.thing.name)).all()
    assert (new >= 0).mean() > 0.9 and {NAMES[kind] for kind in np.unique(new[new >= 0])} - {each.thing.name}


def test_rows_count_the_thing_the_grounds_and_the_bits_outside():
    each = case(1)
    rgb = np.zeros((SIZE, SIZE + ADDED, 3), np.uint8)
    rgb[..., 0] = np.maximum(each.meant, 0)
    canvas, mask = extended(each.scene.rgb, (SIZE + ADDED, SIZE), (0, 0))
    rgb[mask == 0] = canvas[mask == 0]
    row = extend_row("painted", [each], [Picture(rgb=rgb, step_ms=1.0)], Names())
    assert row["continued"] == row["outside_same"] == row["recall"] == 1.0 and row["miou"] > 0.5
    rgb[5, 5] ^= 1
    rgb[:, SIZE:] = 255
    row = extend_row("painted", [each], [Picture(rgb=rgb, step_ms=1.0)], Names())
    assert row["continued"] == row["outside_same"] == row["miou"] == row["recall"] == 0.0


def test_a_run_has_a_row_for_each_condition(whole_model, tmp_path):
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [row["condition"] for row in result["rows"]] == list(CONDITIONS)
    assert [row["outside_same"] for row in result["rows"]] == [1.0] * 3
    assert "goes on" in table(result)
    with pytest.raises(BadRequest, match="number of scenes"):
        run(n=0)
