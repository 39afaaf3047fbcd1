"""A thread for work that would hold up the window, one piece after another, whose end is not waited for for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Outcome = TypeVar("Outcome")


class Worker:
    """Does pieces of work in order on a thread of its own. `submit` may be called on any thread.

    Args:
        name: what the thread is called.
    """

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._open: set[Future[Any]] = set()

    def submit(self, work: Callable[Given, Outcome], *args: Given.args, **kwargs: Given.kwargs) -> Future[Outcome]:
        """Do one more piece of work.

        Raises:
            RuntimeError: it was closed.
        """
        future = self._pool.submit(work, *args, **kwargs)
        with self._lock:
            self._open.add(future)
        future.add_done_callback(self._forget)
        return future

    def close(self, timeout: float | None = None, *, drop: bool = False) -> bool:
        """Finish the work and end the thread; with `drop` only what runs just now. False where that took too long.

        Then the work goes on behind the program's back, and Python ends only after it.

        Args:
            timeout: seconds that are waited at most; None waits as long as it takes.
        """
        self._pool.shutdown(wait=False, cancel_futures=drop)
        with self._lock:
            still_open = set(self._open)
        if wait(still_open, timeout).not_done:
            return False
        self._pool.shutdown(wait=True)
        return True

    def _forget(self, future: Future[Any]) -> None:
        with self._lock:
            self._open.discard(future)
