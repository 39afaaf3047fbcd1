"""Layers of Krita's and Photoshop's own files as words: by their names, with their paint where it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from canvas.files.layers import COLOUR_NAME, KEPT, PICTURE_NAME, UNNAMED, numbered, prompt_of
from canvas.model.colour_layer import ColourLayer, PictureLayer
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.scene import Scene, Word
from canvas.model.tiled_mask import Size, TiledMask
from canvas.model.words import find_phrase, next_id, next_style
from resources.limits import MAX_PICTURES, MAX_WORDS


@dataclass(frozen=True, eq=False)
class NamedLayer:
    """A layer, from below to the top: its name, whether it is shown, and its opacity, uint8 `[h, w]` of the canvas'
    size; None where its paint could not be read. `rgba` is the whole layer of a picture or of colours, straight, uint8
    `[h, w, 4]` of that size, and `opacity` 0..1."""

    name: str
    visible: bool = True
    alpha: np.ndarray | None = None
    rgba: np.ndarray | None = None
    opacity: float = 1.0


def scene_of_layers(size: Size, layers: Sequence[NamedLayer], remarks: list[str]) -> Scene | None:
    """A scene whose words are the layers that are named like some; None where there are none. `remarks` gets the rest.

    Raises:
        SceneFileError: their names make no prompt.
    """
    found: list[tuple[str, int, NamedLayer]] = []
    pictures: list[PictureLayer] = []
    colours = ColourLayer(size)
    for layer in layers:
        if layer.rgba is not None:
            pixels = ColourLayer.from_array(layer.rgba)
            if layer.name == COLOUR_NAME:
                colours = replace(pixels, visible=layer.visible)
            elif len(pictures) < MAX_PICTURES:
                name = "".join(sign for sign in layer.name[:200] if sign.isprintable()).removeprefix(KEPT).strip()
                kept = PictureLayer(f"p{len(pictures) + 1}", name or "Picture", pixels, layer.opacity, layer.visible)
                pictures.append(kept)
            continue
        if layer.name in (PICTURE_NAME, COLOUR_NAME) or layer.name.startswith(KEPT):
            continue  # ours, and no words; here without their pixels, which are in the merged picture
        named = numbered(layer.name)
        if named is None and layer.name and len(layer.name) <= 200 and not UNNAMED.match(layer.name):
            named = (layer.name, 1) if find_phrase(layer.name, layer.name) is not None else None
        if named is None:
            called = f"The layer “{layer.name[:60]}”" if layer.name else "A layer without a name"
            remarks.append(f"{called} was left out: name it after its word, such as “house#1”, to paint with it.")
        elif len(found) < MAX_WORDS:
            found.append((*named, layer))
    if not found:
        return None
    try:
        prompt = prompt_of([(phrase, number) for phrase, number, _ in found])
        words: dict[tuple[int, int], Word] = {}
        masks: dict[str, TiledMask] = {}
        for phrase, number, layer in found:
            span = find_phrase(prompt, phrase, number)
            assert span is not None  # the prompt was made so
            if span not in words:
                color, pattern = next_style(list(words.values()))
                new = next_id(list(words.values()))
                words[span] = Word(new, prompt[slice(*span)], span, color=color, pattern=pattern, visible=layer.visible)
            if layer.alpha is not None:
                word = words[span].id
                before = masks[word].to_array() if word in masks else np.zeros_like(layer.alpha)
                masks[word] = TiledMask.from_array(np.maximum(before, layer.alpha))
        remarks.insert(0, "The prompt was made from the names of the layers, as the file carries no scene.")
        scene = Scene(prompt, size=size, words=tuple(words.values()), masks=masks)
        return scene.replace(colours=colours, pictures=tuple(pictures))
    except SceneError as error:
        raise SceneFileError(f"The layers of this file cannot be used. {error.message}", hint=error.hint) from error
