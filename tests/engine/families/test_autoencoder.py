"""Decoding and encoding in tiles: near to the whole in one piece, and nearer than diffusers' own tiles."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine.models.families.autoencoder import PictureCoder
from tests.tiny import tiny_vae


@pytest.fixture(params=[True, False], ids=["norms and attention", "convolutions alone"])
def coder(request) -> PictureCoder:
    return PictureCoder(tiny_vae(kl=request.param).eval(), device=torch.device("cpu"), multiple=8)


@torch.inference_mode()
def test_tiles_are_nearer_to_the_whole_than_diffusers_own_of_the_same_size_and_overlap(coder):
    """Norms and attention see a tile alone, in theirs as in ours, so tiles of such a decoder are a level or two away
    from the whole; where there are none of them, nothing is left of the difference."""
    latents = torch.randn(1, 4, 48, 48, generator=torch.Generator().manual_seed(0))
    vae, whole = coder.vae, coder._whole(latents)
    ours = (coder._tiled(latents, 256) - whole).abs() * 255
    vae.tile_sample_min_size = 256
    vae.tile_latent_min_size, vae.tile_overlap_factor = 32, 0.25
    vae.enable_tiling()
    theirs = (coder._whole(latents) - whole).abs() * 255
    assert ours.mean() < theirs.mean() and ours.max() <= theirs.max()
    assert ours.mean() < (2 if hasattr(vae.config, "norm_num_groups") else 0.02)


@torch.inference_mode()
def test_a_picture_that_is_the_size_of_a_tile_is_the_whole(coder):
    latents = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(coder._tiled(latents, 256), coder._whole(latents), rtol=1e-6, atol=1e-6)


def soft_picture() -> np.ndarray:
    coarse = torch.rand(1, 3, 12, 12, generator=torch.Generator().manual_seed(0))
    soft = torch.nn.functional.interpolate(coarse, size=384, mode="bicubic").clamp(0, 1)
    return (soft[0].permute(1, 2, 0) * 255).to(torch.uint8).numpy()


def test_a_picture_encoded_in_tiles_is_near_to_the_whole(coder, monkeypatch):
    rgb = soft_picture()
    whole = coder.encode(rgb)
    monkeypatch.setattr(coder, "tile_for", lambda width, height: 256)
    tiled = coder.encode(rgb)
    assert tiled.shape == whole.shape
    # Norms see a tile alone; convolutions see all but what lies beyond a tile's edge, which hardly counts.
    limit = 0.2 if hasattr(coder.vae.config, "norm_num_groups") else 0.02
    assert (tiled - whole).abs().mean() < limit * whole.std()
    monkeypatch.setattr(coder, "tile_for", lambda width, height: 512)
    assert torch.equal(coder.encode(rgb), whole)


def test_where_the_memory_runs_out_smaller_tiles_are_encoded(coder, monkeypatch):
    rgb, encoded, sides = soft_picture(), coder._encoded, []

    def scarce(pixels):
        sides.append(pixels.shape[3])
        if pixels.shape[3] > 256:
            raise torch.OutOfMemoryError("out of memory")
        return encoded(pixels)

    monkeypatch.setattr(coder, "_encoded", scarce)
    assert coder.encode(rgb).shape == (1, 4, 48, 48)
    assert sides[0] == 384 and set(sides[1:]) == {256} and len(sides) == 5
    assert coder.told() == ["the autoencoder in smaller tiles, as the memory ran out"] and not coder.told()


@torch.inference_mode()
def test_numbers_too_large_for_its_format_are_decoded_in_float32_and_it_is_said():
    vae = tiny_vae(kl=True).eval().to(torch.bfloat16)
    coder = PictureCoder(vae, device=torch.device("cpu"), multiple=8)
    last = vae.decoder.conv_out
    last.register_forward_hook(lambda module, args, out: out * math.inf if out.dtype == torch.bfloat16 else out)
    found = coder.decode(torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(0)))
    assert bool(torch.isfinite(found).all()) and vae.dtype == torch.float32
    assert coder.told() == ["the autoencoder in float32"] and not coder.told()
