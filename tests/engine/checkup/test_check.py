"""Checking a model: paint's effect in figures, stock without paint, and one meaning of strength 1 on unlike models."""

from __future__ import annotations

import shutil
import threading

import pytest
from safetensors.torch import load_file, save_file

from engine import Library
from engine.checkup import attending, check
from engine.checkup.attending import CheckCancelled, attend, request_of, stock_attention
from engine.checkup.calibrating import MOST, TOLERANCE, find_weight
from engine.checkup.layouts import LAYOUTS
from engine.models import calibration

SIDE = 64


@pytest.fixture(scope="module")
def models(tiny_sd_folder, tmp_path_factory):
    """The tiny model, and one whose scores of text and picture are sixteen times as large."""
    folder = tmp_path_factory.mktemp("check")
    for name, factor in (("meek", 1.0), ("loud", 4.0)):
        own = shutil.copytree(tiny_sd_folder, folder / name)
        weights = own / "unet" / "diffusion_pytorch_model.safetensors"
        tensors = load_file(weights)
        for key in tensors:
            if "attn2.to_q" in key or "attn2.to_k" in key:
                tensors[key] = tensors[key] * factor
        save_file(tensors, weights)
        (own / "wordbrush.json").write_text(f'{{"size": [{SIDE}, {SIDE}], "guidance": 2.0}}')
    return folder


@pytest.fixture
def library(models, monkeypatch, tmp_path):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    monkeypatch.delenv("WORDBRUSH_MODELS", raising=False)
    yield Library(models)
    for name in ("meek", "loud"):
        calibration.forget(models / name)


def test_layouts_are_eight_of_words_that_the_starter_knows():
    facts = Library().inspect("starter")
    assert len(LAYOUTS) == 8
    for layout in LAYOUTS:
        assert len(layout.words) == 2
        for (phrase, _shape), word in zip(layout.words, layout.painted(64, 48), strict=True):
            assert phrase in (*facts.names, *facts.words) and layout.prompt.count(phrase) == 1
            assert layout.prompt[slice(*word.span)] == phrase
            assert word.mask.shape == (48, 64) and 0.02 < word.mask.mean() / 255 < 0.45


def test_figures_of_a_check(library):
    told = []
    found = check.run(
        "meek", device="cpu", library=library, calibrate=False, layouts=LAYOUTS[:2], reference=0.5,
        progress=lambda text, fraction: told.append(fraction),
    )  # fmt: skip
    assert found["schema"] == 1 and found["model"] == "meek" and found["dtype"] == "float32"
    assert found["equals_stock"] and found["stock_difference"] < 1e-4
    assert found["paint_moves_attention"] is (found["inside"]["painted"] - found["inside"]["unpainted"] > 0.03)
    assert found["inside"]["painted"] > found["inside"]["unpainted"] > 0
    assert [len(row["painted"]) for row in found["layouts"]] == [2, 2]
    assert found["step_ms"] > 0 and found["stock_step_ms"] > 0 and found["memory_bytes"] >= 0
    assert found["paint_weight"]["calibrated"] is None
    assert told == sorted(told) and told[-1] == 1.0


def test_strength_one_means_the_same_on_models_of_very_different_scores(library):
    """Before: the same paint weight brings clearly different shares inside; after: the target's, on both."""
    aim, shares, weights = 0.6, {}, {}
    for name in ("meek", "loud"):
        found = check.run(name, device="cpu", library=library, layouts=LAYOUTS[:2], reference=aim)
        assert found["paint_weight"]["why_not"] is None, found["paint_weight"]
        weights[name] = found["paint_weight"]["calibrated"]
        assert library.inspect(name).defaults.paint_weight == weights[name], "it is the default from now on"
        assert calibration.read(library.resolve(name)).target == aim
        again = check.run(name, device="cpu", library=library, calibrate=False, layouts=LAYOUTS[:2], reference=aim)
        shares[name] = again["inside"]["painted"]
    assert shares["meek"] == pytest.approx(aim, abs=2 * TOLERANCE)
    assert shares["loud"] == pytest.approx(aim, abs=2 * TOLERANCE)
    assert weights["meek"] > 5 * weights["loud"], "else the models would not be unlike"


def test_the_starter_is_what_others_are_compared_with(library):
    found = check.run("meek", device="cpu", library=library, calibrate=False, layouts=LAYOUTS[:1])
    own = check.run("starter", device="cpu", library=library, layouts=LAYOUTS[:1])
    assert own["paint_weight"]["kept"] is None and own["paint_moves_attention"] and own["equals_stock"]
    assert found["inside"]["target"] == pytest.approx(own["inside"]["painted"], abs=1e-6)


def test_stock_attention_is_put_back_and_a_difference_would_be_seen(library):
    asked = request_of(LAYOUTS[0], "meek", "cpu", library, paint_weight=0.0, seed=0, watched=False)
    family = library.load("meek", "cpu")
    before = dict(family.unet.attn_processors)
    with stock_attention(family):
        assert all(type(each).__name__ == "AttnProcessor2_0" for each in family.unet.attn_processors.values())
    assert family.unet.attn_processors == before
    stock = attend(asked, library, threading.Event(), around=stock_attention)
    painted = request_of(LAYOUTS[0], "meek", "cpu", library, paint_weight=2.0, seed=0, watched=False)
    ours = attend(painted, library, threading.Event())
    assert float((ours.latents - stock.latents).abs().max()) > 1e-3


def test_a_check_can_be_stopped_at_any_moment(library):
    cancel = threading.Event()
    seen = []

    def progress(text, fraction):
        seen.append(text)
        if len(seen) == 3:
            cancel.set()

    with pytest.raises(CheckCancelled):
        check.run(
            "meek", device="cpu", library=library, layouts=LAYOUTS[:2], reference=0.6, progress=progress, cancel=cancel
        )
    assert len(seen) == 3 and calibration.read(library.resolve("meek")) is None
    assert attending.CheckCancelled().hint


@pytest.mark.parametrize(
    ("share", "target", "known", "weight", "why"),
    [
        (lambda w: 0.3 + 0.1 * w, 0.5, {1.0: 0.4}, 2.0, ""),
        (lambda w: 1 - 0.8 / (1 + 20 * w), 0.6, {1.0: 0.96}, 0.05, ""),
        (lambda w: 0.3 + 0.1 * w, 0.4, {1.0: 0.4}, 1.0, ""),
        (lambda w: 0.3 + 0.001 * w, 0.6, {1.0: 0.301}, None, "greatest paint weight"),
        (lambda w: 0.7, 0.6, {1.0: 0.7}, None, "without any paint"),
        (lambda w: 0.5 - 0.1 * w, 0.9, {1.0: 0.4}, None, "does not follow"),
        (lambda w: 0.3 if w < 3 else 0.9, 0.6, {1.0: 0.3}, None, "jumps"),
    ],
)
def test_the_weight_is_found_or_it_is_said_why_not(share, target, known, weight, why):
    tried = []

    def look(value):
        tried.append(value)
        return share(value)

    found, reached, said = find_weight(look, target, unpainted=share(0.0), known=known)
    assert why in said and len(tried) <= 18 and all(0 < each <= MOST for each in tried)
    if weight is None:
        assert found is None
    else:
        assert abs(reached - target) <= TOLERANCE and share(found) == pytest.approx(reached, abs=1e-3)
        assert found == pytest.approx(weight, rel=0.2)
