"""How coarse the attention to words is where it is coarsest, by a denoiser's config."""

from __future__ import annotations

import pytest

from engine.models.families import coarsest_level

CROSS, PLAIN = "CrossAttnDownBlock2D", "DownBlock2D"


@pytest.mark.parametrize(
    ("config", "level"),
    [
        ({"down_block_types": [CROSS, CROSS, CROSS, PLAIN]}, 8),  # Stable Diffusion 1.5: its middle is at an 8th
        ({"down_block_types": [PLAIN, CROSS, CROSS]}, 4),  # SDXL
        ({"down_block_types": [CROSS, CROSS, PLAIN], "mid_block_type": "UNetMidBlock2D"}, 2),
        ({"down_block_types": [CROSS, PLAIN], "mid_block_type": None}, 1),
        ({"down_block_types": "all"}, 1),
        ({}, 1),
    ],
)
def test_a_unet_halves_after_each_block_but_the_last(config, level):
    assert coarsest_level(config, unet=True) == level


def test_a_transformer_has_one_level():
    assert coarsest_level({"down_block_types": [CROSS, CROSS]}, unet=False) == 1
