"""The foot of the window: a line of news, whether the paint is hidden, the picture's score and its size."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStatusBar, QToolButton

from app.actions import Actions
from app.language import sentence, tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip

NEWS_MS = 8000


class News(PlainLabel):
    """A line that never makes the window wider: what does not fit ends in an ellipsis, and is whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)


class StatusLine(QStatusBar):
    """`score` is filled by the score controller."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._news = News()
        self._hidden = named(PlainLabel(), "muted")
        self.score = named(PlainLabel(), "pictureScore")
        self.coverage = named(PlainLabel(), "coverage")
        self._size = PlainLabel()
        self.machine = named(QToolButton(), "machine")
        self.machine.setAutoRaise(True)
        self.addWidget(self._news, 1)
        self._permanent = (self._hidden, self.coverage, self.score, self._size)
        for label in self._permanent:
            self.addPermanentWidget(label)
        self.setSizeGripEnabled(False)

    @property
    def news(self) -> str:
        """The line that stands there."""
        return self._news.text()

    @property
    def hidden(self) -> str:
        """What is said of hidden paint; empty while it is shown."""
        return self._hidden.text()

    def say(self, text: str) -> None:
        """A line of news, for a while; of the canvas or the engine, too."""
        text = sentence(text)
        self._set_news(text)
        QTimer.singleShot(NEWS_MS, self._news, lambda: self._unsay(text))

    def clear_news(self) -> None:
        """What was said is no news any more."""
        self._set_news("")

    def show_overlays(self, visible: bool) -> None:
        """Say how hidden paint comes back."""
        keys = self._actions["view.overlays"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        how = tr("paint, or press {keys} on the canvas,", keys=keys) if keys else tr("paint")
        self._hidden.setText("" if visible else tr("Paint hidden: {how} to show it", how=how))

    def show_machine(self, name: str, whole: str) -> None:
        """Which machine makes the pictures, where there is more than one; `whole` says more of it."""
        if name and self.machine.parent() is None:  # until then the line is no higher for it
            self.insertPermanentWidget(len(self._permanent), self.machine)
        self.machine.setText(name)
        self.machine.setVisible(bool(name) and self.machine.parent() is not None)
        self.machine.setToolTip(plain_tip(whole))
        self.machine.setAccessibleName(tr("Machine: {name}", name=whole))

    def show_size(self, size: tuple[int, int], picture: tuple[int, int] | None = None) -> None:
        """The size of the canvas in pixels, and that of the picture on it where that is another one."""
        text = f"{size[0]} × {size[1]}"
        if picture is not None and picture != size:
            own = f"{picture[0]} × {picture[1]}"
            text = tr("Picture {picture} · Canvas {canvas}", picture=own, canvas=text)
        self._size.setText(text)

    @property
    def size_said(self) -> str:
        """What is said of sizes."""
        return self._size.text()

    def _unsay(self, text: str) -> None:
        if self._news.text() == text:
            self._set_news("")

    def _set_news(self, text: str) -> None:
        self._news.setText(text)
        self._news.setToolTip(plain_tip(text))
