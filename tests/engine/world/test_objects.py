"""The drawn things: what is averaged down where something was drawn is what averaging the whole picture gives."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.world import objects
from engine.world.objects import draw_thing


@pytest.mark.parametrize(
    "centre", [(0.5, 0.5), (0.02, 0.97), (1.1, 0.5)], ids=["inside", "over a corner", "over an edge"]
)
@pytest.mark.parametrize("name", ["cloud", "house", "rainbow", "palm"])
def test_antialiasing_is_the_average_over_the_whole_picture(name, centre, monkeypatch) -> None:
    drawn: list[Image.Image] = []

    new = Image.new

    def remember(*arguments: object) -> Image.Image:
        drawn.append(new(*arguments))
        return drawn[-1]

    monkeypatch.setattr(objects.Image, "new", remember)
    colours, coverage = draw_thing(name, np.random.default_rng(3), size=64, centre=centre, height=0.4, colour="red")
    pixels = np.asarray(drawn[0], np.float32).reshape(64, 3, 64, 3, 4)
    alpha = pixels[..., 3:]
    assert np.array_equal(coverage, alpha.mean((1, 3))[..., 0] / 255)
    assert np.array_equal(colours, (pixels[..., :3] * alpha).sum((1, 3)) / np.maximum(alpha.sum((1, 3)), 1))
    assert colours.dtype == coverage.dtype == np.float32 and coverage.max() > 0.9


def test_a_thing_outside_of_the_picture_covers_nothing() -> None:
    colours, coverage = draw_thing(
        "tree", np.random.default_rng(0), size=32, centre=(9.0, 9.0), height=0.3, colour=None
    )
    assert not colours.any() and not coverage.any()
