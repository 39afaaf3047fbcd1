"""Colour maps in files: the picture, and beside it the table of what its colours mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from canvas.files import atomic, image_io, png
from canvas.files.colour_maps import map_of
from canvas.files.colour_tables import Entry, prefilled, read_table_file, write_table
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene

TABLE_ENDING = ".colours.txt"


@dataclass(frozen=True, eq=False)
class ColourMap:
    """A map that was read: uint8 RGB `[h, w, 3]`, its table as far as it is known, and remarks for the painter."""

    rgb: np.ndarray
    entries: list[Entry]
    remarks: tuple[str, ...] = ()


def table_beside(path: Path) -> Path:
    """Where the table of a map lies that `save_map` wrote."""
    return path.with_name(path.stem + TABLE_ENDING)


def read_map(path: Path, *, palette: str | None = None, table: Path | None = None) -> ColourMap:
    """Read a map, its table filled in from `table`, else from the one beside it, else by the palette that knows it.

    For any thread. Raises SceneFileError where picture or table cannot be read, or the picture has no flat colours.
    """
    rgb = image_io.read_rgb(path)
    given: list[Entry] = []
    remarks: list[str] = []
    if table is not None:
        given, remarks = read_table_file(table)
    elif palette is None and table_beside(path).is_file():
        try:
            given, remarks = read_table_file(table_beside(path))
        except SceneFileError as error:  # nobody asked for it
            remarks = [f"{error.message} It was left out."]
    entries = prefilled(rgb, palette, given)
    if not entries:
        raise SceneFileError(
            f"“{path.name}” is not a colour map: it has no areas of one colour.",
            hint="Open a picture of flat colours, such as a segmentation map, saved as a PNG.",
        )
    return ColourMap(rgb, entries, tuple(remarks))


def save_map(path: Path, scene: Scene) -> list[Path]:
    """Write a scene's paint as a map (PNG) with its table beside it; returns both files.

    Raises:
        SaveError: one of them could not be written.
    """
    rgb, entries = map_of(scene)
    png.save(path, rgb)
    atomic.write(table_beside(path), write_table(entries).encode(), backup=True)
    return [path, table_beside(path)]
