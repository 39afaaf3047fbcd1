"""The decoder's polish: what its critic is to learn, and that latents stay what they were."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderTiny

from engine.training.picture_book import polish
from engine.training.picture_book.autoencoder import new_autoencoder
from engine.training.picture_book.polish import Critic, critic_loss, feature_loss, train


def test_the_critic_judges_patches_by_three_stages() -> None:
    verdicts, features = Critic(8)(torch.rand(2, 3, 64, 32))
    assert verdicts.shape == (2, 1, 8, 4)
    assert [each.shape[1:] for each in features] == [(8, 32, 16), (16, 16, 8), (24, 8, 4)]


def test_the_losses_are_nothing_where_there_is_nothing_to_learn() -> None:
    sure = torch.full((4,), 1.5)
    assert float(critic_loss(sure, -sure)) == 0
    assert float(critic_loss(-sure, sure)) == pytest.approx(5.0)
    features = [torch.rand(1, 2, 4, 4), 100 * torch.rand(1, 2, 2, 2)]
    assert float(feature_loss(features, features)) == 0
    # Each stage counts alike, however large its features are.
    doubled = [2 * each for each in features]
    assert float(feature_loss(doubled, features)) == pytest.approx(1.0)


@pytest.mark.usefixtures("a_second_a_step")
def test_only_the_decoder_learns_and_it_goes_on(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polish, "_ALONE", 1)
    torch.manual_seed(0)
    before = new_autoencoder()
    before.save_pretrained(tmp_path / "vae", safe_serialization=True)
    out = tmp_path / "out"
    for steps, resume in ((1, False), (3, True)):
        made = train(
            data,
            tmp_path / "vae",
            out,
            minutes=steps / 60,
            device=torch.device("cpu"),
            resume=resume,
            batch=1,
            side=64,
            judged=1,
        )
    rows = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    assert [row["step"] for row in rows if "unseen_psnr" in row] == [1, 3]
    written = AutoencoderTiny.from_pretrained(out / "vae", use_safetensors=True)
    for model in (made, written):
        old, new = before.state_dict(), model.state_dict()
        assert all(torch.equal(old[name], new[name]) for name in old if name.startswith("encoder."))
        assert any(not torch.equal(old[name], new[name]) for name in old if name.startswith("decoder."))
