"""The edges that are soft for the model, as the overlay shows them: other masks in place of those that were painted."""

from __future__ import annotations

from collections.abc import Mapping

from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

Soft = Mapping[str, tuple[TiledMask, TiledMask]]
"""By word: the mask that was painted, and that mask with its soft edge."""


class SoftPaint:
    """Knows the soft masks that were made so far. A word that was painted meanwhile is shown as it was painted."""

    def __init__(self) -> None:
        self._soft: Soft = {}
        self._last: tuple[Scene, str | None, Soft, Scene] | None = None

    def take(self, soft: Soft) -> bool:
        """Show these from now on; returns whether that changes anything."""
        changed = soft.keys() != self._soft.keys() or any(soft[each][1] is not self._soft[each][1] for each in soft)
        self._soft = soft
        return changed

    def seen(self, scene: Scene, painted: str | None) -> Scene:
        """The scene as the overlay shows it; `painted` is the word under a running stroke, whose own edge stays hard.

        The same scene comes back for the same one, so that nothing is laid anew between two moves of the brush.
        """
        last = self._last
        if last is not None and last[0] is scene and last[1] == painted and last[2] is self._soft:
            return last[3]
        soft = {
            word_id: mask
            for word_id, (plain, mask) in self._soft.items()
            if word_id != painted and scene.masks.get(word_id) is plain
        }
        shown = scene.replace(masks={**scene.masks, **soft}) if soft else scene
        self._last = (scene, painted, self._soft, shown)
        return shown
