"""Picture layers in the window: what becomes one, what is set of it, undo; and pictures of others without a scene."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.image_info.displayed_image import DisplayedImage
from app.language import hush, speak
from app.storage.opened import read
from app.window.layer_wiring import shape_of
from canvas.files.image_io import png_bytes
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.paint.parting import Found
from canvas.view.qimage import to_rgb
from engine.facts import Defaults, ModelFacts

SIZE = (64, 48)
RED = (200, 10, 20)


@pytest.fixture
def painter(make_window):
    """A person with a red picture on a canvas of 64 x 48."""
    hands = make_window(Scene("a lake at night", size=SIZE))
    window = hands.window
    rgb = np.full((SIZE[1], SIZE[0], 3), RED, np.uint8)
    window.generation.picture.emit(DisplayedImage(rgb, window.document.scene))
    return hands


def test_the_picture_becomes_a_layer_that_is_set_and_undone(painter):
    window, document, card = painter.window, painter.window.document, painter.window.pictures
    assert not card.isVisible()
    window.actions_table["layer.keep"].trigger()
    window.actions_table["layer.keep"].trigger()
    assert [layer.name for layer in document.scene.pictures] == ["a lake at night", "a lake at night 2"]
    assert card.isVisible() and document.undo_label == "Add the layer “a lake at night 2”"
    assert document.scene.picture("p1").pixels.read((5, 5, 1, 1))[0, 0].tolist() == [*RED, 255]
    row = card.rows["p2"]
    assert row.details.isVisible() and not row.up.isEnabled()  # the new one is chosen, and uppermost
    row.opacity.value_changed.emit(40.0)
    row.opacity.value_changed.emit(50.0)
    row.opacity.released.emit()
    assert document.scene.picture("p2").opacity == 0.5 and row.note.text() == "50%"
    painter.click(row.eye)
    assert not document.scene.picture("p2").visible and "hidden" in row.accessibleName()
    painter.click(row.down)
    assert [layer.id for layer in document.scene.pictures] == ["p2", "p1"] and row.up.isEnabled()
    card.renamed.emit("p2", "dusk")
    QTest.keyClick(card.rows["p1"], Qt.Key.Key_Delete)
    assert [layer.name for layer in document.scene.pictures] == ["dusk"]
    for _step in range(5):  # delete, rename, move, eye, opacity
        document.undo()
    assert [layer.opacity for layer in document.scene.pictures] == [1.0, 1.0]
    document.undo()
    document.undo()
    assert not card.isVisible() and not document.can_undo


def test_what_is_selected_of_the_picture_becomes_the_layer_and_is_seen(painter):
    window = painter.window
    window.actions_table["tool.select-rectangle"].trigger()
    painter.stroke((0, 0), (32, 48))
    window.actions_table["layer.keep"].trigger()
    pixels = window.document.scene.pictures[0].pixels
    assert pixels.read((5, 5, 1, 1))[0, 0].tolist() == [*RED, 255] and not pixels.read((50, 5, 1, 1)).any()
    window.actions_table["select.none"].trigger()
    window.generation.picture.emit(DisplayedImage(np.zeros((48, 64, 3), np.uint8), window.document.scene))
    window.view.set_overlays_visible(True)
    seen = to_rgb(window.view._layers.image((0, 0, *SIZE))[0])
    assert seen[5, 5].tolist() == list(RED) and seen[5, 50].tolist() == [0, 0, 0]
    window.pictures.opacity_changed.emit("p1", 0.5)
    assert to_rgb(window.view._layers.image((0, 0, *SIZE))[0])[5, 5].tolist() == [100, 5, 10]


def test_a_cut_out_becomes_a_layer_with_alpha(painter):
    window = painter.window
    heat, rgb = np.zeros((48, 64), np.float32), np.zeros((48, 64, 3), np.uint8)
    heat[10:30, 10:30], rgb[8:32, 8:32] = 1, 255
    window.cutting.to_layer("lake", [Found(heat)], rgb)
    painter.qtbot.waitUntil(lambda: bool(window.document.scene.pictures))
    layer = window.document.scene.pictures[0]
    alpha = layer.pixels.to_array()[..., 3]
    assert layer.name == "lake" and alpha[20, 20] == 255 and alpha[45, 60] == 0


def test_a_result_becomes_a_layer_from_its_menu(painter):
    window = painter.window
    faint = np.full((SIZE[1], SIZE[0], 4), (*RED, 100), np.uint8)
    window.gallery.layer_wanted.emit(DisplayedImage(window.session.displayed.rgb, None, rgba=faint))
    layer = window.document.scene.pictures[0]
    assert layer.name == "Picture" and layer.pixels.read((1, 1, 1, 1))[0, 0].tolist() == [*RED, 100]


def krita_file(path: Path, rgb: np.ndarray) -> None:
    layer = '<layer name="Background" nodetype="paintlayer" visible="1"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/x-krita")
        archive.writestr("maindoc.xml", f'<DOC><IMAGE width="64" height="48"><layers>{layer}</layers></IMAGE></DOC>')
        archive.writestr("mergedimage.png", png_bytes(rgb))


def raster_file(path: Path, rgb: np.ndarray) -> None:
    layer = '<layer name="Layer 1" src="data/layer0.png"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f'<image w="64" h="48"><stack>{layer}</stack></image>')
        archive.writestr("data/layer0.png", png_bytes(rgb))
        archive.writestr("mergedimage.png", png_bytes(rgb))


@pytest.mark.parametrize("ending", [".kra", ".ora", ".jpg", ".png"])
def test_files_of_others_without_words_are_begun_from(make_window, tmp_path, ending):
    window = (hands := make_window(Scene("a lake", size=SIZE))).window
    path = tmp_path / f"sketch{ending}"
    rgb = np.full((SIZE[1], SIZE[0], 3), RED, np.uint8)
    {".kra": krita_file, ".ora": raster_file}.get(ending, lambda path, rgb: Image.fromarray(rgb).save(path))(path, rgb)
    hands.drop(path)
    hands.qtbot.waitUntil(window.banner.isVisible)
    buttons = {button.text(): button for button in window.banner.findChildren(QPushButton) if button.isVisible()}
    assert list(buttons)[:3] == ["Start from it", "As colour layer", "Use as style"]
    hands.click(buttons["Start from it"])
    layer = window.document.scene.pictures[0]
    found = layer.pixels.read((20, 20, 1, 1))[0, 0].astype(int)
    assert layer.name == "sketch" and np.abs(found - [*RED, 255]).max() < 6
    assert window.colours.strength.isVisible()  # where how much of it is kept is set
    assert not window.colours.field.isVisible(), "nobody asked to paint colours"
    hands.click(buttons["As colour layer"])
    assert not window.document.scene.colours.is_empty


@pytest.mark.parametrize("what", ["Start from it", "As colour layer"])
def test_a_picture_of_another_shape_is_said_to_be_cut_off_and_the_canvas_can_take_its_shape(
    make_window, tmp_path, what
):
    window = (hands := make_window(Scene("a lake", size=SIZE))).window
    document, path = window.document, tmp_path / "tall.png"
    Image.new("RGB", (60, 120), RED).save(path)
    hands.drop(path)
    hands.qtbot.waitUntil(window.banner.isVisible)
    before = document.scene

    def button(text: str) -> QPushButton:
        shown = [each for each in window.banner.findChildren(QPushButton) if each.isVisible()]
        return next(each for each in shown if each.text().startswith(text))

    hands.click(button(what))
    assert "tall” has 60 × 120 pixels" in window.banner.message and document.scene.size == SIZE
    begun = document.scene
    size = shape_of(np.zeros((120, 60, 3), np.uint8), SIZE, window.session.facts)
    hands.click(button(f"Canvas to {size[0]} × {size[1]}"))
    after = document.scene
    assert window.banner.isHidden() and window.focusWidget() is window.view, "not a slider, which keys would move"
    assert after.size == size and len(after.pictures) == len(begun.pictures)
    layer = after.pictures[0].pixels if after.pictures else after.colours
    assert layer.size == size and layer.read((0, 0, 1, 1))[0, 0, 3] == 255
    document.undo()
    assert document.scene is begun
    document.undo()
    assert document.scene is before


def test_a_canvas_in_the_shape_of_a_picture_has_about_as_many_pixels_as_before():
    likes = Defaults(guidance=3.0, paint_weight=1.0, size=(256, 256))
    facts = ModelFacts(name="m", family="sd", latents="sd", multiple=16, defaults=likes)

    def shape(wide: int, high: int, known: ModelFacts | None = facts) -> tuple[int, int] | None:
        return shape_of(np.zeros((high, wide, 3), np.uint8), (256, 256), known)

    assert shape(640, 384) == (320, 192), "its very shape, though 336 x 192 has more pixels"
    assert shape(300, 900, None) == (148, 444) and shape(4000, 40)[1] >= 16
    assert shape(500, 500) is None and shape(1030, 1024) is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_in_a_low_window_the_words_keep_three_rows_while_the_colours_are_open(make_window, request, language):
    speak(QApplication.instance(), language)
    request.addfinalizer(lambda: hush(QApplication.instance()))
    scene = Scene("a lake, a hill, a tree, a boat")
    for start in (2, 10, 18, 26):
        scene = edits.add_word(scene, (start, start + 4))[0]
    window = (hands := make_window(scene, size=(1280, 720))).window
    for name in ("one", "two"):
        window.layering.begin_from(np.zeros((64, 64, 3), np.uint8), name)
    window.colouring.choose()
    QApplication.processEvents()
    cards = [hands.window.words._chips.cards[word.id] for word in scene.words]
    area = hands.window.words._chips.area
    seen = [card for card in cards if area.rect().contains(card.rect().translated(card.mapTo(area, QPoint())))]
    assert len(seen) >= 3 and window.colours.field.height() >= 44
    assert (window.width(), window.height()) == (1280, 720), "nothing makes the window larger"
    cards[0].unfold(True)
    cards[0].more.show()
    cards[0].folded.emit()
    QApplication.processEvents()
    assert cards[0].more.isVisible() and cards[0].geometry().right() < area.viewport().width(), "nothing of it is cut"


def test_a_see_through_picture_lies_on_a_checkerboard_and_stays_see_through_in_files(painter, tmp_path):
    window, document = painter.window, painter.window.document
    rgba = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    rgba[:, 32:] = (*RED, 255)
    white = np.array(Image.alpha_composite(Image.new("RGBA", SIZE, "white"), Image.fromarray(rgba)).convert("RGB"))
    window.generation.picture.emit(DisplayedImage(white, document.scene, rgba=rgba))
    seen = to_rgb(window.view._layers.image((0, 0, *SIZE))[0])
    assert {tuple(each) for each in seen[:, :32].reshape(-1, 3)} == {(255,) * 3, (204,) * 3}
    assert seen[5, 40].tolist() == list(RED)
    for name, mode in (("a.png", "RGBA"), ("a.webp", "RGBA"), ("a.jpg", "RGB")):
        window.files._export(tmp_path / name, window.session.displayed)
        painter.qtbot.waitUntil(lambda: not window.files.saving)
        with Image.open(tmp_path / name) as image:
            assert image.mode == mode
            corner = image.getpixel((2, 2))
            assert corner[3] == 0 if mode == "RGBA" else min(corner) > 250
    window.files._export(tmp_path / "a.psd", window.session.displayed)
    painter.qtbot.waitUntil(lambda: not window.files.saving)
    with Image.open(tmp_path / "a.psd") as image:
        assert image.size == SIZE and [layer[0] for layer in image.layers] == ["Picture"]
    window.files._write(tmp_path / "a.ora", None)
    painter.qtbot.waitUntil(lambda: not window.files.saving)
    opened = read(tmp_path / "a.ora")
    assert np.array_equal(opened.image.rgba, rgba) and np.array_equal(opened.image.rgb, white)
