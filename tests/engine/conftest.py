"""What the engine's tests share: events of a request by name, and a tiny model."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import GenerateRequest, Library, generate
from engine.protocol import Event


def slow_clock() -> Callable[[], float]:
    """A clock that goes on by a second each time it is read, so that every preview is due."""
    seconds = itertools.count()
    return lambda: float(next(seconds))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library whose models stay in memory from test to test."""
    return Library(tmp_path_factory.mktemp("library"))


@pytest.fixture
def ask(tiny_sd_folder: Path) -> Callable[..., GenerateRequest]:
    """Makes a small request of the tiny model; any field can be named."""

    def make(**fields) -> GenerateRequest:
        values = {"id": "r", "prompt": "a lake and sky", "model": str(tiny_sd_folder), "device": "cpu", "steps": 3}
        return GenerateRequest.of(**{**values, "width": 64, "height": 64, **fields})

    return make


@pytest.fixture
def run(ask, library) -> Callable[..., list[Event]]:
    """The events of a small request, with a preview after each step."""
    return lambda **fields: list(generate(ask(**fields), library=library, clock=slow_clock()))
