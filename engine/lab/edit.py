"""The edit lab: what stays of a picture when a word of its prompt is edited, and whether the new word is seen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request, painted_words
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, found, ratio_interval
from engine.models.library import Library
from engine.protocol import PaintedWord, PromptEdit
from engine.text.spans import find_spans
from engine.world.objects import LAND_THINGS, SKY_THINGS
from engine.world.scenes import HELD_OUT, NAMES, Item, Render

CONDITIONS = ("source", "same seed", "edited")
"""The picture as it was, the new prompt from the same noise alone, and the new prompt with the picture kept."""

_SEEDS = HELD_OUT + 11_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A layout, one thing of which is to become another.

    Attributes:
        layout: whose caption and areas the source is made with. thing: what changes. name: what it becomes.
        prompt, words: the edited prompt and its painted words.
    """

    layout: Render
    thing: Item
    name: str
    prompt: str
    words: tuple[PaintedWord, ...]


def case(index: int) -> Case:
    """Case `index`: layouts are of the world's, drawn from seeds that were never trained on."""
    for turn in count():
        layout = SETS["world"](_SEEDS + 1000 * index + turn)
        for thing in layout.items:
            kin = next((each for each in (SKY_THINGS, LAND_THINGS) if thing.name in each), None)
            spans = list(find_spans(layout.caption, thing.name))
            others = [name for name in kin or () if name not in layout.names]
            if len(spans) != 1 or not others or not any(phrase == thing.phrase for phrase, _, _ in layout.words()):
                continue
            name, (start, end) = others[index % len(others)], spans[0]
            longer = len(name) - (end - start)
            words = tuple(
                replace(word, span=(_moved(word.span[0], start, longer), _moved(word.span[1], start, longer)))
                for word in painted_words(layout, index)
            )
            prompt = layout.caption[:start] + name + layout.caption[end:]
            return Case(layout=layout, thing=thing, name=name, prompt=prompt, words=words)
    raise AssertionError("layouts have things")


def _moved(place: int, start: int, longer: int) -> int:
    return place + longer if place > start else place


def recognised(cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> np.ndarray:
    """For each case whether the new word is seen, as it is counted in other labs: float64 `[n]` of 0 and 1."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures]))
    hits = []
    for each, seen in zip(cases, labels, strict=True):
        kind = NAMES.index(each.name)
        hits.append(found(seen, np.where(each.thing.area, kind, -1), [kind])[0])
    return np.array(hits, np.float64)


def edit_row(condition: str, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """One condition: how often the new word is seen."""
    hits = recognised(cases, pictures, judge)
    return {"condition": condition, "recall": float(hits.mean()), "recall_ci": list(bootstrap_interval(hits))}


def outside(cases: Sequence[Case], pictures: Sequence[Picture], sources: Sequence[Picture]) -> np.ndarray:
    """For each case the mean difference from the source outside of the changed word's area, in levels of 255."""
    return np.array(
        [
            np.abs(picture.rgb.astype(np.int64) - source.rgb)[~each.thing.area].mean()
            for each, picture, source in zip(cases, pictures, sources, strict=True)
        ]
    )


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
    """Measure pictures of which a word was edited; returns the JSON object of `wordbrush lab edit`, of schema 1.

    In `n` layouts with all words painted, the name of one thing becomes another's, which has its paint.

    Args:
        n: number of layouts, 1 or more. model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or
            mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("edit", facts, device=device, work=work, judge=judge)
    clock = Clock(n * len(CONDITIONS), progress, cancel)
    cases = [case(index) for index in range(n)]
    made: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        before = painted_words(each.layout, index)
        new: dict[str, Any] = {"prompt": each.prompt, "words": each.words}
        edit = PromptEdit(prompt=each.layout.caption, words=before)
        for condition, fields in zip(CONDITIONS, ({}, new, {**new, "edit": edit}), strict=True):
            request = lab_request(
                index, each.layout, model=model, device=setup.device, defaults=facts.defaults, **fields
            )
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[condition].append(setup.store.ensure(f"{index:04d}-{condition.replace(' ', '-')}", work_of))
            clock.tick(f"layout {index + 1} of {n}: {condition}", 1.0)
    hits = {name: recognised(cases, made[name], setup.judge) for name in CONDITIONS[1:]}
    changed = {name: outside(cases, made[name], made["source"]) for name in CONDITIONS}
    rows = []
    for name in CONDITIONS:
        far = {"distance": float(changed[name].mean()), "distance_ci": list(bootstrap_interval(changed[name]))}
        rows.append(edit_row(name, cases, made[name], setup.judge) | far)
    return {
        "schema": 1,
        "rows": rows,
        "outside_over_same_seed": float(changed["edited"].sum() / max(changed["same seed"].sum(), 1e-9)),
        "outside_over_same_seed_ci": list(ratio_interval(changed["edited"], changed["same seed"])),
        "recall_over_same_seed": float(hits["edited"].sum() / max(hits["same seed"].sum(), 1e-9)),
        "recall_over_same_seed_ci": list(ratio_interval(hits["edited"], np.maximum(hits["same seed"], 1e-9))),
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
