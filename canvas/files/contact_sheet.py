"""A contact sheet: pictures in rows and columns, each with its label, and a title above."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

GAP, LABEL, HEAD = 10, 30, 44
MOST = 8192  # pixels a side of the whole sheet; cells become smaller where they would not fit
LEAST = 48  # pixels of a cell's longer side
PAPER, INK, MUTED = "white", "#1d1d22", "#6a6a75"


def columns_for(count: int) -> int:
    """How many columns a sheet of so many pictures has where nobody says."""
    return max(1, math.ceil(math.sqrt(count)))


def draw(cells: Sequence[tuple[str, np.ndarray]], *, title: str = "", columns: int | None = None) -> np.ndarray:
    """Lay pictures, uint8 RGB `[h, w, 3]`, with their labels on one sheet, row by row: uint8 RGB `[H, W, 3]`.

    All cells are as large as the largest picture; smaller ones stand in their middle.
    """
    across = columns or columns_for(len(cells))
    down = math.ceil(len(cells) / across)
    width, height = (max(rgb.shape[side] for _label, rgb in cells) for side in (1, 0))
    room = (MOST - GAP) / across - GAP, (MOST - GAP - HEAD) / down - GAP - LABEL
    scale = max(min(1.0, room[0] / width, room[1] / height), LEAST / max(width, height))
    cell = max(1, int(width * scale)), max(1, int(height * scale))
    head = HEAD if title else 0
    sheet = Image.new("RGB", (across * (cell[0] + GAP) + GAP, down * (cell[1] + LABEL + GAP) + GAP + head), PAPER)
    pen = ImageDraw.Draw(sheet)
    if title:
        _write(pen, title, (GAP, GAP + 4), sheet.width - 2 * GAP, size=20, ink=INK)
    for index, (label, rgb) in enumerate(cells):
        row, column = divmod(index, across)
        left, top = GAP + column * (cell[0] + GAP), GAP + head + row * (cell[1] + LABEL + GAP)
        image = Image.fromarray(rgb)
        image.thumbnail(cell, Image.Resampling.LANCZOS)
        sheet.paste(image, (left + (cell[0] - image.width) // 2, top + (cell[1] - image.height) // 2))
        _write(pen, label, (left, top + cell[1] + 5), cell[0], size=16, ink=MUTED)
    return np.asarray(sheet)


def _write(pen: ImageDraw.ImageDraw, text: str, at: tuple[int, int], width: float, *, size: int, ink: str) -> None:
    """Write one line, smaller where it is too long, and cut where that is not enough."""
    text = " ".join(text.split())
    for smaller in range(size, 9, -1):
        font = ImageFont.load_default(smaller)
        if pen.textlength(text, font=font) <= width:
            break
    else:
        while text and pen.textlength(text + "…", font=font) > width:
            text = text[:-1]
        text += "…"
    pen.text(at, text, fill=ink, font=font)
