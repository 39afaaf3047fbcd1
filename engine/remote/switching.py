"""The executor of a window that can choose its machine: this one's own or another one's, changed while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from engine.executor import Executor, Listener
from engine.facts import STARTER, ModelFacts, ModelInfo, NoiseLevels
from engine.protocol import (
    FINAL_EVENTS,
    Description,
    Event,
    GenerateRequest,
    PictureQuestion,
    WordSearch,
    WordsFound,
)

if TYPE_CHECKING:
    from engine.catalogue import Catalogue


class SwitchingExecutor:
    """Passes everything on to the machine that is chosen. What another one was asked for before is finished there.

    Args:
        own: this machine's executor, which is chosen at first.
    """

    def __init__(self, own: Executor) -> None:
        self.own = own
        self._chosen = own
        self._all: list[Executor] = [own]
        self._owners: dict[str, tuple[Executor, bool]] = {}
        self._listener: Listener | None = None
        self._lock = threading.RLock()

    @property
    def chosen(self) -> Executor:
        """The executor of the machine that is chosen."""
        return self._chosen

    def add(self, executor: Executor) -> None:
        """Let another machine be chosen; it starts now, or together with this one's."""
        with self._lock:
            self._all.append(executor)
            started = self._listener is not None
        if started:
            executor.start(partial(self._hear, executor))

    def use(self, executor: Executor | None) -> None:
        """Choose a machine that was added; None is this one."""
        self._chosen = executor or self.own

    def remove(self, executor: Executor) -> None:
        """Close another machine's executor; where it was chosen, this machine's is from now on."""
        with self._lock:
            if executor in self._all:
                self._all.remove(executor)
            if self._chosen is executor:
                self._chosen = self.own
        executor.close(0.0)

    # what an executor does ---------------------------------------------------------------------------------------
    def start(self, listener: Listener) -> None:
        """See `Executor.start`."""
        with self._lock:
            self._listener = listener
            every = list(self._all)
        for executor in every:
            executor.start(partial(self._hear, executor))

    def submit(self, request: GenerateRequest) -> None:
        """See `Executor.submit`."""
        with self._lock:
            executor = self._chosen
            if request.live:
                for name, (owner, live) in self._owners.items():
                    if live and owner is not executor:
                        owner.cancel(name)
            self._owners[request.id] = (executor, request.live)
        executor.submit(request)

    def cancel(self, request_id: str | None = None) -> None:
        """See `Executor.cancel`."""
        if request_id is None:
            for executor in list(self._all):
                executor.cancel()
        elif request_id in self._owners:
            self._owners[request_id][0].cancel(request_id)

    def warm_up(self, model: str = STARTER, device: str = "auto") -> None:
        """See `Executor.warm_up`."""
        self._chosen.warm_up(model, device)

    def models(self) -> Sequence[ModelInfo]:
        """See `Executor.models`."""
        return self._chosen.models()

    def facts(self, model: str) -> ModelFacts:
        """See `Executor.facts`."""
        return self._chosen.facts(model)

    def check(self, model: str | Path) -> None:
        """See `Executor.check`."""
        self._chosen.check(model)

    def sigmas(self, model: str, sampler: str, steps: int) -> NoiseLevels | None:
        """See `Executor.sigmas`."""
        return self._chosen.sigmas(model, sampler, steps)

    def catalogue(self) -> Catalogue | None:
        """See `Executor.catalogue`."""
        return self._chosen.catalogue()

    def measure(
        self,
        model: str,
        device: str,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Mapping[str, Any] | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.measure`."""
        self._chosen.measure(model, device, progress=progress, done=done, cancel=cancel)

    def seek(
        self,
        search: WordSearch,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[WordsFound | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.seek`."""
        self._chosen.seek(search, progress=progress, done=done, cancel=cancel)

    def describe(
        self,
        question: PictureQuestion,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Description | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.describe`."""
        self._chosen.describe(question, progress=progress, done=done, cancel=cancel)

    def close(self, timeout: float | None = 10.0) -> bool:
        """See `Executor.close`."""
        return all([executor.close(timeout) for executor in reversed(self._all)])

    def _hear(self, executor: Executor, event: Event) -> None:
        """On an executor's thread: what one says of requests that are not its own is of no interest."""
        with self._lock:
            if event.request_id:
                if self._owners.get(event.request_id, (None,))[0] is not executor:
                    return
                if isinstance(event, FINAL_EVENTS):
                    del self._owners[event.request_id]
            elif executor is not self._chosen:
                return
        assert self._listener is not None
        self._listener(event)
