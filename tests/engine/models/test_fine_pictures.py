"""Pictures with alpha, and with 16 bits: what the autoencoder gives is kept, and the 8 bits stay the same."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.models.families.autoencoder import PictureCoder
from engine.models.families.fine import fine_picture
from engine.protocol import ImageReady, wire
from tests.tiny_qwen_image21 import tiny_vae21


@pytest.fixture(scope="module")
def coder() -> PictureCoder:
    return PictureCoder(tiny_vae21().eval(), device=torch.device("cpu"), multiple=16)


def on_white(rgba: np.ndarray) -> np.ndarray:
    image = Image.fromarray(rgba)
    return np.array(Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB"))


@torch.inference_mode()
def test_what_is_see_through_is_kept_and_lies_on_white_in_the_picture(coder: PictureCoder) -> None:
    latent = torch.randn(16, 4, 6, generator=torch.Generator().manual_seed(1))
    whole = (coder.decode(latent[None])[0].permute(1, 2, 0) * 255).round().numpy()
    fine = coder.fine(deep=True)
    assert coder.has_alpha and fine is not None and fine.rgba is not None and fine.deep is not None
    assert fine.rgba.shape == fine.deep.shape == (64, 96, 4) and fine.rgba[..., 3].std() > 0
    assert np.array_equal(fine.rgb, on_white(fine.rgba))
    assert np.abs(fine.deep / 257.0 - fine.rgba).max() <= 0.51  # of a step of 8 bits
    assert len(np.unique(fine.deep)) > 256
    assert coder.fine(deep=True) is None  # once
    coder.decode(latent[None])
    again = coder.fine(deep=False)
    assert again is not None and again.deep is None and np.array_equal(again.rgb, fine.rgb)
    assert np.abs(whole - fine.rgb).max() <= 1
    coder.tiled = True
    tiled = coder.decode_whole(latent[None])
    coder.tiled = False
    assert tiled.shape == (1, 4, 64, 96)


def test_sixteen_bits_change_nothing_in_eight() -> None:
    levels = torch.rand(3, 5, 7, generator=torch.Generator().manual_seed(2))
    fine = fine_picture(levels, deep=True)
    assert fine.rgba is None and fine.deep is not None and fine.deep.dtype == np.uint16
    assert np.array_equal(fine.rgb, (levels.permute(1, 2, 0) * 255).round().to(torch.uint8).numpy())
    assert fine_picture(torch.ones(3, 1, 1), deep=True).deep.tolist() == [[[65535] * 3]]


def test_both_travel(coder: PictureCoder) -> None:
    fine = fine_picture(coder.decode_whole(torch.zeros(1, 16, 2, 2))[0], deep=True)
    event = ImageReady(request_id="a", image=0, seed=1, rgb=fine.rgb, rgba=fine.rgba, deep=fine.deep)
    found = wire.loads(wire.dumps(event))
    assert np.array_equal(found.rgba, fine.rgba) and np.array_equal(found.deep, fine.deep)
