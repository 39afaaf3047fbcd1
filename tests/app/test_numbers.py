"""Numbers in the window are written as its language writes them: by `app.language.number`, never by a format alone."""

from __future__ import annotations

import ast
import re

import resources

ROOT = resources.path().parent
WITH_POINT = re.compile(r"g$|\.(?!0)[^.]+[fe%]$|^,")
"""Formats that may put a point or a comma into a number."""


def form(spec: ast.expr) -> str:
    """What stands behind the colon, with an n for what is put into it."""
    assert isinstance(spec, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "n" for part in spec.values)


def pointed(tree: ast.AST) -> list[int]:
    """Lines of f-strings that format a number so themselves."""
    inside = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("number", "float")
        for node in ast.walk(call)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None and id(node) not in inside
        and WITH_POINT.search(form(node.format_spec))
    ]  # fmt: skip


def test_no_number_of_the_window_is_formatted_past_its_language():
    rooms = [path for path in ROOT.glob("app/**/*.py") if "cli" not in path.parts]  # the command line is English
    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in rooms for line in pointed(ast.parse(path.read_text("utf-8")))
    ]
    assert len(rooms) > 200 and found == []


def test_the_search_finds_what_it_should():
    source = 'f"{a:.2f} {b:g} {c:.0f} {d:.1%} {e:.{n}f} {f:02d} {g}" f"{number(x, f\'.{n}f\')}"'
    assert len(pointed(ast.parse(source))) == 4
