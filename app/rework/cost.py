"""How long a second pass takes, as far as it can be told beforehand."""

from __future__ import annotations

import math

from app.generation.step_count import StepTimes
from app.generation.time_left import time_for
from app.language import tr
from canvas.model.scene import Scene
from engine.facts import ModelFacts


def cost_of(scene: Scene, scale: int, strength: float, facts: ModelFacts | None, times: StepTimes) -> str:
    """In words: seconds where a step of this model was timed, else tiles; "" where nothing can be said.

    Args:
        scale, strength: of the second pass. facts: of the scene's model. times: what steps and runs took on this
            machine.
    """
    from engine.reworking.refining import tiles_of

    if not strength:
        return tr("at once")
    if facts is None:
        return ""
    tiles = len(tiles_of((scale * scene.size[0], scale * scene.size[1]), facts))
    settings = scene.settings
    steps = max(1, math.ceil(strength * settings.steps - 1e-9))
    seconds = times.of_tiles(settings.model, settings.device, scene.size, tiles=tiles, steps=steps)
    return time_for(seconds) if seconds else tr("{count} tiles", count=tiles)
