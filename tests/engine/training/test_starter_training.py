"""The training command makes a model folder from nothing, and goes on where it was cut off."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline

from engine.training import starter
from engine.training.data import load_or_draw
from engine.training.painted import grounding_loss, pool
from engine.training.run import Run
from engine.training.vocabulary import new_tokenizer


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    arguments = ["--out", str(folder / "out" / "starter"), "--work", str(folder / "work"), "--device", "cpu"]
    assert starter.main([*arguments, "--minutes", "0.05", "--pictures", "12"]) == 0
    return folder


def test_the_command_writes_a_folder_that_stock_diffusers_samples(trained: Path) -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(trained / "out" / "starter", local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline("a red house", num_inference_steps=2, output_type="np").images[0]
    assert picture.shape == (256, 256, 3)
    assert np.isfinite(picture).all()


def test_progress_is_logged_and_sheets_are_drawn(trained: Path) -> None:
    rows = [json.loads(line) for line in (trained / "work" / "log.jsonl").read_text().splitlines()]
    assert [row["stage"] for row in rows if row["step"] == 0] == ["segmenter", "autoencoder", "denoiser", "polish"]
    assert (trained / "work" / "sheets" / "denoiser.png").exists()


def test_resuming_goes_on_from_the_saved_step_and_time(tmp_path: Path) -> None:
    weight = torch.nn.Linear(2, 2)
    run = Run(tmp_path, "stage", minutes=0.001, parts={"model": weight})
    steps = sum(1 for _ in run)
    assert steps > 0
    other = torch.nn.Linear(2, 2)
    resumed = Run(tmp_path, "stage", minutes=0.001, parts={"model": other})
    assert resumed.resume()
    assert (resumed.step, resumed.spent) == (run.step, run.spent)
    assert torch.equal(other.weight, weight.weight)
    assert sum(1 for _ in resumed) == 0, "its minutes are spent"


def test_a_checkpoint_that_was_cut_off_in_mid_write_does_not_replace_the_last_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tmp_path, "stage", minutes=0.001, parts={"model": torch.nn.Linear(2, 2)})
    run.save()
    whole = run.path.read_bytes()

    def cut_off(state: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", cut_off)
    with pytest.raises(OSError, match="no space"):
        run.save()
    assert run.path.read_bytes() == whole


def test_the_training_set_is_found_again_and_holds_what_was_drawn(tmp_path: Path) -> None:
    drawn = load_or_draw(tmp_path, 3, workers=1, progress=lambda text: None)
    stamp = (tmp_path / "rgb.npy").stat().st_mtime_ns
    again = load_or_draw(tmp_path, 3, workers=1, progress=lambda text: None)
    assert (tmp_path / "rgb.npy").stat().st_mtime_ns == stamp
    assert again.items == drawn.items
    assert all(area.sum(0).max() <= 1.01 for area in again.areas)
    assert [area.shape[0] for area in again.areas] == [len(items) for items in again.items]


def test_grounding_loss_is_zero_for_attention_inside_the_area_and_one_outside() -> None:
    truth = torch.zeros(1, 256, 4)
    truth[0, :128, 1] = 1
    inside, outside = torch.full((1, 256, 4), 1e-9), torch.full((1, 256, 4), 1e-9)
    inside[0, :128, 1] = 0.5
    outside[0, 128:, 1] = 0.5
    levels = pool(truth)
    assert float(grounding_loss([inside], levels)) < 1e-3
    assert float(grounding_loss([outside], levels)) > 0.999


def test_the_vocabulary_has_whole_words_of_the_world_and_takes_any_other() -> None:
    tokenizer = new_tokenizer(captions=20)
    assert tokenizer.tokenize("lighthouse") == ["lighthouse</w>"]
    for text in ("zyzzyva", "naïve café", "лес", "森", "🏰"):
        ids = tokenizer(text).input_ids
        assert tokenizer.eos_token_id not in ids[1:-1], text
        assert tokenizer.decode(ids, skip_special_tokens=True) == text
