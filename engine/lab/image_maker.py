"""Makes the pictures of some layouts by several settings, in turn, and keeps each as soon as it is there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from engine.facts import Defaults
from engine.lab.configs import NONE, Setting
from engine.lab.image_store import Picture, PictureStore, make
from engine.lab.progress import Clock
from engine.lab.requests import lab_request
from engine.models.library import Library
from engine.world.scenes import Render

RENDER_WORK = 0.1
"""What drawing a layout costs, in pictures."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Maker:
    """Where a run's pictures come from and go to.

    Attributes:
        defaults: the model's own. store: pictures it already holds are not made again. clock: ticks once a picture.
    """

    model: str
    device: str
    defaults: Defaults
    library: Library
    store: PictureStore
    clock: Clock

    def pictures(
        self, name: str, layouts: Sequence[Render], settings: Sequence[Setting]
    ) -> dict[Setting, list[Picture]]:
        """For each setting the pictures of all layouts; `name` is the set's.

        All of one layout come in turn, so that what else the machine does falls on them alike, and in an order of its
        own, so that none always comes after the same other.

        Raises:
            RunCancelled: the clock was stopped. EngineError: what the engine or the store reported.
        """
        made: dict[Setting, list[Picture]] = {setting: [] for setting in settings}
        for index, layout in enumerate(layouts):
            for setting in random.Random(index).sample(list(settings), len(settings)):
                made[setting].append(self._picture(name, index, layout, setting))
                self.clock.tick(f"{name} layout {index + 1} of {len(layouts)}: {setting.title}", 1.0)
        return made

    def _picture(self, name: str, index: int, layout: Render, setting: Setting) -> Picture:
        request = lab_request(
            index,
            layout,
            model=self.model,
            device=self.device,
            defaults=self.defaults,
            painted=setting.law != NONE,
            **setting.fields,
        )
        key = f"{name}-{index:04d}-{setting.key}"
        return self.store.ensure(key, partial(make, request, library=self.library, cancel=self.clock.cancel))
