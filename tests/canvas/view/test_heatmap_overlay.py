"""A heatmap as pixels: the word's colour, dusk, a line around what would be kept, dashes around the paint."""

from __future__ import annotations

import time

import numpy as np
import pytest

from canvas.model.tiled_mask import TiledMask
from canvas.view.heatmap_overlay import SIDE, HeatLayer
from tests.canvas.paint.test_heatmap_mask import blob


def pixels(layer: HeatLayer) -> np.ndarray:
    """Red, green, blue and alpha, float `[h, w, 4]`."""
    packed = layer._pixels
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255, packed >> 24], axis=-1).astype(float)


def half(size: tuple[int, int]) -> TiledMask:
    array = np.zeros((size[1], size[0]), np.uint8)
    array[:, : size[0] // 2] = 255
    return TiledMask.from_array(array)


@pytest.mark.parametrize("size", [(256, 256), (1024, 512), (48, 96), (1, 1)])
def test_it_is_drawn_at_one_scale_whatever_the_pictures_size(size):
    layer = HeatLayer()
    layer.set_heat(blob(), "#ff0000", size, None)
    height, width = layer._pixels.shape
    assert max(height, width) == SIDE and width / height == pytest.approx(size[0] / size[1], rel=0.01)


def test_warm_is_the_words_colour_and_cold_is_dusk():
    layer = HeatLayer()
    layer.set_heat(blob(), "#e69f00", (256, 256), None)
    image = pixels(layer)
    warm, cold = image[int(4.5 * 40), int(10.5 * 40)], image[-5, 5]
    assert warm[0] > warm[1] > warm[2] and warm[0] > 140
    assert cold[:3].max() < 4 and 130 < cold[3] < 180
    assert (image[..., :3] <= image[..., 3:] + 1).all()  # premultiplied


@pytest.mark.parametrize("size", [(256, 256), (2048, 2048), (640, 320)])
def test_the_paint_is_outlined_where_it_ends(size):
    layer = HeatLayer()
    layer.set_heat(blob(), "#e69f00", size, half(size))
    image = pixels(layer)
    column = image[image.shape[0] // 2 :, image.shape[1] // 2 - 1 : image.shape[1] // 2 + 1]
    white = (column == 255).all(axis=-1).any(axis=1)
    assert 0.3 < white.mean() < 0.7  # dashed
    layer.set_heat(blob(), "#e69f00", size, TiledMask(size))
    assert not (pixels(layer)[image.shape[0] // 2 :, image.shape[1] // 2] == 255).all(axis=-1).any()


def test_the_line_goes_around_what_would_be_kept():
    layer = HeatLayer()
    layer.set_heat(blob(), "#e69f00", (256, 256), None)
    ys, xs = np.nonzero((pixels(layer) == 255).all(axis=-1))
    distance = np.hypot(xs / 40 - 10.5, ys / 40 - 4.5)
    assert len(xs) and distance.std() < 0.2 and 2.5 < distance.mean() < 5


def test_nothing_to_see_is_no_image():
    layer = HeatLayer()
    layer.set_heat(blob(), "#e69f00", (256, 256), None)
    assert layer.shows
    layer.set_heat(np.full((4, 4), np.nan, np.float32), "#e69f00", (256, 256), None)
    assert not layer.shows


def test_the_same_again_is_not_made_again_and_another_colour_is():
    layer, size = HeatLayer(), (256, 256)
    layer.set_heat(blob(), "#e69f00", size, None)
    first = layer._pixels
    layer.set_heat(blob(), "#e69f00", size, None)
    assert layer._pixels is first
    for color, paint in (("#00ff00", None), ("#00ff00", half(size))):
        layer.set_heat(blob(), color, size, paint)
        assert layer._pixels is not first
        first = layer._pixels


def test_a_step_of_a_large_canvas_is_cheap():
    layer, size = HeatLayer(), (2048, 2048)
    paint = half(size)
    layer.set_heat(blob((128, 128), (60, 60), 20), "#e69f00", size, paint)
    began = time.process_time()
    for index in range(5):
        layer.set_heat(blob((128, 128), (60 + index, 60), 20), "#e69f00", size, paint)
    assert (time.process_time() - began) / 5 < 0.1
