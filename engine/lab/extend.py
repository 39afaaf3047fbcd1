"""The extend lab: whether the words are obeyed in what a larger canvas has new, and whether the old picture stays."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.facts import Defaults
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, SIZE, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, found, ious
from engine.models.library import Library
from engine.protocol import GenerateRequest, PaintedWord, StartPicture
from engine.reworking.extending import extended
from engine.world.objects import LAND_THINGS, THINGS
from engine.world.scenes import HELD_OUT, NAMES, Item, Render
from resources.continued_paint import continued

CONDITIONS = ("unpainted", "painted", "edges continued")
"""No paint at all; the words of the old picture where they are in it, and a new word in the new part; and with those
words that touch the old edge grown into the new part as well."""

ADDED = 128
"""Pixels that a drawn scene is extended by to the right."""
_SEEDS = HELD_OUT + 13_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A drawn scene that is extended to the right, and a thing of another scene that is painted into what is new.

    Attributes:
        scene: the old picture. thing: its name and phrase. area: bool `[SIZE, SIZE + ADDED]`, where the thing is to be.
        grounds: uint8 masks `[SIZE, SIZE + ADDED]`, the paint of the scene's words grown beyond its edge.
    """

    scene: Render
    thing: Item
    area: np.ndarray
    grounds: tuple[np.ndarray, ...]

    @property
    def prompt(self) -> str:
        """The scene's caption and the thing."""
        return f"{self.scene.caption} and a {self.thing.phrase}"

    @property
    def meant(self) -> np.ndarray:
        """What should be where, int64 `[SIZE, SIZE + ADDED]`: indices into `NAMES`, -1 where no word is painted."""
        labels = np.full((SIZE, SIZE + ADDED), -1, np.int64)
        for item, mask in zip(self.scene.items, self.grounds, strict=True):
            labels[mask > 0] = NAMES.index(item.name)
        labels[self.area] = NAMES.index(self.thing.name)
        return labels


def case(index: int) -> Case:
    """Case `index`: things and scenes are of the world's, drawn from seeds that were never trained on."""
    for turn in count():
        scene, other = (SETS["world"](_SEEDS + 1000 * index + 2 * turn + which) for which in (0, 1))
        for item in other.items:
            columns = np.flatnonzero(item.area.any(axis=0))
            if item.name not in LAND_THINGS or item.name in scene.names or columns[-1] - columns[0] > ADDED - 24:
                continue
            area = np.zeros((SIZE, SIZE + ADDED), bool)
            left = SIZE + (ADDED - (columns[-1] + 1 - columns[0])) // 2
            area[:, left : left + columns[-1] + 1 - columns[0]] = item.area[:, columns[0] : columns[-1] + 1]
            grounds = tuple(
                continued(mask, (SIZE + ADDED, SIZE), (0, 0), mirrored=each.name in THINGS)
                for each, (_phrase, _span, mask) in zip(scene.items, scene.words(), strict=True)
            )
            return Case(scene=scene, thing=item, area=area, grounds=grounds)
    raise AssertionError("scenes have things")


def _request(index: int, each: Case, condition: str, model: str, device: str, defaults: Defaults) -> GenerateRequest:
    canvas, mask = extended(each.scene.rgb, (SIZE + ADDED, SIZE), (0, 0))
    begins = len(each.prompt) - len(each.thing.phrase)
    words = [PaintedWord(span=(begins, len(each.prompt)), mask=np.where(each.area, 255, 0).astype(np.uint8))]
    for span, ground in zip(each.scene.spans, each.grounds, strict=True):
        paint = np.where(each.area, 0, ground).astype(np.uint8)  # it makes room for the thing, as under the brush
        if condition == "painted":
            paint[:, SIZE:] = 0
        words.append(PaintedWord(span=span, mask=paint))
    return lab_request(
        index,
        each.scene,
        model=model,
        device=device,
        defaults=defaults,
        prompt=each.prompt,
        width=SIZE + ADDED,
        words=() if condition == "unpainted" else tuple(words),
        start=StartPicture(rgb=canvas, strength=1.0, mask=mask),
    )


def extend_row(condition: str, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """One condition: the thing's overlap (IoU) with its area and how often it is there at all, the share of the rest of
    the new part that shows what its side of the edge does, and how often every bit outside the blend is the scene's."""
    labels = judge.predict(np.stack([picture.rgb[:, ADDED:] for picture in pictures]))  # as wide as it was taught
    overlaps, hits, shares, same = [], [], [], []
    for each, picture, seen in zip(cases, pictures, labels, strict=True):
        kind, area = NAMES.index(each.thing.name), each.area[:, ADDED:]
        true = np.where(area, kind, -1)
        overlaps.append(ious(seen.astype(np.int64), true, [kind])[0])
        hits.append(found(seen, true, [kind])[0])
        meant = np.where(area, -1, each.meant[:, ADDED:])[:, -ADDED:]
        shares.append(float((seen[:, -ADDED:] == meant)[meant >= 0].mean()) if (meant >= 0).any() else 1.0)
        _canvas, mask = extended(each.scene.rgb, (SIZE + ADDED, SIZE), (0, 0))
        kept = mask[:, :SIZE] == 0
        same.append(np.array_equal(picture.rgb[:, :SIZE][kept], each.scene.rgb[kept]))
    return {
        "condition": condition,
        "miou": float(np.mean(overlaps)),
        "miou_ci": list(bootstrap_interval(np.array(overlaps))),
        "recall": float(np.mean(hits)),
        "continued": float(np.mean(shares)),
        "continued_ci": list(bootstrap_interval(np.array(shares))),
        "outside_same": float(np.mean(same)),
    }


def run(
    *,
    n: int = 12,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure extended pictures; returns the JSON object of `wordbrush lab extend`, whose schema is 1.

    Each of `n` drawn scenes is extended by `ADDED` pixels to the right, with a thing that it does not have in the
    prompt, in `CONDITIONS`.

    Args:
        n: number of scenes, 1 or more. model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written.
    """
    if n < 1:
        raise BadRequest(f"The number of scenes is {n}.", hint="Ask for 1 scene or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("extend", facts, ADDED, device=device, work=work, judge=judge)
    clock = Clock(n * len(CONDITIONS), progress, cancel)
    cases = [case(index) for index in range(n)]
    made: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        for condition in CONDITIONS:
            request = _request(index, each, condition, model, setup.device, facts.defaults)
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[condition].append(setup.store.ensure(f"{index:04d}-{condition.replace(' ', '-')}", work_of))
            clock.tick(f"scene {index + 1} of {n}: {condition}", 1.0)
    return {
        "schema": 1,
        "rows": [extend_row(name, cases, pictures, setup.judge) for name, pictures in made.items()],
        "n": n,
        "added": ADDED,
        "model": model,
        **setup.sampling(),
        "paint_weight": facts.defaults.paint_weight,
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
