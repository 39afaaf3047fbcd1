"""What painted joint attention costs a device, counted at full width: Flux's and Qwen-Image's like."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from engine.attention.joint_forms import by_mask, by_split
from engine.attention.laws import largest_score
from tests.kernel_counter import Count, count

CELLS, TOKENS, HEADS, WIDTH = 4096, 512, 24, 128
MOST_BYTES = 6.0
FORMS = {"split": by_split, "mask": by_mask}


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


@pytest.mark.parametrize("name", FORMS)
def test_a_painted_layer_costs_at_most_six_fused_ones(name: str) -> None:
    query, key, value, _ = bench()
    stock = count(lambda: F.scaled_dot_product_attention(query, key, value))
    found = painted(FORMS[name])
    print(
        f"\n{name}: stock {stock.flops / 1e9:.0f} GFLOP, {stock.bytes / 1e6:.0f} MB; painted "
        f"x{found.flops / stock.flops:.2f}, x{found.bytes / stock.bytes:.2f}, {found.kernels} kernels"
    )
    assert found.bytes <= MOST_BYTES * stock.bytes, found.by_name()
    assert found.flops <= 1.1 * stock.flops
    largest = max(each.largest for each in found.operations)
    assert largest <= 2 * CELLS * TOKENS, "of float32 at most a mask, and nothing for each head"
