"""Models that were opened from folders of the user's own: files name them without their path, which is found here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

from canvas.files.scene_json import public_name
from canvas.model import edits
from canvas.model.scene import Scene
from engine.errors import EngineError, ModelNotFound
from engine.executor import Executor


def with_models(scene: Scene, opened: Iterable[Path], executor: Executor, loras: Iterable[Path] = ()) -> Scene:
    """The scene with its models' paths, where the executor does not know a name but one that the user `opened` has it;
    and with the paths of the LoRA files among `loras` that it names.

    A path that a file names is none that it may open: only its last part is taken, as a name.
    """
    paths = {public_name(str(path)): str(path) for path in reversed(list(opened))}
    model = _found(scene.settings.model, paths, executor)
    if model != scene.settings.model:
        scene = edits.set_settings(scene, model=model)
    files = {public_name(str(path)): str(path) for path in reversed(list(loras))}
    named = tuple(dataclasses.replace(each, file=files.get(each.file, each.file)) for each in scene.settings.loras)
    if named != scene.settings.loras:
        scene = edits.set_settings(scene, loras=named)
    experts = scene.settings.experts or ()
    found = tuple(
        dataclasses.replace(expert, model=_found(expert.model, paths, executor)) if expert.model else expert
        for expert in experts
    )
    return scene if found == experts else edits.set_settings(scene, experts=found)


def _found(name: str, paths: dict[str, str], executor: Executor) -> str:
    if name in paths.values():
        return name
    if public_name(name) != name and all(name != model.name for model in executor.models()):
        name = public_name(name)
    return paths[name] if name in paths and not _knows(executor, name) else name


def _knows(executor: Executor, name: str) -> bool:
    try:
        executor.facts(name)
    except ModelNotFound:
        return False
    except (EngineError, OSError):  # it is there, and cannot be used: loading it will explain
        return True
    return True
