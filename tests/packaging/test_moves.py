"""What breaks in silence when a module moves: names in texts, names loaded by string, rooms without a rule, figures."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.test_tree import ROOT, modules, syntax, tracked

PACKAGES = ("app", "canvas", "engine", "resources")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
TEXTS = {".py", ".md", ".toml", ".txt", ".sh"}


def exists(dotted: str) -> bool:
    """Whether a dotted name is a module of ours, or something that stands in one."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:cut])
        for path in (stem.with_suffix(".py"), stem / "__init__.py"):
            if path.is_file():
                return cut == len(parts) or parts[cut] in names_in(path)
    return False


def names_in(path: Path) -> set[str]:
    """What a module defines or imports at its top, and what its docstring lists as its own."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


@pytest.fixture(scope="module")
def figures() -> ModuleType:
    """packaging/tree_figures.py as a module; it is a script, so it is not importable by name."""
    spec = importlib.util.spec_from_file_location("tree_figures", ROOT / "packaging" / "tree_figures.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def edges(figures: ModuleType) -> dict[str, set[str]]:
    """Who imports whom."""
    return figures.imports()


# --- what a picture hangs on -----------------------------------------------------------------------------------------


def test_the_labs_fingerprint_covers_every_module_that_a_picture_hangs_on(edges: dict[str, set[str]]) -> None:
    from engine.lab.image_store import deciding_code

    reached, waiting = set(), ["engine.pipeline", "engine.world.scenes", "engine.scoring.recogniser"]
    waiting += [module for module in edges if module.startswith("engine.models.families.")]  # loaded by their name
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += [other for other in edges[module] if other.partition(".")[0] in PACKAGES]
    # A package's own file re-exports for callers; what it imports is not what the pictures are made by.
    measures = {"engine.lab", "engine.bench", "engine.training"}
    needed = {module for module in reached if not module.startswith(tuple(measures))}
    assert needed == reached, "a picture hangs on what only measures"
    covered = {path.resolve() for path in deciding_code()}
    files = {ROOT.joinpath(*module.split(".")) for module in reached}
    sources = {(file / "__init__.py") if file.is_dir() else file.with_suffix(".py") for file in files}
    assert sorted(str(path.relative_to(ROOT)) for path in sources - covered) == []


# --- names that are texts --------------------------------------------------------------------------------------------


def test_every_path_that_a_text_names_is_there() -> None:
    pattern = re.compile(
        r"(?<![\w./<>-])((?:app|canvas|engine|resources|packaging|tests)/[\w./-]*\w\.(?:py|md|sh|json|txt))\b"
    )
    gone = []
    for path in tracked():
        if path.suffix in TEXTS and path.name != Path(__file__).name:
            for name in pattern.findall((ROOT / path).read_text(encoding="utf-8")):
                if not (ROOT / name).exists():
                    gone.append(f"{path}: {name}")
    assert gone == []


def test_every_dotted_name_that_a_text_names_is_there() -> None:
    pattern = re.compile(r"`((?:app|canvas|engine|resources)(?:\.\w+)+)[`(]|-m ((?:app|canvas|engine)(?:\.\w+)+)")
    gone = []
    for path in tracked():
        if path.suffix in TEXTS and path.parts[0] != "tests":
            for pair in pattern.findall((ROOT / path).read_text(encoding="utf-8")):
                name = pair[0] or pair[1]
                beside = (ROOT / path).with_name(name.partition(".")[0] + ".py")  # a text may mean its own neighbour
                if not exists(name) and not beside.is_file():
                    gone.append(f"{path}: {name}")
    assert gone == []


def test_what_is_loaded_by_its_name_is_there() -> None:
    from app.cli.measure import bench, lab  # noqa: F401  (their texts are read below)
    from engine import preload
    from engine.models import families
    from engine.models.families import components

    for name in preload._MODULES:
        assert importlib.util.find_spec(name) is not None, name
    for name in ("layout", "experts", "style", "text-window"):
        assert "run" in names_in(ROOT / "engine" / "lab" / f"{name.replace('-', '_')}.py")
    home = Path(families.__file__).parent
    kinds = {path.stem for path in home.glob("*.py") if "load" in names_in(path) and path.stem != "__init__"}
    assert kinds >= {"sd", "sdxl", "sdxl_refiner"}
    for path in (ROOT / "engine" / "models" / "architectures").glob("[a-z]*.py"):
        assert "ARCHITECTURE" in names_in(path) and path.stem in kinds, path
    for name, module in components._AUTOENCODERS.items():
        assert hasattr(importlib.import_module(f"diffusers.models.autoencoders.{module}"), name)
    module, _, function = PROJECT["project"]["scripts"]["wordbrush"].partition(":")
    assert exists(f"{module}.{function}")


def test_every_place_that_loads_by_name_is_known_to_the_test_above() -> None:
    known = {"app/cli/doctor.py", "app/cli/measure.py", "engine/preload.py"}
    known |= {f"engine/models/{package}/__init__.py" for package in ("architectures", "families")}
    # The text encoders of transformers are named in their families, whose tests load real ones.
    known |= {f"engine/models/families/{module}.py" for module in ("components", "transformer_parts")}
    found = set()
    for path in modules(*PACKAGES):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "__import__"):
                found.add(path.as_posix())
    assert found == known, "let test_what_is_loaded_by_its_name_is_there look at it too"


# --- rooms and their rules -------------------------------------------------------------------------------------------


def rooms(package: str) -> set[str]:
    """The modules and packages directly in a package."""
    inside = {path.parts[1].removesuffix(".py") for path in modules(package) if len(path.parts) > 1}
    return inside - {"__init__"}


@pytest.mark.parametrize("package", ["app", "canvas", "engine"])
def test_every_room_has_its_place_in_the_order(package: str) -> None:
    (contract,) = [each for each in CONTRACTS if each.get("containers") == [package]]
    placed = {name.strip(" ()") for layer in contract["layers"] for name in re.split("[|:]", layer)}
    assert contract["exhaustive"] is True and placed == rooms(package)


def test_every_feature_room_is_independent_of_the_others() -> None:
    (order,) = [each for each in CONTRACTS if each.get("containers") == ["app"]]
    (features,) = [layer for layer in order["layers"] if ":" in layer or layer.count("|") > 3]
    (independence,) = [each for each in CONTRACTS if each["type"] == "independence"]
    named = {name.removeprefix("app.") for name in independence["modules"]}
    assert named == {name.strip() for name in re.split("[|:]", features)}


def test_every_room_of_the_canvas_but_the_view_is_kept_from_qt() -> None:
    kept = {
        name for each in CONTRACTS if "PySide6" in each.get("forbidden_modules", ()) for name in each["source_modules"]
    }
    assert kept >= {"engine"} | {f"canvas.{room}" for room in rooms("canvas") - {"view"}}


# --- figures ---------------------------------------------------------------------------------------------------------


def test_imports_close_no_circle_and_chains_stay_short(figures: ModuleType, edges: dict[str, set[str]]) -> None:
    assert figures.circles(edges) == []
    longest = {package: len(figures.longest_chain(edges, package)) for package in PACKAGES}
    assert longest["app"] <= 18 and longest["canvas"] <= 13 and longest["engine"] <= 20, longest


def test_the_figures_find_what_they_are_to_find(figures: ModuleType) -> None:
    made = {"a.x": {"a.y", "b.z"}, "a.y": {"a.w"}, "a.w": {"a.y"}, "b.z": set()}
    assert figures.circles(made) == [("a.y", "a.w")]
    made["a.w"] = set()
    assert figures.circles(made) == [] and figures.longest_chain(made, "a") == ["a.x", "a.y", "a.w"]
    assert figures.holders(("displayed",)) == ["app.session.Session"]
    name, lines = figures.longest_file("resources")
    assert lines == (ROOT / name).read_text(encoding="utf-8").count("\n") > 50


def test_a_request_comes_to_its_first_bias_through_few_files(tmp_path: Path) -> None:
    # In a process of its own: what other tests left warm or running would count. What somebody keeps does not.
    (tmp_path / "embeddings").mkdir()
    command = [sys.executable, "packaging/tree_figures.py", "--json"]
    own = {**os.environ, "WORDBRUSH_HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=240, check=True)
    files = json.loads(done.stdout)["files_to_first_bias"]
    assert "engine/attention/laws.py" in files and "engine/attention/processor.py" in files
    assert 5 < len(files) <= 53, files
