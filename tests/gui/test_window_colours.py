"""The colours under the words, from the window: chosen, painted with every tool, undone, kept, and sent."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from canvas.files import ora
from canvas.model.colour_layer import COLOURS, rgb_of
from canvas.model.scene import Scene, Settings
from canvas.view.qimage import to_rgb

RED = "#c0392b"
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A person with the colours chosen, a red brush and an empty canvas of 256 x 256."""
    hands = make_window(Scene("a house", size=(256, 256), settings=tiny), engine=True)
    window = hands.window
    hands.click(window.colours.name)
    window.colours.swatches.picked.emit(RED)
    return hands


def colour_at(hands, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in hands.window.document.scene.colours.read((x, y, 1, 1))[0, 0])


def test_a_click_on_the_entry_chooses_the_colours_and_a_stroke_paints_them(painter):
    window = painter.window
    assert window.session.word == window.view.selected_word == COLOURS
    assert window.colours.details.isVisible() and window.session.brush.colour == RED
    painter.stroke((60, 60), (160, 60))
    assert colour_at(painter, 100, 60) == (*rgb_of(RED), 255) and colour_at(painter, 100, 160) == (0, 0, 0, 0)
    assert window.document.undo_label == "Paint colours"
    window.document.undo()
    assert window.document.scene.colours.is_empty and not window.document.can_undo


@pytest.mark.parametrize("tool", ["line", "rectangle", "ellipse", "lasso", "gradient"])
def test_shapes_and_gradients_paint_colours_within_the_selection(painter, tool):
    window = painter.window
    window.actions_table["tool.select-rectangle"].trigger()
    painter.stroke((0, 0), (128, 256))
    window.actions_table[f"tool.{tool}"].trigger()
    painter.stroke((20, 20), (230, 20), (230, 230), (20, 230), (21, 200) if tool == "lasso" else (230, 230))
    rgba = window.document.scene.colours.to_array()
    assert rgba[:, :120, 3].any() and not rgba[:, 130:, 3].any()
    assert {tuple(each) for each in rgba[rgba[..., 3] > 0][:, :3]} == {rgb_of(RED)}


def test_the_bucket_fills_up_to_another_colour_and_the_eraser_takes_away(painter):
    window = painter.window
    window.actions_table["tool.rectangle"].trigger()
    painter.stroke((64, 64), (192, 192))
    window.session.set_brush(type(window.session.brush)(colour="#2980b9"))
    window.actions_table["tool.fill"].trigger()
    painter.click(window.view, painter.on_canvas(10, 10))
    assert colour_at(painter, 5, 5) == (*rgb_of("#2980b9"), 255) and colour_at(painter, 128, 128)[:3] == rgb_of(RED)
    window.actions_table["brush.paint"].trigger()
    window.actions_table["brush.erase"].trigger()
    painter.stroke((100, 128), (150, 128))
    assert colour_at(painter, 128, 128)[3] == 0
    assert window.document.undo_label == "Erase colours"


def test_the_eyedropper_takes_a_painted_colour_or_that_of_the_picture(painter):
    window = painter.window
    painter.stroke((60, 60), (160, 60))
    picture = np.full((256, 256, 3), (10, 200, 30), np.uint8)
    window.view.set_picture(picture)
    window.view.set_overlays_visible(True)
    QTest.mouseClick(window.view, Qt.MouseButton.LeftButton, ALT, painter.on_canvas(100, 200))
    assert window.session.brush.colour == "#0ac81e"
    window.actions_table["tool.eyedropper"].trigger()
    painter.click(window.view, painter.on_canvas(100, 60))
    assert window.session.brush.colour == RED
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_X)
    assert window.session.brush.colour == "#ffffff", "the two colours change places"


def test_colours_are_shown_under_the_paint_and_hidden_by_the_eye(painter):
    window = painter.window
    painter.stroke((60, 60), (160, 60))
    at = painter.on_canvas(100, 60)
    assert tuple(to_rgb(window.view.grab().toImage())[at.y(), at.x()]) == pytest.approx(rgb_of(RED), abs=2)
    painter.click(window.colours.eye)
    assert not window.document.scene.colours.visible and window.document.undo_label == "Hide the colours"
    assert tuple(to_rgb(window.view.grab().toImage())[at.y(), at.x()]) != pytest.approx(rgb_of(RED), abs=30)
    painter.stroke((60, 160), (160, 160))
    assert colour_at(painter, 100, 160)[3] == 0, "what is hidden is not painted on"


def test_the_run_gets_the_colours_and_their_strength_and_files_keep_them(painter, tmp_path):
    window, executor = painter.window, painter.executor
    painter.stroke((60, 60), (160, 60))
    window.colours.strength_changed.emit(0.8)
    painter.generate()
    sent = executor.requests[-1].colours
    assert sent.strength == 0.8 and tuple(sent.rgba[60, 100]) == (*rgb_of(RED), 255)
    path = tmp_path / "a.ora"
    ora.save(path, window.document.scene)
    assert ora.load(path).colours == window.document.scene.colours
    window.colours.strength_changed.emit(0.0)
    painter.generate()
    assert executor.requests[-1].colours is None, "of no strength they change nothing"


def test_what_the_word_menu_does_it_does_to_the_colours(painter):
    window, table = painter.window, painter.window.actions_table
    assert not table["word.drop"].isEnabled() and table["word.clear"].isEnabled()
    table["word.fill_all"].trigger()
    assert window.document.scene.colours.alpha().coverage == 1
    table["word.clear"].trigger()
    assert window.document.scene.colours.is_empty
    table["tool.move"].trigger()
    painter.stroke((20, 20), (60, 60))
    assert window.document.scene.colours.is_empty


def test_the_field_the_swatches_and_the_dialog_choose_the_colour(painter):
    window, card = painter.window, painter.window.colours
    square = card.field.square
    painter.drag(card.field, QPoint(3, 3), QPoint(int(square.right()), 1))
    assert window.session.brush.colour != RED
    assert card.swatches.colours[0] == window.session.brush.colour == window.preferences.values.recent_colours[0]
    painter.click(card.swatches, card.swatches.rect_of(1).center().toPoint())
    assert window.session.brush.colour == card.swatches.colours[0] == RED
    window.actions_table["colour.choose"].trigger()
    dialog = window.colouring._dialog
    dialog.setCurrentColor(dialog.currentColor().fromString("#123456"))
    assert window.session.brush.colour == "#123456"
    dialog.reject()
    assert window.session.brush.colour == RED


def test_the_picture_becomes_the_colours(painter):
    window = painter.window
    painter.generate()
    window.actions_table["colour.from_picture"].trigger()
    assert (window.document.scene.colours.to_array()[..., :3] == window.session.displayed.rgb).all()
