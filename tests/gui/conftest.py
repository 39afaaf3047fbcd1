"""The real window in a home of its own, and hands to use it: everything goes in as input events."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.image_info.displayed_image import DisplayedImage
from app.main import make_application
from app.preferences import Preferences, RemoteMachine
from app.widgets.theme import Theme
from app.window.main_window import MainWindow
from canvas.model.scene import Scene, Settings
from engine.executor import Executor
from engine.remote.server import Server
from tests.fake_executor import FakeExecutor
from tests.gui.file_scenes import painted
from tests.tiny import tiny_sd_folder  # noqa: F401

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders, empty."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WORDBRUSH_HOME", str(folder))
    monkeypatch.setenv("WORDBRUSH_MODELS", str(folder / "models"))
    return folder


@pytest.fixture
def tiny() -> Settings:
    """Settings of the model that the stand-in of the executor has."""
    return Settings(model="tiny", device="cpu", steps=3)


@pytest.fixture
def real_tiny(home: Path, tiny_sd_folder: Path) -> Settings:  # noqa: F811
    """Settings that generate with a tiny model, truly, in a moment."""
    models = home / "models"
    models.mkdir(parents=True)
    os.symlink(tiny_sd_folder, models / "tiny")
    return Settings(model="tiny", device="cpu", steps=3)


class Hands:
    """A person at the window: clicks, drags, types and drops, and looks."""

    def __init__(self, window: MainWindow, qtbot, executor) -> None:
        self.window, self.qtbot, self.executor = window, qtbot, executor

    def settle(self) -> None:
        """Wait until no file is being read or written."""
        window = self.window
        if window.files.busy or window.gallery.busy:
            self.qtbot.waitUntil(lambda: not (window.files.busy or window.gallery.busy), timeout=30_000)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())
        self.settle()

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        """As Qt tells it: press, release, the second press as a double click, release."""
        self.click(widget, at)
        QTest.mouseDClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseRelease(widget, LEFT, Qt.KeyboardModifier.NoModifier, at)
        self.settle()

    def key(self, keys: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier, widget: QWidget | None = None) -> None:
        QTest.keyClick(widget or QApplication.focusWidget() or self.window, keys, modifier)
        self.settle()

    def control(self, key: Qt.Key, *, shift: bool = False, widget: QWidget | None = None) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier
        self.key(key, modifier | Qt.KeyboardModifier.ShiftModifier if shift else modifier, widget)

    def word_rect(self, phrase: str, number: int = 1):
        prompt = self.window.prompt_bar.prompt
        start = -1
        for _ in range(number):
            start = prompt.text().index(phrase, start + 1)
        return prompt.word_rect((start, start + len(phrase)))

    def click_word(self, phrase: str, number: int = 1) -> str:
        """Click a word of the prompt; returns the id of the word that is chosen now."""
        self.click(self.window.prompt_bar.prompt.viewport(), self.word_rect(phrase, number).center().toPoint())
        return self.window.view.selected_word

    def mark(self, phrase: str) -> None:
        """Drag over a phrase of the prompt."""
        rect = self.word_rect(phrase)
        field = self.window.prompt_bar.prompt.viewport()
        start = QPoint(int(rect.left()) + 1, int(rect.center().y()))
        self.drag(field, start, QPoint(int(rect.right()), start.y()))

    def drag(self, widget: QWidget, *points: QPoint) -> None:
        QTest.mousePress(widget, LEFT, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            QTest.mouseMove(widget, point)
        QTest.mouseRelease(widget, LEFT, Qt.KeyboardModifier.NoModifier, points[-1])

    def on_canvas(self, x: float, y: float) -> QPoint:
        """The view's point over a picture pixel."""
        view = self.window.view
        left, top = view.viewport.corner
        return QPointF(left + x * view.viewport.scale, top + y * view.viewport.scale).toPoint()

    def stroke(self, *points: tuple[float, float]) -> None:
        self.drag(self.window.view, *(self.on_canvas(*point) for point in points))

    def type(self, text: str, widget: QWidget | None = None) -> None:
        QTest.keyClicks(widget or QApplication.focusWidget(), text)

    def button(self, text: str, parent: QWidget | None = None) -> QPushButton:
        found = [b for b in (parent or self.window).findChildren(QPushButton) if b.text() == text and b.isVisible()]
        assert found, f"no button {text}"
        return found[0]

    def drop(self, path: Path) -> None:
        """Drop a file on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.window, QDragEnterEvent(QPoint(300, 300), action, data, LEFT, none))
        # Sent from the event loop, as a real one is, but kept here: one that is posted was once freed too early.
        event = QDropEvent(QPointF(300, 300), action, data, LEFT, none)
        QTimer.singleShot(0, self.window, lambda: QApplication.sendEvent(self.window, event))
        self.qtbot.wait(20)
        QApplication.processEvents()  # the file is opened after the drop, which on a busy machine is after the wait
        self.settle()

    def coverage(self, word_id: str) -> float:
        """Painted share of the canvas of a word."""
        return self.window.document.scene.masks[word_id].to_array().mean() / 255

    def generate(self) -> None:
        """Press the keys for Generate and wait for the end."""
        generation = self.window.generation
        with self.qtbot.waitSignal(generation.ended, timeout=60_000):
            self.control(Qt.Key.Key_Return, widget=self.window.view)


@pytest.fixture(params=["here", "elsewhere"])
def anywhere(request) -> str:
    """What uses this is tested twice: with the executor as this machine's, and as another one's on a real server."""
    return request.param


@pytest.fixture
def make_window(qtbot, home: Path, request) -> Iterator[Callable[..., Hands]]:
    """Makes windows as the program does; closes them in the end without a question."""
    made: list[MainWindow] = []
    servers: list[Server] = []
    elsewhere = "anywhere" in request.fixturenames and request.getfixturevalue("anywhere") == "elsewhere"
    app = make_application()
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)

    def make(
        scene: Scene | None = None,
        *,
        engine: bool = False,
        size: tuple[int, int] = (1200, 800),
        executor: Executor | None = None,
        newcomer: bool = False,
    ) -> Hands:
        """The first window of a test has all unfolded, as somebody has it who knows the program."""
        for earlier in made:
            earlier.preferences.sync()  # as a moment later it would by itself
        settings = Preferences()
        if not made and not newcomer:
            settings.change(show_timeline=True, show_advanced=True, show_results=True)
        executor = executor or FakeExecutor()
        if elsewhere:
            servers.append(Server(executor))
            far = RemoteMachine("far", f"127.0.0.1:{servers[-1].start()}", previews="exact")
            settings.change(machines=(far,), machine=far.address)
        own = FakeExecutor() if elsewhere else executor
        window = MainWindow(settings, Theme(app, settings.values.theme), own)
        window.resize(*size)
        if scene is not None:
            window.document.load(scene)
        made.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        if engine:
            window.start_engine()
        if engine and elsewhere:
            qtbot.waitUntil(lambda: window.session.facts is not None and not window.library.busy)
        return Hands(window, qtbot, executor)

    yield make
    for window in made:
        window.document.mark_saved()
        window.close()
        window.shut_down()
        window.deleteLater()
    for server in servers:
        server.close()
    QApplication.processEvents()


@pytest.fixture
def hands(make_window) -> Hands:
    """A window with a prompt and nothing painted."""
    return make_window(Scene(prompt="a lake under a red sky, a lake"))


@pytest.fixture
def with_picture(hands):
    """A window that shows a picture made from its scene."""
    hands.window.document.load(painted())
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[..., 0] = 200
    hands.window.generation.picture.emit(DisplayedImage(rgb, hands.window.document.scene))
    return hands
