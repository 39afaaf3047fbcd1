"""The compiled denoisers of one family: each a twin with paint of its own, bound to one kind of call."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from engine.errors import EngineError
from engine.weights.loading import is_out_of_memory

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig

MOST = 4
"""Graphs of one denoiser: sizes, with and without heatmaps, and so on. What comes after these is not compiled."""

TRACING = threading.Lock()
"""Held while something is compiled: torch traces for the whole process."""

_log = logging.getLogger(__name__)
_numbers = itertools.count()

Compile = Callable[[Callable[..., Any]], Callable[..., Any]]


class Captured(Exception):
    """Ends a call whose arguments alone were wanted."""


class Graph:
    """A network that is called in place of a family's own; all else is asked of its twin.

    Args:
        twin: shares the weights.

    Attributes:
        parts: what stands in the family, by attribute, while this graph is in use: paint of its own, and what calls it.
        state: "new", "ready" (compiled), or "failed" (it runs uncompiled from here on).
        call: the arguments to compile it with, while it is new. family: who uses it now.
    """

    def __init__(self, twin: nn.Module) -> None:
        self.twin = twin
        self.parts: Mapping[str, Any] = {}
        self.state = "new"
        self.call: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        self._step: Callable[..., Any] = twin
        self.family: Any = None
        self._before: dict[str, Any] = {}

    def take(self, family: Any) -> None:
        """Let a family's runs use this graph, until `leave`."""
        self._before = {name: getattr(family, name) for name in self.parts}
        for name, part in self.parts.items():
            setattr(family, name, part)
        self.family, family.graph = family, self

    def leave(self, family: Any) -> None:
        """Give the family its own network back."""
        for name, part in self._before.items():
            setattr(family, name, part)
        self._before, self.family, family.graph = {}, None, None

    def rest(self) -> None:
        """End the run of the twin's own paint."""
        for name in ("control", "separation"):
            if name in self.parts:
                self.parts[name].end()

    def build(self, compile: Compile) -> None:
        """Compile it by the captured call, in inference mode as all calls are."""
        assert self.call is not None, "captured before"
        twin, (given, named) = self.twin, self.call

        def step(*args: Any, **kwargs: Any) -> Any:
            return twin(*args, **kwargs)

        # Graphs are kept by code object, a few for each: this one has its own.
        step.__code__ = step.__code__.replace(co_name=f"step_{next(_numbers)}")
        self._step = compile(step)
        with torch.inference_mode():
            self._step(*given, **named)
        self.call, self.state = None, "ready"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the network returns."""
        if self.state == "new":
            self.call = (args, kwargs)
            raise Captured
        if self.state == "failed":
            return self.twin(*args, **kwargs)
        try:
            with torch.compiler.set_stance("fail_on_recompile"):
                return self._step(*args, **kwargs)
        except EngineError:
            raise
        except Exception as error:
            if is_out_of_memory(error):
                raise
            _log.warning("the compiled denoiser does not fit this picture, which is made without: %s", _first(error))
            _log.debug("%s", error)
            self.state = "failed"
            if self.family is not None and self.family.graphs is not None:
                self.family.graphs.given_up = "calls that differ from one another"
            return self.twin(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name == "twin":
            raise AttributeError(name)
        return getattr(self.twin, name)


@dataclass
class Graphs:
    """A family's graphs by kind of call, and the run that one was wanted for in vain.

    Attributes:
        being_made: the one that the next call is captured for. given_up: why no more are made, as for `unfit`.
        fresh: whether one became ready since a run chose last.
    """

    of: dict[Hashable, Graph] = field(default_factory=dict)
    wish: tuple[Hashable, RunConfig] | None = None
    being_made: Graph | None = None
    given_up: str = ""
    fresh: bool = False
    last_said: str = ""

    def say(self, text: str) -> None:
        """Tell the log, once in a row."""
        if text != self.last_said:
            _log.info("%s", text)
        self.last_said = text


def _first(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines or [type(error).__name__])[0][:300]
