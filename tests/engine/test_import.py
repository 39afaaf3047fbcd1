"""Importing the engine is quick: no torch, no Qt, so a window can stand before either is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "module",
    ["engine", "engine.executor", "engine.pipeline", "engine.models.library", "engine.validation", "engine.protocol"],
)
def test_imports_neither_torch_nor_qt(module):
    heavy = "('torch', 'diffusers', 'transformers', 'PySide6', 'scipy')"
    assert python(f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])") == "[]"


def test_generate_is_the_function_even_after_its_module_is_imported():
    code = "import engine.executor, engine.pipeline; from engine import generate; print(callable(generate))"
    assert python(code) == "True"


def test_the_researchers_names_are_all_there():
    code = "from engine import *; from engine import __all__ as names; print(all(name in globals() for name in names))"
    assert python(code) == "True"


def test_an_engine_that_is_only_opened_and_closed_never_imports_torch():
    code = (
        "import sys; from engine import LocalExecutor; engine = LocalExecutor(); engine.start(print);"
        "print(engine.close(), 'torch' in sys.modules)"
    )
    assert python(code) == "True False"


def test_a_bad_request_needs_no_torch():
    code = (
        "import sys; from engine import *\n"
        "events = list(generate(GenerateRequest.of(id='1', prompt='')))\n"
        "print(type(events[-1]).__name__, 'torch' in sys.modules)"
    )
    assert python(code) == "Failed False"


def test_waiting_threads_sleep_in_the_programs_own_process_unless_the_user_says_otherwise():
    code = "import os; os.environ.pop('OMP_WAIT_POLICY', None); import engine, engine.surroundings as s;"
    code += "a = os.environ.get('OMP_WAIT_POLICY'); s.own_process();"
    assert python(code + "print(a, os.environ['OMP_WAIT_POLICY'])") == "None PASSIVE"
