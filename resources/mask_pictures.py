"""What a picture of a mask means: white painted, black not; in grey levels, in 0 and 1, or in its transparency."""

from __future__ import annotations

import numpy as np
from PIL import Image

NEARLY = 8
"""Levels by which the channels of a grey picture may differ, as they do after JPEG or a change of colour space."""

OPAQUE = 250
"""Alpha from here on counts as opaque all over: some programs write 254."""


class NotAMask(Exception):
    """A picture has colours, or values that no mask has; `str(error)` says which."""


def mask_of(image: Image.Image) -> np.ndarray:
    """The mask that a decoded picture of any mode holds: uint8 `[h, w]`, 255 painted, 0 not.

    - Grey levels are taken as they are, of 16 bits the upper eight. Values of 0 and 1 only are off and on; 16-bit
      values of at most 255 are 8-bit ones.
    - Colour pictures count as grey where no pixel's channels differ by more than `NEARLY` levels.
    - Where the picture is see-through and what can be seen has one colour, the mask is its opacity. Where what can be
      seen has grey levels of its own, they lie on black.

    Raises:
        NotAMask: it has colours, or values outside of 0..65535.
    """
    if image.mode in ("1", "L"):
        return _stretched(np.asarray(image.convert("L")))
    if image.mode.startswith(("I", "F")):
        return _deep(np.asarray(image))
    rgba = np.asarray(image.convert("RGBA"))
    color, alpha = rgba[..., :3], rgba[..., 3]
    if int(alpha.min()) >= OPAQUE:
        return _stretched(_grey(color))
    seen = color[alpha > 0]
    if not len(seen):
        return np.zeros(alpha.shape, np.uint8)
    if int((seen.max(axis=0).astype(int) - seen.min(axis=0)).max()) <= NEARLY:
        return _stretched(alpha)
    hidden = color.copy()
    hidden[alpha == 0] = 0  # what lies under nothing has no colour
    grey = _grey(hidden)
    return _stretched(((grey.astype(np.uint16) * alpha + 127) // 255).astype(np.uint8))


def _grey(color: np.ndarray) -> np.ndarray:
    """The grey levels of uint8 `[h, w, 3]`. Raises NotAMask where there are colours."""
    high, low = color.max(axis=-1), color.min(axis=-1)
    if int((high - low).max()) > NEARLY:
        raise NotAMask("has colours")
    return color[..., 1] if not np.array_equal(high, low) else color[..., 0]


def _stretched(levels: np.ndarray) -> np.ndarray:
    """Uint8 levels; values of 0 and 1 only are off and on."""
    levels = np.array(levels, np.uint8)
    return levels * np.uint8(255) if levels.size and int(levels.max()) == 1 else levels


def _deep(values: np.ndarray) -> np.ndarray:
    """Grey levels of more than eight bits, or of floating point, as uint8."""
    low, high = float(values.min()), float(values.max())
    if not 0 <= low <= high <= 65535:  # NaN fails the comparison
        raise NotAMask(f"has values from {low:g} to {high:g}")
    if high <= 1:
        return np.rint(values * 255.0).astype(np.uint8)
    if high <= 255:
        return np.rint(values).astype(np.uint8)
    return (values.astype(np.uint32) >> 8).astype(np.uint8)
