"""PNG bytes to arrays and back, with care for pictures that nobody vouches for."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image

from canvas.model.errors import SceneFileError
from canvas.model.scene import MAX_SIDE
from canvas.model.style import MAX_PICTURE

STYLE_SIDE = 512
"""A style's picture is kept at this many pixels at most: image encoders look at a few hundred."""

_AGAIN = "Open another copy of the file."


def open_png(data: bytes, what: str) -> Image.Image:
    """A PNG, decoded to its end. Raises SceneFileError for any other kind, a damaged one or one that is too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=["PNG"])
            if max(image.size) > MAX_SIDE:
                raise SceneFileError(f"{what} is too large.", hint=f"Use at most {MAX_SIDE} pixels a side.")
            image.load()
            return image
    except SceneFileError:
        raise
    except Exception as error:  # Pillow raises a dozen types for what is wrong with a file
        raise SceneFileError(f"{what} is not a whole PNG picture.", hint=_AGAIN, details=repr(error)) from error


def alpha_of(data: bytes, what: str) -> np.ndarray:
    """The alpha of a PNG, uint8 `[h, w]`; 255 everywhere where it has none."""
    image = open_png(data, what)
    if image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    return np.asarray(image.getchannel("A"))


def grey_of(data: bytes, what: str) -> np.ndarray:
    """A grey PNG of 8 bits as uint8 `[h, w]`."""
    image = open_png(data, what)
    if image.mode != "L":
        raise SceneFileError(f"{what} is not an 8-bit grey picture.", hint=_AGAIN, details=image.mode)
    return np.asarray(image)


def png_bytes(array: np.ndarray) -> bytes:
    """Uint8 `[h, w]`, `[h, w, 3]` or `[h, w, 4]` as a PNG; quick rather than small."""
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG", compress_level=1)
    return out.getvalue()


def thumbnail(rgb: np.ndarray, side: int = 256) -> np.ndarray:
    """RGB uint8 `[h, w, 3]` scaled down to fit `side` pixels; never scaled up."""
    image = Image.fromarray(rgb)
    image.thumbnail((side, side), Image.Resampling.BOX if min(image.size) > 4 * side else Image.Resampling.LANCZOS)
    return np.asarray(image)


def style_picture(rgb: np.ndarray) -> bytes:
    """RGB uint8 `[h, w, 3]` as a style keeps it: a PNG of at most 512 pixels a side."""
    out = io.BytesIO()
    Image.fromarray(thumbnail(rgb, STYLE_SIDE)).save(out, "PNG")
    return out.getvalue()


def checked_style_picture(data: bytes, what: str) -> bytes:
    """The bytes themselves, where they are what `style_picture` makes. Raises SceneFileError for anything else."""
    if len(data) > MAX_PICTURE:
        raise SceneFileError(f"{what} is too large.", hint=_AGAIN)
    image = open_png(data, what)
    if image.mode != "RGB" or max(image.size) > STYLE_SIDE:
        details = f"{image.mode} {image.width}x{image.height}"
        raise SceneFileError(f"{what} is not a style's.", hint=_AGAIN, details=details)
    return data
