"""What can go wrong with the picture book's data, each with a sentence that says what to do."""

from __future__ import annotations


class PictureBookError(Exception):
    """Something about the picture book's data or its training is not as it must be."""


class NounTableError(PictureBookError):
    """A line of the noun tables cannot be read."""


class PackError(PictureBookError):
    """An icon pack is missing, or not the pinned one."""


class StoreError(PictureBookError):
    """A folder of sprites, scenes or checkpoints is missing or damaged."""
