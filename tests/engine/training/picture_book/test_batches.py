"""What is trained after the denoiser, on the picture book's own scenes: experts and few-step weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import BadRequest, UnsupportedModel
from engine.models.families import inspect
from engine.models.library import Library
from engine.teaching.accelerator import new_accelerator
from engine.training import distil, experts
from engine.training.conditions import STYLE_TOKENS
from engine.training.picture_book import denoiser, export
from engine.training.picture_book.batches import book_batches
from engine.training.picture_book.vocabulary import MAX_LENGTH
from tests.engine.training.picture_book.narrow import narrow_unet


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
        folder / "book", model=folder / "model", vae=made / "vae", store=denoiser.ShardStore(made / "shards")
    )
    return folder / "book"


def _asked(book: Path, made: Path, out: Path, *more: str) -> list[str]:
    fixed = ["--from", book, "--data", made / "shards", "--out", out, "--work", out / "work", "--size", "128x128"]
    return [*map(str, fixed), "--batch", "2", "--rank", "2", "--device", "cpu", *more]


def test_scenes_train_experts_of_the_book(book: Path, made: Path, tmp_path: Path) -> None:
    assert experts.main(_asked(book, made, tmp_path, "--steps", "5")) == 0
    written = json.loads((tmp_path / "wordbrush.json").read_text())["experts"]
    assert len(written) == 3 and all((tmp_path / "experts" / each["name"]).is_dir() for each in written)


def test_scenes_train_few_steps_of_the_book(book: Path, made: Path, tmp_path: Path) -> None:
    few = ("--kind", "trajectory", "--trajectories", "4", "--steps", "2", "--between", "1")
    assert distil.main(_asked(book, made, tmp_path, *few)) == 0
    assert (tmp_path / "book-lcm-4-steps.safetensors").is_file()


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


def test_what_cannot_be_cut_or_is_no_book_is_told(book: Path, made: Path, tmp_path: Path) -> None:
    accelerator, shards = new_accelerator(torch.device("cpu")), made / "shards"
    assert book_batches(inspect(book), tmp_path, size=(128, 128), accelerator=accelerator) is None
    for size in ((128, 256), (120, 120), (1024, 1024)):
        with pytest.raises(BadRequest, match="no windows") as told:
            book_batches(inspect(book), shards, size=size, accelerator=accelerator)
        assert "512x512" in told.value.hint
    with pytest.raises(UnsupportedModel, match="not a picture book"):
        book_batches(Library().inspect("starter"), shards, size=(128, 128), accelerator=accelerator)
