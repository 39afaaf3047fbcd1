"""A picture at its place: copied where it is as large as it was made, scaled elsewhere, on grey around it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from canvas.model.edits import WHOLE
from canvas.paint.placing import PAPER_GREY, placed

PICTURE = np.random.default_rng(3).integers(0, 256, (32, 48, 3), np.uint8)


def test_where_nothing_was_cut_it_is_the_picture_itself():
    assert placed(PICTURE, WHOLE, (48, 32)) is PICTURE


@pytest.mark.parametrize(("corner", "size"), [((8, 4), (16, 20)), ((-10, -6), (80, 50)), ((-5, 12), (30, 40))])
def test_a_cut_or_extended_canvas_has_its_pixels_and_grey_around_them(corner, size):
    (left, top), (width, height) = corner, size
    place = (-left / width, -top / height, 48 / width, 32 / height)
    ground = np.full((128, 128, 3), PAPER_GREY, np.uint8)
    ground[32:64, 32:80] = PICTURE
    assert (placed(PICTURE, place, size) == ground[32 + top : 32 + top + height, 32 + left : 32 + left + width]).all()


def test_a_scaled_and_cut_one_is_the_same_part_of_the_scaled_picture():
    whole = np.asarray(Image.fromarray(PICTURE).resize((96, 64), Image.Resampling.BICUBIC)).astype(int)
    found = placed(PICTURE, (-20 / 40, -10 / 30, 96 / 40, 64 / 30), (40, 30)).astype(int)
    assert np.abs(found - whole[10:40, 20:60]).max() <= 1


def test_what_lies_beside_the_canvas_is_not_seen():
    assert (placed(PICTURE, (2.0, 0.0, 1.0, 1.0), (48, 32)) == PAPER_GREY).all()
