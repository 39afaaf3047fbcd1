"""Contact sheets: one row per layout, one column per setting, with the painted areas outlined."""

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
    """The painted areas' outline and the halo around it: bool `[size, size]` each, without overlap."""
    line = np.zeros((size, size), bool)
    for item in layout.items:
        area = np.asarray(Image.fromarray(item.area).resize((size, size), Image.Resampling.NEAREST))
        line |= area & ~_shrunk(area)
    return line, ~_shrunk(~line) & ~line


def _shrunk(area: np.ndarray) -> np.ndarray:
    """The area without its outermost pixels; pixels at the edge of the picture stay."""
    around = np.pad(area, 1, mode="edge")
    return around[1:-1, 1:-1] & around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]


def outlined(rgb: np.ndarray, layout: Render, size: int = CELL) -> np.ndarray:
    """A picture uint8 `[H, W, 3]` scaled to uint8 `[size, size, 3]`, the painted areas outlined in white and black."""
    small = np.asarray(Image.fromarray(rgb).resize((size, size), Image.Resampling.LANCZOS)).copy()
    line, halo = outlines(layout, size)
    small[halo] = small[halo] // 2
    small[line] = 255
    return small


def draw_sheet(layouts: Sequence[Render], columns: Mapping[str, Sequence[np.ndarray]], path: Path) -> None:
    """Write a sheet as PNG: the layouts' own drawings in the first column, then one column of pictures per title.

    Args:
        layouts: one per row. columns: title -> pictures uint8 `[H, W, 3]`, one per layout.

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
    """Write columns of pictures under their titles as PNG, with a text below each row.

    Args:
        columns: title -> pictures uint8 `[H, W, 3]`, one per row. texts: one per row.

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
    """Arguments of `ImageDraw.text` for a text that is made smaller, then cut, until it fits the width."""
    for smaller in range(size, 8, -1):
        font = ImageFont.load_default(smaller)
        if pen.textlength(text, font=font) <= width:
            return {"text": text, "font": font}
    while text and pen.textlength(text + "…", font=font) > width:
        text = text[:-1]
    return {"text": text + "…", "font": font}
