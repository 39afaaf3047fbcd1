"""The colour layer: a value in sparse tiles, with undo, sizes, files of other programs, and what is refused."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from canvas.files import ora, png
from canvas.model import colour_edits, edits
from canvas.model.colour_layer import COLOURS, ColourLayer, hex_of, rgb_of
from canvas.model.document import Document
from canvas.model.errors import CanvasError, SceneError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TILE, TiledMask
from canvas.paint.brush import Brush
from canvas.paint.colouring import blend_colour
from canvas.paint.covering import paint
from canvas.paint.laying import Patch
from canvas.paint.shapes import rectangle
from canvas.paint.stroke import Stroke

RED = (200, 40, 30)


def painted(size: tuple[int, int] = (150, 100)) -> Scene:
    rgba = np.zeros((size[1], size[0], 4), np.uint8)
    rgba[10:40, 20:90] = (*RED, 128)
    rgba[50, 60] = (1, 2, 3, 255)
    return colour_edits.set_strength(colour_edits.set_colours(Scene("a lake", size=size), rgba), 0.8)


def test_a_large_canvas_costs_what_is_painted_on_it():
    scene = Scene(size=(4096, 4096))
    patch = rectangle((100, 100), (160, 160), scene.size)
    layer = paint(scene, COLOURS, patch, colour="#c8281e").colours
    assert layer.nbytes <= 4 * 4 * TILE * TILE and layer.alpha().coverage > 0


def test_a_stroke_is_one_step_and_shares_the_tiles_it_did_not_touch():
    document = Document(painted())
    before = document.scene.colours
    stroke = Stroke(document, COLOURS, Brush(diameter=10, hardness=1, colour="#00ff00"))
    stroke.begin(140, 90)
    assert document.live is not None and document.shown_scene.colours is not before
    assert document.scene.colours is before, "until the stroke ends the scene is as it was"
    assert stroke.commit() and document.undo_label == "Paint colours"
    after = document.scene.colours
    assert after.tiles[0, 0] is before.tiles[0, 0] and tuple(after.read((140, 90, 1, 1))[0, 0]) == (0, 255, 0, 255)
    assert document.undo_bytes() < 3 * 4 * TILE * TILE
    document.undo()
    assert document.scene.colours is before


def test_an_aborted_stroke_leaves_nothing_and_the_eraser_takes_away():
    document = Document(painted())
    stroke = Stroke(document, COLOURS, Brush(diameter=20))
    stroke.begin(50, 20)
    stroke.abort()
    assert document.live is None and not document.can_undo
    stroke = Stroke(document, COLOURS, Brush(diameter=20, hardness=1, erase=True))
    stroke.begin(50, 25)
    stroke.commit()
    assert document.scene.colours.read((50, 25, 1, 1))[0, 0, 3] == 0 and document.undo_label == "Erase colours"


def test_paint_is_laid_over_paint_as_porter_and_duff_say():
    cover = np.full((TILE, TILE), 128, np.uint8)
    tile = blend_colour(None, cover, hex_of(RED))
    assert tuple(tile[0, 0]) == (*RED, 128)
    over = blend_colour(tile, cover, "#0000ff")
    share, below = 128 / 255, 128 / 255 * (1 - 128 / 255)
    wanted = (np.array([0, 0, 255]) * share + np.array(RED) * below) / (share + below)
    assert np.abs(over[0, 0, :3] - wanted).max() <= 0.51 and over[0, 0, 3] == round(255 * (share + below))
    assert blend_colour(over, np.zeros_like(cover), "#0000ff") is over
    assert blend_colour(over, cover, "#0000ff", erase=True)[0, 0, 3] == round(over[0, 0, 3] * (1 - share))
    assert rgb_of(hex_of(RED)) == RED


def test_everything_stays_within_the_selection():
    scene = painted()
    mask = np.zeros((100, 150), np.uint8)
    mask[:, :50] = 255
    scene = scene.replace(selection=TiledMask.from_array(mask))
    filled = paint(scene, COLOURS, Patch(0, 0, np.full((100, 150), 255, np.uint8)), colour="#00ff00").colours.to_array()
    assert (filled[:, :50] == (0, 255, 0, 255)).all() and np.array_equal(
        filled[:, 50:], scene.colours.to_array()[:, 50:]
    )
    cleared = colour_edits.clear(scene).colours.to_array()
    assert not cleared[:, :50].any() and np.array_equal(cleared[:, 50:], scene.colours.to_array()[:, 50:])


def test_it_goes_along_with_the_canvas():
    scene = painted()
    for size in ((75, 50), (300, 200)):
        colours = edits.set_size(scene, size).colours
        found = colours.read((size[0] // 3, size[1] // 4, 1, 1))[0, 0]
        assert colours.size == size and np.abs(found.astype(int) - (*RED, 128)).max() <= 2 and colours.strength == 0.8
    cut = edits.set_size(scene, (50, 50), anchor=(0, 0)).colours
    assert np.array_equal(cut.to_array(), scene.colours.to_array()[:50, :50])
    turned = colour_edits.mirror(scene).colours
    assert turned.alpha().bounds() == scene.colours.alpha().bounds() and turned != scene.colours


@pytest.mark.parametrize("kind", ["ora", "png"])
def test_files_bring_it_back(tmp_path: Path, kind: str):
    scene, path = colour_edits.set_visible(painted(), False), tmp_path / f"scene.{kind}"
    if kind == "ora":
        ora.save(path, scene)
        assert ora.load(path) == scene
    else:
        png.save(path, np.zeros((100, 150, 3), np.uint8), scene)
        assert png.load_scene(path) == scene


def test_a_program_that_drops_our_text_and_cuts_the_layer_keeps_it(tmp_path: Path):
    scene, _ = edits.add_word(painted(), (2, 6))
    ora.save(tmp_path / "ours.ora", scene)
    with zipfile.ZipFile(tmp_path / "ours.ora") as ours, zipfile.ZipFile(tmp_path / "theirs.ora", "w") as theirs:
        for name in ours.namelist():
            data = ours.read(name)
            if name == "data/colour.png":
                data = png.image_io.png_bytes(scene.colours.read((20, 10, 70, 41)))
            if name == "stack.xml":
                data = re.sub(rb'(name="Colour"[^>]*) x="0" y="0"', rb'\1 x="20" y="10"', data)
            if not name.startswith("wordbrush/"):
                theirs.writestr(name, data)
    found = ora.load(tmp_path / "theirs.ora").colours
    assert np.array_equal(found.to_array(), scene.colours.to_array())


@pytest.mark.parametrize("bad", ["size", "cut", "huge", "grey16"])
def test_a_bad_layer_in_a_file_is_refused_in_words(tmp_path: Path, bad: str):
    ora.save(tmp_path / "good.ora", painted())
    with zipfile.ZipFile(tmp_path / "good.ora") as good, zipfile.ZipFile(tmp_path / "bad.ora", "w") as out:
        for name in good.namelist():
            data = good.read(name)
            if name == "data/colour.png":
                data = {
                    "size": lambda: png.image_io.png_bytes(np.ones((50, 50, 4), np.uint8)),
                    "cut": lambda data=data: data[:-40],
                    "huge": lambda data=data: data[:16] + (60_000).to_bytes(4, "big") * 2 + data[24:],
                    "grey16": lambda: _grey16(),
                }[bad]()
            out.writestr(name, data)
    with pytest.raises(CanvasError) as caught:
        ora.load(tmp_path / "bad.ora")
    assert "colour layer" in caught.value.message.lower() and caught.value.hint


def _grey16() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(np.zeros((100, 150), np.uint16)).save(out, "PNG")
    return out.getvalue()


def test_what_cannot_be_is_refused():
    with pytest.raises(SceneError):
        ColourLayer.from_array(np.zeros((4, 4, 3), np.uint8))
    with pytest.raises(SceneError):
        colour_edits.set_strength(painted(), 1.5)
    with pytest.raises(SceneError):
        Scene(size=(64, 64), colours=painted().colours)
    with pytest.raises(SceneError):
        Brush(colour="red")
    assert Scene(size=(64, 64)).colours.size == (64, 64), "an empty one takes the canvas' size"
