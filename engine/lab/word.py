"""The word lab: whether one word that is kept to its paint more strictly is better recognised where it was painted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request, painted_words
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, found, ious
from engine.models.library import Library
from engine.world.scenes import HELD_OUT, NAMES, Render

DIALS: tuple[float | None, ...] = (0.0, None, 1.0)
"""The word's own fidelity: loose, as all words of the scene have it, and exact."""

_SEEDS = HELD_OUT + 14_000_000


def chosen(layout: Render) -> int:
    """The index of the word that is turned: the smallest painted one whose name the layout has once.

    The smallest, as it is what the model misses most often. Every layout has a name that it has once.
    """
    names = [item.name for item in layout.items]
    single = [index for index, name in enumerate(names) if names.count(name) == 1]
    return min(single, key=lambda index: np.count_nonzero(layout.items[index].area))


def row(dial: float | None, layouts: Sequence[Render], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """What the judge sees of the turned word and of the others, one entry of each list per layout.

    Returns:
        `overlaps`, the IoU of the word with its paint, 0..1; `others`, the mean IoU of the other names; `seen`,
        whether the word appears inside its paint (`engine.lab.statistics.found`).
    """
    overlaps, others, seen = [], [], []
    for layout, labels in zip(layouts, judge.predict(np.stack([each.rgb for each in pictures])), strict=True):
        item = layout.items[chosen(layout)]
        kind = NAMES.index(item.name)
        rest = [NAMES.index(name) for name in layout.names if name != item.name]
        overlaps.append(ious(labels, layout.labels, [kind])[0])
        others.append(ious(labels, layout.labels, rest).mean() if rest else np.nan)
        seen.append(found(np.where(item.area, labels, 255), np.where(item.area, kind, 255), [kind])[0])
    return {
        "dial": dial,
        "overlaps": np.array(overlaps),
        "others": np.array(others),
        "seen": np.array(seen, np.float64),
    }


def figures(measured: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """A row of the JSON: means with 95 % bootstrap intervals, and the gains over `usual`, paired by layout."""
    shown: dict[str, Any] = {"fidelity": "as all words" if measured["dial"] is None else measured["dial"]}
    for key, values in (("iou", "overlaps"), ("miou", "others"), ("seen", "seen")):
        found_here = measured[values][~np.isnan(measured[values])]
        more = measured[values] - usual[values]
        more = more[~np.isnan(more)]
        shown[key], shown[f"{key}_ci"] = _mean(found_here)
        shown[f"{key}_gain"], shown[f"{key}_gain_ci"] = _mean(more)
    return shown


def _mean(values: np.ndarray) -> tuple[float | None, list[float] | None]:
    if not len(values):
        return None, None
    return float(values.mean()), list(bootstrap_interval(values))


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
    """Measure what one word's own fidelity does; returns the JSON object of `wordbrush lab word`, of schema 1.

    In `n` layouts with all words painted, the smallest word gets a fidelity of its own (`DIALS`); everything else is
    the same, and so is the noise.

    Args:
        n: number of layouts, 1 or more. model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or
            mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Returns:
        rows with `iou`, the overlap of the word with its paint; `miou`, that of the other names; `seen`, the share of
        layouts in which the word is recognised inside its paint; each with `_ci`, its 95 % interval, and `_gain`, the
        difference from a word without a fidelity of its own, paired by layout.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("word", facts, device=device, work=work, judge=judge)
    clock = Clock(n * len(DIALS), progress, cancel)
    layouts = [SETS["world"](_SEEDS + index) for index in range(n)]
    made: dict[float | None, list[Picture]] = {dial: [] for dial in DIALS}
    for index, layout in enumerate(layouts):
        words, turned = painted_words(layout, index), chosen(layout)
        for dial in DIALS:
            own = tuple(replace(word, fidelity=dial) if at == turned else word for at, word in enumerate(words))
            request = lab_request(index, layout, model=model, device=setup.device, defaults=facts.defaults, words=own)
            one = partial(make, request, library=library, cancel=clock.cancel)
            made[dial].append(setup.store.ensure(f"{index:04d}-{dial}", one))
            clock.tick(f"layout {index + 1} of {n}: fidelity {'as all' if dial is None else dial}", 1.0)
    measured = {dial: row(dial, layouts, made[dial], setup.judge) for dial in DIALS}
    return {
        "schema": 1,
        "rows": [figures(measured[dial], measured[None]) for dial in DIALS],
        "fidelity_of_all": facts.defaults.fidelity,
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
