"""Paint on transformers where no family of the harness goes: text by itself across, and filling amid a prompt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention, AttnProcessor2_0
from torch import Tensor, nn

from engine.attention import joint_parts
from engine.attention.heatmaps import HeatmapRecorder, as_painted, words_matrix
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from engine.errors import InternalError, UnsupportedModel

GRID, WIDTH, TOKENS = (4, 6), 32, 10
PROMPT = (0, 1, 2, 6, 7)
"""Positions of the prompt; 3 to 5 is filling amid it, and 8 and 9 at its end."""


class Across(nn.Module):
    """One layer as PixArt's: cells ask, and the text alone answers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(2)
        self.attn = Attention(
            query_dim=WIDTH, cross_attention_dim=WIDTH, heads=2, dim_head=16, processor=AttnProcessor2_0()
        )
        with torch.no_grad():
            for layer in (self.attn.to_q, self.attn.to_k):
                layer.weight.mul_(4.0)

    def forward(self, cells: Tensor, text: Tensor, mask: Tensor | None) -> Tensor:
        return self.attn(cells, encoder_hidden_states=text, attention_mask=mask)


def inputs(rows: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    """Cells, text and the model's own mask, added to scores: it hides the filling."""
    torch.manual_seed(3)
    mask = torch.full((rows, 1, TOKENS), -10000.0)
    mask[:, :, list(PROMPT)] = 0.0
    return torch.randn(rows, GRID[0] * GRID[1], WIDTH), torch.randn(rows, TOKENS, WIDTH), mask


def by_hand(layer: Attention, cells: Tensor, text: Tensor, mask: Tensor | None, added: Callable[[Tensor], Tensor]):
    """The layer in float64, with `added(scores)` beside the scores `[rows, heads, N, T]`."""
    q, k, v = (
        project(states).double().unflatten(-1, (2, 16)).transpose(1, 2)
        for project, states in ((layer.to_q, cells), (layer.to_k, text), (layer.to_v, text))
    )
    scores = q @ k.transpose(-1, -2) / 4.0
    scores = scores + added(scores)
    if mask is not None:
        scores = scores + mask[:, None].double()
    read = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
    return read @ layer.to_out[0].weight.double().T + layer.to_out[0].bias.double()


@pytest.fixture
def painted() -> tuple[Across, TransformerControl]:
    network = Across().eval().requires_grad_(False)
    return network, TransformerControl(network, (r"attn",))


@pytest.mark.parametrize("seen", [PROMPT, (0, 1, 2), None], ids=["filling amid it", "one piece", "all"])
@pytest.mark.parametrize("masked", [True, False])
def test_cross_attention_takes_the_bias_on_the_prompts_own_tokens(painted, seen, masked):
    network, control = painted
    cells, text, mask = inputs()
    text[:, 4] *= 10.0  # filling whose scores are the largest of all
    paint = torch.zeros(GRID[0] * GRID[1], TOKENS)
    paint[:12, 1], paint[12:, 6 if seen == PROMPT else 2] = 1.0, 0.5
    layout = TokenLayout.across(TOKENS, GRID)
    control.begin(
        layout=layout, rows=slice(0, 1), device=torch.device("cpu"), paint=paint, paint_weight=0.7, law="ediffi",
        seen=seen,
    )  # fmt: skip
    control.set_step(sigma=1.5)
    own = list(range(TOKENS) if seen is None else seen)
    gain = 0.7 * torch.log1p(torch.tensor(1.5, dtype=torch.float64))

    def bias(scores: Tensor) -> Tensor:
        added = torch.zeros_like(scores)
        added[..., own] = gain * scores[..., own].amax(dim=(1, 2, 3), keepdim=True) * paint[:, own].double()
        return added

    model_mask = mask if masked else None
    found = network(cells, text, model_mask)
    assert (found.double() - by_hand(network.attn, cells, text, model_mask, bias)).abs().max() < 5e-5
    control.end()
    stock = by_hand(network.attn, cells, text, model_mask, torch.zeros_like)
    plain = network(cells, text, model_mask)
    assert (plain.double() - stock).abs().max() < 5e-5
    assert (plain - found).abs().max() > 1e-2


def test_only_the_conditional_rows_are_painted(painted):
    network, control = painted
    cells, text, mask = inputs(3)
    plain = network(cells, text, mask)
    paint = torch.zeros(GRID[0] * GRID[1], TOKENS)
    paint[:12, 1] = 1.0
    control.begin(
        layout=TokenLayout.across(TOKENS, GRID), rows=slice(1, 2), device=torch.device("cpu"), paint=paint,
        paint_weight=1.0, seen=PROMPT,
    )  # fmt: skip
    control.set_step(sigma=1.5)
    found = network(cells, text, mask)
    assert torch.allclose(found[[0, 2]], plain[[0, 2]], atol=1e-6)
    assert (found[1] - plain[1]).abs().max() > 1e-2


@pytest.mark.parametrize("pushed", [False, True], ids=["unpushed", "as painted"])
def test_fused_layers_record_what_the_words_draw(painted, monkeypatch, pushed):
    """As on a GPU: the words' attention is a fused one whose values are the words, as much as by hand."""
    _, control = painted
    torch.manual_seed(4)
    query, key, value = (torch.randn(1, TOKENS + 24, 2, 16) * 2.0 for _ in range(3))
    paint = torch.zeros(24, TOKENS)
    paint[:12, 1], paint[6:, 7] = 1.0, -0.5
    found = {}
    for fused in (False, True):
        monkeypatch.setattr(joint_parts, "prefers_mask", lambda device, fused=fused: fused)
        with as_painted() if pushed else nullcontext():
            tap = HeatmapRecorder(
                [(1, 2), (7,)], [GRID], layers={0: 1}, samples=1, tokens=TOKENS, device=torch.device("cpu")
            )
        if fused:
            columns = words_matrix([(1, 2), (7,)], TOKENS)
            tap.columns, tap._sums = columns, {0: torch.zeros(1, 24, 2)}
        control.begin(
            layout=TokenLayout.text_first(TOKENS, GRID), rows=slice(0, 1), device=torch.device("cpu"), paint=paint,
            paint_weight=0.7, seen=PROMPT, tap=tap,
        )  # fmt: skip
        control.set_step(sigma=1.5)
        out = control._attend("attn", fused_stock, query, key, value)
        tap.count()
        found[fused] = (out, tap.heatmaps().whole(GRID))
    for by_hand_, by_kernel in zip(found[False], found[True], strict=True):
        assert torch.allclose(by_hand_, by_kernel, atol=1e-5)
    stock = fused_stock(query, key, value)
    assert (found[True][0] - stock)[:, TOKENS:].abs().max() > 1e-2
    assert torch.allclose(found[True][0][:, :TOKENS], stock[:, :TOKENS], atol=1e-6)


def fused_stock(query: Tensor, key: Tensor, value: Tensor, **rest: Any) -> Tensor:
    turned = (each.transpose(1, 2) for each in (query, key, value))
    return F.scaled_dot_product_attention(*turned).transpose(1, 2)


def test_what_does_not_fit_is_told(painted):
    network, control = painted
    cells, text, mask = inputs()
    layout = TokenLayout.across(TOKENS, GRID)
    with pytest.raises(InternalError):
        control.begin(layout=layout, rows=slice(0, 1), device=torch.device("cpu"), paint=torch.zeros(3, TOKENS))
    control.begin(
        layout=layout, rows=slice(0, 1), device=torch.device("cpu"), paint=torch.ones(24, TOKENS), paint_weight=1.0
    )
    control.set_step(sigma=1.0)
    with pytest.raises(InternalError):
        network(cells, text[:, :5], mask[..., :5])
    network.attn.set_processor(AttnProcessor2_0())
    with pytest.raises(InternalError):
        control.check()
    with pytest.raises(UnsupportedModel):
        TransformerControl(network, (r"nothing",))
