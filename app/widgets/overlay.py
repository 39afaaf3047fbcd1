"""A widget that lies over another one, beside which it is put: the other keeps its place and size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QWidget


class Overlay(QFrame):
    """Calls `place` whenever the widget under it moves or changes its size, and before it shows.

    Both need one parent, whose coordinates `place` counts in; the window's layout sets it.
    """

    def __init__(self, under: QWidget, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.under = under
        under.installEventFilter(self)
        self.hide()

    def place(self) -> None:
        """Take the place over the widget under it: by default all of it."""
        self.setGeometry(self.under.geometry())

    def appear(self) -> None:
        """Show it, above its neighbours."""
        self.place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.under and event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and not self.isHidden():
            self.place()
        return super().eventFilter(watched, event)
