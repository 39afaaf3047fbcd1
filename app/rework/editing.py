"""A picture on the canvas whose prompt was edited since: what the engine is told of it."""

from __future__ import annotations

from app.generation.request_builder import request_from_scene
from canvas.model.begun import Begun
from canvas.model.loras import as_read
from canvas.model.scene import Scene
from engine.protocol import PromptEdit


def can_edit(scene: Scene, source: Scene | None, begun: Begun | None) -> bool:
    """Whether words were edited since a picture was made that can be made again: from noise, at this size."""
    if source is None or begun is not None or source.size != scene.size or not scene.prompt.strip():
        return False
    return bool(source.prompt.strip()) and as_read(source).prompt != as_read(scene).prompt


def edit_begun(source: Scene, name: str, kept: float) -> Begun:
    """What the picture of `source` begins an edit from.

    Args:
        name: its file. kept: how much of it is kept, 0..1: for that share of the steps words keep their places, and for
            half of it shapes stay.
    """
    text = request_from_scene(source, id="source").text
    edit = PromptEdit(prompt=text.prompt, words=text.words, keep_cross=kept, keep_self=kept / 2)
    return Begun("edit", name, edit=edit)
