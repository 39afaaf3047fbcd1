"""A crop or a resize of the canvas takes the picture along by the paint's own rule, and undo takes it back."""

from __future__ import annotations

import numpy as np
import pytest

from app.image_info.displayed_image import DisplayedImage, cropped
from canvas.model import edits
from canvas.model.edits import WHOLE
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask


@pytest.fixture
def painter(make_window):
    """A window whose picture is red where its word is painted, and blue elsewhere."""
    mask = np.zeros((256, 256), np.uint8)
    mask[64:128, 160:224] = 255
    scene, word = edits.add_word(Scene(prompt="a lake", size=(256, 256)), (2, 6))
    scene = edits.set_mask(scene, word, TiledMask.from_array(mask))
    hands = make_window(scene)
    rgb = np.where(mask[..., None] > 0, np.uint8([200, 20, 20]), np.uint8([20, 20, 200])).astype(np.uint8)
    hands.window.generation.picture.emit(DisplayedImage(rgb, scene))
    return hands


def seen(hands) -> np.ndarray:
    """What lies under the paint, uint8 RGB at the canvas' size."""
    from canvas.view.qimage import to_rgb

    return to_rgb(hands.window.view._layers._base).astype(int)


def check(hands) -> None:
    """All paint lies on red, and all else on blue or on paper, but for a pixel of smoothing at an edge."""
    scene = hands.window.document.scene
    mask, rgb = scene.masks["w1"].to_array(), seen(hands)
    assert rgb.shape[:2] == mask.shape == scene.size[::-1]
    red = (rgb[..., 0] > 150) & (rgb[..., 1] < 80)
    assert (red != (mask > 127)).mean() < 0.01 and red.any()


@pytest.mark.parametrize("size", [(128, 128), (192, 256), (256, 96), (384, 320), (320, 128)])
@pytest.mark.parametrize("anchor", [(1.0, 0.5), (0.5, 0.5), (1.0, 0.0)])
def test_a_crop_takes_the_picture_along_and_undo_and_redo_do_too(painter, size, anchor):
    window = painter.window
    own, before = window.shown, seen(painter)
    window.settings_panel.crop_asked.emit(*size, anchor)
    assert window.document.scene.size == size and window.shown.rgb is own.rgb
    check(painter)
    after = seen(painter)
    window.document.undo()
    assert window.shown is own and (seen(painter) == before).all()
    window.document.redo()
    assert (seen(painter) == after).all()


def test_a_resize_scales_it_before_and_after_a_crop(painter):
    panel = painter.window.settings_panel
    panel.size_changed.emit(384, 192)
    check(painter)
    panel.crop_asked.emit(256, 192, (1.0, 0.5))
    check(painter)
    painter.window.document.end_merge()
    panel.size_changed.emit(128, 256)
    check(painter)


def test_new_room_is_paper_and_cutting_it_off_again_leaves_the_picture_as_it_was(painter):
    window = painter.window
    panel = window.settings_panel
    panel.crop_asked.emit(384, 256, (1.0, 0.5))
    room = seen(painter)[:, :100]
    assert room.std(axis=2).max() < 5, "grey paper, and nothing stretched into it"
    assert window.files.picture_of(window.document.scene).rgb is None, "a file holds no picture of another size"
    panel.crop_asked.emit(256, 256, (1.0, 0.5))
    assert window.shown.place == WHOLE and window.files.picture_of(window.document.scene).rgb is not None
    check(painter)


def test_the_paint_stays_seen_or_hidden_and_the_next_picture_covers_the_canvas(painter):
    window = painter.window
    window.view.set_overlays_visible(True)
    window.settings_panel.crop_asked.emit(128, 128, (1.0, 0.0))
    assert window.view.overlays_visible
    green = np.full((128, 128, 3), (20, 200, 20), np.uint8)
    window.generation.picture.emit(DisplayedImage(green, window.document.scene))
    assert window.shown.place == WHOLE and (seen(painter) == green).all()


def test_without_a_picture_a_crop_is_one_of_paint_alone(make_window):
    window = make_window(Scene("a lake", size=(256, 256))).window
    window.settings_panel.crop_asked.emit(128, 128, (0.5, 0.5))
    assert window.document.scene.size == (128, 128) and window.shown.rgb is None


def test_the_place_is_that_of_the_paint():
    image = DisplayedImage(np.zeros((4, 4, 3), np.uint8))
    once = cropped(image, (256, 256), (64, 0), (128, 256))
    assert once.place == (-0.5, 0.0, 2.0, 1.0)
    assert cropped(once, (128, 256), (-64, 0), (256, 256)).place == WHOLE
