"""What is trained after the denoiser, on the picture book's own scenes: experts and few-step weights."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import BadRequest, UnsupportedModel
from engine.models import expert_loading as loading
from engine.models import lora
from engine.models.families import inspect, load
from engine.sampling.schedule import NoiseSchedule
from engine.teaching.accelerator import new_accelerator
from engine.training import distil, experts
from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS
from engine.training.expert_tree import entries, grow
from engine.training.painted_attention import new_scheduler
from engine.training.picture_book import denoiser, export
from engine.training.picture_book.batches import book_batches
from tests.engine.training.outputs import digests, finish
from tests.engine.training.picture_book.narrow import narrow_unet

NOISE = NoiseSchedule(new_scheduler().config)


@pytest.fixture(scope="module")
def book(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained, narrow picture book."""
    folder = tmp_path_factory.mktemp("book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denoiser, "new_unet", narrow_unet)
        trainer = denoiser.Trainer(torch.device("cpu"))
    # A new one's last layer is not 0, so that experts differ from it.
    denoiser._write(folder / "model", trainer)
    export.write_model(
        folder / "starter", model=folder / "model", vae=made / "vae", store=denoiser.ShardStore(made / "shards")
    )
    return folder / "starter"


def _asked(book: Path, made: Path, out: Path, *more: str) -> list[str]:
    fixed = ["--from", book, "--data", made / "shards", "--out", out, "--work", out / "work", "--size", "128x128"]
    return [*map(str, fixed), "--batch", "2", "--rank", "2", "--device", "cpu", *more]


def test_scenes_make_the_book_an_ensemble_and_nothing_of_the_base_is_changed(
    book: Path, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = shutil.copytree(book, tmp_path / "model")
    before, own = digests(model), json.loads((model / "wordbrush.json").read_text())
    work = ("--work", str(tmp_path / "work"))
    assert experts.main(_asked(model, made, model, "--steps", "5", *work)) == 0
    after = digests(model)
    assert all(after[name] == digest for name, digest in before.items() if name != "wordbrush.json")
    new = {f"experts/{name}/pytorch_lora_weights.safetensors" for name in ("high", "middle", "low")}
    assert after.keys() - before.keys() == new
    assert json.loads((model / "wordbrush.json").read_text()) == {**own, "experts": entries(grow(NOISE, 2))}
    assert "stage high-1 step 0" in capsys.readouterr().out

    facts = inspect(model)
    base = finish(load(facts, torch.device("cpu")))
    x, times, context = torch.randn(1, 32, 16, 16), torch.tensor([900]), torch.randn(1, 5, 128)
    plain = base.unet.state_dict()
    stock = lora.with_weights(base.unet, plain)
    for expert in facts.experts:
        loaded = finish(loading.load(expert, base, outside=False))
        changed = [name for name, tensor in loaded.unet.state_dict().items() if not torch.equal(tensor, plain[name])]
        assert len(changed) > 50
        with torch.no_grad():
            made_by = [each(x, times, context).sample for each in (loaded.unet, stock)]
        assert torch.isfinite(made_by[0]).all() and not torch.equal(made_by[0], made_by[1])


def test_scenes_train_few_steps_of_the_book(book: Path, made: Path, tmp_path: Path) -> None:
    few = ("--kind", "trajectory", "--trajectories", "4", "--steps", "2", "--between", "1")
    assert distil.main(_asked(book, made, tmp_path, *few)) == 0
    assert (tmp_path / "starter-lcm-4-steps.safetensors").is_file()


def test_batches_have_windows_and_the_empty_prompt_of_who_reads(book: Path, made: Path) -> None:
    accelerator = new_accelerator(torch.device("cpu"))
    source = book_batches(inspect(book), made / "shards", size=(128, 128), accelerator=accelerator)
    assert source is not None and source.painted
    batch = source(np.random.default_rng(0), 8)
    assert batch.clean.shape == (8, 32, 8, 8) and batch.paint is not None and batch.paint.shape[:2] == (8, 64)
    again = source(np.random.default_rng(0), 8)
    assert torch.equal(batch.clean, again.clean) and torch.equal(batch.paint, again.paint)
    other, end = source.negative(batch), MAX_LENGTH + STYLE_TOKENS
    assert other.context.shape == batch.context.shape and other.paint is None
    assert bool((other.token_bias[:, MAX_LENGTH:end] < 0).all()), "no reference"
    for first in (0, end):
        assert torch.equal(other.token_bias[:, first] < 0, batch.token_bias[:, first] < 0)


def test_what_cannot_be_cut_or_is_no_book_is_told(book: Path, made: Path, tmp_path: Path, tiny_sd_folder: Path) -> None:
    accelerator, shards = new_accelerator(torch.device("cpu")), made / "shards"
    assert book_batches(inspect(book), tmp_path, size=(128, 128), accelerator=accelerator) is None
    for size in ((128, 256), (120, 120), (1024, 1024)):
        with pytest.raises(BadRequest, match="no windows") as told:
            book_batches(inspect(book), shards, size=size, accelerator=accelerator)
        assert "512x512" in told.value.hint
    with pytest.raises(UnsupportedModel, match="not a picture book"):
        book_batches(inspect(tiny_sd_folder), shards, size=(128, 128), accelerator=accelerator)
