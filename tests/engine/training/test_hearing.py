"""References are heard: the loss that asks for a share of the attention, and what is trained by itself for it."""

from __future__ import annotations

import pytest
import torch

from engine.training.conditions import MAX_LENGTH, STYLE_TOKENS
from engine.training.painted_attention import HEARD, hearing_loss
from engine.training.picture_book.denoiser import Trainer, hears_references

TOKENS = MAX_LENGTH + STYLE_TOKENS + 5


def attention(share: float, rows: int = 2, cells: int = 16) -> torch.Tensor:
    """Maps `[rows, cells, TOKENS]` in which the reference has a share, and the other tokens have the rest."""
    maps = torch.full((rows, cells, TOKENS), (1 - share) / (TOKENS - STYLE_TOKENS))
    maps[..., MAX_LENGTH : MAX_LENGTH + STYLE_TOKENS] = share / STYLE_TOKENS
    return maps


@pytest.mark.parametrize(("share", "loss"), [(0.0, HEARD**2), (HEARD / 2, HEARD**2 / 4), (HEARD, 0.0), (0.5, 0.0)])
def test_what_a_references_share_lacks_counts(share, loss):
    styled = torch.tensor([True, True])
    assert float(hearing_loss([attention(share), attention(share, cells=64)], styled)) == pytest.approx(loss, abs=1e-6)


def test_rows_without_a_reference_do_not_count():
    maps = torch.cat([attention(0.0, rows=1), attention(0.4, rows=1)])
    assert float(hearing_loss([maps], torch.tensor([False, True]))) == 0
    assert float(hearing_loss([maps], torch.tensor([True, False]))) == pytest.approx(HEARD**2)
    assert float(hearing_loss([maps], torch.tensor([False, False]))) == 0


def test_only_a_lora_and_the_image_encoder_hear_references():
    named = dict(Trainer(torch.device("cpu"), references=True).model.named_parameters())
    heard = {name for name in named if hears_references(name)}
    assert {name.split(".")[0] for name in heard} == {"conditions", "styles", "ears"}
    assert all(name.startswith("conditions.image.") for name in heard if name.startswith("conditions."))
    assert sum(named[name].numel() for name in heard) < 0.1 * sum(weight.numel() for weight in named.values())
    without = Trainer(torch.device("cpu")).model.named_parameters()
    assert not any(name.startswith("ears.") for name, _ in without)
