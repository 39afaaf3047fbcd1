"""The settings file of older versions, read as plain text: what Qt would unpickle in it is never touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.preferences.values import Purpose, Values, from_json

LARGEST_FILE = 1_000_000  # bytes; a real one has a few thousand
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_PERCENT = re.compile(r"%(U[0-9a-fA-F]{4}|[0-9a-fA-F]{2})")


def read(path: Path) -> Values:
    """The plain values of an old settings.ini: texts, lists of texts, switches, numbers.

    Whatever begins with "@" (the layout of the window, and everything that Qt would make objects of) is passed over,
    and so is what is not what it should be. Raises OSError.
    """
    if not path.is_file():  # a pipe of that name would keep us waiting
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        lines = file.read(LARGEST_FILE).decode("utf-8", errors="replace").splitlines()
    found: dict[str, Any] = {}
    section = "General"
    for line in lines:
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            section = _key(line[1:-1])
        elif "=" in line and not line.startswith(";"):
            key, _, value = line.partition("=")
            _take(found, "/".join(([] if section == "General" else [section]) + [_key(key.strip())]), value.strip())
    return from_json(found)[0]


_FLAGS = {
    "flags/metadata": "export_metadata",
    "flags/lock_seed": "lock_seed",
    "flags/rest_paint": "rest_paint",
    "flags/timeline": "show_timeline",
    "flags/heatmaps": "show_heatmaps",
    "flags/heatmap_pointer": "heatmap_pointer",
    "flags/started": "started",
}
_FOLDERS = {"scenes": Purpose.SCENE, "export": Purpose.EXPORT, "model": Purpose.MODEL, "style": Purpose.STYLE}


def _take(found: dict[str, Any], key: str, value: str) -> None:
    """Puts one line's value where `values.from_json` looks for it; does nothing where it is no plain value."""
    parts = _list(value)
    if parts is None:
        return
    room, _, name = key.rpartition("/")
    if key == "theme":
        found["theme"] = parts[0]
    elif key in ("recent", "models"):
        found[key] = [part for part in parts if part]
    elif key in _FLAGS:
        _put(found, _FLAGS[key], parts[0], _flag)
    elif key in ("flags/pressure_size", "flags/pressure_opacity"):
        _put(found, f"brush_{name}", parts[0], _flag)
    elif room == "numbers/brush" and name in ("diameter", "hardness", "opacity"):
        _put(found, f"brush_{name}", parts[0], float)
    elif room == "folders" and name in _FOLDERS:
        found.setdefault("folders", {})[str(_FOLDERS[name])] = parts[0]
    elif room == "shortcuts":
        found.setdefault("shortcuts", {})[name] = "; ".join(parts)


def _put(found: dict[str, Any], name: str, text: str, read: Callable[[str], Any]) -> None:
    try:
        found[name] = read(text)
    except ValueError:
        return  # then the default stands


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise ValueError(text)
    return text.lower() in ("true", "1")


def _key(text: str) -> str:
    """A key or a section without Qt's escapes: "%20" is a space, a backslash divides."""
    return _PERCENT.sub(lambda match: chr(int(match[1].lstrip("U"), 16)), text).replace("\\", "/")


def _list(text: str) -> list[str] | None:
    """The texts of a value, divided at commas outside quotes; None where it stands for an object of Qt's."""
    parts, quoted, current, index = [], False, "", 0
    while index < len(text):
        char = text[index]
        if char == "\\" and (match := _ESCAPE.match(text, index)):
            code = match[1]
            current += chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)
            index = match.end()
            continue
        if char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            parts.append(current.strip())
            current = ""
        else:
            current += char
        index += 1
    parts.append(current.strip())
    if any(part.startswith("@") and not part.startswith("@@") for part in parts):
        return None
    return [part[1:] if part.startswith("@@") else part for part in parts]
