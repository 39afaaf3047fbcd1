"""Picture sheets: the same layouts down, settings across, with what was painted outlined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.lab.pages.plotting import GREY, INK, unwritable
from engine.world.scenes import Render

CELL = 192
"""Side of a picture on a sheet, in pixels."""

_GAP = 6
_HEAD = 30
_CAPTION = 24


def outlines(layout: Render, size: int = CELL) -> tuple[np.ndarray, np.ndarray]:
    """Where the painted areas end: the line and the halo around it, bool `[size, size]` each, which do not overlap."""
    line = np.zeros((size, size), bool)
    for item in layout.items:
        area = np.asarray(Image.fromarray(item.area).resize((size, size), Image.Resampling.NEAREST))
        line |= area & ~_shrunk(area)
    return line, ~_shrunk(~line) & ~line


def _shrunk(area: np.ndarray) -> np.ndarray:
    """The area without its outermost pixels; the picture's own edge is none."""
    around = np.pad(area, 1, mode="edge")
    return around[1:-1, 1:-1] & around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]


def outlined(rgb: np.ndarray, layout: Render, size: int = CELL) -> np.ndarray:
    """A picture uint8 `[H, W, 3]` at sheet size, the paint's outline white on a dark halo: uint8 `[size, size, 3]`."""
    small = np.asarray(Image.fromarray(rgb).resize((size, size), Image.Resampling.LANCZOS)).copy()
    line, halo = outlines(layout, size)
    small[halo] = small[halo] // 2
    small[line] = 255
    return small


def draw_sheet(layouts: Sequence[Render], columns: Mapping[str, Sequence[np.ndarray]], path: Path) -> None:
    """Write a sheet as PNG: in the first column the world's own drawing, then a column of pictures for each title.

    Args:
        layouts: one for each row. columns: title -> pictures uint8 `[H, W, 3]`, one for each layout.

    Raises:
        EngineError: the file cannot be written.
    """
    shown = {"the layout": [layout.rgb for layout in layouts], **columns}
    cells = {
        title: [outlined(rgb, layout) for rgb, layout in zip(pictures, layouts, strict=True)]
        for title, pictures in shown.items()
    }
    draw_strips(cells, [f"“{layout.caption}”" for layout in layouts], path)


def draw_strips(columns: Mapping[str, Sequence[np.ndarray]], texts: Sequence[str], path: Path) -> None:
    """Write columns of pictures under their titles as PNG, a text below each row.

    Args:
        columns: title -> pictures uint8 `[H, W, 3]`, one for each row. texts: one for each row.

    Raises:
        EngineError: the file cannot be written.
    """
    step, height = CELL + _GAP, CELL + _GAP + _CAPTION
    sheet = Image.new("RGB", (len(columns) * step + _GAP, _HEAD + len(texts) * height + _GAP), "white")
    pen = ImageDraw.Draw(sheet)
    for column, (title, pictures) in enumerate(columns.items()):
        left = _GAP + column * step
        pen.text((left + CELL / 2, _HEAD / 2), fill=INK, anchor="mm", **_fitting(pen, title, CELL, 15))
        for row, rgb in enumerate(pictures):
            small = Image.fromarray(rgb).resize((CELL, CELL), Image.Resampling.LANCZOS)
            sheet.paste(small, (left, _HEAD + row * height))
    for row, text in enumerate(texts):
        place = (_GAP, _HEAD + row * height + CELL + 3)
        pen.text(place, fill=GREY, **_fitting(pen, text, sheet.width - 2 * _GAP, 14))
    try:
        sheet.save(path, format="PNG", optimize=True)
    except OSError as error:
        raise unwritable(path.parent, error) from error


def _fitting(pen: ImageDraw.ImageDraw, text: str, width: float, size: int) -> dict[str, Any]:
    """A text and a font as `ImageDraw.text` takes them: smaller, then cut, until the width holds it."""
    for smaller in range(size, 8, -1):
        font = ImageFont.load_default(smaller)
        if pen.textlength(text, font=font) <= width:
            return {"text": text, "font": font}
    while text and pen.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return {"text": text + "…", "font": font}
