"""Errors of the picture book's data and training; each message says what to do."""

from __future__ import annotations


class PictureBookError(Exception):
    """The picture book's data or training is invalid; the base class of its errors."""


class NounTableError(PictureBookError):
    """A line of the noun tables cannot be read."""


class PackError(PictureBookError):
    """An icon pack is missing, or not the pinned one."""


class StoreError(PictureBookError):
    """A folder of sprites, scenes or checkpoints is missing or damaged."""
