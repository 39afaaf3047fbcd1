"""Scenes for the tests of files, and the question about unsaved ones."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox

from canvas.model import edits
from canvas.model.scene import Scene


def painted(prompt: str = "a lake") -> Scene:
    """A small scene whose lake is painted all over."""
    scene, word = edits.add_word(Scene(prompt=prompt, size=(64, 64)), (2, 6))
    return edits.fill_word(scene, word)


def question(hands) -> QMessageBox:
    """The question what becomes of unsaved changes; it is asked now."""
    box = hands.window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None and box.isVisible()
    return box
