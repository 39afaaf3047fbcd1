"""The command line's `--edit-from`, `--keep-cross`, `--keep-self` and `--weigh`: words edited, the picture kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import engine
from app.cli.output import CommandError
from app.cli.scene_files import load
from app.generation.request_builder import request_from_scene
from app.image_info.begun import edited_prompt
from app.image_info.edited import with_moved_paint
from canvas.model.begun import Begun
from canvas.model.loras import as_read
from canvas.model.scene import Scene

_OTHERS = {
    "from_picture": "--from",
    "repaint": "--repaint",
    "extend": "--extend",
    "again": "--again",
}
_OWN = {"keep_cross": "--keep-cross", "keep_self": "--keep-self", "weigh": "--weigh"}


def source_of(changes: Mapping[str, Any]) -> Scene | None:
    """The scene of the picture whose words are edited; None where none is named.

    Raises:
        CommandError: another option goes with one, or not with one. SceneFileError: see `app.cli.scene_files.load`.
    """
    file: Path | None = changes.get("edit_from")
    if file is None:
        alone = [flag for name, flag in _OWN.items() if changes.get(name) not in (None, [])]
        if alone:
            raise CommandError(f"{alone[0]} needs --edit-from.", hint="Add --edit-from FILE.")
        return None
    other = [flag for name, flag in _OTHERS.items() if changes.get(name)]
    if other:
        raise CommandError(f"--edit-from cannot be combined with {other[0]}.", hint="Leave one out.")
    return as_read(load(file))


def moved(scene: Scene, source: Scene | None) -> Scene:
    """The scene, in which words that stand for others have their paint, if they have none."""
    return scene if source is None else with_moved_paint(scene, source)


def take_edit(scene: Scene, source: Scene, changes: Mapping[str, Any], second: Mapping[str, Any]) -> Begun:
    """What the engine is told of the picture whose words are edited.

    Args:
        scene: with the new prompt. second: what is asked of a second pass.

    Raises:
        CommandError: the scene has another size. WordNotInPrompt: a word to be weighed is not in it.
    """
    if scene.size != source.size:
        raise CommandError(
            f"The picture is {source.size[0]}x{source.size[1]}, but the scene is {scene.size[0]}x{scene.size[1]}.",
            hint="Words are edited in a picture of the scene's size: leave --size out.",
        )
    was = request_from_scene(source, id="source").text
    kept = {name: changes[name] for name in ("keep_cross", "keep_self") if changes.get(name) is not None}
    weights = tuple(
        (engine.find_span(scene.prompt, each.phrase, each.number), each.value) for each in changes.get("weigh") or ()
    )
    edit = edited_prompt(was, weights=weights, **kept)
    return Begun("edit", changes["edit_from"].name, edit=edit, **second)
