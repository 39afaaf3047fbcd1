"""A dock's title: its name, a caret that folds what is under it where that is wanted, and a cross that closes it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QMainWindow, QToolButton, QWidget

from app.language import tr
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme

WHOLE = 16_777_215  # Qt's own "no limit" of a widget's size


class DockTitle(QWidget):
    """Takes the place of Qt's own title bar, whose icons are of another family."""

    folded = Signal(bool)  # by hand

    def __init__(self, dock: QDockWidget, theme: Theme, *, foldable: bool = False, height: int = 168) -> None:
        """`height` is what a foldable dock opens to when it was never open before."""
        super().__init__(dock)
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock, self._theme, self._height = dock, theme, height
        self._least = 0
        self._pressed, self._dragged = QPoint(), False
        self.is_folded = False
        self.caret: QToolButton = named(small_button(tr("Fold {name}", name=dock.windowTitle())), "fold")
        self.caret.clicked.connect(lambda: self._turn())
        self.caret.setVisible(foldable)
        self._foldable = foldable
        self.text = named(PlainLabel(dock.windowTitle()), "section")
        self.note = named(PlainLabel(), "muted")
        close = named(small_button(tr("Close {name}", name=dock.windowTitle())), "closeDock")
        close.clicked.connect(dock.close)
        self._close = close
        row = QHBoxLayout(self)
        row.setContentsMargins(8 if foldable else 12, 5, 6, 3)
        row.setSpacing(4)
        for widget in (self.caret, self.text, self.note):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(close)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def fold(self, folded: bool) -> None:
        """Leave nothing of the dock but this title, or open it to the height that it had."""
        panel = self._dock.widget()
        if folded == self.is_folded or panel is None:
            return
        self.is_folded = folded
        if folded:
            self._least = panel.minimumHeight()
            self._height = panel.height() if panel.isVisible() else self._height
            panel.setFixedHeight(0)  # hidden, it would make the dock as narrow as this title
        else:
            panel.setMaximumHeight(WHOLE)
            panel.setMinimumHeight(self._least)
        panel.setEnabled(not folded)
        self._dock.setMaximumHeight(self.sizeHint().height() if folded else WHOLE)
        window = self._dock.parentWidget()
        if not folded and isinstance(window, QMainWindow):
            window.resizeDocks([self._dock], [self._height + self.sizeHint().height()], Qt.Orientation.Vertical)
        self._paint_icons()

    def _turn(self) -> None:
        self.fold(not self.is_folded)
        self.folded.emit(self.is_folded)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position().toPoint(), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        away = (event.position().toPoint() - self._pressed).manhattanLength()
        self._dragged = self._dragged or away >= QApplication.startDragDistance()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # A click on the name folds too, and one anywhere on it unfolds; a drag is the dock's, which moves by it.
        place = event.position().toPoint()
        hit = self.text.geometry().contains(place) or (self.is_folded and self.rect().contains(place))
        if self._foldable and hit and not self._dragged and not self._dock.isFloating():
            self._turn()
        super().mouseReleaseEvent(event)

    def _paint_icons(self) -> None:
        self.caret.setIcon(self._theme.icon("ph.caret-right" if self.is_folded else "ph.caret-down", role="muted"))
        self._close.setIcon(self._theme.icon("ph.x", role="muted"))
