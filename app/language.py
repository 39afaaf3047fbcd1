"""The window's language: `tr` says what is written in the window, `sentence` what the engine and the canvas say.

English is the source: it stands in the code and needs no file. Other languages lie in `resources/translations`, as
`wordbrush_de.ts` for translators and, compiled, as `wordbrush_de.qm`; `packaging/dev.py translations` makes both.
Errors and the names of undo steps are made where no window is known, with names and numbers in them:
`sentences_de.txt` has them as pairs of lines, English and German, with {1}, {2}, ... for what stands in them.
"""

from __future__ import annotations

import functools
import re

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

import resources

CONTEXT = "Wordbrush"
SYSTEM = "system"
_SPOKEN = "language"  # a property of the application
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages that the window speaks, each called as its speakers call it."""


def tr(text: str, **values: object) -> str:
    """A text of the window in its language; `values` fill the `{names}` in it after it was translated."""
    said = QCoreApplication.translate(CONTEXT, text)
    return said.format(**values) if values else said


def sentence(text: str) -> str:
    """A finished English sentence of the engine or the canvas in the window's language; itself where it has none."""
    language = spoken()
    if language == "en" or not text:
        return text
    for pattern, other in _sentences(language):
        if pattern.fullmatch(text):
            return pattern.sub(other, text, count=1)
    return text


_PLACE = re.compile(r"\{(\d)\}")


@functools.cache
def _sentences(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What the other language has for each sentence; those with most letters of their own come first."""
    path = resources.path("translations") / f"sentences_{language}.txt"
    pairs = [pair.split("\n") for pair in path.read_text("utf-8").strip().split("\n\n")]
    pairs.sort(key=lambda pair: len(_PLACE.sub("", pair[0])), reverse=True)
    found = []
    for english, other in pairs:
        parts = _PLACE.split(english)  # text, number, text, number, ...
        texts = (f"(?P<p{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
        filled = _PLACE.sub(r"\\g<p\1>", other.replace("\\", r"\\"))
        found.append((re.compile(rf"\A{''.join(texts)}\Z", re.DOTALL), filled))
    return tuple(found)


def spoken() -> str:
    """The language that is spoken now: one of `LANGUAGES`."""
    app = QCoreApplication.instance()
    return str((app and app.property(_SPOKEN)) or "en")


def resolve(choice: str) -> str:
    """The language that a choice means: one of `LANGUAGES`, for `system` that of the system where it is there."""
    if choice in LANGUAGES:
        return choice
    wanted = (name.replace("_", "-").split("-")[0] for name in QLocale.system().uiLanguages())
    return next((name for name in wanted if name in LANGUAGES), "en")


def speak(app: QApplication, choice: str) -> str:
    """Let the program speak a language from here on: what is made later is said in it. Returns the language.

    Files that are not there or cannot be read leave it with English.
    """
    hush(app)
    language = resolve(choice)
    if language == "en":
        return language
    folders = (str(resources.path("translations")), QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    app.setProperty(_SPOKEN, language)
    for stem, folder in zip(("wordbrush", "qtbase"), folders, strict=True):
        translator = QTranslator(app)
        translator.setObjectName("language")
        if translator.load(f"{stem}_{language}", folder):
            app.installTranslator(translator)
    return language


def hush(app: QApplication) -> None:
    """Back to English."""
    app.setProperty(_SPOKEN, "en")
    options = Qt.FindChildOption.FindDirectChildrenOnly
    for translator in app.findChildren(QTranslator, "language", options):
        app.removeTranslator(translator)
        translator.setParent(None)
        translator.deleteLater()
