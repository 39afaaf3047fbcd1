"""Text fields that leave undo to the document and drops to the window: a line, and what all of them share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget


def gives_undo_to_window(event: QEvent) -> bool:
    """True for the undo and redo keys, which belong to the document and not to a text field."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


def with_window_history(menu: QMenu, field: QWidget) -> QMenu:
    """A text field's own menu in which Undo and Redo are the window's: the field's would always be grey."""
    for action in menu.actions():
        kind = action.objectName()
        if kind in ("edit-undo", "edit-redo"):
            real = field.window().findChild(QAction, kind.replace("-", "."))
            if real is not None:
                menu.insertAction(action, real)
                menu.removeAction(action)
    return menu


class PlainLine(QLineEdit):
    """A line edit whose undo is the document's, and whose drops are the window's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)

    def event(self, event: QEvent) -> bool:
        if gives_undo_to_window(event):
            event.ignore()
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = with_window_history(self.createStandardContextMenu(), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
