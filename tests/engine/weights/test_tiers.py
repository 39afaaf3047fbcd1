"""The way that a model will use a device of each size, and its reason."""

from __future__ import annotations

import pytest

from engine.weights.tiers import Sizes, choose, ways

GIB = 1 << 30
SDXL = Sizes(denoiser=int(4.8 * GIB), beside=int(1.7 * GIB), step=int(0.9 * GIB), decode=int(3.9 * GIB), tile=GIB // 4)


@pytest.mark.parametrize(
    ("gib", "name", "tiles"),
    [(4, "cpu", False), (6, "denoiser alone", False), (8, "whole", True), (12, "whole", False), (16, "whole", False),
     (24, "whole", False)],
)  # fmt: skip
def test_a_large_model_on_cards_of_each_size(gib, name, tiles):
    found = choose(SDXL, "cuda", gib * GIB)
    assert (found.name, found.tiles) == (name, tiles) and found.reason.endswith(".")
    assert name == "cpu" or found.needs <= gib * GIB
    assert ("tiles" in found.reason) == tiles
    assert choose(SDXL, "mps", gib * GIB).name == name


def test_the_cpu_computes_in_float32_and_says_where_it_is_too_small():
    assert choose(SDXL, "cpu", 64 * GIB).precision == "float32"
    assert "fits" in choose(SDXL, "cpu", 64 * GIB).reason and "too much" in choose(SDXL, "cpu", GIB).reason


def test_what_is_not_told_is_tried_whole():
    assert choose(SDXL, "cuda", None).name == "whole"
    assert [each.needs for each in ways(SDXL, "cuda")][:3] == sorted(
        [each.needs for each in ways(SDXL, "cuda")][:3], reverse=True
    )
