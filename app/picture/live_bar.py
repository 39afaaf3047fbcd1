"""The bar at the canvas' upper left edge while live mode is on: what it does, how fast, keep this picture, record."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from app.language import tr
from app.storage.frames import FrameKind
from app.widgets.helpers import named
from app.widgets.overlay import Overlay
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

EDGE = 6
KINDS = {
    FrameKind.PNG: "Numbered PNG Files…",
    FrameKind.WEBP: "Numbered WebP Files…",
    FrameKind.ANIMATION: "Animated WebP…",
    FrameKind.APNG: "Animated PNG…",
}


class LiveBar(Overlay):
    """Announces what is asked; shows what it is told."""

    keep_asked = Signal()
    record_asked = Signal(object)  # FrameKind
    stop_asked = Signal()  # of the recording
    go_on_asked = Signal()  # though the battery is what it runs on

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view, "liveBar")
        self._theme = theme
        self._icon = PlainLabel()
        self.text = PlainLabel()
        self.text.setAccessibleName(tr("Live pictures"))
        self.go_on = self._button("liveGoOn", tr("Continue"), tr("Keep making live pictures on battery"))
        self.keep = self._button(
            "liveKeep", tr("Keep this picture"), tr("Put the picture on the canvas in the results")
        )
        self.record = self._button("liveRecord", tr("Record"), tr("Write every live picture to a folder"))
        self.stop = self._button("liveStop", tr("Stop recording"), tr("End the recording"))
        self.go_on.clicked.connect(lambda: self.go_on_asked.emit())
        self.keep.clicked.connect(lambda: self.keep_asked.emit())
        self.stop.clicked.connect(lambda: self.stop_asked.emit())
        menu = QMenu(self.record)
        for kind, text in KINDS.items():
            menu.addAction(tr(text)).triggered.connect(lambda _checked=False, kind=kind: self.record_asked.emit(kind))
        self.record.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 3, 3)
        row.setSpacing(6)
        for widget in (self._icon, self.text, self.go_on, self.keep, self.record, self.stop):
            row.addWidget(widget)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.show_recording(None)
        self.go_on.hide()

    def say(self, text: str, *, paused: bool, may_keep: bool) -> None:
        """What live mode does, and what can be done now."""
        changed = self.isHidden() or (self.text.text(), self.go_on.isHidden()) != (text, not paused)
        self.text.setText(text)
        self.go_on.setVisible(paused)
        self.keep.setEnabled(may_keep)
        if changed:
            self.appear()

    def say_sketch(self, text: str) -> None:
        """Live mode is over, and what it made last is still on the canvas: it can be kept."""
        self.record.hide()
        self.say(text, paused=False, may_keep=True)

    def show_recording(self, frames: int | None) -> None:
        """How many frames were recorded so far; None while nothing is."""
        self.record.setVisible(frames is None)
        self.stop.setVisible(frames is not None)
        self.stop.setText(tr("Stop recording") if not frames else tr("Stop recording · {count}", count=frames))
        if not self.isHidden():
            self.place()

    def place(self) -> None:
        """Lie in the view's upper left corner; a narrow view leaves out what it says."""
        view = self.free
        self.text.show()
        self.layout().activate()  # type: ignore[union-attr]
        if self.sizeHint().width() > view.width() - 2 * EDGE:
            self.text.hide()
            self.layout().activate()  # type: ignore[union-attr]
        self.resize(self.sizeHint())
        self.move(view.left() + EDGE, view.top() + EDGE)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = named(QPushButton(text), name)
        button.setToolTip(plain_tip(tip))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _paint_icons(self) -> None:
        self._icon.setPixmap(self._theme.icon("ph.lightning", role="accent_hover").pixmap(SMALL_ICON_SIZE))
