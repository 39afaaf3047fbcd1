"""Plays a session that is written down, line by line, with the hands of a person at the real window.

A line is `MINUTE:SECOND WHAT WITH`. What there is: `-` an action by its name; `prompt` types one; `word` clicks one in
it; `mouse`, `pen`, `rubber` draw over places of the canvas (x,y and a pen's pressure); `click` and `double` there;
`key` presses one; `colour` takes one for the brush; `strength` sets the chosen word's; `undo` and `redo` so many times;
`grid` over the choice of a number and its values; `canvas` gives it a size, and `fill` paints what is new;
`refine` answers its dialog; `result` shows one; `save` and `export` answer the dialog with a name, and `open` loads
one; `cancel` what is being made; `pictures` waits for so many in live mode, and `wait` until all is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.results.panel import ThumbnailDelegate
from app.rework.grid_dialog import GridDialog
from app.rework.refine_dialog import RefineDialog
from tests.gui.canvas_hands import PEN, RUBBER, CanvasHands
from tests.gui.conftest import Hands
from tests.gui.dialogs import answer_dialog

SESSION = Path(__file__).with_name("session.txt")
MOST_WAIT = 120_000  # milliseconds


@dataclass(frozen=True)
class Line:
    """One thing that is done: seconds after the session began, the word for it, and what follows."""

    at: int
    what: str
    given: str


def read(path: Path = SESSION) -> list[Line]:
    """The lines of a session in their order.

    Raises:
        ValueError: a line is none, or comes before the one above it.
    """
    found: list[Line] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        if not text or text.startswith("#"):
            continue
        clock, what, *given = text.split(maxsplit=2)
        minute, second = clock.split(":")
        found.append(Line(60 * int(minute) + int(second), what, given[0] if given else ""))
        if len(found) > 1 and found[-1].at < found[-2].at:
            raise ValueError(f"{text} comes too late")
    return found


class _Pen(CanvasHands):
    """A pen over the canvas of a window."""

    def __init__(self, hands: Hands) -> None:
        self.view = hands.window.view


def _places(given: str) -> list[tuple[float, ...]]:
    return [tuple(float(value) for value in place.split(",")) for place in given.split()]


class Player:
    """Plays lines at a window; `folder` keeps what is saved and exported.

    Attributes:
        counts: how often each thing was done. longest: seconds that the slowest took, of those that wait for nothing.
    """

    def __init__(self, hands: Hands, folder: Path, *, pace: float = 0.0) -> None:
        """`pace` is the part of the written pauses that is kept: 0 plays without any, 1 as it is written."""
        self._hands, self._folder, self._pace = hands, folder, pace
        self.counts: dict[str, int] = {}
        self.longest = 0.0
        self._number = 0
        self._shown = self._awaited = 0  # pictures that came, and those that a line has waited for
        hands.window.generation.picture.connect(self._count)

    def _count(self, _image: object) -> None:
        self._shown += 1

    def play(self, lines: list[Line], number: int, *, each_minute: Callable[[], None] = lambda: None) -> None:
        """Play a session, and call back after each of its minutes."""
        self._number, minute, began = number, 0, time.monotonic()
        for line in lines:
            while line.at // 60 > minute:
                minute += 1
                each_minute()
            if (rest := began + line.at * self._pace - time.monotonic()) > 0:
                self._hands.qtbot.wait(round(1000 * rest))
            self._do(line)
        each_minute()

    def _do(self, line: Line) -> None:
        started = time.monotonic()
        if line.what != "pictures":
            self._awaited = self._shown
        try:
            name = "action" if line.what == "-" else line.what
            getattr(self, f"_{name}")(line.given.replace("{n}", str(self._number)))
            QApplication.processEvents()
        except Exception as error:
            error.add_note(f"at {line.at // 60}:{line.at % 60:02d} {line.what} {line.given}")
            raise
        if line.what not in ("wait", "pictures", "grid"):
            self.longest = max(self.longest, time.monotonic() - started)
        kind = line.given if line.what == "-" else line.what
        self.counts[kind] = self.counts.get(kind, 0) + 1
        banner = self._hands.window.banner
        assert not banner.isVisible() or banner._kind == "info", (line, banner.message)

    # the words ---------------------------------------------------------------------------------------------------
    def _action(self, name: str) -> None:
        action = self._hands.window.actions_table[name]
        assert action.isEnabled(), f"{name} cannot be chosen now"
        action.trigger()
        self._hands.settle()

    def _prompt(self, text: str) -> None:
        field = self._hands.window.prompt_bar.prompt
        field.setFocus()
        self._hands.control(Qt.Key.Key_A, widget=field)
        self._hands.type(text, field)

    def _word(self, phrase: str) -> None:
        assert any(self._hands.click_word(phrase) or QTest.qWait(100) for _ in range(3)), f"{phrase} is no word"
        self._hands.window.view.setFocus()

    def _mouse(self, given: str) -> None:
        self._hands.stroke(*_places(given))

    def _pen(self, given: str) -> None:
        self._touch(given, PEN)

    def _rubber(self, given: str) -> None:
        self._touch(given, RUBBER)

    def _touch(self, given: str, device: object) -> None:
        places = _places(given)
        _Pen(self._hands).pen_stroke([place[:2] for place in places], [place[2] for place in places], device=device)

    def _click(self, given: str) -> None:
        self._hands.click(self._hands.window.view, self._hands.on_canvas(*_places(given)[0]))

    def _double(self, given: str) -> None:
        self._hands.double_click(self._hands.window.view, self._hands.on_canvas(*_places(given)[0]))

    def _key(self, name: str) -> None:
        self._hands.key(Qt.Key[f"Key_{name}"], widget=self._hands.window.view)

    def _colour(self, text: str) -> None:
        colours = self._hands.window.colours
        self._hands.click(colours.name)
        colours.swatches.picked.emit(text)

    def _strength(self, text: str) -> None:
        self._hands.window.document.set_strength(self._hands.window.session.word, float(text))

    def _undo(self, times: str) -> None:
        for _ in range(int(times)):
            self._action("edit.undo")

    def _redo(self, times: str) -> None:
        for _ in range(int(times)):
            self._action("edit.redo")

    def _grid(self, given: str) -> None:
        over, values = given.split(maxsplit=1)
        self._action("generate.grid")
        (dialog,) = [each for each in self._hands.window.findChildren(GridDialog) if each.isVisible()]
        dialog.columns.choose(list(dialog.ways)[int(over)])
        dialog.columns.field.setText(values)
        with self._hands.qtbot.waitSignal(self._hands.window.gridding.said, timeout=MOST_WAIT):
            dialog.accept()

    def _refine(self, _given: str) -> None:
        self._action("rework.refine")
        (dialog,) = [each for each in self._hands.window.findChildren(RefineDialog) if each.isVisible()]
        dialog.accept()

    def _canvas(self, given: str) -> None:
        width, height = given.split()
        self._hands.window.session.crop((int(width), int(height)), (0.5, 0.5))

    def _fill(self, _given: str) -> None:
        self._hands.click(self._hands.window.rework_bar.button)

    def _result(self, row: str) -> None:
        results = self._hands.window.results
        square = ThumbnailDelegate.square(results.view.visualRect(results.model.index(int(row))))
        self._hands.click(results.view.viewport(), square.center())

    def _save(self, name: str) -> None:
        self._action("file.save")
        if self._asks():
            answer_dialog(self._hands, self._folder / f"{name}.ora")
        self._hands.settle()
        assert self._hands.window.document.path == self._folder / f"{name}.ora"

    def _open(self, name: str) -> None:
        self._hands.window.files.load(self._folder / f"{name}.ora")
        self._hands.settle()
        assert self._hands.window.document.path == self._folder / f"{name}.ora"

    def _export(self, name: str) -> None:
        self._action("file.export")
        answer_dialog(self._hands, self._folder / f"{name}.png")
        self._hands.settle()
        assert (self._folder / f"{name}.png").is_file()

    def _asks(self) -> bool:
        return any(each.isVisible() for each in self._hands.window.findChildren(QFileDialog))

    def _pictures(self, number: str) -> None:
        """Wait for so many pictures since the line before began: on a quick machine they may be there by now."""
        self._awaited += int(number)
        self._hands.qtbot.waitUntil(lambda: self._shown >= self._awaited, timeout=MOST_WAIT)

    def _cancel(self, _given: str) -> None:
        window = self._hands.window
        action = window.actions_table["generate.cancel"]
        self._hands.qtbot.waitUntil(lambda: action.isEnabled() or not len(window.session.jobs), timeout=MOST_WAIT)
        if action.isEnabled():
            action.trigger()

    def _wait(self, _given: str) -> None:
        window = self._hands.window
        self._hands.qtbot.waitUntil(
            lambda: not len(window.session.jobs) and not window.generation.running, timeout=MOST_WAIT
        )
        self._hands.settle()
        QTest.qWait(0)
