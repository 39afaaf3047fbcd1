"""The book lab: its rows, few steps against all, and a whole run on a tiny model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import resources
from engine.errors import BadRequest
from engine.lab import book
from engine.lab.book import few_ratio, rows, run
from engine.lab.compositions import HeldOut
from engine.lab.tables import table
from engine.models.library import Library
from engine.scoring.recogniser import CELL
from tests.colour_recogniser import ColourRecogniser
from tests.engine.lab.test_compositions import page
from tests.engine.lab.test_page_measures import CODES

PAGES = [page(), page()]
THINGS = np.array([part.thing for part in page().parts])


class Judge(ColourRecogniser):
    accuracy = 0.9


def latents_of(pictures: torch.Tensor) -> torch.Tensor:
    """The mean colour of each cell, as latents `[B, 32, H / 16, W / 16]`."""
    return F.avg_pool2d(pictures, CELL).repeat(1, 11, 1, 1)[:, :32]


def test_rows_count_the_things_of_each_size():
    found = {(row["set"], row["size"]): row for row in rows(PAGES, {"painted": [THINGS, ~THINGS]})}
    large = found["painted", "64+"]
    assert (large["things"], large["recognised"]) == (4, 0.5)
    assert large["recognised_ci"][0] < 0.5 < large["recognised_ci"][1]
    assert found["painted", "40-64"]["recognised"] is None


def test_few_steps_are_compared_by_what_is_recognised():
    assert few_ratio(PAGES, [THINGS, THINGS], [THINGS, THINGS])["ratio"] == 1.0
    half = few_ratio(PAGES, [THINGS, ~THINGS], [THINGS, THINGS])
    assert half["ratio"] == 0.5 and half["ratio_ci"][0] <= 0.5 <= half["ratio_ci"][1]


def test_a_run_has_what_the_contract_names(whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "PAGES", 1)
    judge = Judge(CODES).eval()
    judge.encode = latents_of
    drawn = np.stack([judge.features(np.full((1, 256, 256, 3), shade, np.uint8))[0] for shade in (40, 120, 200)])
    held_out = HeldOut(compositions=tuple(PAGES), features=drawn)
    said: list[float] = []
    asked = {"n": 2, "model": str(whole_model), "device": "cpu", "work": tmp_path, "judge": judge, "held_out": held_out}
    result = run(**asked, progress=lambda _text, fraction: said.append(fraction))
    assert [(row["set"], row["size"]) for row in result["rows"]] == [
        ("painted", "40-64"), ("painted", "64+"), ("unpainted", "40-64"), ("unpainted", "64+")
    ]  # fmt: skip
    assert {"nouns", "judge_accuracy", "stuff_miou", "caption_recall", "two_of_a_noun", "counting"} <= set(result)
    assert result["few_steps"] is None and result["page"]["of"] == 1 and said[-1] == pytest.approx(1.0)
    text = table(result)
    assert "recognised" in text and "two of a noun" in text and "counting" in text
    assert run(**asked)["rows"] == result["rows"]  # from the pictures that were kept
    for n in (0, 3):
        with pytest.raises(BadRequest, match="number of pages"):
            run(**asked | {"n": n})


def test_few_steps_are_the_model_s_own():
    facts = Library().inspect(str(resources.path("starter")))
    asked = book._few(Library(), facts.path, facts.fast.lora)
    assert (asked["steps"], asked["guidance"]) == (4, 1.0)
    assert [Path(lora.file).name for lora in asked["loras"]] == [f"{facts.fast.lora}.safetensors"]
