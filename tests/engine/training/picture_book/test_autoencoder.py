"""The autoencoder: its shape, how it begins with a smaller one, and that its training goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderTiny

from engine.training.picture_book.autoencoder import (
    CHANNELS,
    FACTOR,
    nested,
    new_autoencoder,
    picture_loss,
    rate_at,
    spread_loss,
    train,
)
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.crops import Crops
from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.fidelity import fidelity
from engine.training.picture_book.folders import put_in_place
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.warm import grow_from


def test_pictures_come_back_in_their_size_from_latents_of_a_sixteenth() -> None:
    model, pictures = new_autoencoder(), torch.zeros(1, 3, 64, 96)
    latents = model.encode(pictures).latents
    assert latents.shape == (1, CHANNELS, 64 // FACTOR, 96 // FACTOR)
    assert model.decode(latents).sample.shape == pictures.shape


def test_it_begins_as_the_smaller_one_that_it_is_grown_from() -> None:
    small = AutoencoderTiny(
        encoder_block_out_channels=(16,) * 5,
        decoder_block_out_channels=(16,) * 5,
        num_encoder_blocks=(0, 1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1, 0),
        latent_channels=4,
    )
    large = new_autoencoder()
    assert grow_from(large, small) > 10
    pictures = torch.rand(1, 3, 64, 64) * 2 - 1
    with torch.inference_mode():
        ours, theirs = large.encode(pictures).latents, small.encode(pictures).latents
        torch.testing.assert_close(ours[:, :4], theirs, atol=1e-4, rtol=1e-4)
        padded = torch.zeros_like(ours)
        padded[:, :4] = theirs
        # Channels that the smaller one does not have say nothing yet.
        torch.testing.assert_close(large.decode(padded).sample, small.decode(theirs).sample, atol=1e-3, rtol=1e-3)


def test_nested_latents_keep_their_first_channels() -> None:
    generator = torch.Generator().manual_seed(0)
    kept = (nested(torch.ones(400, CHANNELS, 1, 1), generator).sum(1) / CHANNELS).flatten()
    assert set(kept.tolist()) == {0.25, 0.5, 0.75, 1.0}
    assert 0.6 < float((kept == 1).float().mean()) < 0.9


def test_the_losses_are_least_where_they_should_be() -> None:
    picture = torch.rand(2, 3, 32, 32)
    assert float(picture_loss(picture, picture)) == 0
    assert float(picture_loss(picture.roll(1, 3), picture)) > 0
    generator = torch.Generator().manual_seed(1)
    assert float(spread_loss(torch.randn(8, 4, 32, 32, generator=generator))) < 0.01
    assert float(spread_loss(2 + torch.zeros(8, 4, 8, 8))) > 1


def test_the_rate_is_constant_then_falls() -> None:
    assert rate_at(0.1, 1.0) == rate_at(0.69, 1.0) == 1.0
    assert 0.4 < rate_at(0.85, 1.0) < 0.6
    assert rate_at(1.0, 1.0) == pytest.approx(0.02)


def test_fidelity_of_a_perfect_and_of_a_blurred_picture() -> None:
    real = torch.rand(2, 3, 64, 64) * 2 - 1
    assert fidelity(real, real).edges == 1
    blurred = torch.nn.functional.avg_pool2d(real, 3, 1, 1)
    found = fidelity(blurred, real)
    assert found.edges < 0.3 and found.worst <= found.psnr < 20


def test_cut_outs_come_from_scenes_that_are_renewed(sprites: SpriteStore) -> None:
    crops = Crops(Composer(sprites), first=0, renew=0.5)
    batch = crops(4, 64)
    assert batch.shape == (4, 3, 64, 64)
    assert float(batch.min()) >= -1 and float(batch.max()) <= 1
    before = crops.next
    crops(4, 64)
    crops(4, 64)
    assert crops.next == before + 1


def test_a_folder_is_whole_or_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "vae"
    put_in_place(folder, lambda new: (new.mkdir(), (new / "a").write_text("1")))

    def fails(new: Path) -> None:
        new.mkdir()
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        put_in_place(folder, fails)
    assert (folder / "a").read_text() == "1"


@pytest.mark.usefixtures("a_second_a_step")
def test_training_logs_draws_writes_and_goes_on(data: Path, tmp_path: Path) -> None:
    for steps, resume in ((1, False), (3, True)):
        train(data, tmp_path, minutes=steps / 60, device=torch.device("cpu"), resume=resume, batch=1, side=64, judged=1)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    judged = [row["step"] for row in rows if "unseen_psnr" in row]
    assert judged == [1, 3]
    assert len(list((tmp_path / "sheets").iterdir())) == 2
    assert AutoencoderTiny.from_pretrained(tmp_path / "vae", use_safetensors=True).config.latent_channels == CHANNELS


def test_without_data_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"picture_book\.packs"):
        train(tmp_path, tmp_path / "out", minutes=0, device=torch.device("cpu"), resume=False)
