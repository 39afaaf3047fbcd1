"""What the program says about itself."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

TEXT = (
    "Write a prompt, paint where its words should be, and watch the picture come.<br><br>"
    "Apache-2.0. WordsController with words after eDiff-I (arXiv 2211.01324)."
)


def version() -> str:
    """The version of the installed program."""
    try:
        return metadata.version("wordbrush")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def show_about(window: QWidget) -> None:
    """Open the box with name, version and licence."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About Wordbrush")
    box.setIconPixmap(window.windowIcon().pixmap(64, 64))
    box.setText(f"<b>Wordbrush {version()}</b>")
    box.setInformativeText(TEXT)
    box.open()
