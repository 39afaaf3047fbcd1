"""The few-steps lab: what a picture of few steps keeps of one of all steps, with a distilled LoRA and without it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.facts import FewSteps
from engine.lab.image_store import Picture, make
from engine.lab.layout_metrics import look_at_reals
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge, compare
from engine.lab.setup import prepare
from engine.lab.statistics import (
    interval,
    kernel_distance,
    kernel_distance_samples,
    mean_samples,
    ratio_interval,
    standardised,
)
from engine.models.adapters import notes
from engine.models.library import Library
from engine.protocol import Lora
from engine.world.scenes import HELD_OUT, Render

WHOLE, PLAIN, UNGUIDED, DISTILLED = "all steps", "few steps", "few steps, no guidance", "few steps, distilled"
CONDITIONS = (WHOLE, PLAIN, UNGUIDED, DISTILLED)
"""The model's own steps; few steps with its own sampler and guidance; as many without guidance, which takes half the
passes, and with the LoRA's sampler; and those with the LoRA."""

_SEEDS = HELD_OUT + 12_000_000
_REALS_PER_LAYOUT, _FEWEST_REALS = 4, 8
_REAL_WORK = 0.05
_FEW = FewSteps(4, "lcm", 1.0)
"""What is asked of a LoRA whose name says nothing."""


def set_row(
    name: str,
    condition: str,
    layouts: Sequence[Render],
    pictures: dict[str, list[Picture]],
    judge: Judge,
    real: np.ndarray,
    steps: int,
) -> dict[str, Any]:
    """A row of the result: one condition's pictures of one set, against those of all steps.

    Args:
        pictures: one per layout for each condition. real: the judge's features of drawn scenes, `[n, D]`.
        steps: of each picture.

    Returns:
        mIoU, recall of names and KID with 95 % bootstrap intervals over the layouts, and what they are of those of
        `WHOLE`: `obedience` (mIoU) and `kid_ratio`, the same layouts resampled for both.
    """
    rgb, whole = (np.stack([each.rgb for each in pictures[which]]) for which in (condition, WHOLE))
    verdict, against = compare(layouts, judge.predict(rgb)), compare(layouts, judge.predict(whole))
    ours, theirs, drawn = (standardised(each, real) for each in (judge.features(rgb), judge.features(whole), real))
    kid, kid_whole = kernel_distance(ours, drawn), kernel_distance(theirs, drawn)
    row: dict[str, Any] = {
        "set": name,
        "condition": condition,
        "miou": verdict.miou,
        "miou_ci": verdict.miou_ci,
        "obedience": float(verdict.overlaps.sum() / max(against.overlaps.sum(), 1e-9)),
        "obedience_ci": list(ratio_interval(verdict.overlaps, np.maximum(against.overlaps, 1e-9))),
        "recall": verdict.recall,
        "recall_ci": verdict.recall_ci,
        "kid": kid,
        "kid_ci": None,
        "kid_ratio": None,
        "kid_ratio_ci": None,
        "picture_ms": steps * float(np.median([each.step_ms for each in pictures[condition]])),
    }
    if kid is not None and kid_whole is not None:
        samples, samples_whole = kernel_distance_samples(ours, drawn), kernel_distance_samples(theirs, drawn)
        row["kid_ci"] = interval(samples)
        if kid_whole > 0:
            row["kid_ratio"] = kid / kid_whole
            row["kid_ratio_ci"] = interval(samples / np.where(samples_whole > 0, samples_whole, np.nan))
    return row


def overall(pictures: dict[str, np.ndarray]) -> dict[str, Any]:
    """The obedience of few steps, with and without the LoRA, over the layouts of all sets together; and `gain`, what
    the LoRA adds to the mean overlap of as many passes without it.

    Args:
        pictures: the mean overlap of each layout, `[n]`, for each condition.
    """
    found: dict[str, Any] = {}
    whole = np.maximum(pictures[WHOLE], 1e-9)
    for condition in CONDITIONS[1:]:
        if condition in pictures:
            ratio = float(pictures[condition].sum() / whole.sum())
            found[condition] = {"obedience": ratio, "obedience_ci": list(ratio_interval(pictures[condition], whole))}
    if DISTILLED in pictures:
        difference = pictures[DISTILLED] - pictures[UNGUIDED]
        found["gain"], found["gain_ci"] = float(difference.mean()), interval(mean_samples(difference))
    return found


def run(
    *,
    n: int = 64,
    model: str = "starter",
    lora: str | None = None,
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure what few steps cost; returns the JSON object of `wordbrush lab few-steps` (schema 1).

    `n` world layouts and `n // 2` free ones, none of which any training saw, are generated with all their areas
    painted: in the model's own steps, in few steps as it is, in as many without guidance, and with a distilled LoRA.
    All pictures of a layout start from the same noise.

    Args:
        n: number of world layouts, 1 or more.
        model: a name in the library, or a path.
        lora: name or path of the LoRA; by default the one that the model brings, if any. "" compares the model alone,
            in 4 steps.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        BadRequest: n below 1. ModelNotFound: there is no such LoRA. RunCancelled: `cancel` was set. EngineError: the
        engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    defaults = facts.defaults
    few, content = _FEW, ""
    if lora is None:
        lora = "" if facts.fast is None else facts.fast.lora
    if lora:
        file = notes.find_adapter(lora, library.folders_of("loras", facts.path))
        few = notes.read_lora(file).few_steps or few
        few = notes.suited(few, facts)
        content = f"{file.stat().st_size} {file.stat().st_mtime_ns}"
    setup = prepare("few-steps", facts, few, content, device=device, work=work, judge=judge)
    store = setup.store
    asked: dict[str, dict[str, Any]] = {
        WHOLE: {},
        PLAIN: {"steps": few.steps},
        UNGUIDED: {"steps": few.steps, "sampler": few.sampler, "guidance": 1.0},
    }
    if lora:
        guidance = defaults.guidance if few.guidance is None else few.guidance
        asked[DISTILLED] = {
            "steps": few.steps,
            "sampler": few.sampler,
            "guidance": guidance,
            "loras": (Lora(str(file), 1.0),),
        }
    counts = {name: count for name, count in (("world", n), ("free", n // 2)) if count}
    reals = {name: max(_REALS_PER_LAYOUT * count, _FEWEST_REALS) for name, count in counts.items()}
    clock = Clock(len(asked) * sum(counts.values()) + _REAL_WORK * sum(reals.values()), progress, cancel)
    rows: list[dict[str, Any]] = []
    overlaps: dict[str, list[np.ndarray]] = {condition: [] for condition in asked}
    for name, count in counts.items():
        real = look_at_reals(
            SETS[name], reals[name], setup.judge, lambda done: clock.tick("judging drawn scenes", _REAL_WORK * done)
        ).features
        layouts = [SETS[name](_SEEDS + index) for index in range(count)]
        pictures: dict[str, list[Picture]] = {condition: [] for condition in asked}
        for index, layout in enumerate(layouts):
            for condition, fields in asked.items():
                request = lab_request(index, layout, model=model, device=setup.device, defaults=defaults, **fields)
                key = f"{name}-{index:04d}-{condition.replace(', ', '-').replace(' ', '-')}"
                make_one = partial(make, request, library=library, cancel=clock.cancel)
                pictures[condition].append(store.ensure(key, make_one))
                clock.tick(f"{name} layout {index + 1} of {count}: {condition}", 1.0)
        rows += [
            set_row(
                name,
                condition,
                layouts,
                pictures,
                setup.judge,
                real,
                asked[condition].get("steps", defaults.steps),
            )
            for condition in asked
        ]
        for condition, made in pictures.items():
            labels = setup.judge.predict(np.stack([each.rgb for each in made]))
            overlaps[condition].append(compare(layouts, labels).overlaps)
    return {
        "schema": 1,
        "rows": rows,
        "overall": overall({condition: np.concatenate(parts) for condition, parts in overlaps.items()}),
        "n_world": n,
        "n_free": n // 2,
        "model": model,
        "lora": lora,
        "few": {"steps": few.steps, "sampler": few.sampler, "guidance": few.guidance},
        **setup.sampling(),
        "paint_weight": defaults.paint_weight,
        "pictures": str(store.folder),
        "seconds": setup.seconds(),
    }
