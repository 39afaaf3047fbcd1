"""What a run takes beside the weights: near what was counted on full-width networks; tiles where it does not fit."""

from __future__ import annotations

import pytest

from engine.errors import DeviceOutOfMemory
from engine.weights.run_memory import decode_bytes, gradient_bytes, step_bytes, tile_for

GIB = 2**30
SD15 = {
    "block_out_channels": (320, 640, 1280, 1280),
    "layers_per_block": 2,
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
    "attention_head_dim": 8,
}
SDXL = {
    "block_out_channels": (320, 640, 1280),
    "layers_per_block": 2,
    "transformer_layers_per_block": [1, 2, 10],
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "attention_head_dim": [5, 10, 20],
}
VAE = {"block_out_channels": (128, 256, 512, 512)}


@pytest.mark.parametrize(("side", "itemsize", "counted"), [(512, 2, 0.47), (1024, 4, 3.75), (2048, 4, 15.0)])
def test_decoding_takes_what_was_counted(side, itemsize, counted):
    assert decode_bytes(VAE, side, side, itemsize) / GIB == pytest.approx(counted, rel=0.01)


@pytest.mark.parametrize(
    ("film", "side", "counted"),
    [
        ({"base_dim": 96}, 512, 0.958e9),
        ({"base_dim": 96, "decoder_base_dim": None, "is_residual": False}, 1024, 3.829e9),
        ({"base_dim": 96, "decoder_base_dim": 144, "is_residual": True}, 1024, 7.046e9),
    ],
    ids=["qwen-image", "qwen-image, large", "qwen-image 2.1"],
)
def test_a_film_decoder_takes_what_was_counted(film, side, counted):
    assert decode_bytes(film, side, side, 2) == pytest.approx(counted, rel=0.01)


def test_a_gradient_step_takes_what_was_counted():
    assert gradient_bytes(SD15, (64, 64), samples=1, itemsize=2) / GIB == pytest.approx(0.75, rel=0.05)
    assert gradient_bytes(SDXL, (128, 128), samples=1, itemsize=2) / GIB == pytest.approx(5.2, rel=0.05)
    assert gradient_bytes(SDXL, (128, 128), samples=2, itemsize=2) > 10 * GIB


def test_a_step_takes_at_least_what_was_counted():
    assert 0.36 < step_bytes(SDXL, (128, 128), rows=2, itemsize=2) / GIB < 0.6


def test_the_largest_tile_that_fits_is_taken_and_none_where_the_whole_does():
    whole, large, small = (decode_bytes(VAE, side, side, 4) for side in (1024, 512, 256))
    assert tile_for(VAE, 1024, 1024, 4, None) is None and tile_for(VAE, 1024, 1024, 4, whole) is None
    assert tile_for(VAE, 1024, 1024, 4, whole - 1) == 512 and tile_for(VAE, 1024, 1024, 4, large - 1) == 256
    with pytest.raises(DeviceOutOfMemory, match="decoding") as caught:
        tile_for(VAE, 1024, 1024, 4, small - 1)
    assert "MiB" in caught.value.details
    with pytest.raises(DeviceOutOfMemory):
        tile_for(VAE, 128, 128, 4, 1000)
