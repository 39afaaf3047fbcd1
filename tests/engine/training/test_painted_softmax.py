"""Painted attention in training: its own way back is autograd's, and others keep their shares."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.training.painted_softmax import PaintedSoftmax


def plainly(scores: Tensor, bias: Tensor, others: slice) -> Tensor:
    """The same as one reads it, for autograd."""
    plain = scores.softmax(-1)
    text = torch.ones(scores.shape[-1], dtype=torch.bool)
    text[others] = False
    painted = (scores + bias).masked_fill(~text, -torch.inf).softmax(-1) * (plain * text).sum(-1, keepdim=True)
    return torch.where(text, painted, plain)


@pytest.mark.parametrize("others", [slice(3, 6), slice(0, 4), slice(9, 12)], ids=["amid", "first", "none"])
def test_the_way_back_is_that_of_autograd(others: slice) -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(2, 3, 4, 9, generator=generator).requires_grad_()
    bias, wanted = 3 * torch.rand(2, 1, 4, 9, generator=generator), torch.randn(2, 3, 4, 9, generator=generator)
    shares, truth = PaintedSoftmax.apply(scores, bias, others), plainly(scores, bias, others)
    assert torch.allclose(shares, truth, atol=1e-6) and torch.allclose(shares.sum(-1), torch.ones(2, 3, 4), atol=1e-5)
    (mine,) = torch.autograd.grad(shares, scores, wanted)
    (theirs,) = torch.autograd.grad(truth, scores, wanted)
    assert torch.allclose(mine, theirs, atol=1e-6) and mine.abs().max() > 0.1


def test_paint_moves_text_and_leaves_the_others_where_they_were() -> None:
    scores = torch.randn(1, 1, 5, 8, generator=torch.Generator().manual_seed(1))
    bias = torch.zeros(1, 1, 5, 8)
    bias[..., 2, 7] = 5
    shares, plain = PaintedSoftmax.apply(scores, bias, slice(4, 6)), scores.softmax(-1)
    assert torch.allclose(shares[..., 4:6], plain[..., 4:6]) and shares[0, 0, 2, 7] > plain[0, 0, 2, 7] + 0.1
    assert torch.allclose(shares[0, 0, [0, 1, 3, 4]], plain[0, 0, [0, 1, 3, 4]], atol=1e-6)
