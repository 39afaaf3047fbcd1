"""The seam between a program and what runs its requests: this machine, another one, or a stand-in for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engine.errors import EngineError
from engine.facts import ModelFacts, ModelInfo, NoiseLevels
from engine.protocol import Description, Event, GenerateRequest, PictureQuestion, WordSearch, WordsFound

if TYPE_CHECKING:
    from engine.catalogue import Catalogue

Listener = Callable[[Event], None]
"""Called with every event, on the executor's own thread; should return quickly."""


class Executor(Protocol):
    """Runs requests and knows the models that they can use; every method may be called from any thread.

    Explicit requests run one after another, in order. A live request replaces any live request that is waiting or
    running, and waits until no explicit one is left. Every request gets exactly one final event, whatever happens.
    """

    def start(self, listener: Listener) -> None:
        """Start working; requests that were submitted before run now."""

    def submit(self, request: GenerateRequest) -> None:
        """Queue a request; its events carry its id. Raises RuntimeError after `close`."""

    def cancel(self, request_id: str | None = None) -> None:
        """Stop the request with that id, or all requests; each ends in `Cancelled` unless it has finished already."""

    def warm_up(self, model: str, device: str) -> None:
        """Load a model when there is nothing else to do; its `Loading` events, or a `Failed`, have the id ""."""

    def models(self) -> Sequence[ModelInfo]:
        """Return the models that a request can name, the starter first; those that cannot be used say why."""

    def facts(self, model: str) -> ModelFacts:
        """Return what the files of a model say, without loading it. Raises EngineError if they cannot be read."""

    def check(self, model: str | Path) -> None:
        """Raise the EngineError that would keep a model from being used, by its files alone; a Path is taken as is."""

    def sigmas(self, model: str, sampler: str, steps: int) -> NoiseLevels | None:
        """Return the noise levels that a run visits; None if they are not known, or not yet: this never waits."""

    def catalogue(self) -> Catalogue | None:
        """The models on the executor's own disk, to be listed and changed; None where nobody may."""

    def measure(
        self,
        model: str,
        device: str,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Mapping[str, Any] | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Check and calibrate a model, after the requests that wait: see `engine.checkup.check.run`.

        `progress` and then, once, `done` are called on a thread of the executor's own; not after `close`.
        """

    def seek(
        self,
        search: WordSearch,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[WordsFound | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Find words in a picture, after the requests that wait: see `engine.masking.finding.find`.

        `progress` and then, once, `done` are called on a thread of the executor's own; not after `close`.
        """

    def describe(
        self,
        question: PictureQuestion,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Description | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Say what a picture shows, or in `Description.missing` which of the question's phrases it lacks, after the
        requests that wait: see `engine.describing.describing`.

        `progress` and then, once, `done` are called on a thread of the executor's own; not after `close`.
        """

    def close(self, timeout: float | None = 10.0) -> bool:
        """Stop everything and wait; returns False if the work did not end within `timeout` seconds."""
