"""A picture on the canvas whose prompt was edited since: what the engine is told of it."""

from __future__ import annotations

from app.generation.request_builder import request_from_scene
from app.image_info.begun import edited_prompt
from canvas.model.begun import Begun
from canvas.model.loras import as_read
from canvas.model.scene import Scene
from resources.noun_phrases import chunks, is_determiner


def can_edit(scene: Scene, source: Scene | None, begun: Begun | None, *, changed: bool = True) -> bool:
    """Whether words were edited since a picture was made that can be made again: from noise, at this size.

    Args:
        changed: False asks whether they could be, whatever the prompt is now.
    """
    if source is None or begun is not None or source.size != scene.size or not scene.prompt.strip():
        return False
    return bool(source.prompt.strip()) and (not changed or as_read(source).prompt != as_read(scene).prompt)


def words_to_weigh(scene: Scene) -> list[tuple[tuple[int, int], str]]:
    """The words of a prompt of which there can be more or less: painted ones as they are, and of the rest each word
    that says something; by place, spans as the engine is told of them."""
    prompt = as_read(scene).prompt
    spans = [word.span for word in as_read(scene).words if word.span]
    for chunk in chunks(prompt):
        spans += [
            span
            for span in chunk
            if not is_determiner(prompt[slice(*span)]) and not any(a < span[1] and span[0] < b for a, b in spans)
        ]
    return [(span, prompt[slice(*span)]) for span in sorted(spans)]


def edit_begun(
    source: Scene, name: str, kept: float, shapes: float, weights: tuple[tuple[tuple[int, int], float], ...] = ()
) -> Begun:
    """What the picture of `source` begins an edit from.

    Args:
        name: its file. kept, shapes: for which share of the steps words keep their places, and shapes, 0..1.
        weights: words of the new prompt, by span, with how much of them there is to be.
    """
    text = request_from_scene(source, id="source").text
    return Begun("edit", name, edit=edited_prompt(text, keep_cross=kept, keep_self=shapes, weights=weights))
