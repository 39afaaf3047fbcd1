"""Picture sheets: what was painted is outlined, and each picture stands in its row and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import EngineError
from engine.lab.contact_sheets import CELL, draw_sheet, draw_strips, outlined, outlines
from engine.world.pairs import pair_scene
from engine.world.scenes import Render


@pytest.fixture(scope="module")
def layout() -> Render:
    return pair_scene(4)


def test_an_outline_follows_each_areas_inner_edge_and_not_the_pictures(layout: Render) -> None:
    line, halo = outlines(layout, 256)
    assert not (line & halo).any()
    for item in layout.items:
        inside = item.area & line
        assert inside.any()
        inner = np.zeros_like(item.area)
        inner[1:-1, 1:-1] = (
            item.area[1:-1, 1:-1]
            & item.area[:-2, 1:-1]
            & item.area[2:, 1:-1]
            & item.area[1:-1, :-2]
            & item.area[1:-1, 2:]
        )
        assert not (inner & line).any(), "only the outermost pixels of an area are the line"
    sky = layout.labels[0, 128] == layout.labels[0, 100]
    assert sky and not line[0, 100:128].any(), "the edge of the picture is no edge of paint"


def test_an_outlined_picture_is_white_on_the_line_dark_beside_it_and_else_itself(layout: Render) -> None:
    grey = np.full((256, 256, 3), 120, np.uint8)
    shown = outlined(grey, layout)
    line, halo = outlines(layout)
    assert (shown[line] == 255).all() and (shown[halo] == 60).all() and (shown[~line & ~halo] == 120).all()


def test_a_sheet_holds_the_layout_and_a_column_for_each_title(layout: Render, tmp_path: Path) -> None:
    flat = [np.full((256, 256, 3), value, np.uint8) for value in (40, 200)]
    draw_sheet([layout, layout], {"one": flat, "other": flat[::-1]}, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as image:
        sheet = np.asarray(image)
    line, halo = outlines(layout)
    step = (sheet.shape[1] - 6) // 3
    tall = (sheet.shape[0] - 30 - 6) // 2
    for row in range(2):
        for column, value in ((1, (40, 200)[row]), (2, (200, 40)[row])):
            top, left = 30 + row * tall, 6 + column * step
            cell = sheet[top : top + CELL, left : left + CELL]
            assert (cell[~line & ~halo] == value).all() and (cell[line] == 255).all()
    assert (sheet[:30] < 128).any(), "titles are written above"


@pytest.mark.parametrize("words", [6, 9])
def test_a_text_that_is_too_long_is_written_smaller_and_then_cut(tmp_path: Path, words: int) -> None:
    cell = [np.zeros((16, 16, 3), np.uint8)]
    draw_strips({"a": cell}, ["word " * words], tmp_path / "long.png")
    with Image.open(tmp_path / "long.png") as image:
        below = np.asarray(image.convert("L"))[30 + CELL + 3 : 30 + CELL + 24]
    assert (below < 200).any() and (below[:, -3:] == 255).all(), "it keeps off the sheet's edge"


def test_a_sheet_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be written"):
        draw_strips({"a": [np.zeros((16, 16, 3), np.uint8)]}, ["b"], tmp_path / "nowhere" / "sheet.png")
