"""The bar at the canvas' foot while a result is only looked at: take its scene, or go back to one's own picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.overlay import Overlay
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

EDGE = 3
LEAST_NAME = 60


class PreviewBar(Overlay):
    """Lies over the lower edge of the canvas."""

    take_asked = Signal()
    back_asked = Signal()

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view, "lookBar")
        self._theme = theme
        self._name, self._note = "", ""
        self._icon = PlainLabel()
        self.text = named(PlainLabel(), "lookText")
        self.take = named(QPushButton(tr("Open its scene")), "takeScene")
        self.take.setToolTip(
            tr("Use the prompt, paint and settings that made it (Enter or double-click in the results)")
        )
        self.take.clicked.connect(self.take_asked)
        self.back = named(QPushButton(), "lookBack")
        self.back.clicked.connect(self.back_asked)
        for button in (self.take, self.back):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 3, 3)
        row.setSpacing(6)
        for widget in (self._icon, self.text, self.take, self.back):
            row.addWidget(widget)
        row.insertSpacing(2, 6)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_look(self, name: str, note: str, *, may_take: bool, own: bool) -> None:
        """Say which picture is looked at; `own` is whether it is the painter's own, to which there is no way back."""
        self._name, self._note = name, note
        self.take.setVisible(may_take)
        self.back.setText(tr("Close") if own else tr("Back"))
        self.back.setToolTip(tr("Close this bar") if own else tr("Go back to your own picture (Esc in the results)"))
        self.appear()

    def place(self) -> None:
        """Lie in the middle of the view's lower edge; a long name is cut where the view is narrow."""
        view = self.under.geometry()
        metrics = self.text.fontMetrics()
        self.text.clear()
        self.layout().activate()  # type: ignore[union-attr]
        room = view.width() - 2 * EDGE - self.sizeHint().width()
        name = max(LEAST_NAME, room - metrics.horizontalAdvance(f"“” · {self._note}") - 8)
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, name)
        whole = f"“{shown}” · {self._note}"
        self.text.setText(whole if metrics.horizontalAdvance(whole) <= room else f"“{shown}”")
        self.text.setToolTip(plain_tip(f"{self._name}: {self._note}"))
        self.adjustSize()
        self.move(view.left() + (view.width() - self.width()) // 2, view.bottom() - self.height() - EDGE + 1)

    def _paint_icons(self) -> None:
        self._icon.setPixmap(self._theme.icon("ph.eye", role="muted").pixmap(SMALL_ICON_SIZE))
