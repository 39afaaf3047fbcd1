"""A folder of captioned pictures: what is usable, what is named and skipped, and what the denoiser is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from PIL import Image

from engine.errors import BadRequest
from engine.models.families import inspect, load
from engine.teaching.accelerator import new_accelerator
from engine.text.conditioning import ABSENT
from engine.training import captioned_dataset
from engine.training.captioned_dataset import FolderBatches, cut, folder_batches, read_captions


@pytest.fixture(scope="module")
def accelerator() -> Accelerator:
    return new_accelerator(torch.device("cpu"))


def put(
    folder: Path, name: str, caption: str | None = None, *, size: tuple[int, int] = (80, 64), seed: int = 0
) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    rgb = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), np.uint8)
    Image.fromarray(rgb).save(folder / name)
    if caption is not None:
        (folder / name).with_suffix(".txt").write_text(caption, encoding="utf-8")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two usable pictures with texts, one by metadata, and one of each fault."""
    folder = tmp_path / "mixed"
    put(folder, "a.png", "a lake\n and sky ")
    put(folder, "b/b.jpg", "a house by a lake", seed=1)
    put(folder, "c.webp", seed=2)
    put(folder, "mute.png")
    put(folder, "blank.png", " \n")
    put(folder, "strange.png", "x")
    (folder / "strange.txt").write_bytes(b"\xff\xfe\x00")
    put(folder, "cut.png", "a lake", size=(300, 300))
    (folder / "cut.png").write_bytes((folder / "cut.png").read_bytes()[:3000])
    (folder / "no.jpg").write_bytes(b"no picture")
    (folder / "no.txt").write_text("a lake")
    rows = ['{"file_name": "c.webp", "text": "sky"}', '{"file_name": "gone.png", "text": "sky"}', "{", '{"text": "x"}']
    (folder / "metadata.jsonl").write_text("\n".join(rows) + "\n")
    return folder


def test_captions_come_from_texts_and_metadata_and_what_has_none_is_named(mixed: Path) -> None:
    found = read_captions(mixed)
    assert [(file.relative_to(mixed).as_posix(), text) for file, text in found.pictures] == [
        ("a.png", "a lake and sky"),
        ("b/b.jpg", "a house by a lake"),
        ("c.webp", "sky"),
        ("cut.png", "a lake"),
        ("no.jpg", "a lake"),
    ]
    reasons = dict(found.skipped)
    assert reasons.keys() == {
        "metadata.jsonl:3",
        "metadata.jsonl:4",
        "blank.png",
        "mute.png",
        "strange.png",
        "gone.png",
    }
    assert reasons["mute.png"] == "it has no caption" and "strange.txt cannot be read" in reasons["strange.png"]


def test_a_text_goes_before_the_metadata(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "mine")
    (tmp_path / "metadata.jsonl").write_text(json.dumps({"file_name": "a.png", "text": "theirs"}))
    assert [text for _, text in read_captions(tmp_path).pictures] == ["mine"]


def test_unreadable_pictures_are_named_skipped_and_counted(
    mixed: Path, tmp_path: Path, tiny_sd_folder: Path, accelerator: Accelerator, capsys
) -> None:
    source = folder_batches(inspect(tiny_sd_folder), mixed, tmp_path, size=(64, 64), accelerator=accelerator)
    said = capsys.readouterr().out
    assert "skipped no.jpg:" in said and "skipped cut.png:" in said and "skipped mute.png: it has no caption" in said
    assert "3 captioned pictures, 8 skipped" in said
    assert source.encoded["latents"].shape == (6, 4, 8, 8)


def test_a_folder_with_nothing_usable_is_refused_with_a_hint(
    tmp_path: Path, tiny_sd_folder: Path, accelerator: Accelerator
) -> None:
    (tmp_path / "no.jpg").write_bytes(b"no picture")
    (tmp_path / "no.txt").write_text("a lake")
    with pytest.raises(BadRequest, match="no usable picture") as caught:
        folder_batches(inspect(tiny_sd_folder), tmp_path, tmp_path, size=(64, 64), accelerator=accelerator)
    assert ".webp" in caught.value.hint and "metadata.jsonl" in caught.value.hint


def test_a_cut_keeps_the_shape_of_things_and_the_first_is_at_the_centre() -> None:
    rgb = np.zeros((40, 100, 3), np.uint8)
    rgb[:, 30:70, 0] = 255
    assert (cut(rgb, (40, 40), None) == rgb[:, 30:70]).all()
    assert cut(rgb, (80, 40), None).shape == (40, 80, 3)
    random = cut(rgb, (16, 16), np.random.default_rng(0))
    assert random.shape == (16, 16, 3) and (random == cut(rgb, (16, 16), np.random.default_rng(0))).all()


def family(folder: Path):
    steps = load(inspect(folder), torch.device("cpu"))
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def test_the_denoiser_is_told_what_the_program_would_tell_it(
    tmp_path: Path, conditioned_folder: Path, accelerator: Accelerator
) -> None:
    folder, captions = tmp_path / "pictures", ["a lake", "a house and a lake and sky"]
    for number, caption in enumerate(captions):
        put(folder, f"{number}.png", caption, size=(64, 64), seed=number)
    facts = inspect(conditioned_folder)
    source = folder_batches(facts, folder, tmp_path, size=(64, 64), accelerator=accelerator)
    batch_data = source(np.random.default_rng(0), 40)
    model = family(conditioned_folder)
    contexts = [model.encode(caption, "").rows[1] for caption in [*captions, ""]]
    lengths = [model.encode(caption, "").present for caption in [*captions, ""]]
    untold = 0
    for row, token_bias, clean in zip(batch_data.context, batch_data.token_bias, batch_data.clean, strict=True):
        present = int((token_bias == 0).sum())
        assert (token_bias[present:] == ABSENT).all() and (row[present:] == 0).all()
        which = next(
            index
            for index, (context, length) in enumerate(zip(contexts, lengths, strict=True))
            if length == present and torch.allclose(row[:present], context[:length], atol=1e-2)
        )
        untold += which == 2
        views = source.encoded["latents"].float()
        picture = next(number for number, view in enumerate(views) if torch.equal(view, clean)) // 2
        assert which in (picture, 2)
    assert 0 < untold < 15
    rgb = torch.from_numpy(np.array(Image.open(folder / "0.png"))).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        wanted = model.vae.encode(rgb).latents[0] * model.vae.config.scaling_factor
    torch.testing.assert_close(source.encoded["latents"][0].float(), wanted, atol=1e-2, rtol=1e-2)


def test_a_batch_depends_on_its_seed_alone(tmp_path: Path, tiny_sd_folder: Path, accelerator: Accelerator) -> None:
    put(tmp_path, "a.png", "a lake")
    put(tmp_path, "b.png", "sky", seed=1)
    source = folder_batches(inspect(tiny_sd_folder), tmp_path, tmp_path, size=(64, 64), accelerator=accelerator)
    source(np.random.default_rng(9), 3)
    first, second, other = (source(np.random.default_rng(seed), 8) for seed in (1, 1, 2))
    assert torch.equal(first.clean, second.clean) and torch.equal(first.context, second.context)
    assert not torch.equal(first.clean, other.clean)


def test_pictures_are_encoded_once_and_again_when_something_changed(
    tmp_path: Path, tiny_sd_folder: Path, accelerator: Accelerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = captioned_dataset._encoded, []
    monkeypatch.setattr(captioned_dataset, "_encoded", lambda *rest: calls.append(rest) or real(*rest))

    def source(side: int = 64) -> FolderBatches:
        return folder_batches(inspect(tiny_sd_folder), tmp_path, tmp_path, size=(side, side), accelerator=accelerator)

    put(tmp_path, "a.png", "a lake")
    first, again = source(), source()
    assert len(calls) == 1 and torch.equal(first.encoded["latents"], again.encoded["latents"])
    (tmp_path / "a.txt").write_text("sky")
    assert source().settings != first.settings and len(calls) == 2
    source(72)
    assert len(calls) == 3
    (tmp_path / "experts" / "captioned.pt").write_bytes(b"damaged")
    assert source(72).encoded["latents"].shape[-1] == 9 and len(calls) == 4
