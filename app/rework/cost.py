"""How long a second pass takes, as far as it can be told beforehand."""

from __future__ import annotations

from app.language import tr
from canvas.model.scene import Scene
from engine.facts import ModelFacts


def cost_of(scene: Scene, scale: int, strength: float, facts: ModelFacts | None, step_ms: float | None) -> str:
    """In words: seconds where a step of this model was timed, else tiles; "" where nothing can be said.

    Args:
        scale, strength: of the second pass. facts: of the scene's model. step_ms: what its last step took.
    """
    from engine.reworking.refining import tiles_of

    if not strength:
        return tr("at once")
    if facts is None:
        return ""
    tiles = len(tiles_of((scale * scene.size[0], scale * scene.size[1]), facts))
    if step_ms is None:
        return tr("{count} tiles", count=tiles)
    seconds = tiles * max(1, round(strength * scene.settings.steps)) * step_ms / 1000
    if seconds < 90:
        return tr("about {seconds} s", seconds=max(1, round(seconds)))
    return tr("about {minutes} min", minutes=round(seconds / 60))
