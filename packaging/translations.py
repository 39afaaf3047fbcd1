"""Collects every text of the window that is translated into the .ts files, and compiles them where lrelease is.

`python3 packaging/dev.py translations` after a text has changed: new texts come in as unfinished, gone ones go out.
Then translate them in `resources/translations/wordbrush_de.ts` (Qt Linguist opens it) and run it again. Qt's own
lupdate finds only literals; most of our texts stand in tables, which are read here from the program itself.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.actions import TABLE  # noqa: E402
from app.files import names  # noqa: E402
from app.language import CONTEXT, LANGUAGES  # noqa: E402
from app.library.dialog import COLUMNS, MORE  # noqa: E402
from app.picture.comparison_view import WAYS  # noqa: E402
from app.picture.live_bar import KINDS  # noqa: E402
from app.results.panel import REWORKS  # noqa: E402
from app.rework.bar import CONTEXTS  # noqa: E402
from app.rework.extend_dialog import NAMES  # noqa: E402
from app.settings.panel import DEVICE_NAMES  # noqa: E402
from app.window.layout import DOCKS  # noqa: E402
from app.window.menus import THEMES  # noqa: E402
from app.window.painting_help import GESTURES, KEYS_TITLE  # noqa: E402
from app.window.shortcuts_dialog import GROUPS  # noqa: E402
from app.words.score_widgets import TEXTS  # noqa: E402
from engine.protocol import ColourPaint  # noqa: E402
from resources.limits import COMPILE, CONTROL_KINDS, CONTROL_MAPS, MEMORY  # noqa: E402
from resources.settings import sections, specs  # noqa: E402

FOLDER = ROOT / "resources" / "translations"


def texts() -> list[str]:
    """Every text that goes through `tr`, once each, in the order of the tables and then of the files."""
    found: list[str] = []
    for action in TABLE:
        found += [action.text, action.tip]
    for table in (THEMES, GROUPS, MEMORY, COMPILE, DEVICE_NAMES, KINDS, TEXTS, CONTROL_KINDS, CONTROL_MAPS, WAYS,
                  REWORKS, CONTEXTS, NAMES):  # fmt: skip
        found += table.values()
    found += [*DOCKS, *COLUMNS, *MORE, names.SCENES, names.READABLE, names.MAPS, names.PNGS, names.PICTURES]
    found += [KEYS_TITLE, *sections()]
    for title, gestures in GESTURES:
        found += [title, *(text for gesture in gestures for text in gesture)]
    shown = [spec for declared in sections().values() for spec in declared] + [
        specs()["seed"],
        specs(ColourPaint)["strength"],
    ]
    for spec in shown:
        found += [spec.label, spec.tip]
    for path in sorted((ROOT / "app").rglob("*.py")):
        found += literals(path.read_text("utf-8"))
    return [text for text in dict.fromkeys(found) if text]


def literals(source: str) -> Iterator[str]:
    """The texts in calls of `tr` in a file: literals, and constants of the file by their names."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value
            elif isinstance(first, ast.Name) and first.id in constants:
                yield constants[first.id]


def sentences(language: str) -> dict[str, str]:
    """What `app.language.sentence` knows: a language's sentences by their English, with {1}, {2}, ... in both."""
    text = (FOLDER / f"sentences_{language}.txt").read_text("utf-8")
    return dict(pair.split("\n") for pair in text.strip().split("\n\n"))


def said_by(*rooms: str) -> list[str]:
    """The messages and hints of all errors that the files of some rooms raise, as they stand in `sentences`."""
    found: list[str] = []
    for path in sorted(path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            hints = [word.value for word in node.keywords if word.arg == "hint"] if isinstance(node, ast.Call) else []
            for given in (*node.args[:1], *hints) if hints else ():
                found += filter(None, [_with_places(given)])
    return list(dict.fromkeys(found))


def _with_places(node: ast.expr) -> str:
    """A literal, its values as {1}, {2}, ...; "" for anything else."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        else:
            number += 1
            text += f"{{{number}}}"
    return text if re.search("[a-z]{3}", text) else ""


def read(language: str) -> dict[str, str]:
    """The finished translations of a language, by their English."""
    path = FOLDER / f"wordbrush_{language}.ts"
    if not path.is_file():
        return {}
    messages = ET.parse(path).getroot().iter("message")
    return {
        message.findtext("source", ""): message.findtext("translation", "")
        for message in messages
        if message.findtext("translation")
    }


def write(language: str, known: dict[str, str]) -> int:
    """Write a language's .ts with all texts; returns how many are unfinished."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    unfinished = 0
    for text in texts():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        said = ET.SubElement(message, "translation")
        if known.get(text):
            said.text = known[text]
        else:
            said.set("type", "unfinished")
            unfinished += 1
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"wordbrush_{language}.ts").write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8"
    )
    return unfinished


def compile_all(language: str) -> bool:
    """Make the .qm that the program loads; whether there was an lrelease to do it."""
    beside = Path(sys.executable).with_name("pyside6-lrelease")
    program = str(beside) if beside.is_file() else shutil.which("pyside6-lrelease") or shutil.which("lrelease")
    if program is None:
        return False
    source = FOLDER / f"wordbrush_{language}.ts"
    subprocess.run([program, "-silent", str(source), "-qm", str(source.with_suffix(".qm"))], check=True)
    return True


def main() -> int:
    """Bring all languages up to date; 1 where something is left to translate or to compile."""
    left = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        unfinished = write(language, read(language))
        compiled = compile_all(language)
        print(f"{language}: {len(texts())} texts, {unfinished} unfinished{'' if compiled else ', not compiled'}")
        left += unfinished + (not compiled)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
