"""Coverage that is moved, scaled, turned and mirrored."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from canvas.paint.transforming import Box, Transform

SIZE = (80, 60)


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (20, 30)).astype(np.uint8)


def laid(values: np.ndarray, box: Box, **options) -> np.ndarray:
    out = np.zeros(SIZE[::-1], np.uint8)
    patch = Transform(values)(box, SIZE, **options)
    if patch is not None:
        x, y, w, h = patch.rect
        out[y : y + h, x : x + w] = patch.coverage
    return out


def test_what_is_not_changed_is_the_same_and_a_move_cuts_at_the_edge(noise):
    box = Box.of((10, 5, 30, 20))
    assert np.array_equal(laid(noise, box)[5:25, 10:40], noise)
    moved = laid(noise, replace(box, centre=(0.0, 15.0)))
    assert np.array_equal(moved[5:25, :15], noise[:, 15:]) and not moved[:, 15:].any()
    assert Transform(noise)(replace(box, centre=(500.0, 15.0)), SIZE) is None


def test_mirrors_and_half_turns_are_exact(noise):
    box = Box.of((10, 5, 30, 20))
    assert np.array_equal(laid(noise, replace(box, scale=(-1, 1)))[5:25, 10:40], noise[:, ::-1])
    assert np.array_equal(laid(noise, replace(box, angle=math.pi))[5:25, 10:40], noise[::-1, ::-1])


def test_shrinking_is_the_mean_over_each_pixels_area(noise):
    half = laid(noise, replace(Box.of((10, 5, 30, 20)), scale=(0.5, 0.5), centre=(25.5, 15.0)))
    means = noise.reshape(10, 2, 15, 2).mean(axis=(1, 3))
    assert np.abs(half[10:20, 18:33] - means).max() <= 0.5 + 1e-3


def test_paint_is_kept_by_area_when_it_turns_and_grows(noise):
    disc = (np.hypot(*np.mgrid[-9.5:10, -9.5:10]) < 8).astype(np.uint8) * 255
    box = Box.of((30, 20, 20, 20))
    for angle, scale in ((0.3, 1.0), (1.0, 2.0), (2.0, 0.6)):
        found = laid(disc, replace(box, angle=angle, scale=(scale, scale))).sum()
        assert found == pytest.approx(disc.sum() * scale**2, rel=0.02)


def test_a_coarse_look_is_near_the_fine_one(noise):
    smooth = np.add.outer(np.arange(20) * 4, np.arange(30) * 4).astype(np.uint8)
    box = replace(Box.of((10, 5, 30, 20)), angle=0.4, scale=(1.5, -1.2), centre=(40.0, 30.0))
    fine, coarse = laid(smooth, box), Transform(smooth).coarse(2)(box, SIZE, step=2)
    assert coarse is not None
    x, y, w, h = coarse.rect
    away = np.abs(fine[y : y + h, x : x + w].astype(int) - coarse.coverage)
    assert np.median(away) <= 3 and coarse.coverage.shape == (h, w)


def test_places_go_there_and_back():
    box = replace(Box.of((10, 5, 30, 20)), angle=0.7, scale=(-2.0, 0.5))
    assert box.within(box.place(0.3, -0.8)) == pytest.approx((0.3, -0.8))
