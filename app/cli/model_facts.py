"""What commands ask of the machine that makes their pictures, this one or another: what a model is, and pictures."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import engine
from engine.errors import EngineError
from engine.facts import ModelFacts
from engine.models.library import Library
from engine.models.taught import with_taught

if TYPE_CHECKING:
    from engine.remote.generating import Remote

TOKEN, CERTIFICATE = "WORDBRUSH_TOKEN", "WORDBRUSH_CERTIFICATE"
"""The environment's names of what another machine asks for, and of a certificate file that is trusted for it."""

_remote: Remote | None = None


def facts_of(model: str) -> ModelFacts | None:
    """What the files of a model say; None where they cannot be read; loading it will explain why."""
    try:
        if _remote is not None:
            return _remote.executor.facts(model)
        library = Library()
        found = library.inspect(model)
        return with_taught(found, found, library)
    except (EngineError, OSError):
        return None


def inspect(model: str) -> ModelFacts:
    """The same, or the error that keeps it from being used. Raises EngineError."""
    return Library().inspect(model) if _remote is None else _remote.executor.facts(model)


def generate(request: engine.GenerateRequest, **how: Any) -> Generator[engine.Event, None, None]:
    """The events of a request, as `engine.generate` yields them; another machine compiles as it likes."""
    return engine.generate(request, **how) if _remote is None else _remote.generate(request, cancel=how["cancel"])


def is_elsewhere(device: str | None) -> bool:
    """Whether what was given as a device is another machine: HOST:PORT, which cuda:0 is not."""
    if device is None or ":" not in device or device.startswith("cuda:"):
        return False
    from engine.remote.address import looks_remote

    return looks_remote(device)


@contextlib.contextmanager
def made_on(machine: str | None) -> Iterator[None]:
    """Inside, pictures are made on that machine, HOST:PORT; None is this one.

    Raises:
        BadRequest: that is no address. ConnectionLost, NotLetIn: the machine cannot be reached, or refuses.
        RemoteUnavailable: the package for that is not installed.
    """
    global _remote
    if machine is None:
        yield
        return
    from engine.remote.address import Address
    from engine.remote.executor import RemoteExecutor
    from engine.remote.generating import Remote

    certificate = os.environ.get(CERTIFICATE)
    executor = RemoteExecutor(
        Address.of(machine), token=os.environ.get(TOKEN, ""), certificate=Path(certificate) if certificate else None
    )
    with Remote(executor) as remote:
        remote.wait()
        _remote = remote
        try:
            yield
        finally:
            _remote = None
