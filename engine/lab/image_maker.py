"""Generates the pictures of some layouts with several settings, in turn, and stores each as soon as it is finished."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from engine.facts import Defaults
from engine.farm.farm import Farm
from engine.lab.configs import NONE, Setting
from engine.lab.image_store import Picture, PictureStore, make
from engine.lab.progress import Clock, RunCancelled
from engine.lab.requests import lab_request
from engine.models.library import Library
from engine.protocol import Cancelled, Failed, Finished, GenerateRequest
from engine.world.scenes import Render

RENDER_WORK = 0.1
"""The work of drawing a layout, as a share of generating a picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Maker:
    """Generates a run's pictures, or takes them from the store.

    Attributes:
        defaults: the model's own. store: pictures that it holds are not made again. clock: ticks once per picture.
        farm: makes them, several at a time; None makes one after another here.
    """

    model: str
    device: str
    defaults: Defaults
    library: Library
    store: PictureStore
    clock: Clock
    farm: Farm | None = None

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
        farmed = set() if self.farm is None else self._on_farm(self.farm, name, layouts, settings)
        for index, layout, setting in _in_turns(layouts, settings):
            key = _key(name, index, setting)
            request = self._request(index, layout, setting)
            made[setting].append(
                self.store.ensure(key, partial(make, request, library=self.library, cancel=self.clock.cancel))
            )
            if key not in farmed:
                self.clock.tick(f"{name} layout {index + 1} of {len(layouts)}: {setting.title}", 1.0)
        return made

    def _on_farm(self, farm: Farm, name: str, layouts: Sequence[Render], settings: Sequence[Setting]) -> set[str]:
        """Let a farm make all pictures that the store does not hold; returns their names in it.

        Raises:
            RunCancelled: the run was stopped. EngineError: the first error of the engine, the farm or the store.
        """
        made: set[str] = set()

        def wanted() -> Iterator[GenerateRequest]:
            for index, layout, setting in _in_turns(layouts, settings):
                key = _key(name, index, setting)
                if self.store.get(key) is None:
                    yield self._request(index, layout, setting).replace(id=key)

        with contextlib.closing(farm.run(wanted(), cancel=self.clock.cancel)) as events:
            for event in events:
                if isinstance(event, Failed):
                    raise event.error
                if isinstance(event, Cancelled):
                    raise RunCancelled
                if isinstance(event, Finished):
                    image = event.images[0]
                    picture = Picture(rgb=image.rgb, step_ms=event.step_ms, obedience=image.obedience)
                    self.store.keep(event.request_id, picture)
                    made.add(event.request_id)
                    self.clock.tick(f"{name}: {len(made)} pictures on the farm", 1.0)
        return made

    def _request(self, index: int, layout: Render, setting: Setting) -> GenerateRequest:
        return lab_request(
            index,
            layout,
            model=self.model,
            device=self.device,
            defaults=self.defaults,
            painted=setting.law != NONE,
            **setting.fields,
        )


def _in_turns(layouts: Sequence[Render], settings: Sequence[Setting]) -> Iterator[tuple[int, Render, Setting]]:
    for index, layout in enumerate(layouts):
        for setting in random.Random(index).sample(list(settings), len(settings)):
            yield index, layout, setting


def _key(name: str, index: int, setting: Setting) -> str:
    return f"{name}-{index:04d}-{setting.key}"
