"""The statistics of looks: known colours, hand-made textures, and whether they tell the world's media apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.lab.color_stats import COLOUR, STATISTICS, Scale, statistics, to_lab
from engine.lab.style import LOOKS
from engine.world.looks import MEDIA, Look
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene

SCENES = 5


@pytest.fixture(scope="module")
def scenes() -> list[Render]:
    return [(render_scene if seed % 2 else free_scene)(HELD_OUT + 700 + seed) for seed in range(6 * SCENES)]


def grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values.astype(np.uint8)[..., None], 3, axis=2)


def told(rgb: np.ndarray) -> dict[str, float]:
    return dict(zip(STATISTICS, statistics(rgb).tolist(), strict=True))


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((119, 119, 119), (50.03, 0, 0)),
        ((2, 2, 2), (0.55, 0, 0)),
    ],
)
def test_colours_are_where_cielab_has_them(rgb: tuple[int, ...], lab: tuple[float, ...]) -> None:
    assert to_lab(np.array([[rgb]], np.uint8))[0, 0] == pytest.approx(lab, abs=0.02)


def test_colour_is_mean_and_spread_over_the_picture() -> None:
    rgb = np.zeros((256, 256, 3), np.uint8)
    rgb[:, 128:] = 255, 0, 0
    found = told(rgb)
    assert (found["L mean"], found["L spread"]) == pytest.approx((26.62, 26.62), abs=0.01)
    assert found["chroma"] == pytest.approx(np.hypot(80.09, 67.20) / 2, abs=0.02)


def test_a_band_holds_what_changes_at_its_distance_and_in_its_direction() -> None:
    y, x = np.mgrid[0:256, 0:256]
    for band in (1, 2, 3, 4):
        width = 2 ** (band - 1)
        for direction, on in (
            ("across", x // width % 2),
            ("down", y // width % 2),
            ("diagonal", (x // width + y // width) % 2),
        ):
            found = told(grey(120 + 20 * on))
            bands = {name: value for name, value in found.items() if name.startswith("band")}
            assert max(bands, key=bands.__getitem__) == f"band {band} {direction}"
            assert sorted(bands.values())[-2] == pytest.approx(np.log(0.25))


def test_each_band_sees_what_the_finer_ones_have_averaged() -> None:
    """Grain of variance v leaves a quarter of it to each coarser band."""
    grain = np.random.default_rng(0).normal(128, 30, (256, 256)).clip(0, 255)
    found = told(grey(grain))
    for one, other in pairwise(["band 1 across", "band 2 across", "band 3 across", "band 4 across"]):
        ratio = (np.exp(found[one]) - 0.25) / (np.exp(found[other]) - 0.25)
        assert ratio == pytest.approx(4, rel=0.2)


def test_blocks_on_the_grid_are_blocky_and_blocks_anywhere_are_not() -> None:
    rng = np.random.default_rng(0)
    blocks = rng.integers(60, 200, (32, 32)).repeat(8, 0).repeat(8, 1)
    assert told(grey(blocks))["blockiness"] > 0.98
    assert told(grey(rng.integers(60, 200, (256, 256))))["blockiness"] < 0.15


def test_few_hard_edges_are_crisper_than_grain() -> None:
    rng = np.random.default_rng(0)
    halves = np.full((256, 256), 60)
    halves[:, 100:] = 180
    assert told(grey(halves))["crispness"] > 1 > 0.5 > told(grey(rng.integers(60, 200, (256, 256))))["crispness"]


def same_look_is_nearest(scenes: list[Render], looks: list[tuple[str, str]]) -> float:
    """Share of pictures whose nearest other one, of as many in each look and no two of one scene, is of their look."""
    kinds = [index for index in range(len(looks)) for _ in range(SCENES)]
    pictures = [
        scene.in_look(Look(*looks[kind], HELD_OUT + index), index)
        for index, (kind, scene) in enumerate(zip(kinds, scenes, strict=True))
    ]
    scale, found = Scale.of(pictures), [statistics(rgb) for rgb in pictures]
    apart = np.array([[scale.distances(one, other)[0] for other in found] for one in found])
    np.fill_diagonal(apart, np.inf)
    return float(np.mean([kinds[nearest] == kind for kind, nearest in zip(kinds, apart.argmin(1), strict=True)]))


def test_the_nearest_other_picture_is_of_the_same_medium(scenes: list[Render]) -> None:
    """Chance is 4 of 29; all are in the same light."""
    assert same_look_is_nearest(scenes, [(medium, "day") for medium in MEDIA]) > 0.7


def test_the_nearest_other_picture_is_of_the_same_withheld_look(scenes: list[Render]) -> None:
    assert same_look_is_nearest(scenes, list(LOOKS)) > 0.9


def test_distances_are_in_units_of_the_spread_and_split_into_colour_and_texture(scenes: list[Render]) -> None:
    pictures = [scene.rgb for scene in scenes]
    scale = Scale.of(pictures)
    found = np.stack([statistics(rgb) for rgb in pictures])
    assert scale.distances(found[0], found[0]) == (0.0, 0.0, 0.0)
    apart = np.array([scale.distances(one, other) for one in found for other in found]) ** 2
    assert apart.mean(axis=0) == pytest.approx([2.0, 2.0, 2.0])
    moved = found[0].copy()
    moved[len(COLOUR) :] += 3 * scale.spread[len(COLOUR) :]
    whole, colour, texture = scale.distances(found[0], moved)
    assert (colour, texture) == (0.0, pytest.approx(3.0))
    assert whole == pytest.approx(3 * np.sqrt(1 - len(COLOUR) / len(STATISTICS)))


def test_what_never_varies_counts_as_it_comes() -> None:
    black, white = np.zeros((256, 256, 3), np.uint8), np.full((256, 256, 3), 255, np.uint8)
    scale = Scale.of([black, white])
    assert scale.spread[STATISTICS.index("L mean")] == pytest.approx(50.0)
    assert scale.spread[STATISTICS.index("blockiness")] == 1.0
