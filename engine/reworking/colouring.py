"""A run that begins from a layer of colours: what is painted is held for a share of the run, all else is free."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.errors import BadRequest
from engine.protocol import ColourPaint
from engine.reworking.compositing import cells_of
from resources.settings import check_settings


def check_colours(colours: ColourPaint, size: tuple[int, int]) -> None:
    """Check the colours of a request for a picture of `size` (width, height).

    Raises:
        BadRequest: they are of another kind or size. Refused: the strength is out of its range.
    """
    check_settings(colours)
    rgba, (width, height) = colours.rgba, size
    if not isinstance(rgba, np.ndarray) or rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise BadRequest("The colours are not an RGBA picture.", hint="Give an array of uint8 [height, width, 4].")
    if rgba.shape[:2] != (height, width):
        raise BadRequest(
            f"The colours are {rgba.shape[1]}x{rgba.shape[0]}, but the picture is {width}x{height}.",
            hint="Paint the colours at the picture's size.",
        )


def acting(colours: ColourPaint | None) -> ColourPaint | None:
    """The colours, where they change anything: of some strength, and painted somewhere."""
    return colours if colours is not None and colours.strength and colours.rgba[..., 3].any() else None


def begun_from(rgba: np.ndarray, under: np.ndarray | None) -> np.ndarray:
    """What is encoded, uint8 `[h, w, 3]`: the colours laid over the picture `under` them.

    Without one each unpainted pixel has the colour that lies nearest: it is not held, but cells at the edge of what is
    painted see it, and any other ground would tint them.

    Args:
        rgba: straight RGBA uint8 `[h, w, 4]`, painted somewhere. under: uint8 `[h, w, 3]` or None.
    """
    if under is not None:
        share = rgba[..., 3:].astype(np.float32) / 255
        return np.rint(under + (rgba[..., :3].astype(np.float32) - under) * share).astype(np.uint8)
    rows, columns = ndimage.distance_transform_edt(rgba[..., 3] == 0, return_distances=False, return_indices=True)
    return np.ascontiguousarray(rgba[rows, columns, :3])


def held_until(colours: ColourPaint, size: tuple[int, int]) -> np.ndarray:
    """The share of the run up to which each cell of the latents is held to the colours: float32 `[h, w]`, 0..1.

    It is the strength times the opacity, so that what is faint is given up first, and what is unpainted is free from
    the first step on: the map of Differential Diffusion (arXiv 2306.00950, section 4), turned round.

    Args:
        size: (height, width) of the latents.
    """
    return np.float32(colours.strength) * cells_of(np.ascontiguousarray(colours.rgba[..., 3]), size)
