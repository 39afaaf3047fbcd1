"""Heatmaps as numbers: grown smoothly, normalised to their peak, cut into paint."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.paint import heatmap_mask


def blob(size: tuple[int, int] = (16, 16), centre: tuple[float, float] = (10, 4), width: float = 2.5) -> np.ndarray:
    """A round spot `[h, w]` about a cell (x, y), far from 1 at its peak."""
    y, x = np.mgrid[: size[1], : size[0]]
    return (0.03 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * width**2))).astype(np.float32)


@pytest.mark.parametrize("size", [(256, 256), (320, 192), (192, 512), (48, 40), (16, 16), (7, 5), (1, 1)])
def test_it_grows_to_any_size_with_its_peak_at_one_and_in_its_place(size):
    big = heatmap_mask.grown(blob(), size)
    assert big.shape == (size[1], size[0]) and big.dtype == np.float32
    assert big.min() >= 0 and big.max() == pytest.approx(1)
    if min(size) >= 16:
        y, x = np.unravel_index(int(big.argmax()), big.shape)
        assert (x + 0.5) / size[0] == pytest.approx(10.5 / 16, abs=0.04)
        assert (y + 0.5) / size[1] == pytest.approx(4.5 / 16, abs=0.04)


def test_it_is_smooth_where_cells_would_show_as_squares():
    big = heatmap_mask.grown(blob(), (256, 256))
    assert np.abs(np.diff(big, axis=1)).max() < 0.04  # a step between two cells of 16 pixels is 0.15 and more


def test_flat_stays_flat_and_the_edge_is_no_seam():
    assert np.allclose(heatmap_mask.grown(np.full((3, 5), 0.2, np.float32), (50, 30)), 1, atol=1e-5)


@pytest.mark.parametrize("values", [1e-38, 3e38])
def test_the_smallest_and_the_largest_numbers_are_shares_all_the_same(values):
    spot = np.zeros((4, 4), np.float32)
    spot[1, 2] = values
    big = heatmap_mask.grown(spot, (32, 32))
    assert np.isfinite(big).all() and big.max() == pytest.approx(1)


def test_what_cannot_be_seen_is_not_usable():
    good = blob()
    assert heatmap_mask.usable(good)
    bad = good.copy()
    bad[0, 0] = np.nan
    for values in (bad, np.zeros((4, 4)), -good, np.zeros((0, 4)), good[0], None, np.full((2, 2), np.inf)):
        assert not heatmap_mask.usable(values)


def test_paint_lies_where_the_heat_is_with_a_soft_edge():
    size = (320, 192)
    mask = heatmap_mask.kept_mask(blob(), size)
    array = mask.to_array()
    assert mask.size == size and array.max() == 255 and array[-1, 0] == 0
    big = heatmap_mask.grown(blob(), size)
    assert ((array > 127) == (big > heatmap_mask.KEPT_SHARE)).mean() > 0.999
    assert ((array > 0) & (array < 255)).any()
    assert (heatmap_mask.kept_mask(blob(), size, 0.8).to_array() > 127).sum() < (array > 127).sum() / 3


def test_a_word_that_is_everywhere_is_nowhere_in_particular():
    assert heatmap_mask.is_spread(np.full((8, 8), 0.1, np.float32)) and not heatmap_mask.is_spread(blob())
