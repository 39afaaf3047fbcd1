"""Edits of the picture layers as pure functions: each takes a scene and returns another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from canvas.model.colour_layer import ColourLayer, PictureLayer
from canvas.model.scene import Scene

LONGEST = 60
"""Letters of a name that a layer gets by itself."""


def add(scene: Scene, rgba: np.ndarray, name: str) -> tuple[Scene, str]:
    """A scene with a picture over the other ones, straight RGBA uint8 `[h, w, 4]` of the canvas' size, and its id.

    The name is made printable, and a number is put behind one that is taken. Raises SceneError for another size, or
    where there are too many.
    """
    taken = {layer.id for layer in scene.pictures}
    new = next(found for number in range(1, len(taken) + 2) if (found := f"p{number}") not in taken)
    layer = PictureLayer(new, free_name(scene, name), ColourLayer.from_array(rgba))
    return scene.replace(pictures=(*scene.pictures, layer)), new


def free_name(scene: Scene, name: str) -> str:
    """A printable name that no other picture layer has."""
    plain = "".join(letter for letter in name if letter.isprintable()).strip()[:LONGEST] or "Picture"
    taken, found, number = {layer.name for layer in scene.pictures}, plain, 2
    while found in taken:
        found, number = f"{plain} {number}", number + 1
    return found


def change(scene: Scene, layer_id: str, **changes: Any) -> Scene:
    """Another name, opacity or eye of a picture layer. Raises SceneError for a value out of range."""
    return scene.replace(
        pictures=tuple(replace(each, **changes) if each.id == layer_id else each for each in scene.pictures)
    )


def remove(scene: Scene, layer_id: str) -> Scene:
    """Take a picture layer away."""
    return scene.replace(pictures=tuple(each for each in scene.pictures if each.id != layer_id))


def move(scene: Scene, layer_id: str, steps: int) -> Scene:
    """Put a picture layer higher (positive) or lower among the others, as far as it goes."""
    layers = list(scene.pictures)
    before = next(index for index, each in enumerate(layers) if each.id == layer_id)
    after = min(max(before + steps, 0), len(layers) - 1)
    if after == before:
        return scene
    layers.insert(after, layers.pop(before))
    return scene.replace(pictures=tuple(layers))
