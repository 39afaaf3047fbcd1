"""What the engine changes in its process: nothing that outlasts a call, unless the process belongs to the program.

A notebook that imports the engine may also download models, and has objects and libraries of its own. The program's
window and command line own their process and say so once, with `own_process`.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_THREADS = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Read when torch is loaded: its waiting threads then sleep instead of spinning. On two cores shared with other
programs a small model's step was measured at 14 ms instead of 3000, and the window stays responsive."""

_OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
"""Read when huggingface_hub is imported."""

COMPILER = "compiling"
"""The name of the thread on which denoisers are compiled, partly outside of Python."""

_lock = threading.RLock()
_depth = 0
_before: list[tuple[Any, str, Any]] = []
_own = False


def still_compiling() -> bool:
    """Whether a compiler works in this process: Python must not end in the ordinary way then, which would abort it."""
    return any(each.name == COMPILER for each in threading.enumerate())


def own_process() -> None:
    """Declare that this process belongs to the program; variables that the user has set keep their values.

    As long as it runs, torch's idle threads sleep, the model libraries stay off the network, and the objects that are
    imported with torch are hidden from the garbage collector.
    """
    global _own
    _own = True
    for name, value in (_THREADS | _OFFLINE).items():
        os.environ.setdefault(name, value)


def is_own() -> bool:
    """Whether `own_process` was called."""
    return _own


@contextmanager
def calm_threads() -> Iterator[None]:
    """Load torch for the first time inside this context; afterwards the environment is as it was before."""
    added = {name: value for name, value in _THREADS.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        if not _own:
            for name in added:
                os.environ.pop(name, None)


@contextmanager
def secluded() -> Iterator[None]:
    """Keep the model libraries off the network and quiet (no progress bars, no warnings) inside this context.

    Errors are still raised. Contexts may be nested, and entered by several threads at once.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    import diffusers.utils.logging
    import huggingface_hub.constants
    import transformers.utils.logging

    global _depth
    with _lock:
        _depth += 1
        if _depth > 1:
            return
        constants = huggingface_hub.constants
        _before.append((constants, "HF_HUB_OFFLINE", constants.HF_HUB_OFFLINE))
        # The libraries check this constant at every call; they read the environment only when they are imported.
        constants.HF_HUB_OFFLINE = True
        for library in (diffusers.utils.logging, transformers.utils.logging):
            _before.append((library, "verbosity", library.get_verbosity()))
            _before.append((library, "bars", library.is_progress_bar_enabled()))
            library.set_verbosity(logging.ERROR)
            library.disable_progress_bar()


def _leave() -> None:
    global _depth
    with _lock:
        _depth -= 1
        if _depth:
            return
        while _before:
            owner, name, value = _before.pop()
            if name == "verbosity":
                owner.set_verbosity(value)
            elif name == "bars":
                (owner.enable_progress_bar if value else owner.disable_progress_bar)()
            else:
                setattr(owner, name, value)
