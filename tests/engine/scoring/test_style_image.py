"""Reference pictures: every kind that people drop on a window becomes plain colours, or a clear error."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadReference
from engine.scoring.style_image import KEPT_SIDE, reference_from_image


def save(tmp_path, name, image: Image.Image, **options):
    image.save(tmp_path / name, **options)
    return tmp_path / name


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "CMYK", "I;16"])
def test_any_mode_becomes_colours(tmp_path, mode):
    values = np.arange(24 * 16, dtype=np.uint16).reshape(16, 24) * 100
    image = Image.fromarray(values) if mode == "I;16" else Image.new("RGB", (24, 16), "red").convert(mode)
    name = "a.tif" if mode in ("CMYK", "I;16") else "a.png"
    rgb = reference_from_image(save(tmp_path, name, image))
    assert rgb.shape == (16, 24, 3) and rgb.dtype == np.uint8
    if mode == "RGB":
        assert (rgb == (255, 0, 0)).all()


def test_see_through_parts_are_white(tmp_path):
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[:, :2] = (0, 0, 255, 255)
    rgb = reference_from_image(save(tmp_path, "a.png", Image.fromarray(rgba)))
    assert (rgb[:, :2] == (0, 0, 255)).all() and (rgb[:, 2:] == 255).all()


def test_large_ones_are_scaled_down(tmp_path):
    assert reference_from_image(save(tmp_path, "a.png", Image.new("RGB", (3000, 600)))).shape == (205, KEPT_SIDE, 3)


def test_phone_pictures_stand_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(tmp_path, "a.jpg", Image.new("RGB", (40, 20)), exif=exif)
    assert reference_from_image(path).shape == (40, 20, 3)


def test_a_long_strip_is_no_more_than_its_pixels(tmp_path):
    assert reference_from_image(save(tmp_path, "a.png", Image.new("1", (50_000, 40)))).shape == (1, KEPT_SIDE, 3)


def test_bytes_and_an_open_picture_will_do(tmp_path):
    path = save(tmp_path, "a.png", Image.new("RGB", (5, 7)))
    assert reference_from_image(path.read_bytes()).shape == (7, 5, 3)
    assert reference_from_image(Image.new("RGB", (5, 7))).shape == (7, 5, 3)


def test_what_is_no_picture_is_told(tmp_path):
    (tmp_path / "a.png").write_text("hello")
    whole = save(tmp_path, "b.png", Image.effect_noise((200, 200), 90))
    whole.write_bytes(whole.read_bytes()[:9000])
    large = save(tmp_path, "c.png", Image.new("1", (50_000, 3000)))
    for path, said in ((tmp_path / "a.png", "not a picture"), (whole, "damaged"), (large, "too many pixels")):
        with pytest.raises(BadReference, match=said) as caught:
            reference_from_image(path)
        assert path.name in str(caught.value) and caught.value.hint
    with pytest.raises(BadReference, match="does not exist"):
        reference_from_image(tmp_path / "none.png")
    with pytest.raises(BadReference):
        reference_from_image(tmp_path)
