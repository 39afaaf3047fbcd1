"""Models that were opened from folders of the user's own: files name them without their path, which is found here."""

from __future__ import annotations

from app.settings import AppSettings
from canvas import edits
from canvas.scene import Scene
from canvas.scene_json import public_name
from engine.errors import ModelNotFound
from engine.shelf import Shelf


def with_model(scene: Scene, settings: AppSettings) -> Scene:
    """The scene with its model's path, where the shelf does not know the name but a folder that was opened has it."""
    name = scene.settings.model
    try:
        Shelf().resolve(name)
    except ModelNotFound:
        path = next((path for path in settings.models if public_name(str(path)) == name), None)
        if path is not None:
            return edits.set_settings(scene, model=str(path))
    return scene
