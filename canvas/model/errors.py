"""The typed errors of the canvas: each says what went wrong and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from resources.checking import Refused
from resources.errors import ExplainedError


class CanvasError(ExplainedError):
    """Base of every error of the canvas that a user may cause or meet."""


class SceneError(CanvasError):
    """A value of a scene is out of its range (NaN strength, steps 0, a span outside of the prompt, ...)."""


class MaskError(SceneError):
    """A mask is of another size, kind or value range than the scene needs."""


class StrokeError(CanvasError):
    """A stroke cannot begin: there is no such word to paint."""


class SceneFileError(CanvasError):
    """A file cannot be read as a scene: truncated, foreign, damaged or hostile."""


class SaveError(CanvasError):
    """A file could not be written; what was there before is still whole."""


@contextmanager
def scene_errors() -> Iterator[None]:
    """Turn values that are refused inside this context into `SceneError`."""
    try:
        yield
    except Refused as refused:
        raise SceneError(refused.message, hint=refused.hint) from None
