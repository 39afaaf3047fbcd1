"""Text that is not ours (prompts, names of files, models and styles) is shown as it is, never read as HTML.

Qt guesses: what looks like HTML in a label or tooltip is drawn as HTML, loads pictures and may take minutes to lay out.
"""

from __future__ import annotations

import html
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

LONGEST = 2000
"""Letters of a tooltip: more fit no screen."""


class PlainLabel(QLabel):
    """A label that shows every text letter by letter. Takes what QLabel takes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.setTextFormat(Qt.TextFormat.PlainText)


def plain_tip(text: str) -> str:
    """What to give `setToolTip` or a tooltip role so that it shows `text` letter by letter."""
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    might_be_rich = "<" in cut or "&lt;" in cut  # Qt guesses by these
    return f"<qt>{html.escape(cut).replace(chr(10), '<br>')}</qt>" if might_be_rich else cut


def message_box(window: QWidget) -> QMessageBox:
    """A message box, deleted when it is closed, that shows its texts letter by letter."""
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box
