"""Figures of the source tree: `.venv/bin/python packaging/tree_figures.py [--json]`; the tests hold it to bounds.

For each package the longest chain of imports and its longest file; who keeps what of the window's state; and how many
source files run between a request and the first bias of its paint.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "canvas", "engine", "resources")
# State of the window, and by which names a class would keep a copy of it.
STATE = {
    "model facts": ("facts", "known"),
    "picture on the canvas": ("displayed",),
    "chosen word": ("chosen_word", "selected_word"),
}


def modules(package: str) -> list[Path]:
    """The source files of a package."""
    return sorted(path for path in (ROOT / package).rglob("*.py") if "__pycache__" not in path.parts)


def longest_file(package: str) -> tuple[str, int]:
    """The name and the lines of a package's longest file."""
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in modules(package)}
    longest = max(lines, key=lambda path: lines[path])
    return str(longest.relative_to(ROOT)), lines[longest]


def imports() -> dict[str, set[str]]:
    """Who imports whom when the program runs, by module; imports for types alone do not count."""
    import grimp

    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True)
    return {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def circles(edges: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Imports that close a circle: from a module to one that is reached from it and reaches it."""
    found, state = [], dict.fromkeys(edges, 0)

    def visit(module: str) -> None:
        state[module] = 1
        for other in sorted(edges[module]):
            if state[other] == 1:
                found.append((module, other))
            elif state[other] == 0:
                visit(other)
        state[module] = 2

    for module in sorted(edges):
        if state[module] == 0:
            visit(module)
    return found


def longest_chain(edges: Mapping[str, set[str]], package: str) -> list[str]:
    """The longest chain of imports that stays in a package, from the top down; circles are cut where they close."""
    cut = set(circles(edges))

    @functools.cache
    def below(module: str) -> tuple[str, ...]:
        inside = [
            other
            for other in sorted(edges[module])
            if other.partition(".")[0] == package and (module, other) not in cut
        ]
        return (module, *max((below(other) for other in inside), key=len, default=()))

    return list(max((below(module) for module in sorted(edges) if module.partition(".")[0] == package), key=len))


def holders(names: tuple[str, ...]) -> list[str]:
    """The classes of the app that keep an attribute of one of these names, with or without a leading underscore."""
    found = []
    for path in modules("app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(_keeps(each, names) for each in ast.walk(node)):
                found.append(f"{path.relative_to(ROOT).with_suffix('').as_posix().replace('/', '.')}.{node.name}")
    return found


def _keeps(node: ast.AST, names: tuple[str, ...]) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
    attributes = [each for each in flat if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)]
    return any(each.value.id == "self" and each.attr.lstrip("_") in names for each in attributes)


def files_to_first_bias() -> list[str]:
    """The source files whose code runs from a request to the engine until a law makes the first bias.

    On the starter, once it is loaded: what loading runs is another path. The data folder is a new one, as words and
    programs that somebody has added would be looked at, too. What nobody paints is not placed, which runs five more.
    """
    import numpy as np

    import engine
    from engine.attention import laws

    seen: dict[str, None] = {}
    laws_file = str(Path(laws.__file__))
    ours = tuple(f"{ROOT / package}{os.sep}" for package in PACKAGES)  # an environment may lie in the tree too
    reached = False

    def look(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal reached
        if event != "call" or reached:
            return
        file = frame.f_code.co_filename
        if file.startswith(ours) and "<" not in frame.f_code.co_name:
            seen[str(Path(file).relative_to(ROOT))] = None
            reached = file == laws_file and frame.f_code.co_name.endswith(("_bias", "__call__"))

    word = engine.PaintedWord(span=(2, 6), mask=np.full((512, 512), 255, np.uint8))
    request = engine.GenerateRequest.of(
        id="1", prompt="a lake", words=(word,), steps=1, previews=False, place_words=False
    )
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"WORDBRUSH_HOME": home}):
        os.environ.pop("WORDBRUSH_MODELS", None)
        for _event in engine.generate(request):
            pass
        sys.setprofile(look)
        try:
            for _event in engine.generate(request):
                if reached:
                    break
        finally:
            sys.setprofile(None)
    return list(seen)


def figures(*, run: bool = True) -> dict[str, Any]:
    """All figures; `run` also makes the start of a picture."""
    edges = imports()
    found: dict[str, Any] = {
        "longest_chain": {package: longest_chain(edges, package) for package in PACKAGES},
        "circles": circles(edges),
        "longest_file": {package: longest_file(package) for package in PACKAGES},
        "holders": {what: holders(names) for what, names in STATE.items()},
    }
    if run:
        found["files_to_first_bias"] = files_to_first_bias()
    return found


def main() -> None:
    """Prints the figures."""
    found = figures()
    if "--json" in sys.argv[1:]:
        print(json.dumps(found, indent=1))
        return
    for package in PACKAGES:
        chain, (name, lines) = found["longest_chain"][package], found["longest_file"][package]
        print(f"{package}: longest chain of imports {len(chain)} modules, longest file {name} with {lines} lines")
        print(f"    {' > '.join(chain)}")
    print(f"imports that close a circle: {len(found['circles'])}")
    for what, kept in found["holders"].items():
        print(f"{what}: kept by {len(kept)}: {', '.join(kept)}")
    print(f"files from a request to the first bias: {len(found['files_to_first_bias'])}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
