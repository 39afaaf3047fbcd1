"""A picture on a larger canvas: the old stays where it is, the new is masked and filled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadRequest
from engine.reworking.extending import extended

RGB = np.random.default_rng(0).integers(0, 256, (24, 40, 3)).astype(np.uint8)


@settings(max_examples=80, deadline=None)
@given(st.integers(8, 120), st.integers(8, 120), st.integers(-30, 60), st.integers(-20, 60), st.integers(0, 12))
def test_the_old_stays_outside_the_mask_and_the_new_is_all_masked(width, height, left, top, overlap):
    if left >= width or top >= height or left <= -40 or top <= -24:
        return
    canvas, mask = extended(RGB, (width, height), (left, top), overlap=overlap)
    assert (
        canvas.shape == (height, width, 3) and mask.shape == (height, width) and canvas.dtype == mask.dtype == np.uint8
    )
    down, across = np.mgrid[:height, :width]
    old = (down >= top) & (down < top + 24) & (across >= left) & (across < left + 40)
    assert (mask[~old] == 255).all()
    assert np.array_equal(canvas[old], RGB[down[old] - top, across[old] - left])
    if overlap == 0:
        assert (mask[old] == 0).all()


def test_the_mask_falls_from_the_edges_inside_the_canvas_alone():
    _, mask = extended(RGB, (64, 24), (24, 0), overlap=8)
    assert (mask[:, :24] == 255).all() and (mask[:, 32:] == 0).all()
    assert (np.diff(mask[10, 23:33].astype(int)) < 0).sum() == 9 and (mask == mask[:1]).all()


def test_the_new_goes_on_as_the_old_ends_and_is_never_flat():
    rgb = np.full((32, 32, 3), (200, 40, 90), np.uint8)
    canvas, mask = extended(rgb, (96, 32), (0, 0))
    new = canvas[mask == 255].astype(float)
    assert np.abs(new.mean(axis=0) - (200, 40, 90)).max() < 3 and new.std(axis=0).min() > 5
    assert np.array_equal(extended(rgb, (96, 32), (0, 0))[0], canvas), "the same each time"


def test_a_picture_beside_the_canvas_is_refused():
    with pytest.raises(BadRequest, match="new canvas"):
        extended(RGB, (64, 64), (64, 0))
