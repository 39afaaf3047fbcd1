"""Compiles denoisers on a thread of its own, one at a time in the process, while pictures are made without."""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import torch

from engine.models.compiling import choosing
from engine.models.compiling.graphs import TRACING, Graph
from engine.models.compiling.seating import prepare
from engine.surroundings import COMPILER

_log = logging.getLogger(__name__)
_WHAT = "a compiled denoiser; pictures can be made meanwhile"

Tell = Callable[[str, float], None]
"""`(what is done, fraction)`, from any thread."""


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
        if TRACING.locked():
            return
        made: list[tuple[Any, Graph]] = []
        for family in families:
            try:
                graph = prepare(family)
            except Exception as error:
                _fail("prepared", error)
                continue
            if graph is not None:
                made.append((family.graphs, graph))
        if made and TRACING.acquire(blocking=False):
            self._left = threading.Event()
            threads = torch.get_num_threads()
            self._thread = threading.Thread(
                target=self._work, args=(made, threads, self._left), name=COMPILER, daemon=True
            )
            self._thread.start()

    def leave(self) -> None:
        """Let go of what is being compiled; what a compiler works at just now ends unheard."""
        self._left.set()

    def close(self, timeout: float = 2.0) -> bool:
        """Leave, and let the compiler's Python code end here and now; returns False if it did not within `timeout`
        seconds. A process must not end in the ordinary way then: what runs outside of Python would abort it."""
        self.leave()
        thread = self._thread
        if thread is not None and thread.is_alive() and thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Left))
        return self.wait(timeout)

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
                    graphs.fresh = True
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
            TRACING.release()
            self._tell(_WHAT, 1.0)


def here_and_now(tell: Tell, cancel: threading.Event) -> Callable[[Sequence[Any]], None]:
    """For a series without a window: what compiles between two pictures, and lets the next one wait for it.

    Where it is cancelled or interrupted the compiler is left; see `engine.surroundings.still_compiling`.
    """

    def make(families: Sequence[Any]) -> None:
        making = Background(tell)
        making.start(families)
        try:
            while not making.wait(0.1) and not cancel.is_set():
                pass
        finally:
            making.close()

    return make


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
