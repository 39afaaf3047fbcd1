"""The optimizer of Muon and AdamW: it trains matrices in place, and resumes."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from engine.training.muon import MuonAdamW


def _model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(24, 5))


def _steps(model: nn.Module, optimizer: MuonAdamW, count: int) -> list[float]:
    pictures = torch.randn(16, 4, 4, 4, generator=torch.Generator().manual_seed(1))
    losses = []
    for _ in range(count):
        loss = (model(pictures) - pictures.flatten(1)[:, :5]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_kernels_and_matrices_are_trained_whatever_their_layout(layout: torch.memory_format) -> None:
    model = _model().to(memory_format=layout)
    before = [weight.detach().clone() for weight in model.parameters()]
    losses = _steps(model, MuonAdamW(model.named_parameters(), hidden=lambda name: True, rate=1e-2), 60)
    assert losses[-1] < 0.3 * losses[0]
    assert all(not torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_a_step_changes_a_hidden_matrix_as_much_in_all_directions_and_by_the_rate() -> None:
    model = _model()
    optimizer = MuonAdamW(model.named_parameters(), hidden=lambda name: name.startswith("2."), rate=1e-3)
    before = model[2].weight.detach().clone()
    _steps(model, optimizer, 1)
    change = model[2].weight.detach() - before
    strengths = torch.linalg.svdvals(change)
    assert strengths.max() < 2.5 * strengths.min()
    assert float(change.square().mean().sqrt()) == pytest.approx(0.2e-3, rel=0.4)
    assert len(optimizer.muon.param_groups[0]["params"]) == 1


def test_a_saved_state_goes_on_as_if_never_stopped() -> None:
    model = _model()
    optimizer = MuonAdamW(model.named_parameters(), hidden=lambda name: True, rate=1e-2)
    _steps(model, optimizer, 5)
    other = _model()
    other.load_state_dict(model.state_dict())
    resumed = MuonAdamW(other.named_parameters(), hidden=lambda name: True, rate=1e-2)
    resumed.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert _steps(other, resumed, 5) == pytest.approx(_steps(model, optimizer, 5), rel=1e-4)
