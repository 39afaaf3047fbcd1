"""The one way in for pictures from outside: a short list of kinds, with limits on bytes and pixels.

Pillow knows some forty kinds of file, and some of them start other programs (Ghostscript for anything that begins with
"%!PS", whatever its name ends in). Every part of Wordbrush therefore opens pictures here and nowhere else. All pictures
stand upright (EXIF orientation), only the first frame of an animation is read, and colour profiles are ignored
everywhere alike: what counts is the number in the file.
"""

from __future__ import annotations

import io
import os
import stat
import warnings
from pathlib import Path

from PIL import Image, ImageOps

KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
"""Pillow's names of the kinds that are read; each is decoded in this process, by Pillow's own code or its codecs."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")
"""What the names of such files end in; for file dialogs and drops. What is in the file decides how it is read."""

KINDS_TEXT = "PNG, JPEG, WebP, BMP, TIFF or GIF"

MAX_BYTES = 512 * 2**20
MAX_PIXELS = 2**27
"""Width times height: 134 million. A picture of it takes half a gibibyte while it is decoded."""

_TURNED = (5, 6, 7, 8)  # values of the EXIF orientation that swap width and height
_ORIENTATION = 0x0112


class PictureError(Exception):
    """A picture could not be read.

    Attributes:
        reason: "missing", "unreadable", "not a file", "bytes", "kind", "pixels" or "damaged".
        details: technical text, may be empty.
    """

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(f"{reason}: {details}" if details else reason)
        self.reason = reason
        self.details = details

    def explain(self, name: str) -> tuple[str, str]:
        """What went wrong with the picture called `name`, and what to do next: two sentences for a person."""
        messages = {
            "missing": (f"{name} does not exist.", "Check the path, or choose another picture."),
            "unreadable": (f"{name} cannot be read.", "Check that you may read it, or choose another picture."),
            "not a file": (f"{name} is not a file.", f"Choose a {KINDS_TEXT} picture."),
            "bytes": (
                f"{name} is larger than {MAX_BYTES // 2**20} MiB.",
                "Scale it down, or save it as a JPEG or WebP first.",
            ),
            "kind": (f"{name} is not a picture that Wordbrush reads.", f"Save it as {KINDS_TEXT}."),
            "pixels": (f"{name} has too many pixels{self._size()}.", "Scale it down first."),
            "damaged": (f"{name} is damaged.", "Save it again as a PNG, or open another copy of the file."),
        }
        return messages[self.reason]

    def _size(self) -> str:
        return f": {self.details}" if self.details[:1].isdigit() else ""


def read_bytes(path: str | Path, limit: int = MAX_BYTES) -> bytes:
    """All bytes of a regular file, at most `limit`. Never waits for a pipe or a device. Raises PictureError."""
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise PictureError("not a file", str(path))
            if status.st_size > limit:
                raise PictureError("bytes", f"{status.st_size} bytes")
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise PictureError("missing", str(path)) from None
    except (IsADirectoryError, NotADirectoryError):
        raise PictureError("not a file", str(path)) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise PictureError("unreadable", f"{type(error).__name__}: {error}") from error
    if len(data) > limit:  # it grew while it was read
        raise PictureError("bytes", f"more than {limit} bytes")
    return data


def open_picture(
    source: str | Path | bytes, *, kinds: tuple[str, ...] = KINDS, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Open a picture without decoding it: its size, kind and texts are known, its pixels are not read yet.

    Args:
        source: a file, or its bytes. A file is read whole, and closed.
        kinds: names out of `KINDS`.
        max_pixels: the most that width times height may be.

    Raises:
        PictureError: it is not there, not a file, too large, of another kind or damaged.
    """
    data = source if isinstance(source, bytes) else read_bytes(source)
    if len(data) > MAX_BYTES:
        raise PictureError("bytes", f"{len(data)} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size is judged below; oddities in a header do not matter
            image = Image.open(io.BytesIO(data), formats=list(kinds))
    except (Image.UnidentifiedImageError, SyntaxError) as error:
        raise PictureError("kind", str(error)) from error
    except Image.DecompressionBombError as error:
        raise PictureError("pixels", str(error)) from error
    except Exception as error:  # Pillow raises a dozen types for what is wrong with a file
        raise PictureError("damaged", repr(error)) from error
    if image.width * image.height > max_pixels:
        raise PictureError("pixels", f"{image.width}x{image.height}")
    return image


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of a picture that `open_picture` gave, as it stands upright."""
    turned = _orientation(image) in _TURNED and image.format != "TIFF"  # Pillow turns TIFF by itself
    return (image.height, image.width) if turned else image.size


def decode(image: Image.Image, *, side: int | None = None) -> Image.Image:
    """Decode a picture that `open_picture` gave, upright.

    Args:
        side: about how many pixels a side are wanted; a JPEG may then be decoded at a smaller size, never below it.

    Raises:
        PictureError: it is cut off or damaged.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if side is not None:
                image.draft(None, (side, side))
            image.load()
            return ImageOps.exif_transpose(image) if _orientation(image) != 1 else image
    except Exception as error:  # Pillow raises a dozen types for what is wrong with a file
        raise PictureError("damaged", repr(error)) from error


def read_picture(
    source: str | Path | bytes,
    *,
    kinds: tuple[str, ...] = KINDS,
    max_pixels: int = MAX_PIXELS,
    side: int | None = None,
) -> Image.Image:
    """Open and decode a picture, upright; see `open_picture` and `decode`. Raises PictureError."""
    return decode(open_picture(source, kinds=kinds, max_pixels=max_pixels), side=side)


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none or it is damaged."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged EXIF block says nothing about the pixels
        return 1
    return value if value in range(1, 9) else 1
