"""Collects every text of the window, and every message that is shown in it, for the translators' .ts files.

`python3 packaging/dev.py translations` after a text has changed: new texts come in as unfinished, gone ones go out.
Then translate them in `resources/translations/wordbrush_de.ts` (Qt Linguist opens it) and run it again. Qt's own
lupdate finds only literals; most of our texts stand in tables, which are read here from the program itself, and the
messages of rooms without a window are found by `messages.py`.
"""

from __future__ import annotations

import ast
import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "packaging")]

from messages import messages  # noqa: E402

from app.actions import TABLE  # noqa: E402
from app.files import names  # noqa: E402
from app.language import LANGUAGES, MESSAGES, WINDOW  # noqa: E402
from app.library.dialog import COLUMNS, MORE  # noqa: E402
from app.loras import rows  # noqa: E402
from app.machines import dialog as machines  # noqa: E402
from app.picture.comparison_view import FAILED, WAITING, WAYS  # noqa: E402
from app.picture.live_bar import KINDS  # noqa: E402
from app.results.panel import REWORKS  # noqa: E402
from app.rework.bar import CONTEXTS, SHAPE_WAYS  # noqa: E402
from app.rework.extend_dialog import NAMES  # noqa: E402
from app.rework.varying import VARY_WAYS  # noqa: E402
from app.settings.encoders_box import TIPS  # noqa: E402
from app.settings.panel import DEVICE_NAMES  # noqa: E402
from app.settings.resize_dialog import PLACES  # noqa: E402
from app.window.layout import DOCKS  # noqa: E402
from app.window.menus import THEMES  # noqa: E402
from app.window.painting_help import GESTURES, KEYS_TITLE  # noqa: E402
from app.window.shortcuts_dialog import GROUPS  # noqa: E402
from app.words.score_widgets import TEXTS  # noqa: E402
from canvas.paint.patterns import PATTERN_NAMES  # noqa: E402
from engine.protocol import ColourPaint  # noqa: E402
from resources.limits import COMPILE, CONTROL_KINDS, CONTROL_MAPS, MEMORY, OVERLAPS  # noqa: E402
from resources.settings import sections, specs  # noqa: E402

FOLDER = ROOT / "resources" / "translations"


def texts() -> list[str]:
    """Every text that goes through `tr`, once each, in the order of the tables and then of the files."""
    found: list[str] = []
    for action in TABLE:
        found += [action.text, action.tip]
    for table in (THEMES, GROUPS, MEMORY, COMPILE, DEVICE_NAMES, KINDS, TEXTS, CONTROL_KINDS, CONTROL_MAPS, OVERLAPS,
                  WAYS, TIPS, REWORKS, CONTEXTS, SHAPE_WAYS, VARY_WAYS, NAMES):  # fmt: skip
        found += table.values()
    found += json.loads((ROOT / "resources" / "starter" / "wordbrush.json").read_text("utf-8"))["groups"]
    found += [*machines.COLUMNS, *machines.PREVIEWS.values()]
    found += [*DOCKS, *COLUMNS, *MORE, names.SCENES, names.READABLE, names.MAPS, names.TABLES, names.PNGS]
    found += [names.PICTURES, KEYS_TITLE, *sections(), *PATTERN_NAMES, rows.WHOLE, rows.GONE, WAITING, FAILED]
    found += [f"The {place} stays in place" for line in PLACES for place in line]
    for title, gestures in GESTURES:
        found += [title, *(text for gesture in gestures for text in gesture)]
    shown = [spec for declared in sections().values() for spec in declared] + [
        specs()["seed"],
        specs()["mood_weight"],
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


def read(language: str) -> dict[str, dict[str, str]]:
    """The finished translations of a language, by context and English."""
    path = FOLDER / f"wordbrush_{language}.ts"
    found: dict[str, dict[str, str]] = {WINDOW: {}, MESSAGES: {}}
    for context in ET.parse(path).getroot().iter("context") if path.is_file() else ():
        for message in context.iter("message"):
            if message.findtext("translation"):
                said = message.findtext("translation", "")
                found.setdefault(context.findtext("name", ""), {})[message.findtext("source", "")] = said
    return found


def wanted() -> dict[str, list[str]]:
    """All that is to be translated, by context; a text that the window says itself is no message."""
    own = texts()
    here = {text.strip() for text in own}
    return {WINDOW: own, MESSAGES: [text for text in messages() if text.strip() not in here]}


def write(language: str, known: dict[str, dict[str, str]]) -> int:
    """Write a language's .ts with all texts, a line for each; returns how many are unfinished."""
    lines, unfinished = [], 0
    for name, found in wanted().items():
        lines.append(f"<context><name>{name}</name>")
        for text in found:
            said = known[name].get(text, "")
            mark = "" if said else ' type="unfinished"'
            unfinished += not said
            source, other = escape(text), escape(said)
            lines.append(f"<message><source>{source}</source><translation{mark}>{other}</translation></message>")
        lines.append("</context>")
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="{language}">'
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"wordbrush_{language}.ts").write_text("\n".join([head, *lines, "</TS>", ""]), encoding="utf-8")
    return unfinished


def main() -> int:
    """Bring all languages up to date; 1 where something is left to translate."""
    left = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        unfinished = write(language, read(language))
        print(f"{language}: {sum(map(len, wanted().values()))} texts, {unfinished} unfinished")
        left += unfinished
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
