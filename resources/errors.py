"""The shape of every error that people read: what went wrong, and what to do next."""

from __future__ import annotations


class ExplainedError(Exception):
    """Base of the errors of canvas, engine and app; `str(error)` is one clear sentence.

    Attributes:
        message: what went wrong, in words a painter understands.
        hint: what to do next; never empty.
        details: technical text for "copy details" (may be empty).
    """

    def __init__(self, message: str, *, hint: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details
