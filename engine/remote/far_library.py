"""The library of another machine: what is asked of it, on any thread, and what is kept so that nobody waits twice."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from engine.errors import EngineError
from engine.facts import ModelFacts, ModelInfo, NoiseLevels
from engine.protocol import loads
from engine.remote import messages
from engine.remote.link import ConnectionLost, Link
from engine.remote.listing import read_line
from engine.remote.messages import Answer, not_understood

_log = logging.getLogger(__name__)

ANSWER = 30.0
"""Seconds for an answer on a thread that may wait."""
SOON = 2.0
"""Seconds for what is asked for while a window waits, and was not known: a model that is not in the list."""
AT_ONCE = 0.05
"""Seconds for what is asked for at every move of a slider; on a local network it takes one or two thousandths."""
FRESH = 3.0
"""Seconds for which facts count as new; older ones are used, and asked for again beside that."""

Found = ModelFacts | EngineError


class FarLibrary:
    """Asks over a link. `answered`, `failed` and `read_all` belong to the link's thread, all else to any.

    Args:
        unreachable: returns the error that says why there is no answer. known: is called when all models are known.
    """

    def __init__(self, link: Link, *, unreachable: Callable[[], EngineError], known: Callable[[], None]) -> None:
        self._link, self._unreachable, self._known = link, unreachable, known
        self._questions: dict[int, Future[Answer]] = {}
        self._models: tuple[ModelInfo, ...] = ()
        self._facts: dict[str, tuple[float, Found]] = {}
        self._levels: dict[tuple[str, str, int], NoiseLevels] = {}

    def models(self) -> Sequence[ModelInfo]:
        """Return the models; without a connection those that were there last."""
        try:
            self._models = tuple(map(read_line, self._ask("models").data or ()))
        except EngineError:
            _log.info("the models of another machine could not be listed")
        return self._models

    @property
    def listed(self) -> Sequence[ModelInfo]:
        """The models as they were listed last."""
        return self._models

    def facts(self, name: str) -> ModelFacts:
        """Return a model's facts. Raises ConnectionLost, or the error that keeps it from being used."""
        when, found = self._facts.get(name, (0.0, None))
        if found is None:
            try:
                found = _facts_in(self._ask("facts", model=name, timeout=SOON))
            except ConnectionLost:
                raise
            except EngineError as error:
                found = error
            self._keep(name, found)
        elif time.monotonic() - when > FRESH and self._link.is_open:
            self._keep(name, found)
            self._link.later(self._read_facts, [name], None)
        if isinstance(found, EngineError):
            raise found
        return found

    def check(self, name: str) -> None:
        """Raise the error that would keep a model from being used, or ConnectionLost."""
        self._ask("check", model=name)

    def sigmas(self, name: str, sampler: str, steps: int) -> NoiseLevels | None:
        """Return the noise levels of a run; None where they are not known, or do not come within `AT_ONCE`."""
        key = (name, sampler, steps)
        if key not in self._levels and self._link.is_open:
            try:
                data = self._ask("sigmas", model=name, sampler=sampler, steps=steps, timeout=AT_ONCE).data
                if data is not None:
                    self._levels[key] = NoiseLevels(float(data[0]), tuple(map(float, data[1])))
            except (EngineError, ValueError, TypeError, IndexError):
                return None
        return self._levels.get(key)

    def _ask(self, what: Any, *, timeout: float = ANSWER, **details: Any) -> Answer:
        """Ask and wait. Raises ConnectionLost, or the error that the answer is."""
        if self._link.is_own_thread or not self._link.is_open:
            raise self._unreachable()
        future: Future[Answer] = Future()
        self._link.later(self._put, future, what, details)
        try:
            answer = future.result(timeout)
        except TimeoutError:
            raise self._unreachable() from None
        if answer.error:
            raise messages.read_error(answer.error)
        return answer

    def _keep(self, name: str, found: Found) -> None:
        self._facts[name] = (time.monotonic(), found)

    # on the link's thread ----------------------------------------------------------------------------------------
    def answered(self, answer: Answer) -> bool:
        """Take an answer; False where it is to something else."""
        future = self._questions.pop(answer.order, None)
        if future is not None:
            future.set_result(answer)
        return future is not None

    def failed(self, error: EngineError) -> None:
        """No answer comes any more."""
        questions, self._questions = list(self._questions.values()), {}
        for future in questions:
            future.set_exception(error)

    def read_all(self) -> None:
        """Ask for the models and what each can do, so that a window finds them here."""
        listing: Future[Answer] = Future()

        def listed(asked: Future[Answer]) -> None:
            if asked.exception() is None and not asked.result().error:
                self._models = tuple(map(read_line, asked.result().data or ()))
                self._levels.clear()
                names = [called(each.name) for each in self._models if not each.problem]
                self._read_facts(names, self._known)

        listing.add_done_callback(listed)
        self._put(listing, "models", {})

    def _read_facts(self, names: list[str], then: Callable[[], None] | None) -> None:
        left = set(names)

        def came(name: str, asked: Future[Answer]) -> None:
            if asked.exception() is None:
                answer = asked.result()
                self._keep(name, messages.read_error(answer.error) if answer.error else _facts_in(answer))
            left.discard(name)
            if not left and then is not None:
                then()

        for name in dict.fromkeys(names):
            future: Future[Answer] = Future()
            future.add_done_callback(lambda asked, name=name: came(name, asked))  # type: ignore[misc]
            self._put(future, "facts", {"model": name})

    def _put(self, future: Future[Answer], what: Any, details: dict[str, Any]) -> None:
        if not self._link.is_open:
            future.set_exception(self._unreachable())
            return
        try:
            self._questions[self._link.order(lambda number: messages.Ask(number, what, **details))] = future
        except EngineError as error:
            future.set_exception(error)


def called(model: str) -> str:
    """Return what another machine calls a model: places are only of this one."""
    return model.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1]


def _facts_in(answer: Answer) -> ModelFacts:
    facts = loads(answer.packed)
    if not isinstance(facts, ModelFacts):
        raise not_understood()
    return facts
