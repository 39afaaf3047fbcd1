"""All names that a model paints, on a card that lies over what is below and moves nothing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel

GAP = 4
INTERACTION = Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard


class NamesCard(QFrame):
    """Opened under a widget; closed by Esc, or when the keys go to what does not belong to it."""

    followed = Signal(str)  # a link's target
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("namesCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._near: QWidget | None = None
        self.text = named(PlainLabel(), "muted")
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(INTERACTION)
        self.text.setWordWrap(True)
        self.text.linkActivated.connect(self.followed)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 11)
        column.addWidget(self.text)
        self.hide()

    def open(self, under: QWidget, near: QWidget) -> None:
        """Show it under a widget and as wide; while the keys are in `near`, it stays."""
        self._near = near
        if self.parentWidget() is not under.window():
            self.setParent(under.window())
            application = QApplication.instance()
            if isinstance(application, QApplication):
                application.focusChanged.connect(self._focus_changed)
        self.follow(under)
        self.show()
        self.raise_()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, under: QWidget) -> None:
        """Take the place under a widget that was moved, or another text."""
        self.setFixedWidth(under.width())
        self.setFixedHeight(self.heightForWidth(under.width()))
        self.move(under.mapTo(under.window(), QPoint(0, under.height() + GAP)))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._near is not None:
            self._near.setFocus()
            self.hide()
        else:
            super().keyPressEvent(event)

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is None or self.isHidden() or self._near is None:
            return
        if not (self.isAncestorOf(now) or self._near is now or self._near.isAncestorOf(now)):
            self.hide()
