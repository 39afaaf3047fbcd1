"""What the files of a model say, for commands that go on without it."""

from __future__ import annotations

from engine.errors import EngineError
from engine.facts import ModelFacts
from engine.models.library import Library
from engine.models.taught import with_taught


def facts_of(model: str) -> ModelFacts | None:
    """What the files of a model say; None where they cannot be read; loading it will explain why."""
    library = Library()
    try:
        found = library.inspect(model)
        return with_taught(found, found, library)
    except (EngineError, OSError):
        return None
