"""The teaching lab: whether a taught word is seen where it is painted, and what becomes of the other words."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.errors import BadRequest
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress, RunCancelled
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, ious
from engine.lab.withheld import NAME, WithheldJudge, draw
from engine.models.library import Library
from engine.protocol import PaintedWord
from engine.teaching import lessons
from engine.teaching.events import GO, PAUSE, Paused, Stepped, Taught
from engine.teaching.lesson import CUSTOM, EMBEDDING, LORA, METHODS, Lesson
from engine.teaching.pictures import Example, keep_examples
from engine.teaching.samples import LessonLibrary
from engine.teaching.teacher import teach
from engine.world.objects import LAND_THINGS, SKY_THINGS
from engine.world.scenes import HELD_OUT, NAMES, Render, render_scene

UNTAUGHT, KNOWN = "untaught", "known"
"""The word is in the prompt and painted, and means nothing to the model; or a word that it knows is in its place.

Beside nothing, other things have more room than beside any thing, so both are what a method is compared with.
"""

CONDITIONS = (UNTAUGHT, KNOWN, CUSTOM, EMBEDDING, LORA)
PICTURES, KIND, CLASS_PICTURES = 8, "house", 4
OTHERS = 24
"""Pictures of the world whose things the judge of the withheld one is taught by, as what it is not."""

_SEEDS, _OTHERS = HELD_OUT + 13_000_000, HELD_OUT + 13_500_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A layout, one thing of which is the taught word instead.

    Attributes:
        area: bool `[size, size]`, of that thing. prompt, words: with the word in its place. others: by index into
            `NAMES` the areas of all else.
    """

    layout: Render
    area: np.ndarray
    prompt: str
    words: tuple[PaintedWord, ...]
    others: dict[int, np.ndarray]


def case(index: int, said: str = NAME) -> Case:
    """Case `index`: a layout from seeds that were never trained on, and its largest thing is called `said` instead."""
    for turn in count():
        layout = SETS["world"](_SEEDS + 1000 * index + turn)
        things = [
            (item, span)
            for item, span in zip(layout.items, layout.spans, strict=True)
            if item.name in (*LAND_THINGS, *SKY_THINGS) and item.area.mean() > 0.03
        ]
        if not things:
            continue
        thing, (start, end) = max(things, key=lambda each: each[0].area.sum())
        longer = len(said) - (end - start)
        words: list[PaintedWord] = []
        others: dict[int, np.ndarray] = {}
        for item, span in zip(layout.items, layout.spans, strict=True):
            own = item is thing
            moved = span if span[0] < start else (span[0] + longer, span[1] + longer)
            at = (start, start + len(said)) if own else moved
            mask = np.where(item.area, 255, 0).astype(np.uint8)
            words.append(PaintedWord(span=at, mask=mask, revision=(said, layout.caption, span, index)))
            if not own:
                kind = NAMES.index(item.name)
                others[kind] = others.get(kind, False) | item.area
        prompt = layout.caption[:start] + said + layout.caption[end:]
        return Case(layout=layout, area=thing.area, prompt=prompt, words=tuple(words), others=others)
    raise AssertionError("layouts have things")


def row_of(
    condition: str, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge, eyes: WithheldJudge
) -> tuple[dict[str, Any], np.ndarray]:
    """One condition: how often the word is seen in its area, and for each case the mean overlap of the other words."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures]))
    seen = np.array([eyes.shows(picture.rgb, each.area) for each, picture in zip(cases, pictures, strict=True)])
    overlaps = []
    for each, found in zip(cases, labels, strict=True):
        true = np.full(found.shape, -1)
        for kind, area in each.others.items():
            true[area] = kind
        counted = np.where(each.area, -1, found.astype(np.int64))  # whatever the judge takes the new thing for
        true[each.area] = -1
        overlaps.append(float(ious(counted, true, [*each.others]).mean()) if each.others else 1.0)
    others = np.array(overlaps)
    row = {
        "condition": condition,
        "recognised": float((seen > 0.5).mean()),
        "recognised_ci": list(bootstrap_interval((seen > 0.5).astype(float))),
        "others_miou": float(others.mean()),
        "others_miou_ci": list(bootstrap_interval(others)),
    }
    return row, others


def run(
    n: int = 12,
    model: str = "starter",
    device: str = "auto",
    *,
    steps: int = 300,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure each method on a withheld thing; returns the JSON object of `wordbrush lab teach`, of schema 1.

    A thing that the model has not seen is drawn in eight pictures with captions, and taught by each method for `steps`
    steps. In `n` layouts with all words painted, one thing is the taught word instead. `others_change` is how the other
    words' mIoU differs from what it is beside the untaught word, `others_change_known` beside a thing that the model
    knows, painted in the same place.

    Args:
        n: number of layouts, 1 or more. model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or
            mps. steps: of each lesson.
        work: folder where finished pictures and lessons are kept, so that a stopped run can resume. Default: the
            user's cache.
        progress: `progress(text, fraction)`. cancel: stops the run when it is set.
        library: where the model is found; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n or steps below 1. EngineError: the engine's error, or `work`
        cannot be written.
    """
    if n < 1 or steps < 1:
        raise BadRequest(f"The number of layouts is {n}, of steps {steps}.", hint="Ask for 1 or more of each.")
    facts = (library or Library()).inspect(model)
    setup = prepare("teach", facts, steps, device=device, work=work, judge=judge)
    clock = Clock(len(METHODS) * 4 * n + n * len(CONDITIONS), progress, cancel)
    cases = [case(index) for index in range(n)]
    eyes = WithheldJudge([render_scene(_OTHERS + number) for number in range(OTHERS)])
    rows, others, losses = [], {}, {}
    for condition in CONDITIONS:
        # A home for each method, so that no word is known elsewhere.
        home = LessonLibrary(setup.store.folder / condition / "models")
        home.folder.mkdir(parents=True, exist_ok=True)
        if condition in METHODS:
            losses[condition] = _taught(condition, home, str(facts.path), setup.device, steps, clock, n)
        made = []
        for index, each in enumerate(cases):
            asked = case(index, KIND) if condition == KNOWN else each
            request = lab_request(
                index, each.layout, model=str(facts.path), device=setup.device, defaults=facts.defaults,
                prompt=asked.prompt, words=asked.words,
            )  # fmt: skip
            work_of = partial(make, request, library=home, cancel=clock.cancel)
            made.append(setup.store.ensure(f"{index:04d}-{condition}", work_of))
            clock.tick(f"{condition}: layout {index + 1} of {n}", 1.0)
        row, others[condition] = row_of(condition, cases, made, setup.judge, eyes)
        rows.append(row | {"loss": losses.get(condition)})
    for row in rows:
        for name, other in (("others_change", UNTAUGHT), ("others_change_known", KNOWN)):
            change = others[row["condition"]] - others[other]
            row |= {name: float(change.mean()), f"{name}_ci": list(bootstrap_interval(change))}
    return {
        "schema": 1,
        "rows": rows,
        "judge_accuracy": eyes.accuracy,
        "pictures": PICTURES,
        "lesson_steps": steps,
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }


def _taught(
    method: str, library: LessonLibrary, model: str, device: str, steps: int, clock: Clock, work: int
) -> float | None:
    """Teach the thing, or go on where a run was stopped; returns the mean error of the last tenth of the steps."""
    folder = lessons.folder_of(NAME, library)
    if (folder / "done").exists():
        clock.tick(f"{method}: taught before", 4.0 * work)
        return float((folder / "done").read_text() or "nan")
    facts = library.inspect(model)
    prior = CLASS_PICTURES if method == LORA else 0
    lesson = Lesson(word=NAME, model=model, method=method, class_word=KIND, steps=steps, class_pictures=prior)
    lesson = lesson.filled(facts)
    drawn = [draw(number) for number in range(PICTURES)]
    resume = (folder / "lesson.json").exists()
    if not resume:
        areas = [np.where(each.area, 255, 0).astype(np.uint8) for each in drawn]
        examples = [Example(each.rgb, each.caption, area) for each, area in zip(drawn, areas, strict=True)]
        keep_examples(examples, folder / "pictures")
        lesson.write(folder)
    wish = lambda: PAUSE if clock.cancel.is_set() else GO  # noqa: E731
    late: list[float] = []
    for event in teach(lesson, folder, library, device=device, wish=wish, resume=resume, samples=0):
        if isinstance(event, Paused):
            raise RunCancelled
        if isinstance(event, Stepped):
            late += [event.loss] if event.step > 0.9 * steps else []
            clock.tick(f"{method}: step {event.step} of {steps}", 4.0 * work / steps)
        if isinstance(event, Taught):
            (folder / "done").write_text(f"{np.mean(late):.6f}" if late else "")
    return float(np.mean(late)) if late else None


def sheet(folder: Path, n: int) -> Image.Image:
    """All pictures of a run's folder in one: a row for each layout, a column for each condition."""
    made = Image.new("RGB", (256 * len(CONDITIONS), 256 * n))
    for row in range(n):
        for column, condition in enumerate(CONDITIONS):
            file = folder / f"{row:04d}-{condition}.png"
            if file.is_file():
                from resources.pictures import read_picture

                made.paste(read_picture(file).convert("RGB"), (256 * column, 256 * row))
    return made
