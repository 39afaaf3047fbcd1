"""A picture whose prompt was edited: what stands in the place of a painted word has its paint."""

from __future__ import annotations

from canvas.model import edits
from canvas.model.scene import Scene


def with_moved_paint(scene: Scene, source: Scene) -> Scene:
    """The scene, in which words that stand for painted ones of the source, and have no paint, take over theirs.

    Args:
        scene: the source with another prompt: words whose text is gone are still in it, and have their paint.
    """
    from engine.editing.aligning import pair_words

    for (start, end), come in pair_words(source.prompt, scene.prompt).swapped:
        for word in source.words:
            if word.span is None or word.span[0] >= end or start >= word.span[1] or not scene.has_word(word.id):
                continue
            held = [each for each in scene.words if each.span and each.span[0] < come[1] and come[0] < each.span[1]]
            painted = any(not scene.masks[each.id].is_empty for each in held)
            if scene.word(word.id).span is None and not scene.masks[word.id].is_empty and not painted:
                scene = edits.attach_word(scene, word.id, come)
    return scene
