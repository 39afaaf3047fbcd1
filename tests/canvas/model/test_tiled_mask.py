"""Masks: tiles are shared and never written to, and the area average is exact."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from canvas.model.errors import MaskError
from canvas.model.tiled_mask import (
    FULL,
    TILE,
    TiledMask,
    area_reduce,
    changed_tiles,
    rect_of_tiles,
    rects_of_tiles,
    tiles_of,
    unite,
)
from tests.canvas.scenes import random_mask

SIZES = [(1, 1), (63, 64), (64, 64), (65, 130), (200, 7), (256, 256)]


@pytest.mark.parametrize("size", SIZES)
def test_array_to_tiles_and_back_is_lossless(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(size[0])
    array = rng.integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    mask = TiledMask.from_array(array)
    assert mask.size == size
    assert np.array_equal(mask.to_array(), array)
    assert mask == TiledMask.from_array(array.copy())


@pytest.mark.parametrize("size", SIZES)
def test_a_filled_mask_costs_no_memory_and_ends_at_the_canvas_edge(size: tuple[int, int]) -> None:
    filled = TiledMask.filled(size)
    assert filled.nbytes == 0
    assert filled.bounds() == (0, 0, *size)
    assert filled.to_array().min() == 255
    again = TiledMask.from_array(np.full((size[1], size[0]), 255, np.uint8))
    assert again == filled and again.nbytes == 0, "painted full is recognised as full"


def test_tiles_cannot_be_written_to() -> None:
    mask = TiledMask.from_array(np.full((70, 70), 9, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        mask.tiles[(0, 0)][0, 0] = 1
    with pytest.raises(TypeError):
        mask.tiles[(0, 0)] = FULL  # type: ignore[index]
    mask.to_array()[0, 0] = 1
    assert mask.to_array()[0, 0] == 9


def test_a_new_version_shares_the_tiles_that_did_not_change_and_has_a_new_revision() -> None:
    old = TiledMask.from_array(np.full((128, 192), 9, np.uint8))
    new = old.with_tiles({(1, 0): np.full((TILE, TILE), 7, np.uint8)})
    assert changed_tiles(old, new) == {(1, 0)}
    assert all(new.tiles[key] is old.tiles[key] for key in old.tiles if key != (1, 0))
    assert new.revision != old.revision
    assert old.to_array().max() == 9


def test_blank_tiles_are_not_kept() -> None:
    mask = TiledMask.from_array(np.full((64, 64), 9, np.uint8))
    assert mask.with_tiles({(0, 0): np.zeros((TILE, TILE), np.uint8)}).is_empty
    assert mask.with_tiles({(0, 0): None}).is_empty
    assert changed_tiles(mask, TiledMask(mask.size)) == {(0, 0)}


@pytest.mark.parametrize(
    "rect", [(0, 0, 200, 150), (-10, -20, 50, 60), (100, 90, 400, 400), (60, 60, 8, 8), (500, 0, 4, 4)]
)
def test_reading_a_rect_gives_that_part_and_zero_outside(rect: tuple[int, int, int, int]) -> None:
    array = np.random.default_rng(3).integers(0, 256, (150, 200), dtype=np.uint8)
    padded = np.zeros((1000, 1000), np.uint8)
    padded[300:450, 300:500] = array
    x, y, w, h = rect
    assert np.array_equal(TiledMask.from_array(array).read(rect), padded[300 + y : 300 + y + h, 300 + x : 300 + x + w])


def test_bounds_are_exact() -> None:
    array = np.zeros((200, 200), np.uint8)
    assert TiledMask.from_array(array).bounds() is None
    array[70, 30] = array[131, 140] = 1
    assert TiledMask.from_array(array).bounds() == (30, 70, 111, 62)


@pytest.mark.parametrize("bad", [np.zeros((4, 4)), np.zeros((4, 4, 3), np.uint8), np.zeros((0, 4), np.uint8)])
def test_what_is_no_mask_is_refused_with_a_hint(bad: np.ndarray) -> None:
    with pytest.raises(MaskError) as caught:
        TiledMask.from_array(bad)
    assert caught.value.hint


def test_tiles_of_another_kind_or_place_are_refused() -> None:
    with pytest.raises(MaskError):
        TiledMask((64, 64)).with_tiles({(1, 0): np.ones((TILE, TILE), np.uint8)})
    with pytest.raises(MaskError):
        TiledMask((64, 64)).with_tiles({(0, 0): np.ones((3, 3), np.uint8)})


@pytest.mark.parametrize(
    ("size", "cells"), [((64, 48), (8, 6)), ((100, 70), (13, 9)), ((7, 9), (7, 9)), ((33, 21), (2, 1))]
)
def test_area_average_equals_the_integral_over_each_cell(size: tuple[int, int], cells: tuple[int, int]) -> None:
    mask = np.random.default_rng(5).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    fine = np.kron(mask.astype(np.float64) / 255, np.ones((cells[1], cells[0])))  # pixels split so that cells are whole
    expected = fine.reshape(cells[1], size[1], cells[0], size[0]).mean(axis=(1, 3))
    assert np.allclose(area_reduce(mask, cells), expected, atol=1e-6)


def test_a_small_disc_survives_reduction_by_64() -> None:
    y, x = np.mgrid[:512, :512]
    disc = (np.hypot(x - 97, y - 351) < 12).astype(np.uint8) * 255
    reduced = area_reduce(disc, (8, 8))
    assert np.isclose(reduced.sum() * 64 * 64, (disc > 0).sum(), rtol=1e-5)


def test_reduction_to_more_cells_than_pixels_is_refused() -> None:
    with pytest.raises(MaskError):
        area_reduce(np.zeros((4, 4), np.uint8), (5, 4))


@pytest.mark.parametrize("size", [(100, 100), (50, 25), (130, 61), (20, 300)])
def test_resizing_keeps_the_share_of_paint(size: tuple[int, int]) -> None:
    y, x = np.mgrid[:90, :120]
    mask = TiledMask.from_array((np.clip(30 - np.hypot(x - 60, y - 45), 0, 1) * 255).astype(np.uint8))
    resized = mask.resized(size)
    assert resized.size == size
    assert abs(resized.to_array().mean() - mask.to_array().mean()) < 1.0
    assert TiledMask.filled((30, 30)).resized(size) == TiledMask.filled(size)
    assert TiledMask((30, 30)).resized(size).is_empty


def test_rects_cover_exactly_the_tiles_without_overlap() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        size = (int(rng.integers(1, 600)), int(rng.integers(1, 600)))
        everywhere = tiles_of((0, 0, *size), size)
        keys = {key for key in everywhere if rng.random() < 0.5}
        expected = np.zeros((size[1], size[0]), int)
        for tx, ty in keys:
            expected[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE] += 1
        covered = np.zeros_like(expected)
        bounds = None
        for x, y, w, h in rects_of_tiles(keys, size):
            covered[y : y + h, x : x + w] += 1
            bounds = unite(bounds, (x, y, w, h))
        assert np.array_equal(covered, expected)
        assert bounds == rect_of_tiles(keys, size)


def test_equality_is_of_content_not_of_tiles() -> None:
    rng = np.random.default_rng(2)
    for _ in range(10):
        mask = random_mask(rng, (90, 70))
        assert mask == TiledMask.from_array(mask.to_array())
        other = mask.to_array()
        other[3, 3] ^= 1
        assert mask != TiledMask.from_array(other)
    assert TiledMask((4, 4)) != TiledMask((4, 5))
    assert TiledMask((4, 4)) != "mask"


def test_coverage_is_the_painted_share_and_soft_paint_counts_by_its_opacity():
    array = np.zeros((100, 200), np.uint8)
    array[:50, :100] = 255
    array[50:, 100:] = 51
    assert TiledMask.from_array(array).coverage == pytest.approx(0.25 + 0.25 * 0.2)
    assert TiledMask.filled((70, 130)).coverage == 1.0 and TiledMask((70, 130)).coverage == 0.0


def test_a_large_mask_is_reduced_and_grown_without_large_matrices() -> None:
    mask = TiledMask.filled((4096, 4096)).to_array()
    mask[:, :1000] = 0
    tracemalloc.start()
    begun = time.process_time()
    reduced = area_reduce(mask, (4095, 513))
    taken, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert abs(float(reduced.mean()) - mask.mean() / 255) < 1e-6
    assert taken < 3 and peak < 200 * 2**20
