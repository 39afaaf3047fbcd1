"""The German window: no English word in its menus, panels, tips and dialogs, nor in what it says of errors."""

from __future__ import annotations

import json
import re

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLabel, QLineEdit, QWidget

from app import language
from app.files.names import example_title, examples
from app.main import make_application
from app.rework.grid_axes import SEEDS, Axis, Way, cells_of
from app.widgets.value_slider import ValueSlider
from canvas.model.scene import Scene
from engine.errors import DeviceOutOfMemory, DownloadFailed, ModelNotFound, UnsupportedModel
from resources import path

ENGLISH = re.compile(
    r"\b(the|of|and|is|are|were|with|this|that|from|has|have|not|there|which|your|you|where|what|when|"
    r"picture|pictures|word|words|paint|file|files|scene|choose|open|save|show|hide|brush|settings|model's)\b",
    re.IGNORECASE,
)
NAMES = (
    *("wordbrush", "open source", "openraster", "red house", "show-text", "file:", "ssd-1b"),
    *(example_title(file).lower() for file in examples()),
    *(name for name in json.loads(path("starter", "wordbrush.json").read_text("utf-8"))["names"] if " " in name),
    ", picture, ",
)
"""What is called so in German too, the names that the test itself gives, and those that the starter knows."""
DIALOGS = (
    "edit.preferences", "edit.shortcuts", "models.show", "models.machines", "help.painting", "brush.curve",
    "generate.grid", "rework.refine", "help.about",
)  # fmt: skip


@pytest.fixture
def german():
    app = make_application()
    language.speak(app, "de")
    yield app
    language.hush(app)


@pytest.fixture
def hands(german, make_window):
    hands = make_window(Scene(prompt="ein See, rotes Haus"), size=(1280, 720), engine=True)
    hands.click_word("See")
    return hands


def english_in(widget: QWidget) -> set[str]:
    """What is said in English by a widget and all in it: texts, tips, names for screen readers, placeholders."""
    found: set[str] = set()
    for each in (widget, *widget.findChildren(QWidget)):
        said = [each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.windowTitle()]
        if isinstance(each, QLabel | QAbstractButton):
            said.append(each.text())
        if isinstance(each, QLineEdit):
            said.append(each.placeholderText())
        if isinstance(each, QComboBox):
            said += [each.itemText(index) for index in range(each.count())]
        said += [getattr(each, "label", "")] if isinstance(getattr(each, "label", ""), str) else []
        found.update(filter(is_english, said))
    for action in widget.findChildren(QAction):
        found.update(filter(is_english, (action.text(), action.toolTip(), action.statusTip())))
    return found


def is_english(text: str) -> bool:
    plain = re.sub(r"<[^>]+>|&|/\S+/\S+", "", text)  # without marks and paths
    for name in sorted(NAMES, key=len, reverse=True):
        plain = re.sub(re.escape(name), "", plain, flags=re.IGNORECASE)
    return bool(ENGLISH.search(plain))


def test_no_menu_panel_or_tip_has_english_in_it_and_no_setting_is_missing(hands):
    assert english_in(hands.window) == set()
    controls = hands.window.settings_panel.controls
    assert [name for name, control in controls.items() if not hands.window.settings_panel.isAncestorOf(control)] == []
    assert controls["count"].isVisible()


@pytest.mark.parametrize("action", DIALOGS)
def test_no_dialog_has_english_in_it(hands, action):
    if action.startswith("rework"):
        hands.generate()
    before = set(hands.window.findChildren(QDialog))
    hands.window.actions_table[action].trigger()
    hands.qtbot.waitUntil(lambda: any(each.isVisible() for each in hands.window.findChildren(QDialog)))
    dialogs = set(hands.window.findChildren(QDialog)) - before
    assert dialogs and {text for dialog in dialogs for text in english_in(dialog)} == set()
    for dialog in dialogs:
        dialog.close()


SHOWN = QLabel | QAbstractButton | ValueSlider
POINT = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]|\))")
"""A number with an English point in it; version numbers and (word:1.3), which one writes so in the prompt, are none."""


def test_no_number_in_the_window_has_an_english_point(hands):
    window = hands.window
    window.session.document.set_strength(window.session.scene.words[0].id, 1.35)
    hands.generate()
    said = set()
    for each in window.findChildren(QWidget):
        said.update((each.toolTip(), each.accessibleName(), each.text() if isinstance(each, SHOWN) else ""))
    assert {text for text in said if POINT.search(re.sub(r"Diffusion \S+", "", text))} == set()
    sliders = {each.text() for each in window.findChildren(ValueSlider)}
    assert "1,35" in sliders and any(text.startswith("auto · 0,") for text in sliders)


def test_a_number_is_written_and_typed_as_in_german_and_versions_stay(german):
    assert language.number(1.5) == "1,5" and language.number(0.125, ".1%") == "12,5\N{NO-BREAK SPACE}%"
    assert language.in_numbers("1.3 GB") == "1,3 GB"
    told = language.sentence("1.5% of the map has none of the colours and was left unpainted.")
    assert told.startswith("1,5\N{NO-BREAK SPACE}%")
    assert "0.43" in language.sentence("Models of the kind X need diffusers 0.43 or newer; 0.42.1 is installed.")
    language.hush(german)
    assert language.number(1.5) == "1.5" and language.in_numbers("12.5%") == "12.5%"


def test_a_grids_labels_are_german(german):
    axes = [Axis(Way("steps"), ("8",)), Axis(Way(SEEDS), ("5", "6"))]
    found = cells_of(Scene(prompt="a lake"), axes)
    assert found.across == ("Seed 5", "Seed 6") and found.down == (f"{language.tr('Steps')} 8",) != ("Steps 8",)


def test_no_error_is_told_in_english(hands):
    for error in (
        ModelNotFound('There is no model "x".', hint="Installed: a, b. A path of a model folder works too."),
        DeviceOutOfMemory("The device ran out of memory.",
                          hint="Choose a batch of 1, close other programs that use the device, or choose the device "
                               "cpu."),
        DownloadFailed("The server refuses x (503 -).", hint="Check the address, or try again later."),
        UnsupportedModel('"x" is an inpainting model: besides the noise it needs a picture and a mask.',
                         hint="Choose the base model of the same name."),
    ):  # fmt: skip
        hands.window.banner.show_error(error)
        assert not is_english(hands.window.banner.message), hands.window.banner.message
        assert not is_english(hands.window.banner.hint), hands.window.banner.hint
    QApplication.processEvents()
