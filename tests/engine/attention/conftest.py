"""Fixtures of the tests of attention: a tiny UNet, the ways through a painted layer, and the attention that acts."""

from __future__ import annotations

import pytest
from diffusers.models.attention_processor import AttnProcessor2_0
from torch import Tensor

from engine.attention.processor import PaintAttention
from tests.engine.attention.painted_unet import take
from tests.tiny import tiny_unet


@pytest.fixture(params=["together", "apart", "mask"])
def path(request, monkeypatch) -> str:
    """The ways through a biased layer: all rows beside each other, conditional rows by themselves, and as a mask."""
    return take(request.param, monkeypatch)


@pytest.fixture(params=["together", "apart"])
def materialised(request, monkeypatch) -> str:
    """The ways on which attention can be seen."""
    return take(request.param, monkeypatch)


@pytest.fixture(scope="module")
def shared_unet():
    return tiny_unet().eval().requires_grad_(False)


@pytest.fixture
def unet(shared_unet):
    """A real UNet with stock processors, before and after."""
    yield shared_unet
    shared_unet.set_attn_processor(AttnProcessor2_0())


@pytest.fixture
def acting(monkeypatch) -> list[Tensor]:
    """The attention that acts in each layer whose scores are materialised, paint and all; painted rows come last."""
    kept: list[Tensor] = []
    gather = PaintAttention._gather
    monkeypatch.setattr(
        PaintAttention, "_gather", lambda self, shares, values: kept.append(shares) or gather(self, shares, values)
    )
    return kept
