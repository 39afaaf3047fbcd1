"""What is trained after a denoiser takes its batches from shards of the picture book, or from captioned pictures."""

from __future__ import annotations

from pathlib import Path

from accelerate import Accelerator

from engine.errors import BadRequest
from engine.facts import InstalledModel
from engine.training.captioned_dataset import FolderBatches, folder_batches
from engine.training.picture_book.batches import BookBatches, book_batches


def batch_source(
    facts: InstalledModel, data: Path, work: Path, *, size: str | None, accelerator: Accelerator
) -> BookBatches | FolderBatches:
    """The batches of a folder.

    Args:
        data: shards of the picture book, or pictures, each NAME.png with a NAME.txt. work: keeps the pictures' latents.
        size: WIDTHxHEIGHT in pixels that pictures are cropped to; the model's own by default.

    Raises:
        BadRequest: the size or the folder is of no use. UnsupportedModel: the model cannot learn from such data.
        ModelIncomplete: its files are damaged. OSError: `work` cannot be written.
    """
    pixels = facts.defaults.size if size is None else _size_of(size)
    book = book_batches(facts, data, size=pixels, accelerator=accelerator)
    return book or folder_batches(facts, data, work, size=pixels, accelerator=accelerator)


def _size_of(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        raise BadRequest(f'"{text}" is not a size.', hint="Give WIDTHxHEIGHT in pixels, such as 512x512.")
    return int(width), int(height)
