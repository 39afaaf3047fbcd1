"""Where models are looked for: the models folder, paths that were added to it by name, and the Hub's own cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from engine.models.families import model_name
from engine.models.listing import find_models
from engine.weights.headers import open_regular, parse_json

SHIPPED, LIBRARY, ADDED, HUB_CACHE = "ships", "library", "added", "hub cache"
ADDED_FILE = ".models.json"
"""In the models folder: paths of models that are used where they lie."""
_LARGEST = 1 << 20


def read_added(folder: Path) -> list[Path]:
    """The paths that were added to a models folder; those that make no sense are left out."""
    try:
        with open_regular(folder / ADDED_FILE) as file:
            found = parse_json(file.read(_LARGEST), depth=4)["paths"]
        return [Path(path) for path in found if isinstance(path, str) and os.path.isabs(path) and "\0" not in path]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def find_added(folder: Path) -> Mapping[str, Path]:
    """Models that were added to a folder, by name; those that are not there just now are left out."""
    found: dict[str, Path] = {}
    for path in read_added(folder):
        if os.path.exists(path):
            name = model_name(path)
            found[str(path) if name in found else name] = path
    return found


def hub_cache() -> Path | None:
    """The folder where Hugging Face's libraries keep what they download; None where it must not be looked at.

    With `WORDBRUSH_HOME` nothing outside it is, unless the environment names the cache, too.
    """
    if named := os.environ.get("HF_HUB_CACHE"):
        return Path(named).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    if os.environ.get("WORDBRUSH_HOME"):
        return None
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "huggingface" / "hub"


def find_cached(cache: Path | None) -> Mapping[str, Path]:
    """Whole models in the Hub's cache, by the name of their repository; of each the snapshot that `main` stands for.

    Repositories that only hold text models, data sets and parts of others are left out: only folders with a
    model_index.json are models here.
    """
    if cache is None or not cache.is_dir():
        return {}
    found: dict[str, Path] = {}
    for name, path in find_models(cache).items():
        if not (path / "model_index.json").is_file() or path.parent.name != "snapshots":
            continue
        main = path.parent.parent / "refs" / "main"
        try:
            current = main.read_text().strip() if main.is_file() else path.name
        except (OSError, UnicodeDecodeError):
            current = path.name
        if current == path.name or not (path.parent / current).is_dir():
            found[name.split("/")[0] if name.startswith("models--") else name] = path
    return found
