"""A crop or a resize of the canvas takes the picture along by the paint's own rule, and undo takes it back."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.image_info.displayed_image import DisplayedImage, cropped, cut, moved
from canvas.files import ora
from canvas.model import edits
from canvas.model.edits import WHOLE
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.placing import PAPER_GREY
from tests.gui.dialogs import answer_dialog


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

    return to_rgb(hands.window.view._layers.base).astype(int)


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
    panel.crop_asked.emit(256, 256, (1.0, 0.5))
    assert window.shown.place == WHOLE
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


# --- into files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "anchor"), [((128, 128), (1.0, 0.0)), ((384, 256), (1.0, 0.5)), ((96, 320), (0.5, 0.5))]
)
def test_a_cropped_picture_is_in_the_scene_file_as_it_lies_on_the_canvas(painter, make_window, tmp_path, size, anchor):
    window = painter.window
    made, rgb = window.shown.scene, window.shown.rgb
    window.settings_panel.crop_asked.emit(*size, anchor)
    left, top = (round((256 - new) * at) for new, at in zip(size, anchor, strict=True))
    ground = np.full((768, 768, 3), PAPER_GREY, np.uint8)
    ground[256:512, 256:512] = rgb
    wanted = ground[256 + top : 256 + top + size[1], 256 + left : 256 + left + size[0]]
    painter.control(Qt.Key.Key_S, widget=window.view)
    answer_dialog(painter, tmp_path / "cut.ora")
    assert (ora.load_picture(tmp_path / "cut.ora") == wanted).all()
    assert ora.load_made_by(tmp_path / "cut.ora") == made and not window.document.dirty
    later = make_window()
    later.drop(shutil.copy(tmp_path / "cut.ora", tmp_path / "copy.ora"))
    assert later.window.shown.place == WHOLE and (seen(later) == wanted).all()
    assert later.window.session.own.scene == made


def test_a_scaled_picture_is_in_the_scene_file_scaled_and_autosave_keeps_the_same(painter, tmp_path):
    window = painter.window
    window.settings_panel.size_changed.emit(128, 320)
    assert window.autosave.save_now()
    painter.control(Qt.Key.Key_S, widget=window.view)
    (kept,) = window.preferences.folders.autosave.glob("*.ora")
    before = ora.load_picture(kept)
    answer_dialog(painter, tmp_path / "scaled.ora")
    saved = ora.load_picture(tmp_path / "scaled.ora")
    assert saved.shape == (320, 128, 3) and (saved == before).all()
    assert np.abs(saved.astype(int) - seen(painter)).mean() < 4


# --- pictures that are being made -------------------------------------------------------------------------------------


@pytest.fixture
def making(make_window, tiny):
    """A window in which a picture of 256x256 is being made and waits for its end."""
    hands = make_window(Scene(prompt="a lake", size=(256, 256), settings=tiny), engine=True)
    hands.executor.stall()
    hands.control(Qt.Key.Key_Return, widget=hands.window.view)
    hands.qtbot.waitUntil(lambda: bool(hands.executor.requests))
    return hands


def finish(hands) -> list[tuple[float, ...]]:
    """Let the picture come; returns the places of its previews."""
    places = []
    hands.window.generation.preview.connect(lambda rgb, place: places.append(place) if rgb is not None else None)
    with hands.qtbot.waitSignal(hands.window.generation.ended, timeout=60_000):
        hands.executor.go_on()
    return places


def test_a_picture_that_was_begun_before_a_crop_comes_to_its_place(making):
    window = making.window
    window.settings_panel.crop_asked.emit(128, 192, (1.0, 0.0))
    places = finish(making)
    assert places and set(places) == {(-1.0, 0.0, 2.0, 256 / 192)}, "previews do not stretch either"
    made = window.shown.rgb
    assert made.shape == (256, 256, 3) and (seen(making) == made[:192, 128:]).all()
    window.document.undo()
    assert window.document.scene.size == (256, 256) and (seen(making) == made).all()
    window.document.redo()
    assert (seen(making) == made[:192, 128:]).all()


def test_one_that_was_begun_between_two_crops_and_an_undo_does_too(make_window, tiny):
    hands = make_window(Scene(prompt="a lake", size=(384, 256), settings=tiny), engine=True)
    window, panel = hands.window, hands.window.settings_panel
    panel.crop_asked.emit(256, 256, (0.0, 0.0))
    hands.executor.stall()
    hands.control(Qt.Key.Key_Return, widget=window.view)
    panel.crop_asked.emit(128, 128, (1.0, 1.0))
    window.document.undo()
    window.document.undo()  # the canvas of before it was begun
    finish(hands)
    made = window.shown.rgb
    assert window.document.scene.size == (384, 256) and window.shown.place == (0.0, 0.0, 256 / 384, 1.0)
    assert (seen(hands)[:, :256] == made).all() and seen(hands)[:, 256:].std(axis=2).max() < 5
    window.document.redo()
    assert window.shown.place == WHOLE and (seen(hands) == made).all()


def test_one_that_was_begun_after_a_crop_covers_the_canvas_and_a_scaled_canvas_scales_it(making):
    window = making.window
    finish(making)
    window.settings_panel.crop_asked.emit(128, 128, (0.5, 0.5))
    making.executor.stall()
    making.control(Qt.Key.Key_Return, widget=window.view)
    window.settings_panel.size_changed.emit(192, 128)
    finish(making)
    assert window.shown.place == WHOLE and window.shown.rgb.shape == (128, 128, 3)


def test_where_something_lies_is_the_same_by_one_way_and_by_another():
    frame = cut(WHOLE, (256, 256), (64, -32), (128, 320))
    again = cut(frame, (128, 320), (-10, 8), (300, 200))
    straight = cut(WHOLE, (256, 256), (54, -24), (300, 200))
    assert again == pytest.approx(straight)
    assert moved(frame, frame, again) == pytest.approx(again)
    assert moved(WHOLE, frame, frame) == WHOLE
