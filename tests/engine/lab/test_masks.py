"""The masks lab: what its rows measure, and that it is the search that is measured."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import masks
from engine.lab.masks import CONDITIONS, overlap, run
from engine.lab.progress import RunCancelled
from engine.lab.tables import table
from engine.world.scenes import render_scene


def test_overlap_is_of_what_is_more_than_half_the_words():
    area = np.zeros((4, 4), bool)
    area[:, :2] = True
    mask = np.zeros((4, 4), np.uint8)
    mask[:, 1:3] = 128
    assert overlap(mask, area) == pytest.approx(4 / 12)
    assert overlap(np.where(area, 255, 127).astype(np.uint8), area) == 1.0


def test_a_run_has_a_row_for_each_condition_and_what_sharpening_gains(whole_model, library, tmp_path, monkeypatch):
    monkeypatch.setattr(masks, "SETS", {"world": partial(render_scene, size=64)})
    told: list[float] = []
    how = {"n": 2, "model": str(whole_model), "device": "cpu", "work": tmp_path, "library": library}
    result = run(**how, progress=lambda text, share: told.append(share))
    assert [(row["prompt"], row["sharpened"]) for row in result["rows"]] == list(CONDITIONS)
    for row in result["rows"]:
        assert 0 <= row["miou_ci"][0] <= row["miou"] <= row["miou_ci"][1] <= 1 and 0 <= row["above_half"] <= 1
    assert result["rows"][3]["words"] == 2 and result["rows"][0]["words"] > 2
    by_hand = result["rows"][1]["miou"] - result["rows"][0]["miou"]
    assert result["gains"][0]["gain"] == pytest.approx(by_hand) and told[-1] == 1.0
    assert "sharpened" in table(result)


def test_bad_counts_are_refused_and_a_run_can_be_stopped(whole_model, library, tmp_path):
    with pytest.raises(BadRequest):
        run(n=0)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(RunCancelled):
        run(n=1, model=str(whole_model), device="cpu", work=tmp_path, library=library, cancel=cancel)
