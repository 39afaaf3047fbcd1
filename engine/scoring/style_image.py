"""References: pictures whose look is taken, read from files and checked (no torch)."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import BadReference

if TYPE_CHECKING:
    from engine.protocol import StyleReference

MAX_SIDE = 16384
KEPT_SIDE = 1024
"""A reference is kept at this many pixels at most: image encoders look at a few hundred."""

STRENGTH = (0.0, 2.0)
SEMANTIC = (-1.0, 1.0)


def reference_from_image(source: str | Path | Image.Image) -> np.ndarray:
    """Return a picture as a reference: uint8 RGB `[h, w, 3]`, at most 1024 pixels wide and high, upright.

    See-through parts are laid on white. Any mode that Pillow turns into colours will do.

    Raises:
        BadReference: it is not a picture, is damaged, or is more than 16384 pixels wide or high.
    """
    if isinstance(source, Image.Image):
        return _reference(source, "The reference")
    name = f'The reference "{Path(source).name}"'
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source) as image:
                return _reference(image, name)
    except FileNotFoundError:
        raise BadReference(f"{name} does not exist.", hint="Check its path.", details=str(source)) from None
    except Image.DecompressionBombError as error:
        raise BadReference(
            f"{name} has far too many pixels.", hint="Scale it down first.", details=str(error)
        ) from None
    except UnidentifiedImageError as error:
        raise BadReference(
            f"{name} is not a picture.", hint="Choose a PNG, JPEG or WebP.", details=str(error)
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise BadReference(f"{name} cannot be read.", hint="Save it again as a PNG.", details=str(error)) from error


def _reference(image: Image.Image, name: str) -> np.ndarray:
    if max(image.size) > MAX_SIDE:
        raise BadReference(
            f"{name} is {image.width}x{image.height} pixels.",
            hint=f"Scale it down to at most {MAX_SIDE} pixels; a few hundred are enough.",
        )
    image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):
        values = np.asarray(upright, np.float32)
        spread = max(float(values.max() - values.min()), 1e-6)
        upright = Image.fromarray(((values - values.min()) * (255 / spread)).astype(np.uint8))
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BOX)
    rgba = upright.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    return np.array(Image.alpha_composite(paper, rgba).convert("RGB"))


def check_style(style: StyleReference, *, width: int, height: int) -> None:
    """Make sure that a style's picture, strength, semantic and mask are usable on a picture of `width` x `height`.

    Raises:
        BadReference: one of them is not; the hint names what it must be.
    """
    if not _is_picture(style.rgb, 3) or style.rgb.shape[2] != 3:
        raise BadReference("A style's picture is no picture.", hint="Give an array of uint8 [h, w, 3].")
    if style.mask is not None:
        if not _is_picture(style.mask, 2):
            raise BadReference("A style's area is no mask.", hint="Give an array of uint8 [height, width].")
        if style.mask.shape != (height, width):
            raise BadReference(
                f"A style's area is {style.mask.shape[1]}x{style.mask.shape[0]}, but the picture is {width}x{height}.",
                hint="Paint the area at the picture's size.",
            )
    for what, value, (low, high) in (("strength", style.strength, STRENGTH), ("semantic", style.semantic, SEMANTIC)):
        usable = isinstance(value, int | float) and not isinstance(value, bool)
        if not usable or not low <= value <= high:  # NaN fails the comparison
            raise BadReference(f"A style's {what} is {value!r}.", hint=f"Give a number from {low:g} to {high:g}.")


def _is_picture(array: object, dimensions: int) -> bool:
    return isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == dimensions and array.size > 0
