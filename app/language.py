"""The window's language: `tr` says what is written in the window, `sentence` what the engine and the canvas say.

English is the source: it stands in the code and needs no file. Another language is one file for Qt Linguist,
`resources/translations/wordbrush_de.ts`, which `packaging/dev.py translations` keeps up to date with the code. It has
two contexts: what goes through `tr`, and the messages of rooms that know no window. Those come here finished, with
names and numbers in them, at the places where a window shows them (banner, status line, lists of files). The file has
them as templates, with {1}, {2}, ... for the values, and `sentence` finds the template that a message was made from.
"""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

import resources

WINDOW, MESSAGES = "Window", "Messages"
"""The contexts of a translators' file."""
SYSTEM = "system"
_SPOKEN = "language"  # a property of the application
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages that the window speaks, each called as its speakers call it."""
QUOTES = {"de": r"„\1“"}
"""How a language puts into quotes what came in English ones."""
_QUOTED = re.compile("“([^“”„]*)”")


def tr(text: str, **values: object) -> str:
    """A text of the window in its language; `values` fill the `{names}` in it after it was translated."""
    language = spoken()
    said = text if language == "en" else catalogue(language)[WINDOW].get(text, text)
    return said.format(**values) if values else said


def sentence(text: str) -> str:
    """A finished English message of the engine or the canvas in the window's language; what it does not know stays.

    A value in it that is no name in quotes is itself said in the language where that is known ("the text encoder"), and
    so is each sentence of a message that as a whole is not known.
    """
    language = spoken()
    said = text if language == "en" else _said(text, language)
    return text if said == text else _QUOTED.sub(QUOTES[language], said)


def number(value: float, form: str = "g") -> str:
    """A number as the window's language writes it; `form` is one of `format`'s, such as ".2f" or ".0%"."""
    return in_numbers(format(value, form))


def in_numbers(text: str) -> str:
    """A finished number in English, maybe with a unit ("1.5 GB"), as the window's language writes it."""
    language = spoken()
    if language == "en":
        return text
    return text.replace(".", QLocale(language).decimalPoint()).replace("%", "\N{NO-BREAK SPACE}%")


@functools.cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """What is translated into a language, by context and English text; nothing where its file is missing or damaged."""
    found: dict[str, dict[str, str]] = {WINDOW: {}, MESSAGES: {}}
    try:
        root = ET.parse(resources.path("translations") / f"wordbrush_{language}.ts").getroot()
    except (OSError, ET.ParseError):
        return found
    for context in root.iter("context"):
        texts = found.setdefault(context.findtext("name", ""), {})
        for message in context.iter("message"):
            said = message.find("translation")
            if said is not None and said.text and said.get("type") != "unfinished":
                texts[message.findtext("source", "")] = said.text
    return found


_PLACE = re.compile(r"\{(\d)\}")
_ENDS = re.compile(r"(?<=[.!?…])\s+(?=[A-Z“\"\[])|\n+")
_NAME = re.compile('“[^“”]*”|"[^"]*"')
_NUMBER = re.compile(r"-?\d+\.\d+(?: ?(?:%|GB|MB|kB))?|\d+%")
_VERSIONED = ("Wordbrush ", "diffusers ", "diffusers>=", "version ")
_ANY = r"(?P<p{0}>.*?)"
_PLAIN = r"(?P<p{0}>(?:“[^”]*”|\"[^\"]*\"|\([^()]*\)|(?![.!?] [A-Z])[^“”\"()])*?)"
"""What a value may be: anything, or no more than one sentence, in which quotes and brackets that begin also end."""


@dataclass(frozen=True)
class _Template:
    """A message with values: its texts and the numbers of its values in turn, and what the language has for it."""

    parts: tuple[str, ...]
    other: str

    @functools.cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """The careful one first, then one that takes any value."""
        return tuple(
            re.compile(
                "".join(
                    re.escape(part) if index % 2 == 0 else (_ANY if self._in_quotes(index) else value).format(part)
                    for index, part in enumerate(self.parts)
                ),
                re.DOTALL,
            )
            for value in (_PLAIN, _ANY)
        )

    def _in_quotes(self, index: int) -> bool:
        """Whether a value stands in quotes."""
        return self.parts[index - 1].endswith(("“", '"')) and self.parts[index + 1].startswith(("”", '"'))

    def _is_name(self, index: int) -> bool:
        """Whether a value is the same in every language: a name in quotes, or a version, which is no number."""
        return self._in_quotes(index) or self.parts[index - 1].endswith(_VERSIONED)

    def said(self, text: str, language: str, *, careful: bool) -> str | None:
        """A message in the language, None where it was not made from this template."""
        if not (text.startswith(self.parts[0]) and text.endswith(self.parts[-1])):
            return None
        match = self.patterns[0 if careful else 1].fullmatch(text)
        if match is None:
            return None
        values = {
            number: match[f"p{number}"] if self._is_name(index) else _said(match[f"p{number}"], language)
            for index, number in enumerate(self.parts)
            if index % 2
        }
        return _PLACE.sub(lambda place: values[place[1]], self.other)


@functools.cache
def _templates(language: str) -> tuple[_Template, ...]:
    """The messages with values; those with most letters of their own come first."""
    found = [
        _Template(tuple(_PLACE.split(english)), other)
        for english, other in catalogue(language)[MESSAGES].items()
        if _PLACE.search(english)
    ]
    return tuple(sorted(found, key=lambda each: -sum(map(len, each.parts[::2]))))


@functools.lru_cache(maxsize=256)
def _said(text: str, language: str) -> str:
    core = text.strip()
    if core != text:
        return text.replace(core, _said(core, language)) if core else text
    if _NUMBER.fullmatch(text):
        return in_numbers(text)
    whole = text if _NAME.fullmatch(text) else _whole(text, language, careful=True)
    if whole is not None:
        return whole
    ends = [match.span() for match in _ENDS.finditer(text)]
    for first, last in reversed(ends):  # as many sentences as one message has, and then the rest
        begun = _whole(text[:first], language, careful=True)
        if begun is not None:
            return f"{begun}{text[first:last]}{_said(text[last:], language)}"
    loose = _whole(text, language, careful=False)
    if loose is not None:
        return loose
    if ends:
        first, last = ends[0]
        return f"{text[:first]}{text[first:last]}{_said(text[last:], language)}"
    return text


def _whole(text: str, language: str, *, careful: bool) -> str | None:
    messages, window = catalogue(language)[MESSAGES], catalogue(language)[WINDOW]
    known = messages.get(text) or window.get(text)  # an undo step may be called as its action is
    if known:
        return known
    found = (each.said(text, language, careful=careful) for each in _templates(language))
    return next((said for said in found if said is not None), None)


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
    app.setProperty(_SPOKEN, language)
    translator = QTranslator(app)  # of Qt's own buttons and dialogs
    translator.setObjectName("language")
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
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
