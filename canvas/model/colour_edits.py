"""Edits of the colour layer as pure functions: each takes a scene and returns another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from canvas.model.colour_layer import ColourLayer
from canvas.model.scene import Scene


def set_strength(scene: Scene, strength: float) -> Scene:
    """Keep more or less of the colours, 0..1. Raises SceneError out of range."""
    return scene.replace(colours=replace(scene.colours, strength=strength))


def set_visible(scene: Scene, visible: bool) -> Scene:
    """Show or hide the colours."""
    return scene.replace(colours=replace(scene.colours, visible=visible))


def clear(scene: Scene) -> Scene:
    """Take all colours away, within the selection where there is one."""
    layer = scene.colours
    if scene.selection is None:
        return scene.replace(colours=layer.with_tiles(dict.fromkeys(layer.tiles)))
    rgba = layer.to_array()
    kept = 255 - scene.selection.to_array().astype(np.uint16)
    rgba[..., 3] = (rgba[..., 3] * kept + 127) // 255
    return _with(scene, rgba)


def mirror(scene: Scene, *, upright: bool = False) -> Scene:
    """Mirror the colours within their own bounds, left to right or (`upright`) upside down."""
    bounds = scene.colours.alpha().bounds()
    if bounds is None:
        return scene
    x, y, w, h = bounds
    rgba = np.zeros((scene.size[1], scene.size[0], 4), np.uint8)
    turned = (slice(None, None, -1), slice(None))[:: 1 if upright else -1]
    rgba[y : y + h, x : x + w] = scene.colours.read(bounds)[turned]
    return _with(scene, rgba)


def set_colours(scene: Scene, rgba: np.ndarray) -> Scene:
    """Other colours: straight RGBA, uint8 `[h, w, 4]`. Raises SceneError for another kind or size."""
    return _with(scene, rgba)


def _with(scene: Scene, rgba: np.ndarray) -> Scene:
    layer = ColourLayer.from_array(rgba)
    return scene.replace(colours=replace(layer, strength=scene.colours.strength, visible=scene.colours.visible))
