"""Previews: the linear map from latents to RGB, given or fitted."""

from __future__ import annotations

import numpy as np
import torch

from engine.preview import LinearPreview, fit_preview

ROWS = [[0.2, 0.0, -0.1], [0.0, 0.3, 0.1], [0.1, 0.1, 0.0], [0.0, -0.2, 0.2], [0.5, 0.4, 0.6]]


def test_fit_finds_a_linear_decoder_again():
    truth = torch.tensor(ROWS)

    def decode(latents: torch.Tensor) -> torch.Tensor:
        rgb = torch.einsum("bchw,cr->brhw", latents, truth[:-1]) + truth[-1].reshape(1, 3, 1, 1)
        return torch.nn.functional.interpolate(rgb, scale_factor=8)

    fitted = fit_preview(decode, 4)
    torch.testing.assert_close(torch.cat([fitted.weight, fitted.bias[None]]), truth, rtol=1e-4, atol=1e-4)


def test_shows_each_latent_pixel_as_uint8_rgb():
    preview = LinearPreview(ROWS)
    latents = torch.zeros(2, 4, 3, 5)
    latents[1, 0, 1, 2] = 2.0
    rgb = preview(latents)
    assert rgb.shape == (2, 3, 5, 3) and rgb.dtype == np.uint8
    assert rgb[0, 0, 0].tolist() == [128, 102, 153]
    assert rgb[1, 1, 2].tolist() == [230, 102, 102]


def test_wild_latents_are_clamped():
    latents = torch.tensor([1e9, -1e9, float("nan"), float("inf")]).reshape(1, 4, 1, 1)
    assert LinearPreview(ROWS)(latents).shape == (1, 1, 1, 3)


def test_a_fitted_preview_follows_the_decoder_of_a_model(shelf, ask):
    family = shelf.load(ask().model, "cpu")
    latents = torch.randn(1, 4, 2, 2, generator=torch.Generator().manual_seed(1)).repeat_interleave(8, 2)
    latents = latents.repeat_interleave(8, 3)
    full = torch.from_numpy(family.decode(latents)).float().permute(0, 3, 1, 2)
    shown = torch.from_numpy(family.preview(latents)).float().permute(0, 3, 1, 2)
    small = torch.nn.functional.adaptive_avg_pool2d(full, 16)
    assert (small - shown).abs().mean() < (small - small.mean((2, 3), keepdim=True)).abs().mean() + 8
