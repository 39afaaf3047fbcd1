"""Answers to the file dialogs that the window opens, given as a person gives them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit


def answer_dialog(hands, path: Path) -> None:
    """Type a path into the file dialog that is open."""
    dialog = next(each for each in hands.window.findChildren(QFileDialog) if each.isVisible())
    hands.qtbot.wait(100)  # its parts find their places only then
    field = dialog.findChild(QLineEdit)
    field.setCompleter(None)  # its popup would take the keys, as it asks the platform for a grab that offscreen has not
    field.clear()
    hands.type(str(path), field)
    boxes = dialog.findChild(QDialogButtonBox)
    kinds = QDialogButtonBox.StandardButton
    hands.click(boxes.button(kinds.Save) or boxes.button(kinds.Open))
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)
