"""The tour: five balloons from a sentence to one's own first picture. Doing what one says goes on, and so does Next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.window.balloon import Balloon

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

PROMPT, WORD, BRUSH, GENERATE, KEEP = range(5)


class Step(NamedTuple):
    """One balloon; `text` may have {keys} for those of `action`."""

    title: str
    text: str
    action: str = ""


def steps() -> tuple[Step, ...]:
    """The five, in the window's language."""
    return (
        Step(tr("A picture begins as a sentence"), tr("This one is ready. Change it as you like, now or later.")),
        Step(tr("Click a word"), tr("It goes on your brush: any word of the sentence can be painted.")),
        Step(
            tr("Paint where it should be"),
            tr("Drag over the picture. The patterns show where the other words are; E takes paint away."),
        ),
        Step(tr("Make the picture"), tr("Press Generate, or {keys}. The starter model takes a few seconds."),
             "generate.run"),
        Step(tr("This is your first picture"),
             tr("Every picture is kept in the results. {keys} saves the scene, to paint on another day."),
             "file.save"),
    )  # fmt: skip


class Tour(QObject):
    """Walks through the steps, and follows the window in size and in what is done in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._balloon: Balloon | None = None
        self._at = PROMPT
        self._asked = False
        self._steps: tuple[Step, ...] = ()
        self._wait = QTimer(self, interval=0, singleShot=True)  # until layouts have settled
        self._wait.timeout.connect(self._place)
        window.installEventFilter(self)
        window.prompt_bar.prompt.word_clicked.connect(lambda *_: self._done(WORD))
        window.view.stroke_finished.connect(lambda: self._done(BRUSH))
        window.generation.picture.connect(lambda _image: self._done(GENERATE))
        window.session.opened.connect(lambda _opened: self._wait.start())
        window.files.busy_changed.connect(self._begin)
        window.actions_table["help.tour"].triggered.connect(lambda _checked=False: self.start())

    @property
    def on(self) -> bool:
        """Whether a balloon is shown."""
        return self._balloon is not None

    @property
    def at(self) -> int:
        """The step, counted from 0."""
        return self._at

    @property
    def balloon(self) -> Balloon | None:
        """The balloon that is shown."""
        return self._balloon

    def start(self) -> None:
        """Begin with the first balloon, once a file that is being read is open; an empty scene becomes the example."""
        window = self._window
        window.zen.leave()
        window.preferences.change(toured=True)
        if not window.session.scene.prompt.strip() and not window.document.dirty and not window.files.busy:
            window.files.load_first()
        self._asked = True
        self._begin(window.files.busy)

    def _begin(self, busy: bool) -> None:
        window = self._window
        if busy or not self._asked:
            return
        self._asked = False
        if self._balloon is None:
            self._balloon = balloon = Balloon(window.theme, window)
            balloon.next_asked.connect(self._next)
            balloon.skip_asked.connect(self.end)
        self._steps = steps()
        self._go(PROMPT)

    def end(self) -> None:
        """Take the balloon away; the keys go back to the canvas if they were in it."""
        if self._balloon is None:
            return
        had_keys = self._balloon.isAncestorOf(self._window.focusWidget() or self._window)
        self._balloon.hide()
        self._balloon.deleteLater()
        self._balloon = None
        if had_keys:
            self._window.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._balloon is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._wait.start()
        return super().eventFilter(watched, event)

    def _done(self, what: int) -> None:
        """Something was done: the balloon that asked for it, and those before, have nothing more to say."""
        if self._balloon is None:
            return
        if self._at == KEEP:  # who goes on working has read it
            self.end()
        elif self._at <= what:
            self._go(what + 1)

    def _next(self) -> None:
        if self._at == KEEP:
            self.end()
        else:
            self._go(self._at + 1)

    def _go(self, at: int) -> None:
        assert self._balloon is not None
        self._at = at
        step = self._steps[at]
        keys = self._window.actions_table[step.action].shortcut().toString() if step.action else ""
        count = tr("{number} of {count}", number=at + 1, count=len(self._steps))
        onward = tr("Done") if at == KEEP else tr("Next")
        self._balloon.say(step.title, step.text.format(keys=keys), count, onward)
        self._place()
        self._wait.start()

    def _place(self) -> None:
        if self._balloon is not None:
            self._balloon.point_at(self._target(), above=self._at == KEEP)  # the results under it are to be seen

    def _target(self) -> QRect | None:
        """What the step is about, in the window's coordinates; None where it is not on the screen."""
        window = self._window
        bar = window.prompt_bar
        if self._at == WORD:
            words = window.session.scene.words
            spans = [word.span for word in words if word.id != window.session.word and word.span is not None]
            rect = bar.prompt.word_rect(spans[-1]) if spans else None
            if rect is not None and bar.prompt.isVisible():
                corner = bar.prompt.viewport().mapTo(window, QPoint(0, 0))
                return rect.toRect().translated(corner)
        brush = next(iter(window.tools.findChildren(QWidget, "button.brush.paint")), window.tools)
        widget: QWidget = (bar.prompt, bar.prompt, brush, bar.generate, window.titles["Results"].text)[self._at]
        if not widget.isVisible() and self._at == GENERATE:
            widget = bar.cancel
        if not widget.isVisible():
            return None
        return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
