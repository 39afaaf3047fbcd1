"""The colours lab: what is painted, what its rows measure, and a whole run on a tiny model."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import colours
from engine.lab.colours import flat_colours, row, run
from engine.lab.image_store import Picture
from engine.lab.requests import SETS
from engine.lab.tables import table
from tests.engine.lab.test_layout import ColourJudge


def test_the_error_is_that_of_the_painted_colours_alone():
    layout = SETS["world"](7)
    rgba = flat_colours(layout)
    painted = rgba[..., 3] > 0
    assert painted.any() and len(np.unique(rgba[painted], axis=0)) <= len(list(layout.words()))
    right = np.where(painted[..., None], rgba[..., :3], 255 - layout.rgb)
    assert row(0.5, [rgba], [Picture(rgb=right, step_ms=1.0)])["distance"] == 0.0
    wrong = np.where(right < 128, right + 100, right - 100).astype(np.uint8)
    assert row(0.5, [rgba], [Picture(rgb=wrong, step_ms=1.0)])["distance"] == 100.0


def test_a_run_has_a_row_for_each_strength(whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(colours, "STRENGTHS", (0.0, 0.8))
    result = run(n=1, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [each["strength"] for each in result["rows"]] == [0.0, 0.8] and "distance" in table(result)
    with pytest.raises(BadRequest, match="number of scenes"):
        run(n=0)
