"""A shape's words and cells are seen within it alone, all others without it alone; the layers get their own back."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.attention.control import install
from engine.attention.inside_outside import ShapeControl, ShapeSides, cells_inside, sides_bias, with_sides
from engine.attention.mask_reduction import level_sizes
from engine.attention.masks import Paint
from engine.attention.self_attention import SeparationControl
from engine.errors import UnsupportedModel
from engine.protocol import PaintedWord
from tests.tiny import tiny_unet

MASK = np.zeros((64, 64), np.uint8)
MASK[8:40, 16:48] = 255
SIZES = level_sizes(8, 8, 3)


@pytest.fixture(scope="module")
def unet():
    return tiny_unet().eval().requires_grad_(False)


def test_cells_belong_to_the_shape_by_half_and_a_speck_is_not_lost():
    assert cells_inside(MASK, (8, 8)).tolist() == [
        [1 <= row < 5 and 2 <= column < 6 for column in range(8)] for row in range(8)
    ]
    speck = np.zeros((64, 64), np.uint8)
    speck[3, 5] = 255
    assert cells_inside(speck, (2, 2)).tolist() == [[True, False], [False, False]]
    assert not cells_inside(speck * 0, (2, 2)).any() and cells_inside(speck * 0 + 255, (2, 2)).all()


def layers_in(unet, name: str):
    """The first layer of that name of the network, and what comes into it and out of it in a call."""
    layer = getattr(unet.down_blocks[0].attentions[0].transformer_blocks[0], name)
    seen: list[torch.Tensor] = []
    layer.register_forward_hook(lambda _layer, given, out: seen.append((given[0], out)))
    return layer, seen


@torch.inference_mode()
def test_cells_look_at_their_own_side_as_with_the_rest_masked_away(unet):
    layer, seen = layers_in(unet, "attn1")
    x, text = torch.randn(2, 4, 8, 8), torch.randn(2, 6, 32)
    stock = layer.get_processor()
    for areas in (False, True):
        separation, shape = SeparationControl(unet), ShapeControl(unet)
        if areas:
            halves = [np.where(np.arange(64)[None] // 32 == side, MASK, 0).astype(np.uint8) for side in (0, 1)]
            words = [PaintedWord(span=(0, 1), mask=mask) for mask in halves]
            paint = Paint(words, [(1,), (2,)], latent_size=(8, 8), levels=3, tokens=6)
            separation.begin(paint, 0.5, rows=2, conditional=slice(1, 2), device=torch.device("cpu"))
            separation.set_step(sigma=5.0, fraction=0.1)
        inner = layer.get_processor()
        shape.begin(MASK, SIZES, torch.device("cpu"))
        unet(x, 10, encoder_hidden_states=text)
        shape.end()
        assert layer.get_processor() is inner
        given, out = seen.pop()
        within = torch.from_numpy(cells_inside(MASK, (8, 8)).reshape(-1))
        apart = torch.zeros(64, 64).masked_fill(within[:, None] != within[None, :], -1e9)
        query, keys, values = (
            project(given).unflatten(-1, (layer.heads, -1)).transpose(1, 2)
            for project in (layer.to_q, layer.to_k, layer.to_v)
        )
        bias = apart + (inner.bias(query, keys) if areas else 0)
        wanted = torch.nn.functional.scaled_dot_product_attention(query, keys, values, attn_mask=bias)
        wanted = layer.to_out[0](wanted.transpose(1, 2).flatten(2))
        assert torch.allclose(out, wanted, atol=1e-5)
        separation.end()
        assert layer.get_processor() is stock


@torch.inference_mode()
def test_a_word_acts_on_its_own_side_alone(unet):
    _layer, seen = layers_in(unet, "attn2")
    control = install(unet)
    x, text = torch.randn(2, 4, 8, 8), torch.randn(2, 6, 32)
    bias = sides_bias(ShapeSides(MASK, (1, 2), (3, 4)), SIZES, (0, 1, 2), 6)
    keys = with_sides(None, bias, (0, 1), 1)
    assert [tuple(each.shape) for each in keys] == [(2, 64, 6), (2, 16, 6), (2, 4, 6)]
    assert not keys[0][0].any() and with_sides([each * 0 - 1 for each in keys], bias, (0, 1), 1)[0][1].min() == -1e4
    found = []
    for changed in (None, 1, 4, 0):
        mine = text.clone()
        if changed is not None:
            mine[:, changed] += 1.0
        control.begin(context=mine, conditional_rows=(1,), keys=keys)
        control.set_step(sigma=5.0, fraction=0.1)
        unet(x, 10, encoder_hidden_states=mine)
        control.end()
        found.append(seen.pop()[1])
    within = torch.from_numpy(cells_inside(MASK, (8, 8)).reshape(-1))
    plain, inner, outer, shared = found
    same = [(each == plain).all(dim=-1) for each in (inner, outer, shared)]
    assert torch.equal(same[0][1], ~within) and torch.equal(same[1][1], within) and not same[2].any()
    assert not same[0][0].any() and not same[1][0].any(), "the negative prompt's row is as it was"
    control.uninstall()


def test_a_shape_of_nothing_or_of_everything_keeps_no_side_apart(unet):
    for mask in (MASK * 0, MASK * 0 + 255):
        assert not any(each.any() for each in sides_bias(ShapeSides(mask, (1,), (2,)), SIZES, (0, 1, 2), 4))
    assert [len(each) for each in sides_bias(ShapeSides(MASK, (1,), (2,)), SIZES, (1,), 4)] == [1, 16, 1]


def test_layers_of_another_kind_are_refused_and_stay(unet):
    layer = unet.mid_block.attentions[0].transformer_blocks[0].attn1
    stock = layer.get_processor()

    class Strange:
        pass

    layer.processor = Strange()
    with pytest.raises(UnsupportedModel, match="a shape cannot be kept"):
        ShapeControl(unet).begin(MASK, SIZES, torch.device("cpu"))
    layer.processor = stock
    assert type(layers_in(unet, "attn1")[0].get_processor()).__name__ == "AttnProcessor2_0"
