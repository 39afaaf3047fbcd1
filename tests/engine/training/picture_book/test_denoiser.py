"""The denoiser: shards, batches, and a few steps of its training on tiny data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline, UNet2DConditionModel
from safetensors.torch import load_file
from scipy.ndimage import center_of_mass

from engine import GenerateRequest, ImageReady, PaintedWord, generate
from engine.facts import DELTAS, STYLES
from engine.models.families import inspect
from engine.models.library import Library
from engine.training.conditions import new_image_encoder
from engine.training.painted_attention import at_levels
from engine.training.picture_book import denoiser, export
from engine.training.picture_book.autoencoder import CHANNELS, new_autoencoder
from engine.training.picture_book.brush import _resized, painted
from engine.training.picture_book.captions import Mention
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.curriculum import first_nouns
from engine.training.picture_book.denoiser import (
    Trainer,
    new_conditions,
    new_unet,
    shifted,
    train,
    weighted_errors,
)
from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.examples import Examples
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.patches import embed_patches_by_product
from engine.training.picture_book.samples import sample
from engine.training.picture_book.shards import Example, ShardStore, cell_areas, compose_shard, encode_shard
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.styles import style_of
from tests.engine.training.picture_book.narrow import narrow_unet

CPU = torch.device("cpu")


def test_a_store_gives_scenes_areas_and_references_in_one_style(made: Path) -> None:
    store = ShardStore(made / "shards")
    assert len(store) == 16 and store.seed(9) == 9
    example = store[9]
    assert example.latents.shape == (CHANNELS, 32, 32)
    assert example.areas.shape == (len(example.parts), 32, 32)
    assert 0.9 < example.areas.sum(0).mean() <= 1.01
    assert store.reference(9, np.random.default_rng(0)).shape == (128, 128, 3)


def test_a_store_counts_encoded_shards_alone_and_one_without_any_is_refused(
    made: Path, sprites: SpriteStore, tmp_path: Path
) -> None:
    compose_shard(tmp_path / "00000", 0, Composer(sprites), scenes=4)
    with pytest.raises(StoreError, match="no shards"):
        ShardStore(tmp_path)
    encode_shard(tmp_path / "00000", new_autoencoder().eval(), CPU)
    assert len(ShardStore(tmp_path)) == 4


def test_windows_lie_at_things_and_mention_what_is_in_them(made: Path) -> None:
    store = ShardStore(made / "shards")
    examples = Examples(store, new_conditions(), np.random.default_rng(3), 16)
    seen = 0
    for index in range(len(store)):
        whole = store[index]
        shown, window = examples.windowed(whole)
        assert whole.latents[:, *window].shape == (CHANNELS, 16, 16)
        for number, part in enumerate(shown.parts):
            same = [k for k, area in enumerate(whole.areas) if np.array_equal(area, shown.areas[number])]
            assert [whole.parts[k] for k in same] == [part] and (whole.squares[same] == shown.squares[number]).all()
            assert shown.areas[number][window].sum() >= 1.5
        seen += any(part.group >= 0 for part in shown.parts)
    assert seen >= 0.6 * sum(any(part.group >= 0 for part in store[index].parts) for index in range(len(store)))


def test_small_windows_hold_small_things_whole() -> None:
    areas = np.zeros((3, 32, 32), np.float32)
    areas[1, 4:26, 3:25], areas[2, 20:25, 10:17] = 1, 1
    areas[0] = 1 - areas[1:].sum(0)
    parts = [Mention(name=name, colour="", group=group) for name, group in (("grass", -1), ("cat", 0), ("sun", 1))]
    latents = areas.repeat(12, 0)[:CHANNELS].astype(np.float16)
    squares = np.zeros((3, 3), np.int16)
    scene = Example(latents=latents, parts=parts, areas=areas, extents=areas, squares=squares)
    examples = Examples([], new_conditions(), np.random.default_rng(3), 8)  # type: ignore[arg-type]
    windows = [examples.windowed(scene)[1] for _ in range(60)]
    whole = [float(areas[-1][window].sum()) == 35 for window in windows]
    assert np.mean(whole) > 0.85


def test_few_nouns_are_learnt_in_the_default_style_and_every_window_has_one(made: Path) -> None:
    store = ShardStore(made / "shards")
    every = Examples(store, new_conditions(), np.random.default_rng(0), 16, set(nouns()))
    name = next(part.name for part in store[every.scenes[0]].parts if part.group >= 0)
    few = Examples(store, new_conditions(), np.random.default_rng(0), 16, {name})
    assert 0 < len(few.scenes) <= len(every.scenes) < len(store)
    for index in few.scenes:
        assert not style_of(store.seed(index)).shows
        shown, _ = few.windowed(store[index])
        assert any(part.name == name for part in shown.parts)
    with pytest.raises(StoreError, match="more shards"):
        Examples(store, new_conditions(), np.random.default_rng(0), 16, {"no such thing"})


def test_the_first_nouns_are_the_first_of_more() -> None:
    assert first_nouns(20) < first_nouns(110) < first_nouns(9999) == set(nouns())
    assert len(first_nouns(110)) == 110 and "fire engine" in first_nouns(20) and not first_nouns(0)


def test_patches_embedded_by_a_product_are_the_same_and_learn() -> None:
    encoder = new_image_encoder().eval()
    pictures = torch.randn(2, 3, 128, 128, generator=torch.Generator().manual_seed(0))
    before = encoder(pixel_values=pictures).last_hidden_state
    names = list(encoder.state_dict())
    embed_patches_by_product(encoder)
    after = encoder(pixel_values=pictures).last_hidden_state
    assert torch.allclose(before, after, atol=1e-4) and list(encoder.state_dict()) == names
    after.sum().backward()
    assert all(weight.grad is not None for name, weight in encoder.named_parameters() if "patch" in name)


def test_batches_paint_words_where_they_are(made: Path) -> None:
    batch = Examples(ShardStore(made / "shards"), new_conditions(), np.random.default_rng(0), 16)(24)
    assert batch.latents.shape == (24, CHANNELS, 16, 16)
    assert batch.truth.shape == batch.paint.shape
    assert float(batch.truth.max()) <= 1.01
    assert not bool((batch.paint.sum((1, 2)) > 0)[batch.weight == 0].any())
    empty = [row for row, prompt in enumerate(batch.inputs.prompts) if not prompt]
    assert float(batch.truth[empty].sum()) == 0
    told = batch.truth.sum((1, 2)) > 0
    assert int(told.sum()) >= 24 - len(empty) - 1


def test_cells_and_levels_keep_the_mean() -> None:
    area = np.zeros((512, 512), bool)
    area[:100, :200] = True
    cells = cell_areas([area], 32)
    assert cells.shape == (1, 32, 32) and cells.mean() == pytest.approx(area.mean(), abs=1e-6)
    assert cell_areas([], 32).shape == (0, 32, 32)
    levels = at_levels(torch.from_numpy(cells.reshape(1, -1, 1)))
    assert list(levels) == [1024, 256, 64]
    assert all(float(level.mean()) == pytest.approx(float(cells.mean()), abs=1e-5) for level in levels.values())


def test_paint_by_hand_covers_the_thing() -> None:
    area = np.zeros((32, 32), np.float32)
    area[10:14, 20:23] = 1
    for seed in range(30):
        made_by_hand = painted(area, np.random.default_rng(seed))
        assert made_by_hand.shape == area.shape and made_by_hand.min() >= 0 and made_by_hand.max() <= 1
        assert made_by_hand[10:14, 20:23].mean() > 0.4
        assert made_by_hand.mean() < 0.1


def test_paint_by_hand_is_at_times_smaller_or_larger_about_the_same_place() -> None:
    area = np.zeros((32, 32), np.float32)
    area[8:18, 12:22] = 1
    sums = []
    for scale in (0.8, 1.0, 1.25):
        resized = _resized(area, scale)
        sums.append(resized.sum() / area.sum())
        assert center_of_mass(resized) == pytest.approx(center_of_mass(area), abs=0.01)
    assert sums == pytest.approx([0.64, 1.0, 1.56], abs=0.1)


def test_the_denoiser_is_small_enough_to_ship() -> None:
    assert sum(weight.numel() for weight in new_unet().parameters()) < 17.5e6


def test_a_step_has_finite_losses_and_reaches_every_part(made: Path) -> None:
    trainer = Trainer(CPU)
    batch = Examples(ShardStore(made / "shards"), trainer.conditions, np.random.default_rng(1), 16)(6)
    losses = trainer.losses(batch, torch.Generator().manual_seed(0))
    assert losses["errors"].shape == (6,) and batch.things.shape == (6, 16, 16)
    assert 0 < float(batch.things.mean()) < 1
    assert all(bool(torch.isfinite(loss).all()) for loss in losses.values())
    (losses["errors"].mean() + losses["grounded"] + losses["styles"]).backward()
    for part in (trainer.unet, trainer.conditions.text, trainer.conditions.t5, trainer.conditions.image):
        assert any(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in part.parameters())


def test_times_are_moved_towards_noise_and_keep_their_order() -> None:
    times = torch.linspace(0, 1, 101)
    moved = shifted(times, 2.5)
    assert float(moved[0]) == 0 and float(moved[-1]) == 1 and bool((moved.diff() > 0).all())
    assert float(moved[50]) == pytest.approx(0.714, abs=0.001)


def test_errors_of_things_and_of_painted_noise_count_more() -> None:
    wanted, nothing, everything = torch.zeros(2, 4, 8, 8), torch.zeros(2, 8, 8), torch.ones(2, 8, 8)
    half = nothing.clone()
    half[:, :, :4] = 1
    made = wanted.clone()
    made[..., :4] = 1

    def of(snr: float, things: torch.Tensor = nothing, *, painted: bool = False, errors: torch.Tensor = made) -> float:
        alpha = torch.full((2,), snr / (1 + snr))
        return float(weighted_errors(errors, wanted, alpha, things=things, painted=torch.tensor([painted] * 2))[0])

    assert of(2.0) == pytest.approx(0.5 * 2 / 3) == pytest.approx(of(2.0, everything))
    assert of(2.0, half) == pytest.approx(0.8 * 2 / 3) and of(2.0, half, errors=made.flip(3)) < of(2.0)
    assert of(0.01) == pytest.approx(0.5 * 0.3 / 1.01) and of(0.01, painted=True) == pytest.approx(0.5 / 1.01)
    assert of(2.0, painted=True) == of(2.0) and of(50.0) == pytest.approx(0.5 * 5 / 51)


@pytest.mark.usefixtures("a_second_a_step")
def test_training_goes_on_and_begins_a_larger_side_with_what_was_learnt(
    made: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denoiser, "new_unet", narrow_unet)
    monkeypatch.setitem(sample.__wrapped__.__kwdefaults__, "steps", 2)  # of its sheets
    common = {"vae": made / "vae", "data": data, "device": CPU, "batch": 2, "shown": 1}
    begin, done = tmp_path / "16" / "denoiser-16.pt", []
    for seconds, resume in ((0.2, False), (1.5, True)):
        train(made / "shards", out=tmp_path / "16", side=16, minutes=seconds / 60, resume=resume, **common)
        done.append(torch.load(begin, weights_only=True)["step"])
    assert 0 < done[0] < done[1]
    assert (tmp_path / "16" / "model" / "unet" / "config.json").exists()
    assert len(list((tmp_path / "16" / "sheets").glob("*.png"))) == 2
    _try_out(tmp_path / "16" / "model", made, tmp_path / "book")
    larger = train(made / "shards", out=tmp_path / "32", side=32, minutes=0.0, resume=False, begin=begin, **common)
    learnt = torch.load(begin, weights_only=True)["parts"]["ema"]
    first = next(iter(larger.model.parameters()))
    assert torch.equal(first.detach(), learnt["values.0"])
    model = tmp_path / "16" / "model"
    again = train(made / "shards", out=tmp_path / "again", side=16, minutes=0.0, resume=False, begin=model, **common)
    kept = UNet2DConditionModel.from_pretrained(model / "unet", use_safetensors=True)
    assert all(map(torch.equal, again.unet.parameters(), kept.parameters()))


def test_references_are_learnt_by_a_lora_beside_finished_weights(
    made: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denoiser, "new_unet", narrow_unet)
    monkeypatch.setitem(sample.__wrapped__.__kwdefaults__, "steps", 2)
    common = {"vae": made / "vae", "data": data, "device": CPU, "batch": 2, "shown": 1, "side": 16, "resume": False}
    before = train(made / "shards", out=tmp_path / "before", minutes=0.0, **common)
    model = tmp_path / "before" / "model"
    train(
        made / "shards", out=tmp_path / "after", minutes=1.5 / 60, begin=model, references=True, styled=0.5, **common
    )  # fmt: skip
    after = tmp_path / "after" / "model"
    kept = UNet2DConditionModel.from_pretrained(after / "unet", use_safetensors=True)
    assert all(map(torch.equal, before.unet.parameters(), kept.parameters()))
    lora = load_file(after / STYLES / DELTAS)
    assert lora and all(".attn2." in name for name in lora)
    assert any(value.abs().max() > 0 for name, value in lora.items() if "lora_B" in name)
    encoders = [load_file(folder / "image_encoder" / "model.safetensors") for folder in (model, after)]
    assert not all(torch.equal(value, encoders[1][name]) for name, value in encoders[0].items())
    _try_out(after, made, tmp_path / "book")
    assert (tmp_path / "book" / STYLES / DELTAS).is_file()


def test_references_begin_from_finished_weights(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folders = [part for name in ("data", "vae", "latents", "out") for part in (f"--{name}", str(tmp_path))]
    with pytest.raises(SystemExit):
        denoiser.main([*folders, "--references", "--begin", str(tmp_path / "denoiser-32.pt")])
    assert "model/" in capsys.readouterr().err


def test_two_processes_train_one_model_and_stop_together(made: Path, data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.engine.training.picture_book.two_ranks", made, data, tmp_path]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    sums = [(tmp_path / f"rank-{rank}.txt").read_text() for rank in range(2)]
    assert sums[0] == sums[1]
    assert torch.load(tmp_path / "denoiser-16.pt", weights_only=True)["step"] == 6
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 1


def _try_out(model: Path, made: Path, book: Path) -> None:
    """What there is of the model, written as one that the program and stock diffusers paint with."""
    arguments = ["--model", model, "--vae", made / "vae", "--latents", made / "shards", "--out", book]
    assert export.main([str(each) for each in arguments]) == 0
    facts = inspect(book)
    assert (facts.name, facts.defaults.size, facts.encoders) == ("book", (512, 512), ("clip", "t5"))
    assert facts.takes_styles and {"cat", "sailing boat"} <= set(facts.names) and "kitten" in facts.words
    request = GenerateRequest.of(
        id="1", prompt="a cat", width=64, height=64, steps=2, model=str(book), device="cpu",
        words=(PaintedWord(span=(2, 5), mask=np.full((64, 64), 255, np.uint8)),),
    )  # fmt: skip
    *_, ready, finished = generate(request, library=Library())
    assert isinstance(ready, ImageReady) and ready.rgb.shape == (64, 64, 3), finished
    pipeline = StableDiffusionPipeline.from_pretrained(book, use_safetensors=True)
    trained = UNet2DConditionModel.from_pretrained(model / "unet", use_safetensors=True)
    for stored, weight in zip(pipeline.unet.parameters(), trained.parameters(), strict=True):
        assert stored.dtype == torch.float32, "8 and 16 bits are for the file alone"
        assert torch.allclose(stored, weight, rtol=0.07, atol=0.002)
    assert pipeline("a cat", num_inference_steps=1, height=64, width=64, output_type="np").images.shape[1:] == (
        64,
        64,
        3,
    )
