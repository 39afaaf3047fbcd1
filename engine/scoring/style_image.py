"""Reference pictures for styles: read from files, brought to RGB, and checked (no torch)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.errors import BadReference
from resources import pictures
from resources.checking import Refused, check
from resources.limits import Semantic, StyleStrength

if TYPE_CHECKING:
    from engine.protocol import StyleReference

KEPT_SIDE = 1024
"""The longest side of a stored reference in pixels; image encoders use only a few hundred."""


def reference_from_image(source: str | Path | bytes | Image.Image) -> np.ndarray:
    """Return a picture as a reference: uint8 RGB `[h, w, 3]`, at most 1024 pixels wide and high, upright.

    Transparent parts become white. Any mode that Pillow can convert to RGB is accepted.

    Args:
        source: a picture file, its bytes, or a Pillow image.

    Raises:
        BadReference: it is no picture in a format that Wordbrush reads, is damaged, or has too many pixels.
    """
    return reference_and_alpha(source)[0]


def reference_and_alpha(source: str | Path | bytes | Image.Image) -> tuple[np.ndarray, bool]:
    """Return `reference_from_image(source)` and whether any of the picture is transparent. Raises BadReference."""
    named = isinstance(source, str | Path)
    name = f'The reference "{Path(source).name}"' if named else "The reference"  # type: ignore[arg-type]
    try:
        image = source if isinstance(source, Image.Image) else pictures.open_picture(source)
        if image.width * image.height > pictures.MAX_PIXELS:
            raise pictures.PictureError("pixels", f"{image.width}x{image.height}")
        return _reference(pictures.decode(image, side=KEPT_SIDE))
    except pictures.PictureError as error:
        message, hint = error.explain(name)
        raise BadReference(message, hint=hint, details=error.details) from error


def _reference(upright: Image.Image) -> tuple[np.ndarray, bool]:
    if upright.mode.startswith(("I", "F")):
        values = np.nan_to_num(np.asarray(upright, np.float32))
        spread = max(float(values.max() - values.min()), 1e-6)
        upright = Image.fromarray(((values - values.min()) * (255 / spread)).astype(np.uint8))
    if max(upright.size) > KEPT_SIDE:
        upright = upright.copy()  # the caller's own picture stays as it is
        upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.BOX)
    rgba = upright.convert("RGBA")
    paper = Image.new("RGBA", rgba.size, "white")
    see_through = upright.has_transparency_data and int(np.asarray(rgba)[..., 3].min()) < 255
    return np.array(Image.alpha_composite(paper, rgba).convert("RGB")), see_through


def check_style(style: StyleReference, *, width: int, height: int) -> None:
    """Check a style's picture, strength, semantic share and mask for a picture of `width` x `height` pixels.

    Raises:
        BadReference: one of them cannot be used; the hint says what is expected.
    """
    if not _is_picture(style.rgb, 3) or style.rgb.shape[2] != 3:
        raise BadReference("A style's picture is not an RGB picture.", hint="Give an array of uint8 [h, w, 3].")
    if style.mask is not None:
        if not _is_picture(style.mask, 2):
            raise BadReference("A style's area is not a mask.", hint="Give an array of uint8 [height, width].")
        if style.mask.shape != (height, width):
            raise BadReference(
                f"A style's area is {style.mask.shape[1]}x{style.mask.shape[0]}, but the picture is {width}x{height}.",
                hint="Paint the area at the picture's size.",
            )
    try:
        check(style.strength, StyleStrength, "A style's strength")
        check(style.semantic, Semantic, "A style's semantic")
    except Refused as refused:
        raise BadReference(refused.message, hint=refused.hint) from None


def _is_picture(array: object, dimensions: int) -> bool:
    return isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == dimensions and array.size > 0
