"""What is done where a device's memory ran out in a run, and how that is told: idle models go, then the way changes."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.attention.fidelity import resolve, with_words
from engine.errors import EngineError, InternalError
from engine.models.library import Library
from engine.protocol import GenerateRequest

if TYPE_CHECKING:
    from engine.models.families.base import Family


class Relief:
    """Makes room on a device: at first all goes that the run does not use, then its denoisers go down the list of ways
    to use the memory (`engine.weights.tiers`). They stay there until they are loaded again.

    Args:
        library: what else it holds may go.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._alone = False

    def next(self, working: Iterable[Family]) -> str:
        """Do the next thing: what that was, in words that follow "Loading"; "" where there is nothing left to do.

        Args:
            working: the denoisers of the run.
        """
        from engine.models.memory_ways import ways_of
        from engine.weights import loading
        from engine.weights.tiers import after

        families = list({id(family): family for family in working}.values())
        if not self._alone:
            self._alone = True
            self._library.drop_idle(families)
            loading.free_memory()
            return "the model again, without what other pictures left in memory"
        said = ""
        for family in families:
            way = after(family.way, ways_of(family.facts, family.device))
            if way is not None:
                family.adopt(way)
                said = said or f"the model again, so that it takes less memory. {way.says}"
        loading.free_memory()
        return said


def let_go(error: BaseException | None) -> None:
    """Drop the tracebacks of an error and its causes: their frames keep tensors and models alive, and that memory is to
    be free before the error is reported."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def out_of_memory_of(error: Exception, request: GenerateRequest) -> EngineError:
    """Return the typed form of an out-of-memory error; its hint mentions gradient steps if the request has any."""
    from engine.weights.loading import out_of_memory

    asked = resolve(request.conditioning.fidelity, law=request.conditioning.law, default=0.0)
    words = request.text.words
    steps = with_words(asked, words).gradient_steps if words else 0
    return out_of_memory(error, size=request.picture.size, batch=request.picture.batch, gradient_steps=steps)


def recovered(error: Exception, request: GenerateRequest, library: Library) -> EngineError:
    """Free what the failed request held (after an out-of-memory error the models too) and return a typed error."""
    if isinstance(error, EngineError):
        return error
    report = "".join(traceback.format_exception(error))
    let_go(error)
    try:
        from engine.weights.loading import free_memory, is_out_of_memory

        if is_out_of_memory(error):
            library.release()
            return out_of_memory_of(error, request)
        free_memory()
    except Exception as second:  # torch does not load, or its device is gone: the first error must still be reported
        report += f"\nWhile cleaning up: {second!r}"
    return InternalError(
        "Something went wrong inside Wordbrush.",
        hint="Try again; if it happens again, copy the details into a report.",
        details=report,
    )
