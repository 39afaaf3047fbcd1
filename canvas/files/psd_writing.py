"""Scenes as Photoshop's files (.psd), by psd-tools: words by name, colours, pictures, the result, and all merged."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from canvas.files import atomic, image_io
from canvas.files.layers import COLOUR_NAME, KEPT, PICTURE_NAME, STYLE, WORD_OPACITY, layer_names
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
from canvas.model.style import Style
from canvas.paint.compositor import compose, over
from canvas.paint.ground import laid_on_picture
from canvas.paint.placing import PAPER_GREY


def save(path: Path | str, scene: Scene, picture: np.ndarray | None = None) -> None:
    """Write a scene as layers that Photoshop, Krita and GIMP show, whole or not at all; `canvas.files.psd` reads them.

    Prompt and settings are not in it: a scene file keeps those.

    Args:
        picture: the last result, uint8 RGB or straight RGBA of the scene's size, the lowest layer.

    Raises:
        SaveError: psd-tools is not installed, or the disk takes no more.
    """
    atomic.write(path, to_bytes(scene, picture))


def to_bytes(scene: Scene, picture: np.ndarray | None = None) -> bytes:
    """The bytes of what `save` writes. Raises SaveError without psd-tools."""
    try:
        from psd_tools import PSDImage
    except ImportError as error:
        raise SaveError(
            "Photoshop's files need one more package.", hint="Install it: pip install wordbrush[psd]. Or save as .ora."
        ) from error
    width, height = scene.size
    paper = np.full((height, width, 3), PAPER_GREY, np.uint8)
    ground = laid_on_picture(paper if picture is None else image_io.on_white(picture), scene)
    merged = over(ground, compose(scene, (0, 0, width, height)))
    document = PSDImage.frompil(Image.fromarray(merged).convert("RGBA"))

    def add(name: str, rgba: np.ndarray, *, opacity: float = 1.0, visible: bool = True) -> None:
        layer = document.create_pixel_layer(
            Image.fromarray(rgba).convert("RGBA"), name=name, opacity=round(255 * opacity)
        )
        layer.visible = visible

    if picture is not None:
        add(PICTURE_NAME, picture)
    for kept in scene.pictures:
        name = f"{KEPT}{kept.name.replace('#', ' ')}"
        add(name, kept.pixels.to_array(), opacity=kept.opacity, visible=kept.visible)
    if not scene.colours.is_empty:
        add(COLOUR_NAME, scene.colours.to_array(), visible=scene.colours.visible)
    names = layer_names(scene)
    for thing in scene.paintables:
        name = f"{STYLE}{thing.name.replace('#', ' ')}" if isinstance(thing, Style) else names[thing.id]
        rgba = np.empty((height, width, 4), np.uint8)
        rgba[..., :3] = [int(thing.color[i : i + 2], 16) for i in (1, 3, 5)]
        rgba[..., 3] = scene.masks[thing.id].to_array()
        add(name, rgba, opacity=WORD_OPACITY, visible=thing.visible)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
