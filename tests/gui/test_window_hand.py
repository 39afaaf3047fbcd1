"""What the hand expects of the window: sizes, seeds, drops, dialogs, help and news that end when they are old."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from app.image_info.displayed_image import DisplayedImage
from app.preferences import Preferences
from app.settings.resize_dialog import ResizeDialog
from app.window.painting_help import PaintingHelp
from canvas.files import lossy
from canvas.model.colour_layer import COLOURS
from canvas.model.scene import Scene
from canvas.paint.ground import ground_of


@pytest.fixture
def painter(make_window):
    """A window with a painted lake on a canvas of 256 x 256."""
    hands = make_window(Scene(prompt="a lake and a tree", size=(256, 256)))
    hands.click_word("lake")
    hands.stroke((60, 60), (200, 60))
    return hands


def type_size(hands, width: int, height: int) -> None:
    panel = hands.window.settings_panel
    for box, side in ((panel.width_box, width), (panel.height_box, height)):
        box.setFocus()
        box.selectAll()
        hands.type(str(side), box)
        hands.key(Qt.Key.Key_Return, widget=box)


def test_a_size_far_over_the_models_own_is_warned_about_with_the_reason(painter):
    note = painter.window.settings_panel.size_note
    type_size(painter, 768, 512)
    assert not note.isVisible()
    type_size(painter, 2048, 2048)
    assert note.isVisible() and "16 times the 512 × 512" in note.text() and "repeat" in note.text()
    type_size(painter, 256, 256)
    assert not note.isVisible()


@pytest.mark.parametrize("crop", [False, True])
def test_a_canvas_is_resized_with_its_paint_scaled_or_cropped_about_a_place(painter, crop):
    window, word = painter.window, painter.window.view.selected_word
    before = window.document.scene.masks[word].to_array()
    window.settings_panel.resize_action.trigger()
    dialog = window.findChild(ResizeDialog)
    dialog.width_box.setValue(128)
    dialog.height_box.setValue(128)
    if crop:
        painter.click(dialog.crop)
        painter.click(dialog.anchor_button(0))
    painter.click(dialog.go)
    mask = window.document.scene.masks[word].to_array()
    assert window.document.scene.size == (128, 128)
    assert np.array_equal(mask, before[:128, :128]) == crop
    painter.control(Qt.Key.Key_Z, widget=window.view)
    assert np.array_equal(window.document.scene.masks[word].to_array(), before)


def test_the_brush_keeps_its_share_of_the_canvas_and_is_remembered_so(painter, make_window):
    view = painter.window.view
    view.set_brush(view.brush.__class__(diameter=40))
    type_size(painter, 512, 512)
    assert view.brush.diameter == 80
    painter.qtbot.waitUntil(lambda: Preferences().values.brush_diameter == 40)
    again = make_window(Scene(prompt="a lake", size=(256, 256)))  # nothing was closed: as after a crash
    assert again.window.view.brush.diameter == 40


def test_new_takes_the_size_that_the_model_works_best_at(painter):
    type_size(painter, 320, 192)
    painter.window.document.mark_saved()
    painter.control(Qt.Key.Key_N, widget=painter.window.view)
    painter.qtbot.waitUntil(lambda: painter.window.document.scene.prompt == "")
    assert painter.window.document.scene.size == (512, 512)


def test_the_seed_stays_while_something_changes_and_rolls_when_nothing_does(painter, monkeypatch):
    made = []
    window = painter.window
    monkeypatch.setattr(window.generation, "make", lambda scene, _sink: made.append(scene.settings.seed))

    def generate() -> None:
        painter.control(Qt.Key.Key_Return, widget=window.view)

    generate()
    painter.stroke((60, 160), (200, 160))
    generate()
    assert made[0] == made[1], "the same picture with more paint"
    generate()
    assert made[2] != made[1]
    lock = window.settings_panel.findChild(object, "button.generate.lock")
    painter.click(lock)
    generate()
    assert made[3] == made[2] and lock.isChecked()


@pytest.fixture(params=["harbour.jpg", "harbour.png", "harbour.webp", "harbour.tif"])
def photo(request, tmp_path: Path) -> Path:
    Image.new("RGB", (40, 30), (200, 120, 40)).save(tmp_path / request.param)
    return tmp_path / request.param


def test_a_dropped_photograph_is_offered_as_a_style(painter, photo):
    painter.drop(photo)
    banner = painter.window.banner
    assert banner.isVisible() and photo.name in banner.message
    painter.click(painter.button("Use as style"))
    painter.qtbot.waitUntil(lambda: len(painter.window.document.scene.styles) == 1, timeout=20_000)


@pytest.mark.parametrize(("button", "layers"), [("Start from it", 1), ("As colour layer", 0)])
def test_a_dropped_photograph_can_be_begun_from(painter, photo, button, layers):
    """As a layer of its own it is under what is painted, colours included; as colours it can be painted over."""
    window, before = painter.window, painter.window.document.scene
    painter.drop(photo)
    painter.click(painter.button(button))
    scene = window.document.scene
    assert scene.words == before.words and photo.name not in window.banner.message, "the offer is answered"
    assert [layer.name for layer in scene.pictures] == ["harbour"] * layers
    assert scene.colours.is_empty == bool(layers) and (window.session.word == COLOURS) == (not layers)
    begun = ground_of(scene)
    assert (begun[..., 3] == 255).all() and np.abs(begun[..., :3].astype(int) - (200, 120, 40)).max() <= 6
    window.document.undo()
    assert window.document.scene == before


def test_a_dropped_webp_that_has_its_scene_opens_it(painter, tmp_path: Path):
    scene = Scene(prompt="a boat in a harbour")
    lossy.save(tmp_path / "kept.webp", np.zeros((256, 256, 3), np.uint8), scene)
    painter.window.document.mark_saved()
    painter.drop(tmp_path / "kept.webp")
    painter.qtbot.waitUntil(lambda: painter.window.document.scene.prompt == scene.prompt, timeout=20_000)


def test_export_says_export_and_opens_where_the_last_one_went(painter, tmp_path: Path):
    window = painter.window
    scene = window.document.scene
    window.on_canvas.show(DisplayedImage(np.zeros((256, 256, 3), np.uint8), scene))
    for round_ in range(2):
        painter.control(Qt.Key.Key_E, widget=window.view)
        dialog = window.findChild(QFileDialog)
        assert dialog.windowTitle() == "Export Picture"
        assert dialog.labelText(QFileDialog.DialogLabel.Accept).replace("&", "") == "Export"
        if round_:
            assert Path(dialog.directory().absolutePath()) == tmp_path
        dialog.fileSelected.emit(str(tmp_path / f"out{round_}.png"))
        dialog.close()
        painter.qtbot.waitUntil((tmp_path / f"out{round_}.png").exists)
        painter.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        window.activateWindow()
        painter.qtbot.waitUntil(window.isActiveWindow)


def test_news_of_live_pictures_end_with_live(painter):
    bar, live = painter.window.prompt_bar, painter.window.actions_table["generate.live"]
    live.setChecked(True)
    bar.show_idle("Live in 1.0 s")
    assert bar.status.text() == "Live in 1.0 s"
    live.setChecked(False)
    assert "Live" not in bar.status.text()
    bar.show_idle("Live in 1.0 s")  # the last one, which ran when Live was switched off
    assert "Live" not in bar.status.text()


def test_what_the_hand_can_do_is_told_on_the_canvas_and_in_the_help(painter):
    window = painter.window
    window.status.clear_news()
    QApplication.sendEvent(window.view, QEnterEvent(QPointF(9, 9), QPointF(9, 9), QPointF(9, 9)))
    assert "Right-click" in window.status.news and "Shift-click" in window.status.news
    window.status.clear_news()
    QApplication.sendEvent(window.view, QEnterEvent(QPointF(9, 9), QPointF(9, 9), QPointF(9, 9)))
    assert not window.status.news, "once is enough"
    painter.key(Qt.Key.Key_F1, widget=window.view)
    told = [label.text() for label in window.findChild(PaintingHelp).findChildren(QLabel)]
    for text in ("Right-click", "Shift-click", "Fill the Rest", "Shift+Backspace", "Ctrl+Tab", "Rulers",
                 "Paint Colours", "Palette", "Alt-click"):  # fmt: skip
        assert any(text in each for each in told), text
