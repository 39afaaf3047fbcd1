"""Painted attention in one kernel: the formula in float64, what is recorded, and when the other road is taken.

FlexAttention is computed step by step here, by the same functions that Triton compiles on a GPU.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention, AttnProcessor2_0
from torch import Tensor, nn

from engine.attention import joint_kernel, transformer_control
from engine.attention.heatmaps import HeatmapRecorder, as_painted, words_matrix
from engine.attention.laws import noise_gain
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from tests.eager_flex import eager_flex

GRID, TOKENS, WIDTH = (4, 5), 8, 16
CELLS, CPU = GRID[0] * GRID[1], torch.device("cpu")
WORDS = [(1, 2), (7,)]
LAYOUTS = {
    "text first": TokenLayout.text_first(TOKENS, GRID),
    "image first": TokenLayout.image_first(TOKENS, GRID, filled_to=8),
    "image apart": TokenLayout.image_apart(TOKENS, GRID),
    "across": TokenLayout.across(TOKENS, GRID),
}


@pytest.fixture
def control(monkeypatch) -> TransformerControl:
    """One that takes this machine for a device with Triton."""
    eager_flex(monkeypatch)
    monkeypatch.setattr(transformer_control, "fuses", lambda device: True)
    monkeypatch.setattr(joint_kernel, "TRIALS", joint_kernel.Trials())
    network = nn.Module()
    network.attn = Attention(query_dim=8, heads=1, dim_head=8, processor=AttnProcessor2_0())
    made = TransformerControl(network, ("attn",))
    made.kernel = "always"
    return made


def sequence(layout: TokenLayout, *, rows: int = 2, heads: int = 4, fewer: int = 2) -> list[Tensor]:
    """Queries, keys and values `[rows, length, heads, d]`, the last two of fewer heads."""
    torch.manual_seed(4)
    keys = TOKENS if layout.cross else max(layout.image[1], layout.text[1]) if not layout.apart else TOKENS + CELLS
    queries = CELLS if layout.cross or layout.apart else keys
    return [
        torch.randn(rows, length, count, WIDTH) * 1.5
        for length, count in ((queries, heads), (keys, fewer), (keys, fewer))
    ]


def paint_of(rows: int) -> Tensor:
    paint = torch.zeros(rows, CELLS, TOKENS)
    paint[:, :9, 1:3], paint[:, 4:, 7], paint[-1, :, 1] = 1.0, -0.5, 0.3
    return paint


def stock(query: Tensor, key: Tensor, value: Tensor, attn_mask: Any = None, scale: Any = None) -> Tensor:
    query, key, value = (each.transpose(1, 2) for each in (query, key, value))
    return F.scaled_dot_product_attention(
        query, key, value, attn_mask=attn_mask, scale=scale, enable_gqa=True
    ).transpose(1, 2)


def formula(inner: list[Tensor], layout: TokenLayout, law: str, seen: tuple, mask: Any, scale: float | None) -> Tensor:
    query, key, value = (each.transpose(1, 2).double() for each in inner)
    times = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(times, 1), value.repeat_interleave(times, 1)
    scores = query @ key.transpose(-1, -2) * (scale or WIDTH**-0.5)
    block = scores[:, :, slice(*layout.image), slice(*layout.text)]
    over = (2, 3) if law == "ediffi-head" else (1, 2, 3)
    number = block[..., list(seen)].amax(dim=over, keepdim=True) * noise_gain(0.7, 1.5)
    block += paint_of(len(query))[:, None].double() * number
    if mask is not None:
        mask = mask if mask.ndim == 4 else mask[:, None, None] if mask.ndim == 2 else mask[:, None]
        scores = scores.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else scores + mask
    return (scores.softmax(-1) @ value).transpose(1, 2)


def masks(name: str, layout: TokenLayout, inner: list[Tensor]) -> Tensor | None:
    """Of the model itself: the last of its tokens are filling in one row."""
    rows, queries, keys = len(inner[0]), inner[0].shape[1], inner[1].shape[1]
    if name == "none":
        return None
    shown = torch.ones(rows, keys, dtype=torch.bool)
    shown[-1, layout.text[1] - 2 : layout.text[1]] = False
    if name == "bool":
        return shown[:, None, None]
    return torch.where(shown, 0.0, -1e4)[:, None].expand(-1, queries, -1) + torch.linspace(0, 1, queries)[:, None]


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head"])
@pytest.mark.parametrize("masked", ["none", "bool", "added"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_it_is_the_formula(control, name: str, masked: str, law: str) -> None:
    layout, scale = LAYOUTS[name], None if law == "ediffi" else 0.15
    inner, seen = sequence(layout), (0, 1, 2, 7)
    mask = masks(masked, layout, inner)
    control.begin(layout=layout, rows=slice(0, 2), device=CPU, paint=paint_of(2), paint_weight=0.7, law=law, seen=seen)
    control.set_step(sigma=1.5)
    if mask is not None and mask.ndim == 3:
        mask = mask[:, None]
    found = control._attend("attn", stock, *inner, attn_mask=mask, scale=scale)
    exact = formula(inner, layout, law, seen, mask, scale)
    assert (found.double() - exact).abs().max() < 2e-5
    assert (found - stock(*inner, attn_mask=mask, scale=scale)).abs().max() > 1e-2


@pytest.mark.parametrize("pushed", [False, True], ids=["unpushed", "as painted"])
def test_it_records_what_words_draw_by_hand(control, pushed: bool) -> None:
    layout, found = LAYOUTS["text first"], {}
    inner = sequence(layout, rows=1)
    for kernel in (False, True):
        with as_painted() if pushed else nullcontext():
            tap = HeatmapRecorder(WORDS, [GRID], layers={0: 1}, samples=1, tokens=TOKENS, device=CPU)
        if kernel:
            tap.columns, tap._sums = words_matrix(WORDS, TOKENS), {0: torch.zeros(1, CELLS, len(WORDS))}
        control.kernel = "always" if kernel else "never"
        control.begin(
            layout=layout, rows=slice(0, 1), device=CPU, paint=paint_of(1), paint_weight=0.7, seen=(0, 1, 2, 7), tap=tap
        )
        control.set_step(sigma=1.5)
        out = control._attend("attn", stock, *inner)
        tap.count()
        found[kernel] = (out, tap.heatmaps().whole(GRID))
    for by_hand, by_kernel in zip(found[False], found[True], strict=True):
        assert torch.allclose(by_hand, by_kernel, atol=1e-5)


def begun(control: TransformerControl) -> list[Tensor]:
    control.kernel = "auto"
    inner = sequence(LAYOUTS["text first"], rows=1)
    control.begin(layout=LAYOUTS["text first"], rows=slice(0, 1), device=CPU, paint=paint_of(1), paint_weight=0.7)
    control.set_step(sigma=1.5)
    return inner


@pytest.mark.parametrize(("ours", "kept"), [(1.0, True), (2.0, False)], ids=["as fast", "slower"])
def test_it_is_kept_where_it_is_no_slower(control, monkeypatch, caplog, ours: float, kept: bool) -> None:
    times = iter([ours, 1.0])
    monkeypatch.setattr(joint_kernel, "_seconds", lambda call, device: next(times))
    inner, calls = begun(control), []
    gathered = joint_kernel.gathered
    monkeypatch.setattr(joint_kernel, "gathered", lambda *given: calls.append(1) or gathered(*given))
    for _ in range(3):
        control._attend("attn", stock, *inner)
    assert len(calls) == (4 if kept else 1), "tried once, and then used or not"
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.parametrize("fault", ["does not compile", "something else", "not a number"])
def test_a_kernel_that_fails_is_left_and_said_once(control, monkeypatch, caplog, fault: str) -> None:
    def wrong(query: Tensor, *rest: Any) -> Tensor:
        if fault == "does not compile":
            raise RuntimeError("no compiler was found\nand more")
        return torch.full_like(query, 3.0 if fault == "something else" else torch.nan)

    inner = begun(control)
    monkeypatch.setattr(joint_kernel, "gathered", wrong)
    found = [control._attend("attn", stock, *inner) for _ in range(3)]
    control.kernel = "never"
    control._run.columns = None
    assert all(torch.equal(each, control._attend("attn", stock, *inner)) for each in found)
    assert joint_kernel.TRIALS.broken
    said = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert len(said) == 1 and "in parts" in said[0] and "and more" not in said[0]


def test_what_the_kernel_is_not_to_blame_for_is_raised(control, monkeypatch) -> None:
    def full(*given: Any) -> Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory")

    inner = begun(control)
    monkeypatch.setattr(joint_kernel, "gathered", full)
    with pytest.raises(torch.OutOfMemoryError):
        control._attend("attn", stock, *inner)
    assert not joint_kernel.TRIALS.broken


def test_prompts_and_pictures_of_any_length_share_what_is_compiled(monkeypatch) -> None:
    """The second length makes it hold for all others; paint on other words changes nothing."""
    from torch._dynamo.testing import CompileCounter

    counter = CompileCounter()
    monkeypatch.setattr(
        joint_kernel, "_compiled", lambda function: torch.compile(function, backend=counter, fullgraph=True)
    )
    for tokens, rows in ((8, 4), (11, 6), (13, 3)):
        layout = TokenLayout.text_first(tokens, (rows, 5))
        length = tokens + layout.cells
        query, key, value = torch.randn(3, 1, 2, length, WIDTH)
        paint = torch.zeros(1, layout.cells, tokens)
        paint[..., : 2 + rows] = 1.0
        columns = joint_kernel.Columns.of(paint, CPU).spread(1, (tokens, 0), (0, layout.cells))
        with torch.inference_mode():
            joint_kernel.gathered(query, key, value, columns, torch.ones(1, 1, 1, 1))
    assert counter.frame_count == 2
