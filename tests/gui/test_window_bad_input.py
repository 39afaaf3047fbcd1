"""Bad scene files in the window: each is refused in words, the scene stays, and the next generation works."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from canvas.files import ora, png
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from tests.gui.dialogs import answer_dialog

JSON = "wordbrush/scene.json"
Entries = dict[str, bytes]


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with an engine, a prompt and a painted word that the bad file must leave alone."""
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("sky")
    hands.stroke((16, 16), (40, 40))
    hands.window.document.mark_saved()
    return hands


@pytest.fixture
def bad_scene(tmp_path: Path) -> Callable[[Callable[[Entries], None]], Path]:
    """Makes an .ora with one painted word in which something is wrong."""

    def make(damage: Callable[[Entries], None]) -> Path:
        scene, word = edits.add_word(Scene(prompt="a cat", size=(64, 64)), (2, 5))
        path = tmp_path / "bad.ora"
        ora.save(path, edits.fill_word(scene, word))
        with zipfile.ZipFile(path) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        damage(entries)
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return path

    return make


def picture_bytes(mode: str, size: tuple[int, int], form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def set_strength(text: str) -> Callable[[Entries], None]:
    def damage(entries: Entries) -> None:
        changed = entries[JSON].replace(b'"strength":1.0', b'"strength":' + text.encode())
        assert changed != entries[JSON]
        entries[JSON] = changed

    return damage


def set_layer(data: bytes | None) -> Callable[[Entries], None]:
    def damage(entries: Entries) -> None:
        (name,) = [name for name in entries if name.startswith("data/word-")]
        if data is None:
            del entries[name]
        else:
            entries[name] = data

    return damage


def set_value(key: str, value: object) -> Callable[[Entries], None]:
    def damage(entries: Entries) -> None:
        scene = json.loads(entries[JSON])
        scene[key] = scene[key] | value if isinstance(value, dict) else value
        entries[JSON] = json.dumps(scene).encode()

    return damage


def refused_and_unharmed(painter, give: Callable[[], None], says: str) -> None:
    """`give` the bad file: a banner says what is wrong and what to do, nothing else changes, and work goes on."""
    window = painter.window
    before, path = window.document.scene, window.document.path
    give()
    banner = window.banner
    painter.qtbot.waitUntil(banner.isVisible)
    assert says in banner.message and banner.hint, banner.message
    assert "Traceback" not in banner.message + banner.hint
    assert not banner.copy_button.isVisible()  # the log is for what is Wordbrush's own fault
    assert window.document.scene is before and window.document.path == path and not window.document.dirty
    painter.generate()
    assert window.shown.rgb is not None and not banner.isVisible()


BAD = {
    "NaN strength": (set_strength("NaN"), "not a number (NaN)"),
    "infinite strength": (set_strength("-Infinity"), "not a number (-Infinity)"),
    "strength beyond all numbers": (set_strength("1e999"), "strength of “cat” cannot be inf"),
    "strength in words": (set_strength('"much"'), "strength of “cat” cannot be 'much'"),
    "mask of another size": (set_layer(picture_bytes("RGBA", (32, 64))), "not have the size of the picture"),
    "mask that is no picture": (set_layer(b"words, not paint"), "not a complete PNG picture"),
    "mask that is a JPEG": (set_layer(picture_bytes("RGB", (64, 64), "JPEG")), "not a complete PNG picture"),
    "mask cut short": (set_layer(picture_bytes("RGBA", (64, 64))[:-30]), "not a complete PNG picture"),
    "mask that is missing": (set_layer(None), "missing"),
    "steps 0": (set_value("settings", {"steps": 0}), "number of steps cannot be 0"),
    "size 0x9": (set_value("size", [0, 9]), "canvas cannot be"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_dropped_scene_that_is_wrong(painter, bad_scene, name):
    damage, says = BAD[name]
    path = bad_scene(damage)
    refused_and_unharmed(painter, lambda: painter.drop(path), says)


def test_an_opened_scene_that_is_wrong(painter, bad_scene):
    path = bad_scene(set_strength("NaN"))

    def open_it() -> None:
        painter.control(Qt.Key.Key_O, widget=painter.window.view)
        answer_dialog(painter, path)

    refused_and_unharmed(painter, open_it, "not a number (NaN)")
    assert path not in painter.window.preferences.recent


@pytest.mark.parametrize(
    ("mask", "says"),
    [
        (picture_bytes("L", (64, 32)), "not have the size of the scene"),
        (picture_bytes("RGB", (64, 64)), "not an 8-bit grey picture"),
        (b"words, not paint", "not a complete PNG picture"),
    ],
    ids=["another size", "coloured", "no picture"],
)
def test_a_dropped_picture_whose_mask_is_wrong(painter, tmp_path, mask, says):
    import base64

    scene, word = edits.add_word(Scene(prompt="a cat", size=(64, 64)), (2, 5))
    png.save(tmp_path / "good.png", np.zeros((64, 64, 3), np.uint8), edits.fill_word(scene, word), None)
    texts = Image.open(tmp_path / "good.png").text
    info = PngImagePlugin.PngInfo()
    info.add_itxt("wordbrush", texts["wordbrush"])
    info.add_itxt("wordbrush.mask.0", base64.b64encode(mask).decode())
    Image.new("RGB", (64, 64)).save(tmp_path / "bad.png", pnginfo=info)
    refused_and_unharmed(painter, lambda: painter.drop(tmp_path / "bad.png"), says)


def test_a_scene_of_a_size_that_no_model_makes_opens_and_says_so_on_generate(painter, tmp_path):
    settings = painter.window.document.scene.settings
    ora.save(tmp_path / "odd.ora", Scene(prompt="a lake", size=(7, 9), settings=settings))
    painter.drop(tmp_path / "odd.ora")
    painter.qtbot.waitUntil(lambda: painter.window.document.scene.size == (7, 9))
    painter.generate()
    banner = painter.window.banner
    assert banner.isVisible() and "7" in banner.message and "8" in banner.hint
    for box, side in (
        (painter.window.settings_panel.width_box, "64"),
        (painter.window.settings_panel.height_box, "64"),
    ):
        painter.click(box)
        box.selectAll()
        painter.type(side, box)
        painter.key(Qt.Key.Key_Return, widget=box)
    painter.generate()
    assert painter.window.shown.rgb.shape == (64, 64, 3) and not banner.isVisible()


def test_a_painted_word_that_is_not_in_the_prompt_is_named_and_the_rest_is_made(painter, bad_scene):
    settings = painter.window.document.scene.settings
    path = bad_scene(set_value("prompt", "a dog"))
    painter.drop(path)
    painter.qtbot.waitUntil(lambda: painter.window.document.scene.prompt == "a dog")
    (word,) = painter.window.document.scene.words
    chip = painter.window.words.chip(word.id)
    painter.qtbot.waitUntil(chip.isVisible)
    assert word.span is None and painter.coverage(word.id) == 1.0
    assert chip.note.text() == "not in prompt" and chip.attach.isVisible()
    painter.window.document.set_settings(model=settings.model, device="cpu", steps=3)
    painter.generate()
    assert painter.window.shown.rgb is not None and not painter.window.banner.isVisible()
    said = painter.window.statusBar().findChildren(QLabel)[0].text()
    assert "“cat”" in said and "Attach" in said
    assert painter.coverage(word.id) == 1.0
