"""How the commands that train end: their exit status, and what they say of an error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from engine.errors import BadRequest, DeviceOutOfMemory, EngineError, InternalError


def ended(work: Callable[[], object]) -> int:
    """Do the command's work; returns 0 when it is done, 1 if it failed or was stopped, 2 for wrong arguments.

    An error is told on stderr; with `WORDBRUSH_DEBUG=1` it is raised instead.
    """
    try:
        work()
    except KeyboardInterrupt:
        print("stopped; the same command with --resume continues from the last checkpoint", file=sys.stderr)
        return 1
    except Exception as problem:
        if os.environ.get("WORDBRUSH_DEBUG") == "1":
            raise
        error = _typed(problem)
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 2 if isinstance(error, BadRequest) else 1
    return 0


def _typed(problem: Exception) -> EngineError:
    from engine.weights import loading

    if isinstance(problem, EngineError):
        return problem
    details = f"{type(problem).__name__}: {problem}"
    if loading.is_out_of_memory(problem):
        return DeviceOutOfMemory(
            "The device ran out of memory.", hint="Choose a smaller --batch, --size or --rank.", details=details
        )
    if isinstance(problem, OSError):
        return EngineError(
            f"A file could not be read or written: {problem}.",
            hint="Free some space or choose other folders; --resume continues from the last checkpoint.",
        )
    return InternalError(
        f"Something went wrong in Wordbrush: {details}.", hint="WORDBRUSH_DEBUG=1 shows where; please report it."
    )
