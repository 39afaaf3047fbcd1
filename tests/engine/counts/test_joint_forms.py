"""What painted joint attention costs a device, counted at full width: Flux's and Qwen-Image's like."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention, AttnProcessor2_0

from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.joint_forms import by_mask, by_split
from engine.attention.laws import largest_score
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from tests.kernel_counter import Count, count

CELLS, TOKENS, HEADS, WIDTH = 4096, 512, 24, 128
META, GRID = torch.device("meta"), (64, 64)
MOST_BYTES = {"split": 6.0, "mask": 6.0, "in the kernel": 4.2}


def bench():
    """Queries, keys and values of one row in half precision, text first, and the paint."""
    shape = (1, TOKENS + CELLS, HEADS, WIDTH)
    sequence = [torch.empty(shape, device="meta", dtype=torch.float16).transpose(1, 2) for _ in range(3)]
    return (*sequence, torch.empty(1, 1, CELLS, TOKENS, device="meta"))


def painted(form) -> Count:
    query, key, value, paint = bench()
    text = slice(0, TOKENS)

    def layer() -> torch.Tensor:
        cells = query[:, :, TOKENS:]
        number = largest_score(cells @ key[:, :, text].transpose(-1, -2)).float()
        whole = query.new_empty(query.shape)
        whole[:, :, TOKENS:] = form(cells, key, value, text, paint, number, None)
        whole[:, :, text] = F.scaled_dot_product_attention(query[:, :, text], key, value)
        return whole

    return count(layer)


def in_the_kernel(query, key, value, text, paint, number, scale):
    """What `by_flex` moves where Triton makes its kernel: what a fused attention does, and A once."""
    paint.amax()
    return F.scaled_dot_product_attention(query, key, value, scale=scale)


FORMS = {"split": by_split, "mask": by_mask, "in the kernel": in_the_kernel}


@pytest.mark.parametrize("name", FORMS)
def test_a_painted_layer_costs_at_most_six_fused_ones_and_in_the_kernel_less(name: str) -> None:
    query, key, value, _ = bench()
    stock = count(lambda: F.scaled_dot_product_attention(query, key, value))
    found = painted(FORMS[name])
    print(
        f"\n{name}: stock {stock.flops / 1e9:.0f} GFLOP, {stock.bytes / 1e6:.0f} MB; painted "
        f"x{found.flops / stock.flops:.2f}, x{found.bytes / stock.bytes:.2f}, {found.kernels} kernels"
    )
    assert found.bytes <= MOST_BYTES[name] * stock.bytes, found.by_name()
    assert found.flops <= 1.1 * stock.flops
    largest = max(each.largest for each in found.operations)
    assert largest <= 2 * CELLS * TOKENS, "of float32 at most a mask, and nothing for each head"


def test_the_layer_in_use_costs_no_more_with_heatmaps() -> None:
    """The control's own path on a device, with eight words' heatmaps."""
    network = torch.nn.Module()
    network.attn = Attention(query_dim=8, heads=1, dim_head=8, processor=AttnProcessor2_0())
    control = TransformerControl(network, ("attn",))
    paint = torch.zeros(CELLS, TOKENS)
    paint[:, 1:17] = 1.0
    tap = HeatmapRecorder(
        [(1 + index,) for index in range(8)], [GRID], layers={0: 1}, samples=1, tokens=TOKENS, device=META
    )
    control.begin(
        layout=TokenLayout.text_first(TOKENS, GRID), rows=slice(0, 1), device=META, paint=paint, paint_weight=1.0,
        tap=tap, seen=range(64),
    )  # fmt: skip
    control.set_step(sigma=1.5)
    query, key, value = (each.transpose(1, 2) for each in bench()[:3])

    def stock(*sequence: torch.Tensor, **rest: object) -> torch.Tensor:
        return F.scaled_dot_product_attention(*(each.transpose(1, 2) for each in sequence)).transpose(1, 2)

    plain = count(lambda: stock(query, key, value))
    found = count(lambda: control._attend("attn", stock, query, key, value))
    print(f"\nin use, with heatmaps: x{found.bytes / plain.bytes:.2f} bytes, {found.kernels} kernels")
    assert found.bytes <= MOST_BYTES["split"] * plain.bytes, found.by_name()
    assert max(each.largest for each in found.operations) <= 2 * CELLS * TOKENS
