"""The linters, the type checker and the import rules hold for the whole tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app", "canvas", "engine", "resources", "tests", "packaging")
BIN = Path(sys.executable).parent


def check(*command: str) -> None:
    """Runs a checker in the tree; what it prints is what the test says when it fails."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    check("ruff", "check", "--no-cache", *CODE)


def test_every_file_is_formatted() -> None:
    check("ruff", "format", "--no-cache", "--check", *CODE)


@pytest.mark.timeout(600)
def test_the_types_agree() -> None:
    check("mypy")


def test_the_layers_are_kept() -> None:
    check("lint-imports", "--no-cache")


@pytest.mark.parametrize("module", ["engine", "engine.protocol", "engine.errors", "app.cli.main", "canvas"])
def test_a_light_module_imports_neither_torch_nor_qt(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "heavy = {name.partition('.')[0] for name in sys.modules} & {'torch', 'diffusers', 'transformers', 'PySide6'}\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"import {module} also imports {done.stderr.strip()}"
