"""Compiles denoisers on a thread of its own, one at a time in the process, while pictures are made without."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import torch

from engine.models.compiling import choosing
from engine.models.compiling.graphs import Graph

_log = logging.getLogger(__name__)
_WHAT = "a compiled denoiser; pictures can be made meanwhile"
_one = threading.Lock()
"""Held while something is compiled: torch traces for the whole process."""

Tell = Callable[[str, float], None]
"""`(what is done, fraction)`, from any thread."""


def busy() -> bool:
    """Whether something is being compiled now."""
    return _one.locked()


class _Left(Exception):
    """The compiling was left: nobody waits for it any more."""


class Background:
    """Makes graphs beside the pictures; `leave` gives up at the next point where that is possible.

    Tracing runs in Python, so pictures that are made meanwhile take longer. Nothing of the process that they use is
    changed by it: modes and interpreters of torch are each thread's own.
    """

    def __init__(self, tell: Tell = lambda what, fraction: None) -> None:
        self._tell = tell
        self._left = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, families: Sequence[Any]) -> None:
        """Compile what the last runs of these families wanted in vain. Call it between runs, on the engine's thread;
        it returns at once."""
        if busy():
            return
        from engine.models.compiling.seating import prepare

        made: list[tuple[Any, Graph]] = []
        for family in families:
            try:
                graph = prepare(family)
            except Exception as error:
                _fail("prepared", error)
                continue
            if graph is not None:
                made.append((family.graphs, graph))
        if made and _one.acquire(blocking=False):
            self._left = threading.Event()
            threads = torch.get_num_threads()
            self._thread = threading.Thread(
                target=self._work, args=(made, threads, self._left), name="compiling", daemon=True
            )
            self._thread.start()

    def leave(self) -> None:
        """Let go of what is being compiled; what a compiler works at just now ends unheard."""
        self._left.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nothing is being compiled here; returns False if that took longer than `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    def _work(self, made: list[tuple[Any, Graph]], threads: int, left: threading.Event) -> None:
        try:
            # A graph is bound to the number of threads, which each thread has for itself.
            torch.set_num_threads(threads)
            for index, (graphs, graph) in enumerate(made):
                self._tell(_WHAT, index / len(made))
                try:
                    graph.build(lambda step: compiled(step, left))
                    _log.info("the denoiser is compiled; later pictures of this size are made with it")
                except Exception as error:
                    graph.state = "failed"
                    graph.call = None
                    if left.is_set():
                        graphs.of = {key: each for key, each in graphs.of.items() if each is not graph}
                    else:
                        _fail("compiled", error)
                finally:
                    graph.rest()
        finally:
            _one.release()
            self._tell(_WHAT, 1.0)


def compiled(step: Callable[..., Any], left: threading.Event) -> Callable[..., Any]:
    """A function for `torch.compile` as one graph, given up where `left` is set."""
    name = choosing.BACKEND

    def backend(graph: Any, inputs: Any) -> Any:
        if left.is_set():
            raise _Left
        return torch._dynamo.lookup_backend(name)(graph, inputs)

    return torch.compile(step, backend=backend, fullgraph=True, dynamic=False)


def _fail(what: str, error: BaseException) -> None:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    _log.warning("the denoiser could not be %s and runs as ever: %s: %s", what, type(error).__name__, lines[0][:300])
    _log.debug("what went wrong", exc_info=error)
