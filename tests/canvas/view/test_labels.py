"""Where a word's name stands on its paint."""

import numpy as np
import pytest

from canvas.model.tiled_mask import TiledMask
from canvas.view.labels import middle_of


@pytest.mark.parametrize("side", [320, 4096])
def test_of_two_blobs_the_larger_has_the_name_in_its_middle(side):
    paint = np.zeros((side, side), np.uint8)
    unit = side // 16
    paint[2 * unit : 6 * unit, 2 * unit : 6 * unit] = 255
    paint[3 * unit : 5 * unit, 8 * unit : 10 * unit] = 255
    middle = middle_of(TiledMask.from_array(paint))
    assert middle == pytest.approx((4 * unit, 4 * unit), abs=unit / 2)


def test_on_a_ring_it_stands_on_the_paint():
    y, x = np.mgrid[:256, :256]
    away = np.hypot(x - 128, y - 128)
    paint = np.where((away > 60) & (away < 90), 255, 0).astype(np.uint8)
    x, y = middle_of(TiledMask.from_array(paint))
    assert paint[int(y), int(x)] == 255


def test_without_paint_there_is_none():
    assert middle_of(TiledMask.from_array(np.zeros((64, 64), np.uint8))) is None
