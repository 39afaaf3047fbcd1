"""Decoding in tiles: as near to the picture decoded in one piece as diffusers' own tiles, and nearer."""

from __future__ import annotations

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
