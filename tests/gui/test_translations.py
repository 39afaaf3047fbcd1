"""The window in German: nothing that is collected lacks its translation, and the window is said in it."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMenuBar

from app import language
from app.language import MESSAGES, WINDOW, sentence, tr
from app.main import make_application
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from engine.errors import ModelIncomplete

ROOT = Path(__file__).parents[2]
HOW = "run `python3 packaging/dev.py translations`, and translate what is unfinished in the .ts"
NAMES = re.compile(r"\{\w+\}")
GENERAL = ("{1} “{2}”", "{1}: {2}", "{1} and {2}", "{1}, and {2}", "{1} (but {2})", "{1} of the expert “{2}”")
"""Templates that are found in others, whose values they would be."""


@pytest.fixture(scope="module")
def collected():
    """packaging/translations.py, which is no package."""
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def messages(collected):
    """packaging/messages.py, as it was loaded by it."""
    return sys.modules["messages"]


@pytest.fixture(scope="module")
def wanted(collected):
    """All that is to be translated, by context."""
    return collected.wanted()


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
        ModelIncomplete("The model's vae is incomplete: config.json is missing.",
                        hint="Get the model again, or copy the missing files into its folder."):
            "Ein Teil des Modells (vae) ist unvollständig: config.json fehlt.",
    }  # fmt: skip


def test_no_text_and_no_message_lacks_german_and_none_is_left_over(collected, wanted):
    known = collected.read("de")
    for context in (WINDOW, MESSAGES):
        assert [text for text in wanted[context] if text not in known[context]] == [], HOW
        assert set(known[context]) <= set(wanted[context]), HOW
    assert len(wanted[WINDOW]) > 1000 and len(wanted[MESSAGES]) > 800
    assert language.catalogue("de") == known


def test_names_keys_and_ellipses_are_the_same_in_both_languages(collected):
    known = collected.read("de")
    for texts in known.values():
        for english, german_ in texts.items():
            assert sorted(NAMES.findall(english)) == sorted(NAMES.findall(german_)), german_
    for english, german_ in known[WINDOW].items():
        for sign in ("&", "…", "\n"):
            assert english.count(sign) == german_.count(sign), german_


def test_every_message_is_found_again_with_other_values_in_it(german):
    known = language.catalogue("de")[MESSAGES]
    for english, german_ in known.items():
        if english not in GENERAL:
            values = {number: f"Q{number}.x" for number in re.findall(r"\{(\d)\}", english)}
            filled, said = (_filled(text, values) for text in (english, german_))
            assert sentence(filled) == re.sub("“([^“”„]*)”", "„\\1“", said), english


def _filled(text, values):
    return re.sub(r"\{(\d)\}", lambda place: values[place[1]], text)


def test_messages_are_collected_by_what_raises_them(messages):
    source = '''
"""A docstring is no message."""
HINT = "Open another copy."
_log.warning("Nobody reads this in the window.")
raise SceneError(f"There is no “{name}” in {len(all)} words.", hint=HINT)
raise ValueError("This is not for people.")
document.apply(scene, f"{'Lock' if locked else 'Unlock'} “{title}”")
verb = "Erase" if erase else "Paint"
label = f"{verb} “{title}”"
raise misfit("it has no layer")
say(tr("This has its own catalogue."))
remarks.append(f"It was {value:g}.")
'''
    assert [text for _line, text in messages.said_in(source)] == [
        "Open another copy.", "There is no “{1}” in {2} words.", "Lock “{1}”", "Unlock “{1}”",
        "Erase “{1}”", "Paint “{1}”", "it has no layer", "It was {1}.",
    ]  # fmt: skip


def test_parts_of_messages_stand_in_the_source(messages):
    texts = messages.everything()
    assert [part for part in messages.PARTS if part not in texts] == []


def test_every_raised_error_has_its_words_where_they_are_found(messages):
    """What is said stands in the call, in the same file, or is another error's: nothing is made of pieces elsewhere."""
    odd = []
    for path in messages.sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (hints := [word.value for word in node.keywords if word.arg == "hint"]):
                for given in (*node.args[:1], *hints):
                    plain = isinstance(given, ast.Constant | ast.JoinedStr | ast.Name | ast.Attribute | ast.Call)
                    has_words = any(messages.templates(each) for each in ast.walk(given) if isinstance(each, ast.expr))
                    if not (plain or has_words):
                        odd.append(f"{path}:{node.lineno}")
    assert odd == []


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
        assert sentence(error.hint) == window.banner.hint != error.hint
    window.document.set_prompt("ein See am Abend")
    assert window.actions_table["edit.undo"].text() == "&Rückgängig: Prompt ändern"
    assert window.view.sentence("Paint where “See” should be") == "Male, wo „See“ sein soll"
    window.status.say("“See” has no paint in the selection to transform.")
    assert window.status.news == "„See“ hat keine Bemalung in der Auswahl zum Transformieren."
    assert sentence("nobody says this") == "nobody says this"


@pytest.mark.parametrize(("english", "said"), [
    ('There is no model "foo". Did you mean "starter"? Installed: a, b. A path of a model folder works too.',
     "Es gibt kein Modell „foo“. Meintest du „starter“? Installiert: a, b. Der Pfad eines Modellordners geht auch."),
    ('The LoRA "x" does not fit this model: it changes a.b, for which the model has no layer. It says that it was made '
     "for SD 1.5.", "Die LoRA „x“ passt nicht zu diesem Modell: sie ändert a.b, wofür das Modell keine Schicht hat. "
     "Sie sagt von sich, dass sie für SD 1.5 gemacht wurde."),
    ('"a" is a transformer alone; its text encoder t5 (width 4096) and its autoencoder (VAE) were not found.',
     "„a“ ist nur ein Transformer; nicht gefunden: sein Textencoder t5 (Breite 4096) und sein Autoencoder (VAE)."),
    ("The scene in this file cannot be used. The width cannot be 7.",
     "Die Szene in dieser Datei ist nicht verwendbar. Die Breite kann nicht 7 sein."),
    ("The starter does not know “sand and sea” and “hill” (but “hills”).",
     "Der Starter kennt „sand and sea“ und „hill“ (aber „hills“) nicht."),
    ("  “the and” was left out: it holds no picture.\n", "  „the and“ wurde weggelassen: sie enthält kein Bild.\n"),
])  # fmt: skip
def test_a_message_of_several_parts_is_german_as_a_whole_and_names_stay(german, english, said):
    assert sentence(english) == said


def test_qts_own_buttons_are_german_too(german):
    assert QApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_a_language_that_is_not_there_is_english(monkeypatch):
    app = make_application()
    assert language.speak(app, "tlh") in language.LANGUAGES
    assert language.resolve("de") == "de"
    language.speak(app, "en")
    assert language.spoken() == "en" and tr("Done") == "Done"
    assert language.catalogue("tlh") == {WINDOW: {}, MESSAGES: {}}
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
        assert window.timeline.layoutDirection() == Qt.LayoutDirection.LeftToRight, "as the strip in it is drawn"
        assert 'popupMode="1"] { padding-left' in app.styleSheet()
    finally:
        app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
