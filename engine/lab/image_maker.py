"""Generates the pictures of some layouts with several settings, in turn, and stores each as soon as it is finished."""

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
"""The work of drawing a layout, as a share of generating a picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Maker:
    """Generates a run's pictures, or takes them from the store.

    Attributes:
        defaults: the model's own. store: pictures that it holds are not made again. clock: ticks once per picture.
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
        """Return the pictures of all layouts for each setting; `name` is the name of the set.

        All settings of one layout run one after another, so that other load on the machine affects them equally, and in
        a random order, so that none of them always follows the same other one.

        Raises:
            RunCancelled: the run was stopped. EngineError: an error of the engine or the store.
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
