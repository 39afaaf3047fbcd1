"""Import and export of colour maps in the window."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QDialog

from canvas.files import colour_files
from canvas.model.scene import Scene
from tests.gui.file_scenes import painted

SKY, SEA = (0x75, 0x9E, 0xDF), (0x38, 0x4F, 0x83)


def test_a_map_is_read_asked_about_and_painted(make_window, tmp_path):
    rgb = np.full((64, 64, 3), SKY, np.uint8)
    rgb[32:] = SEA
    Image.fromarray(rgb).save(tmp_path / "map.png")
    hands = make_window(Scene())
    hands.window.maps.read(tmp_path / "map.png")
    hands.settle()
    dialog = hands.window.findChild(QDialog, "colourMapDialog")
    assert {entry.phrase for entry in dialog.entries()} == {"sky", "sea"} and dialog.go.isEnabled()
    dialog.palette_box.setCurrentIndex(dialog.palette_box.findData("ade20k"))
    dialog.palette_box.activated.emit(2)
    assert not any(entry.phrase for entry in dialog.entries()) and not dialog.go.isEnabled()
    (tmp_path / "elsewhere").mkdir()
    table = tmp_path / "elsewhere" / "table.txt"
    table.write_text(f'{{{SEA}: "calm sea,0.7,42", (1, 2, 3): "nothing,1.0"}}')
    hands.window.maps.load_table(dialog, table)
    hands.settle()
    assert [(each.phrase, each.strength) for each in dialog.entries() if each.phrase] == [("calm sea", 0.7)]
    table.write_text("no table")
    hands.window.maps.load_table(dialog, table)
    hands.settle()
    assert "table" in hands.window.banner.message and dialog.go.isEnabled()
    sea = [entry.color for entry in dialog.entries()].index(SEA)
    dialog.table.item(sea, 1).setText("stormy sea")
    dialog._strength(sea).setValue(1.5)
    dialog.prompt.setText("a ship")
    hands.click(dialog.go)
    scene = hands.window.document.scene
    assert scene.prompt == "a ship, stormy sea" and hands.window.document.dirty
    assert scene.words[0].strength == 1.5 and scene.masks["w1"].to_array().sum() == 255 * 32 * 64


def test_paint_is_exported_with_its_table(make_window, tmp_path):
    hands = make_window(painted())
    hands.window.maps._write(hands.window.document.scene)(tmp_path / "out.png")
    hands.settle()
    found = colour_files.read_map(tmp_path / "out.png")
    assert [entry.phrase for entry in found.entries] == ["lake"]


def test_without_paint_or_flat_colours_it_is_explained(make_window, tmp_path):
    hands = make_window(Scene("a lake"))
    hands.window.maps.bring_out()
    assert "no paint" in hands.window.banner.message
    Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)).save(tmp_path / "noise.png")
    hands.window.maps.read(tmp_path / "noise.png")
    hands.settle()
    assert "not a colour map" in hands.window.banner.message and hands.window.banner.hint
