"""render --experts and the doctor's plan: who works, and what is said of models that bring none or damaged ones."""

from __future__ import annotations

import json
import math
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import display_check, doctor
from tests.tiny import TRIO, name_experts


@pytest.fixture
def folder(tiny_ensemble_folder):
    return Path(shutil.copytree(tiny_ensemble_folder, "trio"))


def pixels(path: str) -> np.ndarray:
    return np.asarray(Image.open(path))


def test_the_ensemble_is_the_default_and_the_base_can_be_asked_for(render, tiny_ensemble_folder):
    def made(name, *options):
        ended = render(
            *("--prompt", "a lake", "--model", tiny_ensemble_folder, "--steps", "6", "--out", f"{name}.png", *options)
        )
        assert ended.code == 0, ended.err
        return ended.result["experts"]

    assert made("own") == made("ensemble", "--experts", "ensemble") == ["high", "base", "low"]
    assert made("base", "--experts", "base") == ["base"]
    assert np.array_equal(pixels("own.png"), pixels("ensemble.png"))
    assert not np.array_equal(pixels("own.png"), pixels("base.png"))


def test_an_ensemble_of_a_model_without_one_is_refused(render, tiny_sd_folder):
    ended = render("--prompt", "a lake", "--experts", "ensemble")
    assert ended.code == 2 and ended.error["type"] == "BadRequest"
    assert "has no ensemble" in ended.error["message"] and "--experts" in ended.error["hint"]
    assert render("--prompt", "a lake", "--experts", "base").result["experts"] == ["base"]
    ended = render("--prompt", "a lake", "--experts", "some")
    assert ended.code == 2 and "ensemble" in ended.error["message"]


BAD = {
    "gap": ({"low": 0.8}, 'between "low" and "base"'),
    "overlap": ({"low": 0.4}, "overlap"),
    "dragged to nothing": ({"low": 3.2}, "left with nothing"),
    "NaN": ({"low": math.nan}, "nan"),
    "missing folder": ({"part": "middle"}, "experts/middle"),
}


@pytest.mark.parametrize("case", BAD)
def test_experts_that_make_no_sense_are_refused(render, folder, case):
    changes, said = BAD[case]
    name_experts(folder, [{**entry, **changes} if entry["name"] == "base" else entry for entry in TRIO])
    ended = render("--prompt", "a lake", "--model", folder)
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete"
    assert said in ended.error["message"] and not Path("out.png").exists()


def test_a_damaged_expert_is_refused_and_the_base_still_paints(render, folder):
    file = folder / "experts" / "high" / "pytorch_lora_weights.safetensors"
    file.write_bytes(file.read_bytes()[:1000])
    ended = render("--prompt", "a lake", "--model", folder, "--steps", "6")
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete" and '"high"' in ended.error["message"]
    assert not Path("out.png").exists()
    assert render("--prompt", "a lake", "--model", folder, "--experts", "base").code == 0


@pytest.fixture
def shelved(tiny_ensemble_folder, monkeypatch):
    monkeypatch.setattr(display_check, "try_qt", lambda: "")
    return Path(shutil.copytree(tiny_ensemble_folder, Path(os.environ["WORDBRUSH_MODELS"]) / "trio"))


def test_the_doctor_tells_the_plan_of_each_ensemble(shelved):
    found = doctor.examine()
    models = {model["name"]: model for model in found["models"]}
    plan = models["trio"]["experts"]
    assert plan["names"] == ["high", "base", "low"] and plan["resident"] is True and plan["at_once"] == 3
    assert "All 3 stay in memory" in plan["reason"] and plan["device"]
    text = doctor.text(found)
    assert "Experts" in text and "high, base, low" in text and "All 3 stay in memory" in text
    json.dumps(found)


def test_the_doctor_tells_what_memory_is_short_of(shelved, monkeypatch):
    from engine.models import memory_ways

    monkeypatch.setattr(memory_ways, "free_bytes", lambda device: 2_000_000)
    plan = next(model["experts"] for model in doctor.examine()["models"] if model["name"] == "trio")
    assert plan["resident"] is False and plan["at_once"] == 1 and "each change waits" in plan["reason"]


def test_a_damaged_expert_is_a_problem(shelved):
    file = shelved / "experts" / "low" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(b"half")
    found = doctor.examine()
    assert 'The experts of the model "trio" cannot be used' in json.dumps(found["problems"]).replace("\\", "")
    assert "not known" in doctor.text(found)
