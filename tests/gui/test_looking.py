"""Looking at results: a click only shows one, its scene is taken on purpose, and the way back is always open."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.image_info.displayed_image import PAPER, DisplayedImage, fitted
from app.results.list_model import ShownRole
from app.results.panel import HINT, ThumbnailDelegate
from canvas.model import edits
from canvas.model.edits import WHOLE
from canvas.model.scene import Scene, Settings

TIP = Qt.ItemDataRole.ToolTipRole


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with two results: that of “a house” is on the canvas, that of “a lake and sky” is older."""
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    hands.generate()
    hands.window.document.set_prompt("a house under a lake")
    hands.generate()
    hands.window.document.end_merge()
    return hands


def click(hands, row: int, *, twice: bool = False, badge: str = "") -> None:
    results = hands.window.results
    square = ThumbnailDelegate.square(results.view.visualRect(results.model.index(row)))
    at = getattr(ThumbnailDelegate, f"{badge}_rect")(square).center() if badge else square.center()
    (hands.double_click if twice else hands.click)(results.view.viewport(), at)


def framed(hands) -> list[int]:
    model = hands.window.results.model
    return [row for row in range(model.rowCount()) if model.data(model.index(row), ShownRole)]


def undo(hands) -> None:
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)


def test_a_click_shows_a_result_and_leaves_the_scene_alone(painter):
    window = painter.window
    before, own, step = window.document.scene, window.shown, window.document.undo_label
    click(painter, 1)
    assert not np.array_equal(window.shown.rgb, own.rgb) and framed(painter) == [1]
    assert window.document.scene is before and window.document.undo_label == step
    assert window.prompt_bar.prompt.text() == "a house under a lake"
    bar = window.look_bar
    assert bar.isVisible() and bar.take.isVisible() and "a lake and sky" in bar.text.text()
    assert "preview only" in bar.text.text()


def test_a_double_click_takes_the_scene_in_one_step_and_undo_shows_the_own_picture(painter):
    window = painter.window
    before, own = window.document.scene, window.shown
    click(painter, 1, twice=True)
    assert window.document.scene.prompt == "a lake and sky" and framed(painter) == [1]
    assert not window.look_bar.isVisible()
    taken = window.shown.rgb
    undo(painter)
    assert window.document.scene == before and window.shown is own and framed(painter) == [0]
    painter.control(Qt.Key.Key_Z, shift=True, widget=window.view)
    assert window.document.scene.prompt == "a lake and sky" and np.array_equal(window.shown.rgb, taken)
    assert framed(painter) == [1]


def test_a_picture_of_another_shape_is_seen_in_its_own_and_covers_the_canvas_of_its_own_scene(painter):
    window = painter.window
    click(painter, 1)
    result = window.shown
    assert result.place == WHOLE  # the shape of the canvas
    window.on_canvas.go_back()
    wide = edits.set_size(window.document.scene, (128, 64))
    window.document.apply(wide, "Wider")
    window.session.show(PAPER)
    click(painter, 1)
    assert window.shown.place == (0.25, 0.0, 0.5, 1.0)
    assert window.session.own is PAPER
    painter.click(window.look_bar.take)
    assert window.document.scene.size == (64, 64) and window.shown.place == WHOLE


@pytest.mark.parametrize(
    ("shape", "place"),
    [((50, 100), (0, 0.25, 1, 0.5)), ((100, 25), (0.375, 0, 0.25, 1)), ((400, 400), WHOLE), ((101, 100), WHOLE)],
)
def test_a_picture_is_fitted_into_the_middle_of_a_canvas(shape, place):
    assert fitted(DisplayedImage(np.zeros((*shape, 3), np.uint8)), (80, 80)).place == place


def test_the_bar_takes_the_scene_that_is_looked_at(painter):
    window = painter.window
    before, own = window.document.scene, window.shown
    click(painter, 1)
    painter.click(window.look_bar.take)
    assert window.document.scene.prompt == "a lake and sky" and not window.look_bar.isVisible()
    undo(painter)
    assert window.document.scene == before and window.shown is own


def test_back_shows_the_own_picture_with_the_paint_that_was_seen(painter):
    window = painter.window
    own = window.shown
    window.view.set_overlays_visible(True)
    click(painter, 1)
    assert not window.view.overlays_visible, "the picture is looked at, not the paint of another"
    click(painter, 1)
    painter.click(window.look_bar.back)
    assert window.shown is own and framed(painter) == [0] and not window.look_bar.isVisible()
    assert window.view.overlays_visible
    assert window.document.undo_label == "Edit prompt"


def test_everything_goes_by_keys_too(painter):
    window, strip = painter.window, painter.window.results.view
    own = window.shown
    click(painter, 0)
    assert strip.hasFocus() and framed(painter) == [0] and not window.look_bar.isVisible()
    painter.key(Qt.Key.Key_Right, widget=strip)
    assert framed(painter) == [1] and window.look_bar.isVisible()
    painter.key(Qt.Key.Key_Escape, widget=strip)
    assert window.shown is own and framed(painter) == [0]
    painter.key(Qt.Key.Key_Space, widget=strip)
    assert framed(painter) == [1] and window.document.scene.prompt == "a house under a lake"
    painter.key(Qt.Key.Key_Return, widget=strip)
    assert window.document.scene.prompt == "a lake and sky"
    undo(painter)
    assert window.document.scene.prompt == "a house under a lake" and window.shown is own


def test_who_goes_on_painting_has_the_own_picture_again(painter):
    window = painter.window
    own = window.shown
    click(painter, 1)
    assert window.shown is not own
    QTest.mousePress(window.view, Qt.MouseButton.LeftButton, pos=painter.on_canvas(10, 50))
    assert window.shown is own, "from the first dab on"
    QTest.mouseRelease(window.view, Qt.MouseButton.LeftButton, pos=painter.on_canvas(50, 50))
    assert window.shown is own and not window.look_bar.isVisible() and framed(painter) == [0]


def test_undo_while_another_picture_is_seen_brings_the_own_one_back(painter):
    window = painter.window
    own = window.shown
    painter.stroke((10, 50), (50, 50))
    click(painter, 1)
    undo(painter)
    assert window.shown is own and framed(painter) == [0]
    reading = window.scoring.reading
    click(painter, 1)
    window.document.set_prompt(window.document.scene.prompt + ", sun")
    assert window.shown is own and window.scoring.reading.whole == reading.whole


def test_the_own_result_still_gives_its_scene_back_after_edits(painter):
    window = painter.window
    own = window.shown
    window.document.set_prompt("something else")
    click(painter, 0)
    assert window.shown is own and window.look_bar.isVisible() and window.look_bar.back.text() == "Close"
    painter.click(window.look_bar.take)
    assert window.document.scene.prompt == "a house under a lake"
    undo(painter)
    assert window.document.scene.prompt == "something else"


def test_a_new_picture_ends_the_look(painter):
    click(painter, 1)
    painter.generate()
    assert framed(painter) == [0] and not painter.window.look_bar.isVisible()
    assert painter.window.results.model.rowCount() == 3


def test_another_scene_ends_the_look(painter):
    click(painter, 1)
    painter.window.document.mark_saved()
    painter.control(Qt.Key.Key_N, widget=painter.window.view)
    assert framed(painter) == [] and painter.window.shown.rgb is None and not painter.window.look_bar.isVisible()


def test_a_picture_without_a_scene_says_so(painter, home):
    from PIL import Image

    Image.new("RGB", (64, 64)).save(home / "results" / "foreign.png")
    painter.window.gallery.refresh()
    before = painter.window.document.scene
    click(painter, 0)
    bar = painter.window.look_bar
    assert "no scene" in bar.text.text() and not bar.take.isVisible() and bar.back.isVisible()
    assert painter.window.document.scene is before


def test_the_bar_lies_at_the_foot_of_the_canvas_and_moves_nothing(painter):
    view, bar = painter.window.view, painter.window.look_bar
    before = view.geometry()
    click(painter, 1)
    for size in ((1200, 800), (1280, 720), (1500, 950)):
        painter.window.resize(*size)
        painter.qtbot.wait(20)
        assert view.geometry().contains(bar.geometry()) and view.geometry().bottom() - bar.geometry().bottom() < 10
    painter.window.resize(1200, 800)
    painter.qtbot.waitUntil(lambda: view.geometry() == before)
    click(painter, 0)
    assert view.geometry() == before


def test_a_double_click_on_a_badge_is_one_click(painter):
    click(painter, 1, twice=True, badge="star")
    model = painter.window.results.model
    assert model.data(model.index(1), 256).starred and framed(painter) == [0]
    click(painter, 1, twice=True, badge="delete")
    assert model.rowCount() == 1 and framed(painter) == [0]


def test_the_strip_says_what_a_click_does(painter):
    model = painter.window.results.model
    tip = model.data(model.index(0), TIP)
    assert "your scene does not change" in tip and "Double-click or Enter: open its scene" in tip
    assert "Click one to look at it" in HINT and "double-click" in HINT
    hint = next(label for label in painter.window.results.findChildren(QLabel) if label.text() == HINT)
    model.show([])
    assert hint.isVisible() and painter.window.results.view.rect().contains(hint.geometry())
