"""No text is drawn as HTML by chance: every label and tooltip of the tree goes by the helpers that show it as it is."""

from __future__ import annotations

import ast

import resources
from app.widgets.plain_text import LONGEST, PlainLabel, plain_tip

ROOT = resources.path().parent
HELPERS = ROOT / "app" / "widgets" / "plain_text.py"


def fixed(node: ast.expr) -> bool:
    """Whether a tooltip is a text of ours, or made plain."""
    if isinstance(node, ast.IfExp):
        return fixed(node.body) and fixed(node.orelse)
    called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
    if called == "tr":  # a text of ours in the window's language, into which nothing is put
        return isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant) and not node.keywords
    return isinstance(node, ast.Constant) or called == "plain_tip"


def careless(tree: ast.AST) -> list[int]:
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "QLabel" for base in node.bases):
            lines.append(node.lineno)
        if not isinstance(node, ast.Call):
            continue
        call = ast.unparse(node.func)
        if call in ("QLabel", "QMessageBox") or call.endswith(
            (".setHtml", "QTextBrowser", "QTextEdit", ".setWhatsThis")
        ):
            lines.append(node.lineno)
        if call.endswith(".setToolTip") and not fixed(node.args[0]):
            lines.append(node.lineno)
        if call == "QToolTip.showText" and not fixed(node.args[1]):
            lines.append(node.lineno)
    return lines


def test_labels_boxes_and_tips_of_the_whole_tree() -> None:
    found = []
    for folder in ("app", "canvas"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            lines = careless(ast.parse(file.read_text("utf-8"))) if file != HELPERS else []
            found += [f"{file.relative_to(ROOT)}:{line}" for line in lines]
    assert found == []
    assert careless(
        ast.parse("QLabel(a)\nb.setToolTip(c)\nd.setToolTip('x' if e else f(g))\nclass H(QLabel): ...")
    ) == [4, 1, 2, 3]


def test_a_tip_shows_what_it_was_given(qtbot) -> None:
    assert plain_tip("red & green\nhouse") == "red & green\nhouse"
    assert plain_tip("<img src=x>\na") == "<qt>&lt;img src=x&gt;<br>a</qt>"
    assert plain_tip("&lt;b") == "<qt>&amp;lt;b</qt>" and len(plain_tip("a" * 10**6)) == LONGEST
    label = PlainLabel("<b>a</b>", wordWrap=True)
    qtbot.addWidget(label)
    assert label.sizeHint().height() > 0 and label.text() == "<b>a</b>" and label.wordWrap()
