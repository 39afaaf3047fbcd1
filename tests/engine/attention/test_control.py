"""Painted attention on real UNets: stock where nothing is painted, the paper's formula where something is."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.attention.control import install
from engine.attention.laws import LAWS, SIGMA_CEILING
from engine.attention.masks import level_sizes
from engine.attention.processor import PaintAttention
from tests.engine.attention.painted_unet import SIZE, TOKENS, Recorder, call, noise, painted, random_paint, text

# Stock where nothing is painted


@pytest.mark.parametrize("size", [(16, 16), (10, 7), (9, 13)])
@pytest.mark.parametrize("kind", ["no paint", "zero paint", "weight 0", "law none", "no noise"])
def test_zero_paint_is_stock(unet, kind, size):
    latents, context = noise(2, size), text(2)
    stock = call(unet, latents, context)
    paint = random_paint(3, size=size)
    run = {
        "no paint": {"paint": None, "paint_weight": 1.0},
        "zero paint": {"paint": [matrix * 0 for matrix in paint], "paint_weight": 1.0},
        "weight 0": {"paint": paint, "paint_weight": 0.0},
        "law none": {"paint": paint, "paint_weight": 1.0, "law": "none"},
        "no noise": {"paint": paint, "paint_weight": 1.0, "sigma": 0.0},
    }[kind]
    out = painted(unet, latents, context, conditional_rows=(1,), **run)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
def test_the_biased_path_with_a_vanishing_weight_is_stock(unet, path, law):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "law": law, "force": True}
    out = painted(unet, latents, context, paint_weight=1e-8, **run)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
def test_a_bias_constant_over_all_keys_is_stock(unet, path, law):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    pixels = [height * width for height, width in level_sizes(*SIZE, 3)]
    paint = [torch.rand(count, 1, generator=torch.Generator().manual_seed(0)).expand(-1, TOKENS) for count in pixels]
    out = painted(unet, latents, context, conditional_rows=(1,), paint=paint, paint_weight=1.0, law=law)
    torch.testing.assert_close(out, stock, atol=1e-5, rtol=0)


def test_where_no_bias_acts_no_scores_are_materialised(unet, monkeypatch):
    def fail(*args):
        raise AssertionError("the biased path ran")

    monkeypatch.setattr(PaintAttention, "_biased", fail)
    latents, context = noise(2), text(2)
    for run in ({"paint": random_paint(3), "paint_weight": 0.0}, {"paint": None, "paint_weight": 1.0}):
        painted(unet, latents, context, conditional_rows=(1,), **run)
    with pytest.raises(AssertionError):
        painted(unet, latents, context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)


def test_installed_but_idle_and_after_a_run_the_unet_is_stock(unet):
    latents, context = noise(2), text(2)
    stock = call(unet, latents, context)
    control = install(unet)
    torch.testing.assert_close(call(unet, latents, context), stock, atol=1e-6, rtol=0)
    control.begin(context=context, conditional_rows=(1,), paint=random_paint(3), paint_weight=1.0)
    control.set_step(sigma=5.0)
    assert (call(unet, latents, context) - stock).abs().max() > 1e-3
    control.end()
    torch.testing.assert_close(call(unet, latents, context), stock, atol=1e-6, rtol=0)


# The formula, layer by layer


def paper(attn, hidden: Tensor, context: Tensor, matrices: list[Tensor], rows, weight, sigma, law) -> Tensor:
    """One cross-attention layer in float64 by the paper's formula, A chosen by the number of pixels."""
    weights = {name: parameter.double() for name, parameter in attn.named_parameters()}
    hidden, context, heads = hidden.double(), context.double(), attn.heads
    out = torch.zeros_like(hidden)
    width = hidden.shape[2] // heads
    for row in range(hidden.shape[0]):
        q, k, v = hidden[row] @ weights["to_q.weight"].T, *(context[row] @ weights[f"to_{n}.weight"].T for n in "kv")
        products = torch.stack([(q @ k.T) * 0] * heads)
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            products[head] = q[:, part] @ k[:, part].T
        for head in range(heads):
            part = slice(head * width, (head + 1) * width)
            m = {
                "ediffi": products.max().clamp(min=0),
                "ediffi-head": products[head].max().clamp(min=0),
                "ediffi-std": products.std(),
            }[law]
            paint = next(matrix for matrix in matrices if matrix.shape[-2] == hidden.shape[1]).double()
            if row in rows:
                w = weight * math.log(1 + sigma) * m
                paint = paint[list(rows).index(row)] if paint.ndim == 3 else paint
                products_here = products[head] + w * paint
            else:
                products_here = products[head]
            out[row, :, part] = torch.softmax(products_here / math.sqrt(width), dim=-1) @ v[:, part]
    return out @ weights["to_out.0.weight"].T + weights["to_out.0.bias"]


@pytest.mark.parametrize("law", ["ediffi", "ediffi-head", "ediffi-std"])
@pytest.mark.parametrize("rows", [(1,), (0, 1), (2, 0), (1, 2, 3)])
def test_every_layer_is_the_papers_formula(unet, path, law, rows):
    latents, context = noise(4, (9, 5)), text(4)
    matrices = random_paint(3, samples=len(rows), size=(9, 5))
    matrices = [matrix - 0.3 * (matrix > 0) for matrix in matrices]
    seen = []
    layers = {name: module for name, module in unet.named_modules() if name.endswith(".attn2")}
    hooks = [
        layer.register_forward_hook(lambda layer, args, out: seen.append((layer, args[0], out)))
        for layer in layers.values()
    ]
    painted(unet, latents, context, conditional_rows=rows, paint=matrices, paint_weight=0.7, sigma=3.0, law=law)
    for hook in hooks:
        hook.remove()
    assert len(seen) == len(layers) == 10
    for layer, hidden, out in seen:
        expected = paper(layer, hidden, context, matrices, rows, 0.7, 3.0, law)
        torch.testing.assert_close(out.double(), expected, atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("size", [(63, 97), (1, 3), (8, 8), (5, 17)])
def test_levels_are_the_true_ones_at_any_size(unet, path, size):
    latents, context = noise(2, size), text(2)
    recorder = Recorder()
    run = {"conditional_rows": (1,), "paint": random_paint(3, size=size), "paint_weight": 1.0, "tap": recorder}
    out = painted(unet, latents, context, **run)
    assert out.shape == latents.shape and out.isfinite().all()
    sizes = level_sizes(*size, 3)
    assert [level for level, _ in recorder.shares] == [0, 1, 2, 2, 2, 2, 1, 1, 0, 0]
    assert all(shares.shape[2] == math.prod(sizes[level]) for level, shares in recorder.shares)


def test_levels_follow_the_halvings_of_an_sd15_shaped_unet():
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    model = UNet2DConditionModel(
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        cross_attention_dim=32,
        attention_head_dim=2,
        norm_num_groups=4,
    ).eval()
    control = install(model)
    recorder = Recorder()
    context = text(2)
    control.begin(
        context=context, conditional_rows=(1,), paint=random_paint(4, size=(11, 20)), paint_weight=1, tap=recorder
    )
    control.set_step(sigma=1.0)
    call(model, noise(2, (11, 20)), context)
    assert control.levels == 4
    assert [level for level, _ in recorder.shares] == [0, 1, 2, 3, 2, 2, 1, 1, 0, 0]


def test_sigma_is_clamped(unet):
    latents, context = noise(2), text(2)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 0.5}
    assert torch.equal(
        painted(unet, latents, context, sigma=4096.0, **run),
        painted(unet, latents, context, sigma=SIGMA_CEILING, **run),
    )


def test_a_run_over_several_chunks_of_text(unet, path):
    latents, context = noise(2), text(2, tokens=154)
    run = {"conditional_rows": (1,), "paint": random_paint(3, tokens=154), "paint_weight": 1.0}
    recorder = Recorder()
    out = painted(unet, latents, context, tap=recorder, **run)
    assert recorder.shares[0][1].shape == (1, 4, 70, 154)
    assert (out[1] - call(unet, latents, context)[1]).abs().max() > 1e-3


# Rows and words that must not feel the paint


def test_unconditional_rows_stay_stock(unet, path):
    latents, context = noise(4), text(4)
    stock = call(unet, latents, context)
    out = painted(unet, latents, context, conditional_rows=(2, 3), paint=random_paint(3), paint_weight=1.0)
    torch.testing.assert_close(out[:2], stock[:2], atol=1e-5, rtol=0)
    assert (out[2:] - stock[2:]).abs().amax(dim=(1, 2, 3)).min() > 1e-3


@pytest.mark.parametrize("law", sorted(set(LAWS) - {"none"}))
@pytest.mark.parametrize("rows", [(3, 4, 5), (0, 2, 5)])
def test_a_batch_gives_what_its_members_give_alone(unet, path, law, rows):
    latents, context = noise(6), text(6)
    latents[rows[1]] *= 4
    others = [row for row in range(6) if row not in rows]
    paint = random_paint(3, samples=3)
    together = painted(unet, latents, context, conditional_rows=rows, paint=paint, paint_weight=0.6, law=law)
    for index, row in enumerate(rows):
        pair = [others[index], row]
        alone = painted(
            unet,
            latents[pair],
            context[pair],
            conditional_rows=(1,),
            paint=[matrix[index] for matrix in paint],
            paint_weight=0.6,
            law=law,
        )
        torch.testing.assert_close(together[pair], alone, atol=1e-5, rtol=0)
