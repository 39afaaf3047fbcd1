"""What the program says about itself."""

from __future__ import annotations

from importlib import metadata

from PySide6.QtWidgets import QWidget

import resources
from app.language import tr
from app.widgets.plain_text import message_box

TEXT = (
    "Write a prompt, paint where its words should be, and watch the picture appear.\n\n"
    "Apache-2.0. Painting with words after eDiff-I (arXiv 2211.01324)."
)


def version() -> str:
    """The version of the installed program."""
    try:
        return metadata.version("wordbrush")
    except metadata.PackageNotFoundError:
        return tr("(not installed)")


def licences() -> str:
    """Whose work this is: the licences of what a bundle holds, where this is one, then the notes and our own text."""
    folder = resources.path("licences")
    inside = folder / "inside" / "contents.txt"  # written when a bundle is made
    parts = [path.read_text(encoding="utf-8") for path in (folder / "third-party.txt", folder / "Apache-2.0.txt")]
    if inside.is_file():
        title = tr("Inside this program (the texts are in {folder}):", folder=inside.parent)
        parts.insert(0, f"{title}\n\n{inside.read_text(encoding='utf-8')}")
    return "\n\n".join(parts)


def show_about(window: QWidget) -> None:
    """Open the box with name, version and licence."""
    box = message_box(window)
    box.setWindowTitle(tr("About Wordbrush"))
    box.setIconPixmap(window.windowIcon().pixmap(64, 64))
    box.setText(f"Wordbrush {version()}")
    box.setInformativeText(tr(TEXT))
    box.setDetailedText(licences())
    box.open()
