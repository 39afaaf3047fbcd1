"""A widget that lies over another one, beside which it is put: the other keeps its place and size."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QFrame, QWidget

_MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize)


class Overlay(QFrame):
    """Calls `place` whenever what it stands by moves or changes its size, and before it shows.

    It and the widget under it need one parent, whose coordinates `place` counts in; the window's layout sets it.
    """

    def __init__(self, under: QWidget, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.under = under
        self._nearer: tuple[QWidget, ...] = ()
        under.installEventFilter(self)
        self.hide()

    def keep_clear_of(self, *nearer: QWidget) -> None:
        """Let others over the same widget have the places nearer to its edge: this one never lies over them."""
        self._nearer = nearer
        for other in nearer:
            other.installEventFilter(self)

    @property
    def free(self) -> QRect:
        """What is left of the widget under it, above and below the others that show (`keep_clear_of`)."""
        whole = self.under.geometry()
        left = QRect(whole)
        for other in self._nearer:
            taken = other.geometry()
            if other.isHidden():
                continue
            if taken.center().y() < whole.center().y():
                left.setTop(max(left.top(), taken.bottom() + 1))
            else:
                left.setBottom(min(left.bottom(), taken.top() - 1))
        return left

    def place(self) -> None:
        """Take the place over the widget under it: by default all of it."""
        self.setGeometry(self.under.geometry())

    def appear(self) -> None:
        """Show it, above its neighbours."""
        self.place()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and not self.isHidden() and (watched is self.under or watched in self._nearer):
            self.place()
        return super().eventFilter(watched, event)
