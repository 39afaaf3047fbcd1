"""Find in My Pictures, used by hand: the folder, words, a picture, a style of one, and words that are not known."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QCheckBox

from app.find.controller import FindController
from canvas.model import edits
from canvas.model.scene import Scene
from engine.errors import BadRequest
from engine.retrieval.finder import SEEN_NAMES, Found, Progress, Report
from engine.retrieval.indexing import Cancelled

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class StandIn:
    """A finder that knows files by their names; it notes what it was asked."""

    def __init__(self):
        self.asked, self.steps, self.error = [], 1, None

    def space(self, model):
        return SimpleNamespace(words=SEEN_NAMES)

    def refresh(self, folder, model, *, progress, cancel, busy):
        if self.error is not None:
            raise self.error
        for step in range(self.steps):
            progress(Progress(step, self.steps))
            cancel.wait(0.05 if self.steps > 1 else 0)
            if cancel.is_set():
                raise Cancelled
        files = sorted(folder.glob("*.png"))
        return Report(len(files), len(files), 0, {"bad.png": "no"}, (), False, True, 0.1, 100)

    def by_text(self, text, folder, model, *, count):
        self.asked.append(text)
        return [Found(path, 0.0, 1.0) for path in sorted(folder.glob("*.png")) if text in path.stem]

    def by_picture(self, picture, folder, model, *, count):
        self.asked.append(picture)
        return [Found(path, 0.5) for path in sorted(folder.glob("*.png"))][:count]


@pytest.fixture
def finder(monkeypatch):
    finder = StandIn()
    monkeypatch.setattr(FindController, "_found", lambda self: finder)
    return finder


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("gnu", "old lake", "lake at night"):
        Image.new("RGB", (40, 30), "teal").save(folder / f"{name}.png")
    return folder


@pytest.fixture
def painted(make_window):
    scene, word = edits.add_word(Scene(prompt="a gnu by a lake", size=(64, 64)), (2, 5))
    return make_window(edits.fill_word(scene, word))


def rest(hands):
    finding = hands.window.finding
    hands.qtbot.waitUntil(lambda: not (finding._work.busy or finding._thumbnails.busy), timeout=20_000)


@pytest.fixture
def opened(painted, finder, folder):
    painted.window.finding.use_folder(folder)
    painted.window.actions_table["generate.find"].trigger()
    rest(painted)
    return painted.window.finding.dialog


def shown(dialog):
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def search(hands, dialog, text):
    dialog.words.clear()
    hands.type(text, dialog.words)
    hands.key(Qt.Key.Key_Return, widget=dialog.words)
    rest(hands)


def test_words_find_pictures_and_one_click_makes_a_style_of_one(painted, opened, finder):
    search(painted, opened, "lake")
    assert shown(opened) == ["lake at night", "old lake"] and "2 pictures" in opened.note.text()
    assert not opened.list.item(0).icon().isNull()
    painted.click(opened.use)
    painted.qtbot.waitUntil(lambda: bool(painted.window.document.scene.styles), timeout=20_000)
    (style,) = painted.window.document.scene.styles
    assert (style.name, style.word) == ("lake at night", None)


def test_a_picture_is_taken_for_the_chosen_word_in_one_step(painted, opened):
    word = painted.window.document.scene.words[0].id
    painted.window.session.choose_word(word)
    assert opened.use_word.text() == "Use for “gnu”" and opened.use_word.isVisible()
    search(painted, opened, "old")
    painted.click(opened.use_word)
    rest(painted)
    assert [each.word for each in painted.window.document.scene.styles] == [word]
    painted.window.document.undo()
    assert not painted.window.document.scene.styles


def test_a_dropped_picture_and_the_canvas_are_searched_for(painted, opened, finder, folder):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder / "gnu.png"))])
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(opened, QDragEnterEvent(QPoint(50, 50), copy, data, LEFT, NONE))
    QApplication.sendEvent(opened, QDropEvent(QPointF(50, 50), copy, data, LEFT, NONE))
    rest(painted)
    assert finder.asked[-1] == folder / "gnu.png" and len(shown(opened)) == 3
    painted.click(opened.like_canvas)
    rest(painted)
    assert "no picture on the canvas" in opened.note.text()


def test_a_search_that_finds_nothing_says_why(painted, opened):
    search(painted, opened, "zeppelin")
    assert shown(opened) == [] and "The starter sees only the names that it knows" in opened.note.text()


def test_reading_a_folder_shows_its_progress_and_can_be_cancelled(painted, opened, finder):
    finder.steps = 100
    painted.click(opened.refresh)
    painted.qtbot.waitUntil(lambda: opened.bar.maximum() == 100, timeout=20_000)
    assert opened.bar.isVisible() and opened.cancel.isVisible()
    painted.click(opened.cancel)
    rest(painted)
    assert not opened.bar.isVisible()


def test_a_folder_that_cannot_be_read_is_told_in_the_dialog(painted, opened, finder):
    finder.error = BadRequest("The folder cannot be read.", hint="Choose another folder.")
    painted.click(opened.refresh)
    rest(painted)
    assert opened.note.text() == "The folder cannot be read. Choose another folder."


def test_a_painted_word_that_is_not_known_takes_its_picture_once(painted, opened, finder):
    document = painted.window.document
    painted.click(opened.findChild(QCheckBox, "findUnknown"), QPoint(8, 8))
    assert painted.window.preferences.values.find_unknown
    painted.qtbot.waitUntil(lambda: bool(document.scene.styles), timeout=20_000)
    (style,) = document.scene.styles
    assert (style.name, style.word) == ("gnu", document.scene.words[0].id)
    document.undo()
    painted.window.finding.unknown._look()
    rest(painted)
    assert not document.scene.styles


def test_a_picture_dropped_on_a_word_is_its_look(painted, folder):
    words, document = painted.window.words, painted.window.document
    card = words.chip(document.scene.words[0].id)
    at = card.mapTo(words, card.rect().center())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder / "gnu.png"))])
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(words, QDragEnterEvent(at, copy, data, LEFT, NONE))
    QApplication.sendEvent(words, QDropEvent(QPointF(at), copy, data, LEFT, NONE))
    rest(painted)
    assert [(each.name, each.word) for each in document.scene.styles] == [("gnu", document.scene.words[0].id)]
