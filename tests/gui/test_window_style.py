"""The Style dock in the window: pictures dropped, refused, weighed, painted, kept, and taken into account."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app.results.strip import dragged
from app.storage.results import Result
from canvas.files import png
from canvas.files.image_io import style_picture
from canvas.model.scene import Scene, Settings
from resources.limits import MAX_STYLES
from tests.gui.dialogs import answer_dialog

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
RGB = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)


@pytest.fixture
def able() -> Settings:
    """Settings of a model with all encoders."""
    return Settings(model="conditioned", device="cpu", steps=2, seed=5)


@pytest.fixture
def painter(make_window, able: Settings):
    """A window with an engine, on a model that takes styles."""
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=able), engine=True, size=(1200, 900))


@pytest.fixture
def look(tmp_path: Path) -> Path:
    """A picture to take the look of."""
    Image.fromarray(RGB).save(tmp_path / "dusk.png")
    return tmp_path / "dusk.png"


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_in(hands, data: QMimeData) -> bool:
    """Drag something over the dock; whether it would take it."""
    event = QDragEnterEvent(QPoint(40, 40), Qt.DropAction.CopyAction, data, LEFT, NONE)
    event.ignore()
    QApplication.sendEvent(hands.window.styles, event)
    return event.isAccepted()


def drop(hands, data: QMimeData) -> None:
    """Drop something on the dock, and wait until it is dealt with."""
    panel, reader = hands.window.styles, hands.window.styling._reader
    assert drag_in(hands, data)
    QApplication.sendEvent(panel, QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, LEFT, NONE))
    reader._worker.submit(lambda: None).result(10)
    hands.qtbot.wait(10)
    hands.qtbot.waitUntil(lambda: all(card.isVisible() for card in cards(hands)))


def cards(hands) -> list:
    scene = hands.window.document.scene
    return [hands.window.styles.card(style.id) for style in scene.styles]


def test_a_dropped_picture_is_a_style_with_a_card_and_undo_takes_it(hands, look):
    drop(hands, files(look))
    (style,) = hands.window.document.scene.styles
    assert (style.name, style.picture, style.strength) == ("dusk", style_picture(RGB), 1.0)
    (card,) = cards(hands)
    hands.qtbot.waitUntil(card.isVisible)
    assert card.name.text() == "dusk" and not hands.window.styles._hint.isVisible()
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert not hands.window.document.scene.styles and hands.window.styles._hint.isVisible()
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)
    assert hands.window.document.scene.styles == (style,)


def test_the_target_shows_while_a_picture_is_over_the_dock(hands, look):
    target = hands.window.styles.target
    assert not target.isVisible() and drag_in(hands, files(look)) and target.isVisible()
    assert hands.window.styles.rect().contains(target.geometry()) and target.height() > 60
    QApplication.sendEvent(hands.window.styles, QDragLeaveEvent())
    assert not target.isVisible()
    words = QMimeData()
    words.setText("just words")
    assert not drag_in(hands, words) and not target.isVisible()


def bad(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"{kind}.png"
    if kind == "text":
        path.write_text("this is no picture")
    elif kind == "wide":
        Image.new("1", (50_000, 3000)).save(path)
    elif kind == "cut":
        Image.fromarray(RGB).save(path)
        path.write_bytes(path.read_bytes()[:-2000])
    elif kind == "folder":
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["text", "wide", "cut", "folder", "missing"])
def test_what_is_no_usable_picture_is_explained_and_nothing_is_lost(hands, look, tmp_path, kind):
    drop(hands, files(look))
    before = hands.window.document.scene
    drop(hands, files(bad(tmp_path, kind)))
    banner = hands.window.banner
    assert banner.isVisible() and kind in banner.message and banner.hint
    assert hands.window.document.scene is before
    if kind == "wide":
        assert "50000" in banner.message and "Scale it down" in banner.hint


def test_see_through_parts_are_laid_on_white_and_that_is_said(hands, tmp_path):
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    drop(hands, files(tmp_path / "clear.png"))
    (style,) = hands.window.document.scene.styles
    assert style.picture == style_picture(np.full((20, 30, 3), 255, np.uint8))
    assert "laid on white" in hands.window.status.news and not hands.window.banner.isVisible()
    Image.new("RGBA", (30, 20), (255, 0, 0, 255)).save(tmp_path / "opaque.png")
    hands.window.status.clear_news()
    drop(hands, files(tmp_path / "opaque.png"))
    assert not hands.window.status.news


def test_pixels_out_of_a_browser_are_taken_and_an_address_alone_is_explained(hands):
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    data = QMimeData()
    data.setImageData(image)
    data.setUrls([QUrl("https://example.org/gallery/green%20fields.jpg?size=2")])
    drop(hands, data)
    (style,) = hands.window.document.scene.styles
    assert style.name == "green fields" and style.picture == style_picture(np.full((20, 30, 3), (0, 255, 0), np.uint8))
    address = QMimeData()
    address.setUrls([QUrl("https://example.org/gallery/")])
    drop(hands, address)
    assert "Only a link" in hands.window.banner.message and "Save the picture" in hands.window.banner.hint
    assert len(hands.window.document.scene.styles) == 1


def test_a_picture_with_a_scene_is_a_style_on_the_dock(hands, tmp_path):
    png.save(tmp_path / "other.png", RGB, Scene(prompt="a house"))
    drop(hands, dragged(Result(tmp_path / "other.png")))
    assert hands.window.document.scene.prompt != "a house"
    assert [style.name for style in hands.window.document.scene.styles] == ["other"]


def test_of_too_many_pictures_those_that_fit_are_taken(hands, tmp_path):
    paths = [tmp_path / f"look {index}.png" for index in range(MAX_STYLES + 1)]
    for path in paths:
        Image.fromarray(RGB[:4, :4]).save(path)
    drop(hands, files(*paths))
    assert len(hands.window.document.scene.styles) == MAX_STYLES
    assert "at most 8" in hands.window.banner.message and not hands.window.styles.choose.isEnabled()


def test_a_file_can_be_chosen_and_replaced_from_the_menu(hands, look, tmp_path):
    hands.click(hands.window.styles.choose)
    answer_dialog(hands, look)
    hands.qtbot.waitUntil(lambda: len(hands.window.document.scene.styles) == 1)
    Image.fromarray(RGB[:8, :8]).save(tmp_path / "dawn.png")
    menu = cards(hands)[0].menu()
    menu.actions()[0].trigger()
    hands.qtbot.waitUntil(lambda: any(d.isVisible() for d in hands.window.findChildren(QFileDialog)))
    answer_dialog(hands, tmp_path / "dawn.png")
    hands.qtbot.waitUntil(lambda: hands.window.document.scene.styles[0].name == "dawn")
    assert hands.window.document.scene.styles[0].picture == style_picture(RGB[:8, :8])


def test_sliders_weigh_a_style_in_single_steps_of_undo_and_reset(hands, look):
    drop(hands, files(look))
    (card,) = cards(hands)

    def style():
        return hands.window.document.scene.styles[0]

    for slider, name, normal in ((card.strength, "strength", 1.0), (card.semantic, "semantic", 0.0)):
        middle = slider.height() // 2
        hands.drag(slider, *(QPoint(x, middle) for x in range(20, slider.width() - 4, 6)))
        assert getattr(style(), name) > normal + 0.5
        hands.control(Qt.Key.Key_Z, widget=hands.window.view)
        assert getattr(style(), name) == normal == slider.value
        hands.drag(slider, QPoint(60, middle), QPoint(40, middle), QPoint(8, middle))
        assert getattr(style(), name) < normal
        QTest.mouseDClick(slider, LEFT, NONE, QPoint(20, middle))
        assert getattr(style(), name) == normal


def test_a_style_is_painted_as_a_word_is(hands, look):
    word = hands.click_word("lake")
    hands.stroke((200, 200), (220, 220))
    drop(hands, files(look))
    (card,) = cards(hands)
    hands.click(card.area)
    style = hands.window.document.scene.styles[0]
    assert style.area and hands.window.view.selected_word == style.id
    assert card.property("selected") == "true" and card.note.isVisible()
    covered = hands.coverage(word)
    hands.stroke((60, 60), (120, 60))
    assert hands.coverage(style.id) > 0.01 and hands.coverage(word) == covered and not card.note.isVisible()
    hands.qtbot.waitUntil(lambda: any(label.word_id == style.id for label in hands.window.view._labels._labels))
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.coverage(style.id) == 0 and card.note.isVisible()
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)
    painted = hands.window.document.scene.masks[style.id]
    hands.click(card.area)
    assert style.id not in hands.window.document.scene.masks and hands.window.view.selected_word == word
    hands.click(card.area)
    assert hands.window.document.scene.masks[style.id] == painted, "the paint comes back with its switch"
    hands.key(Qt.Key.Key_E, widget=hands.window.view)
    hands.stroke((60, 60), (120, 60))
    assert hands.coverage(style.id) < 0.01


def test_a_style_is_bound_to_a_word_and_follows_its_paint(hands, look):
    drop(hands, files(look))
    (card,) = cards(hands)
    assert card.only.isHidden(), "nothing is painted yet"
    word = hands.click_word("lake")
    hands.stroke((200, 200), (220, 220))
    assert card.only.isVisible() and card.word.currentText() == "whole picture"
    card.word.setCurrentIndex(1)
    card.word.activated.emit(1)
    assert hands.window.document.scene.styles[0].word == word and card.word.currentText().startswith("lake")
    entries = hands.window.words._chips.cards[word].menu
    follow = next(each for each in entries().findChildren(QMenu) if "St&yle" in each.title()).actions()
    assert follow[0].text() == "dusk" and follow[0].isChecked()
    for wanted in (None, word):  # the same from the word's own menu, each one step
        steps = next(each for each in entries().findChildren(QMenu) if "St&yle" in each.title()).actions()
        steps[0].trigger()
        assert hands.window.document.scene.styles[0].word == wanted
    hands.window.document.undo()
    assert hands.window.document.scene.styles[0].word is None
    hands.window.document.redo()
    hands.click(card.area)
    assert hands.window.document.scene.styles[0].word is None and card.only.isHidden()
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    hands.window.document.remove_word(word)
    assert card.word.currentText() == "a word that is gone"


def test_a_picture_that_is_chosen_in_a_words_menu_becomes_the_style_of_its_paint(hands, look):
    word = hands.click_word("lake")
    hands.stroke((200, 200), (220, 220))
    hands.window.words.style_asked.emit(word)
    answer_dialog(hands, look)
    hands.qtbot.waitUntil(lambda: len(hands.window.document.scene.styles) == 1)
    assert hands.window.document.scene.styles[0].word == word
    hands.window.document.undo()
    assert not hands.window.document.scene.styles


def test_the_overlay_of_a_style_shows_and_hides(hands, look):
    drop(hands, files(look))
    (card,) = cards(hands)
    hands.click(card.area)
    view = hands.window.view
    place = hands.on_canvas(24, 24)  # off the hint in the middle
    bare = view.grab().toImage().pixelColor(place)
    hands.key(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ShiftModifier, widget=view)  # fill
    style = hands.window.document.scene.styles[0]
    assert hands.coverage(style.id) == 1
    hands.click_word("lake")  # off the style, so that its label moves nothing here
    assert view.grab().toImage().pixelColor(place) != bare
    hands.click(card.eye)
    assert not hands.window.document.scene.styles[0].visible
    assert view.grab().toImage().pixelColor(place) == bare
    hands.click(card.eye)
    hands.click(card.wipe)
    assert hands.coverage(style.id) == 0


def test_cards_choose_move_and_remove(hands, tmp_path):
    for name in ("dusk", "dawn"):
        Image.fromarray(RGB[:9, :9]).save(tmp_path / f"{name}.png")
    drop(hands, files(tmp_path / "dusk.png", tmp_path / "dawn.png"))
    for card in cards(hands):
        hands.click(card.area)
    first, second = (style.id for style in hands.window.document.scene.styles)
    assert hands.window.view.selected_word == second
    hands.window.styles.reveal(first)
    hands.click(hands.window.styles.card(first).name)
    assert hands.window.view.selected_word == first
    down = next(action for action in hands.window.styles.card(first).menu().actions() if action.text() == "Move Down")
    down.trigger()
    assert [style.name for style in hands.window.document.scene.styles] == ["dawn", "dusk"]
    hands.click(hands.window.styles.card(first).remove)
    assert [style.name for style in hands.window.document.scene.styles] == ["dawn"]
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.window.view.selected_word == first, "undo chooses it again"
    hands.window.actions_table["word.drop"].trigger()
    assert [style.name for style in hands.window.document.scene.styles] == ["dawn"]


def test_styles_are_saved_and_opened(hands, look, tmp_path):
    drop(hands, files(look))
    hands.click(cards(hands)[0].area)
    hands.stroke((60, 60), (120, 60))
    saved = hands.window.document.scene
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine")
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    assert not hands.window.document.scene.styles and not cards(hands)
    hands.control(Qt.Key.Key_O, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine.ora")
    assert hands.window.document.scene == saved and len(cards(hands)) == 1


def test_a_style_changes_what_is_made_and_the_result_carries_it(painter, look, home):
    painter.window.actions_table["generate.lock"].trigger()
    painter.generate()
    plain = painter.window.shown.rgb
    drop(painter, files(look))
    painter.generate()
    styled = painter.window.shown.rgb
    assert not np.array_equal(plain, styled)
    hands_slider = cards(painter)[0].strength
    painter.drag(hands_slider, QPoint(40, 10), QPoint(10, 10), QPoint(-20, 10))
    assert painter.window.document.scene.styles[0].strength == 0
    painter.generate()
    assert np.array_equal(painter.window.shown.rgb, plain)
    kept = [png.load_scene(path).styles for path in sorted((home / "results").glob("*.png"))]
    assert [len(styles) for styles in kept].count(1) == 2


def test_a_model_that_takes_no_style_says_so_and_still_paints(make_window, tiny, look):
    hands = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny), engine=True, size=(1200, 900))
    assert hands.window.styles.cannot.isVisible() and "tiny" in hands.window.styles.cannot.text()
    drop(hands, files(look))
    hands.generate()
    assert hands.window.shown.rgb is not None and not hands.window.banner.isVisible()
    assert "had no effect" in hands.window.status.news and "dusk" in hands.window.status.news


def test_a_picture_that_is_read_when_another_scene_is_opened_does_not_land_there(hands, look):
    data = files(look)
    assert drag_in(hands, data)
    event = QDropEvent(QPointF(40, 40), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(hands.window.styles, event)
    hands.window.document.load(Scene(prompt="another"))
    hands.window.styling._reader._worker.submit(lambda: None).result(10)
    hands.qtbot.wait(20)
    assert not hands.window.document.scene.styles
