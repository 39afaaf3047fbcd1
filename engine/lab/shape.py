"""The shape lab: how well a thing fills the shape of another whose place it takes in a picture."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.facts import Defaults
from engine.lab.edit import Case, case
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, found, ious
from engine.models.library import Library
from engine.protocol import GenerateRequest, KeptShape, StartPicture
from engine.world.scenes import NAMES

CONDITIONS = ("repainted", "repainted, painted", "kept", "kept, inverted")
"""Repainting within the shape, without and with paint; then with the shape kept exactly, from noise and from the
picture's own noise."""
_PAIRS = (("kept", "repainted, painted"), ("kept", "repainted"), ("kept, inverted", "repainted, painted"))


def shape_request(
    index: int, each: Case, condition: str, *, model: str, device: str, defaults: Defaults
) -> GenerateRequest:
    """The request for a case: the drawn scene, in which one thing becomes another within its very shape."""
    kept = KeptShape(inverted="inverted" in condition, prompt=each.layout.caption) if "kept" in condition else None
    start = StartPicture(
        rgb=each.layout.rgb, strength=1.0, mask=np.where(each.thing.area, 255, 0).astype(np.uint8), shape=kept
    )
    place = each.prompt.index(each.name)
    own = tuple(word for word in each.words if word.span[0] <= place < word.span[1])
    return lab_request(
        index, each.layout, model=model, device=device, defaults=defaults, prompt=each.prompt,
        words=() if condition == "repainted" else own, start=start,
    )  # fmt: skip


def overlaps(cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> np.ndarray:
    """For each case how the new thing overlaps (IoU) with the shape: float64 `[n]`."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures])).astype(np.int64)
    shares = []
    for each, seen in zip(cases, labels, strict=True):
        kind = NAMES.index(each.name)
        shares.append(ious(seen, np.where(each.thing.area, kind, -1), [kind])[0])
    return np.array(shares)


def shape_row(condition: str, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """One condition: overlap with the shape, how often the thing is there at all, and whether all else stayed."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures]))
    hits, same = [], []
    for each, picture, seen in zip(cases, pictures, labels, strict=True):
        kind = NAMES.index(each.name)
        hits.append(found(seen, np.where(each.thing.area, kind, -1), [kind])[0])
        same.append(np.array_equal(picture.rgb[~each.thing.area], each.layout.rgb[~each.thing.area]))
    shares = overlaps(cases, pictures, judge)
    return {
        "condition": condition,
        "miou": float(shares.mean()),
        "miou_ci": list(bootstrap_interval(shares)),
        "recall": float(np.mean(hits)),
        "recall_ci": list(bootstrap_interval(np.array(hits, float))),
        "outside_same": float(np.mean(same)),
    }


def run(
    n: int = 24,
    model: str = "starter",
    device: str = "auto",
    *,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure how exactly shapes are kept; returns the JSON object of `wordbrush lab shape`, of schema 1.

    In each of `n` drawn scenes one thing becomes another within its own shape, in `CONDITIONS`.

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
    setup = prepare("shape", facts, device=device, work=work, judge=judge)
    clock = Clock(n * len(CONDITIONS), progress, cancel)
    cases = [case(index) for index in range(n)]
    made: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        for condition in CONDITIONS:
            request = shape_request(index, each, condition, model=model, device=setup.device, defaults=facts.defaults)
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[condition].append(setup.store.ensure(f"{index:04d}-{condition.replace(', ', '-')}", work_of))
            clock.tick(f"scene {index + 1} of {n}: {condition}", 1.0)
    shares = {name: overlaps(cases, made[name], setup.judge) for name in CONDITIONS}
    gains = {f"{one} - {other}": shares[one] - shares[other] for one, other in _PAIRS}
    return {
        "schema": 1,
        "rows": [shape_row(name, cases, made[name], setup.judge) for name in CONDITIONS],
        "gains": {
            name: {"miou": float(gain.mean()), "miou_ci": list(bootstrap_interval(gain))}
            for name, gain in gains.items()
        },
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
