"""A field for one line of text that leaves undo to the document and drops to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


def gives_undo_to_window(event: QEvent) -> bool:
    """True for the undo and redo keys, which belong to the document and not to a text field."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


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
