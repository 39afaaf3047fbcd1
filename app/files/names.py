"""Names of files: the examples that ship, what was dropped, endings, and a name for a scene without one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDropEvent

import resources
from canvas.files.reading import SUFFIXES
from canvas.model.errors import SaveError

SCENES = "Wordbrush scenes (*.ora)"
READABLE = f"Scenes and pictures (*.ora~ {' '.join(f'*{ending}' for ending in SUFFIXES)})"
MAPS = "Colour maps (*.png *.bmp *.gif *.webp *.tif *.tiff *.jpg *.jpeg)"
TABLES = "Tables of colours (*.txt *.json *.py);;All files (*)"
PNGS = "PNG pictures (*.png)"
PICTURES = "Pictures (*.png *.webp *.jpg *.jpeg *.psd)"


def examples() -> list[Path]:
    """The example scenes that ship, in the order of their names."""
    return sorted(resources.path("examples").glob("*.ora"))


def example_title(path: Path) -> str:
    """An example's name for the menu: `01-lake-in-the-sky.ora` is "Lake in the sky"."""
    stem = path.stem.lstrip("0123456789").strip("-_ ")
    return (stem or path.stem).replace("-", " ").replace("_", " ").capitalize()


def with_ending(path: Path, ending: str) -> Path:
    """The path that was typed in a dialog, with `ending` behind it where it has another (the .2 of `v1.2` is none).

    Raises:
        SaveError: a file of that whole name is there; the dialog asked about another one.
    """
    if path.suffix.lower() == ending:
        return path
    whole = path.with_name(path.name + ending)
    if whole.exists():
        raise SaveError(
            f"There is a “{whole.name}” already.", hint=f"Save again and type {whole.name}, or give it another name."
        )
    return whole


def suggested(prompt: str) -> str:
    """A file name for a scene of that prompt, without suffix."""
    plain = "".join(char if char.isalnum() else " " for char in prompt)
    return "-".join(plain.split()[:6])[:48] or "scene"


def dropped_file(event: QDropEvent) -> Path | None:
    """The scene or picture that was dropped; None where nothing useful was."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix.lower() in (*SUFFIXES, ".ora~")), None)
