"""Models that were opened from folders of the user's own: files name them without their path, which is found here."""

from __future__ import annotations

import dataclasses

from app.preferences import Preferences
from canvas.files.scene_json import public_name
from canvas.model import edits
from canvas.model.scene import Scene
from engine.errors import ModelNotFound
from engine.models.library import Library


def with_model(scene: Scene, settings: Preferences) -> Scene:
    """The scene with its models' paths, where the library does not know a name but a folder that was opened has it."""
    model = _found(scene.settings.model, settings)
    if model != scene.settings.model:
        scene = edits.set_settings(scene, model=model)
    experts = scene.settings.experts or ()
    found = tuple(
        dataclasses.replace(expert, model=_found(expert.model, settings)) if expert.model else expert
        for expert in experts
    )
    return scene if found == experts else edits.set_settings(scene, experts=found)


def _found(name: str, settings: Preferences) -> str:
    try:
        Library().resolve(name)
    except ModelNotFound:
        return next((str(path) for path in settings.models if public_name(str(path)) == name), name)
    return name
