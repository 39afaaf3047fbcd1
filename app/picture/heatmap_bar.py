"""The bar over the canvas while a heatmap shows: whose it is, and one click that makes it paint."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.overlay import Overlay
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

EDGE = 10
DOT = 10
LINES = "The white line shows what would be kept; the dashed line is the current paint."


class HeatmapBar(Overlay):
    """Lies over the upper edge of the canvas."""

    keep_asked = Signal()
    left = Signal()  # the pointer went away from it

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view, "heatBar")
        self._theme = theme
        self._whole = ""
        self._dot = PlainLabel()
        self.text = named(PlainLabel(), "heatText")
        self.keep = named(QPushButton(tr("Keep it where it is")), "keepHere")
        self.keep.setToolTip(tr("Paint this word inside the white line, so that it stays there in the next picture"))
        self.keep.setIconSize(SMALL_ICON_SIZE)
        self.keep.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.keep.setCursor(Qt.CursorShape.PointingHandCursor)
        self.keep.clicked.connect(self.keep_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 3, 3)
        row.setSpacing(8)
        for widget in (self._dot, self.text, self.keep):
            row.addWidget(widget)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_heat(self, title: str, color: str, note: str) -> None:
        """A word's heatmap is shown."""
        dot = QPixmap(DOT, DOT)
        dot.fill(QColor(color))
        self._dot.setPixmap(dot)
        self._dot.show()
        self._show(f"“{title}” {note}", muted=False)

    def show_note(self, text: str) -> None:
        """There is no heatmap, and why."""
        self._dot.hide()
        self._show(text, muted=True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def _show(self, text: str, *, muted: bool) -> None:
        self._whole = text
        self.keep.setVisible(not muted)
        self.text.setObjectName("muted" if muted else "heatText")
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
        self.setMinimumHeight(self.keep.sizeHint().height() + 6)
        self.appear()

    def place(self) -> None:
        """Lie in the middle of the view's upper edge; a long name is cut where the view is narrow."""
        view = self.free
        self.text.clear()
        self.layout().activate()  # type: ignore[union-attr]
        room = max(60, view.width() - 2 * EDGE - self.sizeHint().width())
        metrics = self.text.fontMetrics()
        self.text.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room))
        self.text.setToolTip(plain_tip(self._whole if self.keep.isHidden() else f"{self._whole}\n{tr(LINES)}"))
        self.adjustSize()
        self.move(view.left() + (view.width() - self.width()) // 2, view.top() + EDGE)

    def _paint_icons(self) -> None:
        self.keep.setIcon(self._theme.icon("ph.push-pin", role="accent_text"))
