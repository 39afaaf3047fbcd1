"""The window in German: nothing that is collected lacks its translation, and the window is said in it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QDockWidget, QMenuBar

from app import language
from app.language import tr
from app.main import make_application
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from engine.errors import ModelIncomplete

ROOT = Path(__file__).parents[2]
HOW = "run `python3 packaging/dev.py translations`, translate what is unfinished in the .ts, and run it again"
NAMES = re.compile(r"\{\w+\}")


@pytest.fixture(scope="module")
def collected():
    """packaging/translations.py, which is no package."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def german():
    app = make_application()
    assert language.speak(app, "de") == "de"
    yield app
    language.hush(app)


@pytest.fixture
def hands_errors():
    """Errors with names in them, and what the banner is to say."""
    return {
        SceneError("There is no file “a\\b.ora”.", hint="Check the name, or pick another file."):
            "Es gibt keine Datei „a\\b.ora“.",
        ModelIncomplete("The model's vae is incomplete: config.json.",
                        hint="Get the model again, or copy the missing files into its folder."):
            "Ein Teil des Modells (vae) ist unvollständig: config.json.",
    }  # fmt: skip


def test_no_text_of_the_window_lacks_german_and_none_is_left_over(collected):
    known, texts = collected.read("de"), collected.texts()
    assert [text for text in texts if text not in known] == [], HOW
    assert set(known) <= set(texts), HOW


def test_names_keys_and_ellipses_are_the_same_in_both_languages(collected):
    for english, german_ in collected.read("de").items():
        assert sorted(NAMES.findall(english)) == sorted(NAMES.findall(german_)), german_
        for sign in ("&", "…", "\n"):
            assert english.count(sign) == german_.count(sign), german_


def test_the_compiled_file_says_what_the_translators_file_says(collected):
    compiled = QTranslator()
    assert compiled.load("wordbrush_de", str(collected.FOLDER))
    for english, german_ in collected.read("de").items():
        assert compiled.translate(language.CONTEXT, english) == german_, HOW


def test_every_menu_has_its_own_letter_in_german(german, make_window):
    window = make_window(Scene(prompt="a lake")).window
    letters = [re.search("&(.)", action.text())[1].lower() for action in window.findChild(QMenuBar).actions()]
    assert len(set(letters)) == len(letters) == 8, letters


def test_the_window_is_said_in_german_and_everything_is_found_as_before(german, make_window):
    hands = make_window(Scene(prompt="ein See"), size=(1280, 720))
    window = hands.window
    menus = [action.text().replace("&", "") for action in window.findChild(QMenuBar).actions()]
    assert menus[:2] == ["Datei", "Bearbeiten"] and menus[-1] == "Hilfe"
    assert window.prompt_bar.generate.text() == "Erzeugen"
    assert window.settings_panel.controls["steps"].label == "Schritte"
    docks = {dock.objectName(): dock.windowTitle() for dock in window.findChildren(QDockWidget)}
    assert docks["dock.words"] == "Wörter" and docks["dock.results"] == "Ergebnisse"
    assert window.actions_table["edit.undo"].toolTip().startswith("Rückgängig")
    bar = window.brush_bar
    hands.qtbot.waitUntil(lambda: all(s.shown_label() == s.label for s in (bar.diameter, bar.hardness, bar.opacity)))
    assert not window.prompt_bar.actions()


def test_what_canvas_and_engine_say_is_german_in_the_window(german, make_window, hands_errors):
    window = make_window(Scene(prompt="ein See")).window
    for error, title in hands_errors.items():
        window.banner.show_error(error)
        assert window.banner.message == title
        assert language.sentence(error.hint) == window.banner.hint != error.hint
    window.document.set_prompt("ein See am Abend")
    assert window.actions_table["edit.undo"].text() == "&Rückgängig: Prompt ändern"
    assert window.view.sentence("Paint where “See” should be") == "Male, wo „See“ sein soll"
    assert language.sentence("nobody says this") == "nobody says this"


def test_the_sentences_have_their_places_in_both_languages_and_none_of_the_windows_rooms_lacks_one(collected):
    known = collected.sentences("de")
    places = re.compile(r"\{\d\}")
    for english, german_ in known.items():
        assert sorted(places.findall(english)) == sorted(places.findall(german_)), german_
    made = "{1}, then try again. {2}"  # of sentences that are chosen by what went wrong
    lacking = [text for text in collected.said_by("app/files", "app/storage", "app/styles") if text not in known]
    assert lacking == [made]


def test_qts_own_buttons_are_german_too(german):
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_a_language_that_is_not_there_is_english(monkeypatch):
    app = make_application()
    assert language.speak(app, "tlh") in language.LANGUAGES
    assert language.resolve("de") == "de"
    language.speak(app, "en")
    assert language.spoken() == "en" and tr("Done") == "Done"
    monkeypatch.setattr(language, "CONTEXT", "nobody")
    language.speak(app, "de")
    assert tr("Done") == "Done"
    language.hush(app)


def test_values_fill_the_names_after_the_translation(german):
    assert tr("{number} of {count}", number=2, count=5) == "2 von 5"
    assert tr("{keys} to generate", keys="{odd}") == "{odd} erzeugt das Bild"


def test_constants_and_literals_are_collected_and_nothing_else(collected):
    source = 'HINT = "one"\nOTHER = "no"\ntr(HINT)\ntr("two" " three")\ntr(f"{x}")\nshow(tr("four", x=1))\n'
    assert sorted(collected.literals(source)) == ["four", "one", "two three"]


def test_in_a_window_from_right_to_left_numbers_grow_to_the_right_and_arrows_lie_on_no_icon(make_window):
    app = make_application()
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = make_window(Scene(prompt="a lake")).window
        assert window.words.mapTo(window, QPoint()).x() < window.settings_panel.mapTo(window, QPoint()).x()
        slider = window.brush_bar.hardness
        assert slider.layoutDirection() == Qt.LayoutDirection.LeftToRight
        assert 'popupMode="1"] { padding-left' in app.styleSheet()
    finally:
        app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
