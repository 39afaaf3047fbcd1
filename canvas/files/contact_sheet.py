"""A contact sheet: pictures in rows and columns, each with its label, and a title above."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

GAP, LABEL, HEAD = 10, 30, 44
SIDE = 160  # pixels at most of the labels of rows
MOST = 8192  # pixels a side of the whole sheet; cells become smaller where they would not fit
LEAST = 48  # pixels of a cell's longer side
PAPER, INK, MUTED, GONE = "white", "#1d1d22", "#6a6a75", "#eeeeef"


def columns_for(count: int) -> int:
    """How many columns a sheet of so many pictures has where nobody says."""
    return max(1, math.ceil(math.sqrt(count)))


def draw(
    cells: Sequence[tuple[str, np.ndarray | None]],
    *,
    title: str = "",
    columns: int | None = None,
    across: Sequence[str] = (),
    down: Sequence[str] = (),
) -> np.ndarray:
    """Lay pictures, uint8 RGB `[h, w, 3]`, with their labels on one sheet, row by row: uint8 RGB `[H, W, 3]`.

    All cells are as large as the largest picture; smaller ones stand in their middle. A cell without a picture stays
    empty; one picture at least there must be. With labels of the columns (`across`) and of the rows (`down`), which
    stand above and on the left, the cells have none of their own.
    """
    by_sides = bool(across or down)
    columns = len(across) if by_sides else columns or columns_for(len(cells))
    rows = math.ceil(len(cells) / columns)
    width, height = (max(rgb.shape[side] for _label, rgb in cells if rgb is not None) for side in (1, 0))
    under = 0 if by_sides else LABEL
    left, top = GAP, GAP + (HEAD if title else 0)
    if by_sides:
        font = ImageFont.load_default(16)
        left += min(SIDE, math.ceil(max(map(font.getlength, down), default=0.0))) + GAP
        top += LABEL
    room = (MOST - left) / columns - GAP, (MOST - top) / rows - GAP - under
    scale = max(min(1.0, room[0] / width, room[1] / height), LEAST / max(width, height))
    cell = max(1, int(width * scale)), max(1, int(height * scale))
    sheet = Image.new("RGB", (left + columns * (cell[0] + GAP), top + rows * (cell[1] + under + GAP)), PAPER)
    pen = ImageDraw.Draw(sheet)
    if title:
        _write(pen, title, (GAP, GAP + 4), sheet.width - 2 * GAP, size=20, ink=INK)
    for column, label in enumerate(across):
        _write(pen, label, (left + column * (cell[0] + GAP), top - LABEL + 3), cell[0], size=16, ink=MUTED)
    for row, label in enumerate(down):
        middle = top + row * (cell[1] + GAP) + cell[1] // 2 - 10
        _write(pen, label, (GAP, middle), left - 2 * GAP, size=16, ink=MUTED)
    for index, (label, rgb) in enumerate(cells):
        row, column = divmod(index, columns)
        x, y = left + column * (cell[0] + GAP), top + row * (cell[1] + under + GAP)
        if rgb is None:
            pen.rectangle((x, y, x + cell[0] - 1, y + cell[1] - 1), fill=GONE)
        else:
            image = Image.fromarray(rgb)
            image.thumbnail(cell, Image.Resampling.LANCZOS)
            sheet.paste(image, (x + (cell[0] - image.width) // 2, y + (cell[1] - image.height) // 2))
        if not by_sides:
            _write(pen, label, (x, y + cell[1] + 5), cell[0], size=16, ink=MUTED)
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
