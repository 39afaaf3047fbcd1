"""Control maps of ordinary pictures: fitted to the size, their edges found, dark lines turned round."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.controls.maps import control_map, edges
from engine.protocol import ControlPicture


def disc(size: int = 96, radius: int = 30) -> np.ndarray:
    y, x = np.mgrid[:size, :size] - size / 2
    return np.where(np.hypot(y, x) < radius, 200, 40).astype(np.uint8)


def test_the_edge_of_a_disc_is_one_thin_ring():
    found = edges(disc())
    y, x = np.nonzero(found)
    away = np.abs(np.hypot(y - 48, x - 48) - 30)
    assert away.max() < 2.0
    angles = np.unique((np.arctan2(y - 48, x - 48) * 18 / np.pi).astype(int))
    assert len(angles) >= 35  # it is closed
    assert 150 < len(y) < 260  # and about one pixel wide: 2 pi 30 is 188


def test_a_flat_picture_has_no_edges_and_a_pen_widens_them():
    assert not edges(np.full((40, 40), 90, np.uint8)).any()
    assert not edges(np.full((1, 40), 90, np.uint8)).any()
    assert np.count_nonzero(edges(disc(), pen=5)) > 3 * np.count_nonzero(edges(disc()))


@pytest.mark.parametrize("size", [(64, 96), (96, 64), (200, 40)])
def test_a_picture_covers_the_result(size):
    rgb = np.repeat(disc()[..., None], 3, axis=2)
    assert control_map(ControlPicture(rgb=rgb), size).shape == (size[1], size[0], 3)
    assert control_map(ControlPicture(rgb=rgb, kind="canny", prepare="edges"), size).max() == 255


def test_a_map_of_the_result_s_size_stays_as_it_is_and_lines_are_turned_round():
    rgb = np.random.default_rng(1).integers(0, 256, (40, 64, 3), np.uint8)
    assert np.array_equal(control_map(ControlPicture(rgb=rgb), (64, 40)), rgb)
    assert np.array_equal(control_map(ControlPicture(rgb=rgb, prepare="lines"), (64, 40)), 255 - rgb)
