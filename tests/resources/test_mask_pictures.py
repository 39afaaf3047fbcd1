"""What a picture of a mask means: as the person who painted it meant it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from resources.mask_pictures import NotAMask, mask_of
from resources.pictures import read_picture

DISC = np.hypot(*np.mgrid[-8:8, -12:12]) < 6
PAINT = np.where(DISC, 255, 0).astype(np.uint8)
SOFT = np.tile(np.arange(0, 240, 10, dtype=np.uint8), (16, 1))


def through_png(image: Image.Image) -> np.ndarray:
    out = io.BytesIO()
    image.save(out, "PNG")
    return mask_of(read_picture(out.getvalue()))


def rgba(color: object, alpha: np.ndarray) -> Image.Image:
    pixels = np.zeros((*alpha.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = color, alpha
    return Image.fromarray(pixels)


def test_values_of_0_and_1_are_off_and_on() -> None:
    for image in (Image.fromarray(PAINT // 255), Image.fromarray(np.dstack([PAINT // 255] * 3))):
        assert np.array_equal(through_png(image), PAINT)
    assert np.array_equal(through_png(Image.fromarray(PAINT.astype(np.uint16) // 255)), PAINT)
    assert np.array_equal(mask_of(Image.fromarray(PAINT.astype(np.float32) / 255)), PAINT)


def test_sixteen_bits_of_eight_bit_values() -> None:
    assert np.array_equal(through_png(Image.fromarray(SOFT.astype(np.uint16))), SOFT)
    assert np.array_equal(through_png(Image.fromarray(SOFT.astype(np.uint16) * 257)), SOFT)


@pytest.mark.parametrize("color", [0, 255, 128, (200, 30, 60)], ids=["black", "white", "grey", "red"])
def test_paint_of_one_colour_on_nothing_is_in_the_alpha_channel(color: object) -> None:
    assert np.array_equal(through_png(rgba(color, PAINT)), PAINT)
    assert np.array_equal(through_png(rgba(color, SOFT)), SOFT)


def test_colours_under_what_cannot_be_seen_do_not_matter() -> None:
    pixels = np.asarray(rgba(255, PAINT)).copy()
    pixels[~DISC, :3] = (250, 10, 99)
    assert np.array_equal(through_png(Image.fromarray(pixels)), PAINT)


def test_grey_levels_on_nothing_lie_on_black() -> None:
    grey = np.where(np.arange(24) < 12, 255, 0).astype(np.uint8)[None, :, None].repeat(16, 0)
    assert np.array_equal(through_png(rgba(grey, PAINT)), np.where(DISC & (np.arange(24) < 12), 255, 0))


def test_nearly_opaque_and_nearly_grey() -> None:
    assert np.array_equal(through_png(rgba(SOFT[..., None], np.full_like(SOFT, 254))), SOFT)
    off = np.dstack([SOFT, SOFT, SOFT + 1])
    assert np.array_equal(through_png(Image.fromarray(off)), SOFT)
    out = io.BytesIO()
    Image.fromarray(np.dstack([SOFT] * 3)).save(out, "JPEG", quality=95)
    assert np.abs(mask_of(read_picture(out.getvalue())).astype(int) - SOFT).max() <= 8


def test_a_palette_with_transparency() -> None:
    image = Image.fromarray(PAINT // 255).convert("P")
    image.putpalette([10, 20, 30, 255, 255, 255])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    assert np.array_equal(mask_of(read_picture(out.getvalue())), PAINT)


def test_what_paints_nothing_is_empty() -> None:
    for image in (Image.new("L", (8, 8)), Image.new("RGBA", (8, 8)), Image.new("RGB", (8, 8)), Image.new("LA", (8, 8))):
        assert not mask_of(image).any()


def test_colours_are_refused() -> None:
    colours = np.dstack([SOFT, SOFT[:, ::-1], SOFT])
    for image in (Image.fromarray(colours), rgba(colours, PAINT)):
        with pytest.raises(NotAMask, match="colours"):
            mask_of(image)
