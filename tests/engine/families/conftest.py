"""The tiny models of the families, each made once in a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.families.harness import FamilyCase, folders


@pytest.fixture(scope="session")
def family_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[FamilyCase], Path]]:
    """The folder of a case's tiny model; shared, so never write to it."""
    yield from folders(tmp_path_factory.mktemp)
