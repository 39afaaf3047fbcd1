"""State has one owner: read from the source, nobody but the session keeps model facts or the displayed picture."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("ModelFacts", "DisplayedImage")
# Places that keep a picture which is not the one that is displayed.
OTHERS = {
    "app/picture/comparison_view.py Tile.shown",  # a picture that is compared with others
    "app/storage/autosave.py Autosave._saved",  # what is on disk
}


def mentions(node: ast.AST | None) -> bool:
    return node is not None and any(kind in ast.unparse(node) for kind in KINDS)


def kept(path: Path) -> Iterator[str]:
    """`Class.attribute` of each attribute that is given a value of one of the kinds, as far as annotations tell."""
    for owner in ast.walk(ast.parse(path.read_text("utf-8"))):
        for function in ast.walk(owner) if isinstance(owner, ast.ClassDef) else ():
            if isinstance(function, ast.FunctionDef):
                arguments = [*function.args.args, *function.args.kwonlyargs]
                given = {each.arg for each in arguments if mentions(each.annotation) and not is_call(each.annotation)}
                for target, value, annotation in assignments(function):
                    held = isinstance(value, ast.Name) and value.id in given
                    if held or (mentions(annotation) and not is_call(annotation)):
                        yield f"{owner.name}.{target}"


def is_call(annotation: ast.AST | None) -> bool:
    return annotation is not None and "Callable" in ast.unparse(annotation)


def assignments(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """Attributes of self that a function assigns: name, value, annotation; tuples are taken apart."""
    for node in ast.walk(function):
        pairs: list[tuple[ast.expr, ast.expr | None, ast.expr | None]] = []
        if isinstance(node, ast.AnnAssign):
            pairs.append((node.target, node.value, node.annotation))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs += [(a, b, None) for a, b in zip(target.elts, node.value.elts, strict=True)]
                else:
                    pairs.append((target, node.value, None))
        for target, value, annotation in pairs:
            if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
                yield target.attr, value, annotation


def test_only_the_session_keeps_model_facts_and_the_displayed_picture():
    found = {
        f"{path.relative_to(ROOT).as_posix()} {name}"
        for path in (ROOT / "app").rglob("*.py")
        if path.name != "session.py" and "cli" not in path.parts
        for name in kept(path)
    }
    assert found == OTHERS


def test_the_reader_of_the_source_sees_what_is_kept(tmp_path):
    source = tmp_path / "room.py"
    source.write_text(
        "class Room:\n"
        "    def take(self, facts: ModelFacts | None, image: DisplayedImage) -> None:\n"
        "        self._facts = facts\n"
        "        self.a, self.b = image, 1\n"
        "        self.shown: DisplayedImage = PAPER\n"
        "        self.name = facts.name\n"
    )
    assert {"Room._facts", "Room.a", "Room.shown"} <= set(kept(source)) and "Room.name" not in set(kept(source))


def test_the_window_reads_models_through_its_executor_alone():
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if "cli" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and re.search(r"engine\.models|engine\.experts|LocalExecutor|\bLibrary\b", ast.unparse(node))
    ]
    assert found == ["app/main.py"]
