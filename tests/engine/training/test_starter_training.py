"""The training command makes a model folder from nothing, and goes on where it was cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline
from safetensors.torch import load_file

from engine.models.families import inspect
from engine.scoring.segmenter import Segmenter, save
from engine.training import starter
from engine.training.autoencoder import warm_autoencoder
from engine.training.contact_sheets import sample_sheet
from engine.training.data import load_or_draw
from engine.training.denoiser import train_denoiser
from engine.training.painted_attention import at_levels, grounding_loss
from engine.training.segmenter import accuracy, warm_segmenter
from engine.training.training_loop import TrainingRun
from engine.training.vocabulary import new_t5_tokenizer, new_tokenizer
from engine.world.scenes import NAMES


def load_all(folder: Path) -> dict[str, torch.Tensor]:
    return {name: value for file in folder.glob("*.safetensors") for name, value in load_file(file).items()}


@pytest.fixture(scope="module", autouse=True)
def in_little() -> Iterator[None]:
    """Smaller batches, and a small sheet of few steps: what is tested is that each part is made, saved and taken up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(train_denoiser.__kwdefaults__, "batch", 6)
        patch.setitem(sample_sheet.__wrapped__.__kwdefaults__, "steps", 2)
        patch.setitem(sample_sheet.__wrapped__.__kwdefaults__, "count", 4)
        patch.setattr(accuracy, "__defaults__", (4,))
        patch.setattr(new_tokenizer, "__defaults__", (40, 900))  # captions, each of a picture that is drawn for it
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    arguments = ["--out", str(folder / "out" / "starter"), "--work", str(folder / "work"), "--device", "cpu"]
    assert starter.main([*arguments, "--minutes", "0.001", "--pictures", "12"]) == 0
    return folder


def test_the_command_writes_a_folder_that_stock_diffusers_samples(trained: Path) -> None:
    pipeline = StableDiffusionPipeline.from_pretrained(trained / "out" / "starter", local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    picture = pipeline("a red house", num_inference_steps=2, output_type="np").images[0]
    assert picture.shape == (256, 256, 3)
    assert np.isfinite(picture).all()


def test_the_folder_has_all_three_encoders_and_no_experts_of_other_weights(trained: Path, tmp_path: Path) -> None:
    facts = inspect(trained / "out" / "starter")
    assert facts.encoders == ("clip", "t5") and facts.takes_styles and not facts.experts
    again = tmp_path / "out" / "starter"
    (again / "experts" / "high").mkdir(parents=True)
    arguments = ["--out", str(again), "--work", str(trained / "work"), "--device", "cpu", "--resume"]
    assert starter.main([*arguments, "--minutes", "0.001", "--pictures", "12"]) == 0
    assert not (again / "experts").exists()


def test_an_earlier_starter_is_trained_on(trained: Path, tmp_path: Path) -> None:
    out, work = tmp_path / "out" / "starter", tmp_path / "work"
    work.mkdir()
    (work / "world").symlink_to(trained / "work" / "world")
    arguments = ["--out", str(out), "--work", str(work), "--device", "cpu", "--warm", str(trained / "out" / "starter")]
    assert starter.main([*arguments, "--minutes", "0.0001", "--pictures", "12"]) == 0
    for part in ("unet", "text_encoder", "text_encoder_2", "image_encoder"):
        before, after = (load_all(folder / part) for folder in (trained / "out" / "starter", out))
        assert before.keys() == after.keys()
        apart = max(float((before[name].float() - after[name].float()).abs().max()) for name in before)
        assert apart < 0.02, f"{part} was begun anew"


def test_an_earlier_autoencoder_is_taken_without_its_blocks_at_full_size(tmp_path: Path) -> None:
    earlier = AutoencoderTiny(
        encoder_block_out_channels=(48,) * 5,
        decoder_block_out_channels=(48,) * 5,
        num_encoder_blocks=(1, 1, 2, 3, 3),
        num_decoder_blocks=(3, 3, 2, 1, 1),
        latent_channels=8,
    )
    earlier.save_pretrained(tmp_path / "vae")
    model = warm_autoencoder(tmp_path)
    assert len(model.encoder.layers) == len(earlier.encoder.layers) - 1
    assert torch.equal(model.encoder.layers[1].weight, earlier.encoder.layers[2].weight)
    assert torch.equal(model.decoder.layers[-1].weight, earlier.decoder.layers[-1].weight)
    assert torch.equal(model.decoder.layers[-2].weight, earlier.decoder.layers[-3].weight)


def test_an_earlier_segmenter_keeps_what_it_knew_of_each_name(tmp_path: Path) -> None:
    known = Segmenter(("moon", "lake"))
    save(known, tmp_path / "segmenter")
    weights = {name: value.half().float() for name, value in known.state_dict().items()}
    model = warm_segmenter(tmp_path / "starter")
    for index, name in enumerate(known.names):
        assert torch.equal(model.head.weight[NAMES.index(name)], weights["head.weight"][index])
    assert torch.equal(model.down[0][0].weight, weights["down.0.0.weight"])


def test_progress_is_logged_and_sheets_are_drawn(trained: Path) -> None:
    rows = [json.loads(line) for line in (trained / "work" / "log.jsonl").read_text().splitlines()]
    assert [row["stage"] for row in rows if row["step"] == 0] == [
        "segmenter",
        "autoencoder",
        "denoiser",
        "polish",
        "judge",
    ]
    assert (trained / "work" / "sheets" / "denoiser.png").exists()


def test_resuming_goes_on_from_the_saved_step_and_time(tmp_path: Path) -> None:
    weight = torch.nn.Linear(2, 2)
    run = TrainingRun(tmp_path, "stage", minutes=0.001, parts={"model": weight})
    steps = sum(1 for _ in run)
    assert steps > 0
    other = torch.nn.Linear(2, 2)
    resumed = TrainingRun(tmp_path, "stage", minutes=0.001, parts={"model": other})
    assert resumed.resume()
    assert (resumed.step, resumed.spent) == (run.step, run.spent)
    assert torch.equal(other.weight, weight.weight)
    assert sum(1 for _ in resumed) == 0, "its minutes are spent"


def test_a_checkpoint_that_was_cut_off_in_mid_write_does_not_replace_the_last_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = TrainingRun(tmp_path, "stage", minutes=0.001, parts={"model": torch.nn.Linear(2, 2)})
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
    more = load_or_draw(tmp_path, 5, workers=1, progress=lambda text: None)
    assert len(more) == 5 and more.items[:3] == drawn.items
    assert len(load_or_draw(tmp_path, 3, workers=1, progress=lambda text: None)) == 3


def test_grounding_loss_is_zero_for_attention_inside_the_area_and_one_outside() -> None:
    truth = torch.zeros(1, 256, 4)
    truth[0, :128, 1] = 1
    inside, outside = torch.full((1, 256, 4), 1e-9), torch.full((1, 256, 4), 1e-9)
    inside[0, :128, 1] = 0.5
    outside[0, 128:, 1] = 0.5
    levels = at_levels(truth)
    assert float(grounding_loss([inside], levels)) < 1e-3
    assert float(grounding_loss([outside], levels)) > 0.999


def test_the_vocabulary_has_whole_words_of_the_world_and_takes_any_other() -> None:
    tokenizer = new_tokenizer(captions=20)
    assert tokenizer.tokenize("lighthouse") == ["lighthouse</w>"]
    for text in ("zyzzyva", "naïve café", "лес", "森", "🏰"):
        ids = tokenizer(text).input_ids
        assert tokenizer.eos_token_id not in ids[1:-1], text
        assert tokenizer.decode(ids, skip_special_tokens=True) == text


def test_t5s_vocabulary_has_the_worlds_words_whole_and_spells_all_others() -> None:
    tokenizer = new_t5_tokenizer()
    assert tokenizer.tokenize("a Red lighthouse by lavender") == ["▁a", "▁Red", "▁lighthouse", "▁by", "▁lavender"]
    spelt = tokenizer.tokenize("zyzzyva")
    assert "".join(spelt).replace("▁", "") == "zyzzyva" and len(spelt) > 3
