"""Previews: the linear map from latents to RGB, given or fitted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.sampling.preview import LinearPreview, PreviewPace, fit_to_decoder, fit_to_pictures

ROWS = [[0.2, 0.0, -0.1], [0.0, 0.3, 0.1], [0.1, 0.1, 0.0], [0.0, -0.2, 0.2], [0.5, 0.4, 0.6]]


def test_fit_finds_a_linear_decoder_again():
    truth = torch.tensor(ROWS)

    def decode(latents: torch.Tensor) -> torch.Tensor:
        rgb = torch.einsum("bchw,cr->brhw", latents, truth[:-1]) + truth[-1].reshape(1, 3, 1, 1)
        return torch.nn.functional.interpolate(rgb, scale_factor=8)

    torch.testing.assert_close(fit_to_decoder(decode, 4).rows, truth, rtol=1e-3, atol=1e-3)


def test_patches_of_neighbourhoods_show_what_single_pixels_cannot():
    """A decoder that blurs latents to four times their size: a 3x3 patch map finds it again, pixel for pixel."""
    generator = torch.Generator().manual_seed(2)
    latents = torch.randn(16, 4, 12, 12, generator=generator)
    mix = torch.tensor(ROWS)[:-1] / 3
    colours = torch.einsum("bchw,cr->brhw", latents, mix) + 0.5
    pictures = torch.nn.functional.interpolate(colours, scale_factor=4, mode="bilinear").clamp(0, 1)
    errors = []
    for kernel, scale in ((1, 1), (3, 4)):
        preview = fit_to_pictures(latents, pictures, kernel=kernel, scale=scale)
        shown = torch.from_numpy(preview(latents)).permute(0, 3, 1, 2).float() / 255
        assert shown.shape == (16, 3, 12 * scale, 12 * scale)
        full = torch.nn.functional.interpolate(shown, size=48)
        errors.append(float((full - pictures)[..., 4:-4, 4:-4].abs().mean()))
    assert errors[1] < 0.01 < errors[0]


def test_a_table_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="does not fit 3 channels"):
        LinearPreview(ROWS, channels=3)
    with pytest.raises(ValueError, match="does not fit 4 channels"):
        LinearPreview([[1.0, 2.0]] * 5, channels=4)


def test_shows_each_latent_pixel_as_uint8_rgb():
    preview = LinearPreview(ROWS)
    latents = torch.zeros(2, 4, 3, 5)
    latents[1, 0, 1, 2] = 2.0
    rgb = preview(latents)
    assert rgb.shape == (2, 3, 5, 3) and rgb.dtype == np.uint8
    assert rgb[0, 0, 0].tolist() == [128, 102, 153]
    assert rgb[1, 1, 2].tolist() == [230, 102, 102]


def test_wild_latents_are_clamped():
    latents = torch.tensor([1e9, 0.0, 0.0, 0.0]).reshape(1, 4, 1, 1)
    assert LinearPreview(ROWS)(latents)[0, 0, 0].max() == 255 and LinearPreview(ROWS)(-latents)[0, 0, 0].min() == 0


def test_previews_are_spaced_out_by_the_clock():
    times = iter([0.0, 0.05, 0.099, 0.1, 0.15, 0.31])
    pace = PreviewPace(lambda: next(times))
    assert [pace.due() for _ in range(6)] == [True, False, False, True, False, True]


def test_a_fitted_preview_follows_the_decoder_of_a_model(library, ask):
    family = library.load(ask().model, "cpu")
    latents = torch.randn(1, 4, 2, 2, generator=torch.Generator().manual_seed(1)).repeat_interleave(8, 2)
    latents = latents.repeat_interleave(8, 3)
    full = torch.from_numpy(family.decode(latents)).float().permute(0, 3, 1, 2)
    shown = torch.from_numpy(family.preview(latents)).float().permute(0, 3, 1, 2)
    small = torch.nn.functional.adaptive_avg_pool2d(full, 16)
    assert (small - shown).abs().mean() < (small - small.mean((2, 3), keepdim=True)).abs().mean() + 8
