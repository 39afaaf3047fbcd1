"""The instruct lab: whether pictures become what instructions say, and what else of them changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import Defaults
from engine.lab.image_store import Picture, make
from engine.lab.instructed import followed
from engine.lab.progress import Clock, Progress
from engine.lab.requests import lab_request, painted_words
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.models.library import Library
from engine.protocol import GenerateRequest, InstructedPicture, PaintedWord, PromptEdit, StartPicture
from engine.world.instructions import KINDS, Instruction, instruction_for
from engine.world.scenes import HELD_OUT, render_scene

CONDITIONS = ("picture", "instructed", "pinned", "from picture", "words edited")
"""The picture as it was; changed by the instruction, everywhere or in the area that it is about; made from the picture
with the caption that it would then have; and its words edited (Prompt-to-Prompt), with the paint that it had."""

_SEEDS = HELD_OUT + 15_000_000
_STRENGTH = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """An instruction for a picture that is made of a layout, and the words of the changed caption, painted."""

    asked: Instruction
    before: tuple[PaintedWord, ...]
    after: tuple[PaintedWord, ...]


def case(index: int) -> Case:
    """Case `index`: the kinds of instructions in turn, layouts of seeds that were never trained on."""
    rng = np.random.default_rng((index, 19))
    for turn in count():
        layout = render_scene(_SEEDS + 1000 * index + turn)
        asked = instruction_for(layout, KINDS[index % len(KINDS)], rng)
        if asked is None:
            continue
        before = painted_words(layout, index)
        after = tuple(
            PaintedWord(span=span, mask=word.mask, revision=(asked.caption, span, index))
            for span, word in zip(asked.spans, before, strict=True)
        )
        return Case(asked=asked, before=before, after=after)
    raise AssertionError("layouts have something of each kind")


def condition_request(
    index: int, each: Case, condition: str, rgb: np.ndarray | None, *, model: str, device: str, defaults: Defaults
) -> GenerateRequest:
    """The request of a condition.

    Args:
        rgb: the picture that is to be changed, uint8 `[size, size, 3]`; None for that picture itself.
    """
    asked = each.asked
    usual = partial(lab_request, index, asked.layout, model=model, device=device, defaults=defaults)
    if condition == "picture" or rgb is None:
        return usual()
    if condition == "from picture":
        return usual(prompt=asked.caption, words=(), start=StartPicture(rgb=rgb, strength=_STRENGTH))
    if condition == "words edited":
        edit = PromptEdit(prompt=asked.layout.caption, words=each.before)
        return usual(prompt=asked.caption, words=each.after, edit=edit)
    mask = asked.area * np.uint8(255) if condition == "pinned" else None
    return usual(prompt=asked.text, words=(), instruct=InstructedPicture(rgb=rgb, mask=mask))


def outside(cases: Sequence[Case], pictures: Sequence[Picture], sources: Sequence[Picture]) -> np.ndarray:
    """For each case but drawings the mean difference from the picture outside of what was to change, 0..255."""
    return np.array(
        [
            np.abs(picture.rgb.astype(np.int64) - source.rgb)[~each.asked.area].mean()
            for each, picture, source in zip(cases, pictures, sources, strict=True)
            if not each.asked.area.all()
        ]
    )


def hits(cases: Sequence[Case], pictures: Sequence[Picture], sources: Sequence[Picture], judge: Judge) -> np.ndarray:
    """For each case whether the instruction was followed: float64 `[n]` of 0 and 1."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures]))
    every = zip(cases, sources, pictures, labels, strict=True)
    return np.array([followed(each.asked, source.rgb, one.rgb, seen) for each, source, one, seen in every], np.float64)


def row(
    condition: str, cases: Sequence[Case], pictures: Sequence[Picture], sources: Sequence[Picture], judge: Judge
) -> dict[str, Any]:
    """One condition: how often the instruction was followed, and how far the rest of the picture changed."""
    right, far = hits(cases, pictures, sources, judge), outside(cases, pictures, sources)
    return {
        "condition": condition,
        "followed": float(right.mean()),
        "followed_ci": list(bootstrap_interval(right)),
        "outside": float(far.mean()) if len(far) else None,
        "outside_ci": list(bootstrap_interval(far)) if len(far) else None,
    }


def by_kind(cases: Sequence[Case], right: np.ndarray) -> dict[str, float]:
    """How often the instruction was followed, by kind."""
    kinds = [each.asked.kind for each in cases]
    return {kind: float(right[[each == kind for each in kinds]].mean()) for kind in KINDS if kind in kinds}


def run(
    n: int = 30,
    model: str = "starter",
    device: str = "auto",
    *,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure pictures that instructions change; returns the JSON object of `wordbrush lab instruct`, of schema 1.

    Args:
        n: number of pictures, 1 or more; the kinds of instructions take turns. model: a name in the library, or a path:
            one that makes pictures and follows instructions. device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. UnsupportedModel: the model cannot do both. EngineError:
        the engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of pictures is {n}.", hint="Ask for 1 picture or more.")
    library = library or Library()
    facts = library.inspect(model)
    if not facts.instructs or facts.needs_picture:
        raise UnsupportedModel(
            f'"{facts.name}" does not both make pictures and follow instructions.',
            hint="Train an adapter beside it: python -m engine.training.instruct",
        )
    setup = prepare("instruct", facts, device=device, work=work, judge=judge)
    clock = Clock(n * len(CONDITIONS), progress, cancel)
    cases = [case(index) for index in range(n)]
    made: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        for condition in CONDITIONS:
            source = made["picture"][index].rgb if condition != "picture" else None
            request = condition_request(
                index, each, condition, source, model=model, device=setup.device, defaults=facts.defaults
            )
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[condition].append(setup.store.ensure(f"{index:04d}-{condition.replace(' ', '-')}", work_of))
            clock.tick(f"picture {index + 1} of {n}: {condition}", 1.0)
    return {
        "schema": 1,
        "rows": [row(name, cases, made[name], made["picture"], setup.judge) for name in CONDITIONS],
        "by_kind": {name: by_kind(cases, hits(cases, made[name], made["picture"], setup.judge)) for name in CONDITIONS},
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
