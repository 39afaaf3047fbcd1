"""Looks change how a picture is made, the same way for every picture, and never what is where."""

from __future__ import annotations

import numpy as np
import pytest

from engine.world.looks import LIGHTS, MEDIA, PLAIN, WITHHELD, Look, trained_looks
from engine.world.scenes import free_scene, render_scene

PAIRS = [(medium, light) for medium in MEDIA for light in LIGHTS]


def far(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b).mean())


def test_the_plain_look_changes_nothing() -> None:
    render = render_scene(3)
    assert np.array_equal(render.in_look(PLAIN), render.rgb)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if Look(*pair) != PLAIN])
def test_every_other_look_shows(pair: tuple[str, str]) -> None:
    render = free_scene(8)
    picture = render.in_look(Look(*pair, 1))
    assert picture.shape == render.rgb.shape and picture.dtype == np.uint8
    assert far(picture, render.rgb) > 5
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 8, "it is no blank sheet"


def test_a_look_is_the_same_for_the_same_seeds_and_its_light_varies_with_the_looks_seed() -> None:
    render = render_scene(4)
    look = Look("watercolour", "dusk", 5)
    assert np.array_equal(render.in_look(look, 1), render.in_look(look, 1))
    assert not np.array_equal(render.in_look(look, 1), render.in_look(look, 2)), "the grain differs"
    assert far(render.in_look(Look("plain", "dusk", 1)), render.in_look(Look("plain", "dusk", 2))) > 1


def test_a_light_turns_all_pictures_towards_its_own_tone() -> None:
    # Two pictures whose colours differ by far are near each other in sepia.
    plain = [render_scene(seed).rgb.astype(float) for seed in range(6)]
    sepia = [render_scene(seed).in_look(Look("plain", "sepia", 4)).astype(float) for seed in range(6)]

    def spread(pictures: list[np.ndarray]) -> float:
        hues = [picture.mean((0, 1)) - picture.mean() for picture in pictures]
        return float(np.std(hues, axis=0).mean())

    assert spread(sepia) < 0.5 * spread(plain)


def test_pixels_are_of_one_colour_and_ink_has_lines() -> None:
    render = render_scene(6)
    blocks = render.in_look(Look("pixel", "day")).reshape(32, 8, 32, 8, 3)
    assert np.ptp(blocks, axis=(1, 3)).max() == 0
    ink = render.in_look(Look("ink", "day"))
    assert (ink.max(-1) < 90).mean() > 0.03


def test_withheld_looks_are_one_of_each_medium_and_not_among_the_trained_ones() -> None:
    assert {medium for medium, _ in WITHHELD} == set(MEDIA)
    assert not WITHHELD & set(trained_looks())
