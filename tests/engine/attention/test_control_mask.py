"""The bias of the paint as a mask of the fused attention."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from engine.attention.control import install
from engine.attention.masks import level_sizes
from tests.engine.attention.painted_unet import SIZE, TOKENS, Recorder, noise, painted, random_paint, take, text


@pytest.fixture
def masked(monkeypatch) -> list[Tensor]:
    """Lets paint go as a mask, and gathers the masks that layers gave to the fused attention."""
    take("mask", monkeypatch)
    seen: list[Tensor] = []
    fused = torch.nn.functional.scaled_dot_product_attention

    def look(query, keys, values, attn_mask=None, **options):
        if attn_mask is not None:
            seen.append(attn_mask)
        return fused(query, keys, values, attn_mask=attn_mask, **options)

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", look)
    return seen


def test_a_mask_is_aligned_and_each_pixels_largest_bias_is_nothing(unet, masked):
    run = {"conditional_rows": (1,), "paint": [2 * each for each in random_paint(3)], "paint_weight": 1.0}
    painted(unet, noise(2), text(2), **run)
    assert len(masked) == 10
    for mask in masked:
        assert mask.shape[-1] == TOKENS and mask.stride(-2) % 8 == 0 and mask.stride(-1) == 1
        assert torch.equal(mask[1].amax(dim=-1), torch.zeros_like(mask[1, ..., 0]))
        assert mask.min() < 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_in_half_precision_the_mask_is_as_near_as_materialised_scores_are(unet, monkeypatch, dtype):
    import copy

    latents, context = noise(2), text(2)
    run = {"conditional_rows": (1,), "paint": random_paint(3), "paint_weight": 1.0, "sigma": 14.0}
    true = painted(unet, latents, context, **run)
    half, errors = copy.deepcopy(unet).to(dtype), []
    for way in ("apart", "mask"):
        take(way, monkeypatch)
        out = painted(half, latents.to(dtype), context.to(dtype), **run)
        errors.append(float((out.float() - true)[1].square().mean().sqrt()))
    assert errors[1] < 1.5 * errors[0] + 1e-4


@pytest.mark.parametrize("pixelwise", [False, True])
def test_a_mask_and_materialised_scores_agree_with_token_biases_present_tokens_and_heatmaps(
    unet, monkeypatch, pixelwise
):
    latents, context = noise(4), text(4)
    keys = [torch.zeros(4, height * width if pixelwise else 1, TOKENS) for height, width in level_sizes(*SIZE, 3)]
    for level in keys:
        level[..., 8:], level[1, ..., 2] = -1e4, math.log(0.5)
    run = {"conditional_rows": (2, 3), "paint": random_paint(3), "paint_weight": 0.8, "keys": keys, "present": 8}
    found = []
    for way in ("apart", "mask"):
        take(way, monkeypatch)
        recorder = Recorder()
        found.append((painted(unet, latents, context, tap=recorder, **run), recorder.shares))
    torch.testing.assert_close(found[1][0], found[0][0], atol=2e-5, rtol=0)
    for (level, shares), (other, expected) in zip(found[1][1], found[0][1], strict=True):
        assert level == other
        torch.testing.assert_close(shares, expected, atol=1e-6, rtol=1e-4)


def test_buffers_stay_where_they_are_from_run_to_run(unet, path):
    control = install(unet)
    places = []
    for seed, weight in ((0, 1.0), (1, 0.5), (2, 2.0)):
        paint = random_paint(3, seed=seed)
        control.begin(context=text(2, seed=seed), conditional_rows=(1,), paint=paint, paint_weight=weight)
        for sigma in (9.0, 0.5):
            control.set_step(sigma=sigma)
        places.append([tensor.data_ptr() for tensor in control.buffers if tensor.numel()])
        control.end()
    assert places[0] == places[1] == places[2]
    control.uninstall()
