"""What painted joint attention costs a device, counted at full width: Flux's and Qwen-Image's like."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from diffusers.models.attention_processor import Attention, AttnProcessor2_0

from engine.attention import joint_kernel, transformer_control
from engine.attention.heatmaps import HeatmapRecorder
from engine.attention.joint_forms import by_mask, by_split
from engine.attention.laws import largest_score
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from tests.kernel_counter import Count, count, counted_flex

CELLS, TOKENS, HEADS, WIDTH = 4096, 512, 24, 128
META, GRID = torch.device("meta"), (64, 64)
MOST_BYTES = {"split": 6.0, "mask": 6.0}


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


FORMS = {"split": by_split, "mask": by_mask}


@pytest.mark.parametrize("name", FORMS)
def test_a_painted_layer_costs_at_most_six_fused_ones(name: str) -> None:
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


def in_use(way: str, *, tap: HeatmapRecorder | None, seen: range) -> tuple[Count, Count]:
    """A stock layer and the control's own path on a device: "never" or "always" in the kernel, with eight words."""
    network = torch.nn.Module()
    network.attn = Attention(query_dim=8, heads=1, dim_head=8, processor=AttnProcessor2_0())
    control = TransformerControl(network, ("attn",))
    control.kernel = way
    paint = torch.zeros(CELLS, TOKENS)
    paint[:, 1:17] = 1.0
    control.begin(
        layout=TokenLayout.text_first(TOKENS, GRID), rows=slice(0, 1), device=META, paint=paint, paint_weight=1.0,
        tap=tap, seen=seen,
    )  # fmt: skip
    control.set_step(sigma=1.5)
    query, key, value = (each.transpose(1, 2) for each in bench()[:3])

    def stock(*sequence: torch.Tensor, **rest: object) -> torch.Tensor:
        return F.scaled_dot_product_attention(*(each.transpose(1, 2) for each in sequence)).transpose(1, 2)

    def layer() -> torch.Tensor:
        return control._attend("attn", stock, query, key, value)

    count(layer)  # makes what is kept from layer to layer
    return count(lambda: stock(query, key, value)), count(layer)


def heatmaps() -> HeatmapRecorder:
    words = [(1 + index,) for index in range(8)]
    return HeatmapRecorder(words, [GRID], layers={0: 1}, samples=1, tokens=TOKENS, device=META)


def test_the_layer_in_use_costs_no_more_with_heatmaps() -> None:
    plain, found = in_use("never", tap=heatmaps(), seen=range(64))
    print(f"\nin use, with heatmaps: x{found.bytes / plain.bytes:.2f} bytes, {found.kernels} kernels")
    assert found.bytes <= MOST_BYTES["split"] * plain.bytes, found.by_name()
    assert max(each.largest for each in found.operations) <= 2 * CELLS * TOKENS


@pytest.mark.parametrize("seen", [range(64), range(TOKENS)], ids=["a sentence", "all tokens"])
@pytest.mark.parametrize(("recorded", "most"), [(False, 1.3), (True, 1.69)], ids=["alone", "with heatmaps"])
def test_in_one_kernel_a_painted_layer_costs_at_most_1_3(monkeypatch, recorded: bool, most: float, seen: range) -> None:
    """The law's number included. Of float32 there is each row's largest score, and the heatmaps' sums."""
    monkeypatch.setattr(transformer_control, "fuses", lambda device: True)
    monkeypatch.setattr(joint_kernel, "_compiled", counted_flex)
    plain, found = in_use("always", tap=heatmaps() if recorded else None, seen=seen)
    print(
        f"\nin one kernel: x{found.bytes / plain.bytes:.3f} bytes, x{found.flops / plain.flops:.3f} operations, "
        f"{found.kernels} kernels: {found.by_name()}"
    )
    assert found.bytes <= most * plain.bytes, found.by_name()
    assert found.flops <= 1.2 * plain.flops
    assert max(each.largest for each in found.operations) <= CELLS * 32, "a word's sum takes 32 columns"
