"""The pictures lab: two references, each painted on a half; and a picture as its own tokens, for variations of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest, UnsupportedModel
from engine.lab import variations
from engine.lab.color_stats import Scale, statistics
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SIZE, lab_request
from engine.lab.segmentation_eval import Judge, compare
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.lab.style import Case, case, make_scale
from engine.models.library import Library
from engine.protocol import StyleReference

CONDITIONS = ("painted", "everywhere", "none")
"""Each reference on its half; both everywhere, as several pictures without areas share the attention; and neither."""


def halves() -> tuple[np.ndarray, np.ndarray]:
    """The masks of the left and the right half, uint8 `[SIZE, SIZE]`."""
    left = np.zeros((SIZE, SIZE), np.uint8)
    left[:, : SIZE // 2] = 255
    return left, 255 - left


def references(condition: str, each: Case) -> tuple[StyleReference, ...]:
    """The two reference pictures of a case as a request has them in a condition: the first belongs left."""
    pictures = (each.reference, each.wrong)
    if condition == "painted":
        return tuple(StyleReference(rgb=rgb, mask=mask) for rgb, mask in zip(pictures, halves(), strict=True))
    return tuple(StyleReference(rgb=rgb) for rgb in pictures) if condition == "everywhere" else ()


def distances(rgb: np.ndarray, each: Case, scale: Scale) -> np.ndarray:
    """How far each half is from its own reference and from the other one: float64 `[2 halves, own and other]`."""
    looks = [statistics(picture) for picture in (each.reference, each.wrong)]
    parts = [statistics(np.ascontiguousarray(part)) for part in (rgb[:, : SIZE // 2], rgb[:, SIZE // 2 :])]
    return np.array([[scale.distances(part, looks[pick])[0] for pick in (n, 1 - n)] for n, part in enumerate(parts)])


def leads(cases: Sequence[Case], pictures: Sequence[Picture], scale: Scale) -> np.ndarray:
    """How much nearer each layout's halves are to their own reference than to the other: float64 `[n]`, their means."""
    found = np.array([distances(made.rgb, each, scale) for each, made in zip(cases, pictures, strict=True)])
    return np.asarray((found[..., 1] - found[..., 0]).mean(axis=1))


def row(
    condition: str,
    cases: Sequence[Case],
    pictures: Sequence[Picture],
    scale: Scale,
    judge: Judge,
    everywhere: np.ndarray | None = None,
) -> dict[str, Any]:
    """One condition: mean distances, the share of halves nearer to their own reference, and whether paint still holds.

    Intervals are over the layouts, of which each gives two halves. `gain` is how much more the lead is than with both
    references everywhere, whose leads are given, in pairs of one layout and noise.
    """
    found = np.array([distances(made.rgb, each, scale) for each, made in zip(cases, pictures, strict=True)])
    nearer, lead = (found[..., 0] < found[..., 1]).mean(axis=1), leads(cases, pictures, scale)
    verdict = compare([each.layout for each in cases], judge.predict(np.stack([made.rgb for made in pictures])))
    result = {
        "condition": condition,
        "distance_own": float(found[..., 0].mean()),
        "distance_other": float(found[..., 1].mean()),
        "lead": float(lead.mean()),
        "lead_ci": list(bootstrap_interval(lead)),
        "nearer": float(nearer.mean()),
        "nearer_ci": list(bootstrap_interval(nearer)),
        "miou": verdict.miou,
        "miou_ci": verdict.miou_ci,
    }
    if everywhere is not None:
        result |= {"gain": float((lead - everywhere).mean()), "gain_ci": list(bootstrap_interval(lead - everywhere))}
    return result


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
    """Measure two pictures as prompts of one; returns the JSON object of `wordbrush lab pictures`, of schema 1.

    `n` held-out layouts with their true areas painted are made in each of `CONDITIONS`, from one noise each. The two
    references show other scenes, in withheld looks that differ in medium and in light. Then `n` pictures are
    varied, see `engine.lab.variations`.

    Args:
        n: number of layouts, 1 or more. model: a name in the library, or its path. device: auto, cpu, cuda, or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded. judge: labels the pictures; by default the one that ships.

    Raises:
        UnsupportedModel: the model accepts no style references. RunCancelled: `cancel` was set. BadRequest: n below 1.
        EngineError: the engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    if not facts.takes_styles:
        raise UnsupportedModel(
            f'The model "{facts.name}" cannot take a style from a picture: it has no image encoder.',
            hint="Choose with --model one that has an image encoder.",
        )
    setup = prepare("pictures", facts, device=device, work=work, judge=judge)
    clock = Clock((len(CONDITIONS) + len(variations.WAYS) + 1) * n + 1.0, progress, cancel)
    scale = make_scale()
    clock.tick("measuring the looks", 1.0)
    cases = [case(index) for index in range(n)]
    made: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        for condition in CONDITIONS:
            request = lab_request(
                index,
                each.layout,
                model=model,
                device=setup.device,
                defaults=facts.defaults,
                styles=references(condition, each),
            )
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[condition].append(setup.store.ensure(f"{index:04d}-{condition}", work_of))
            clock.tick(f"layout {index + 1} of {n}: {condition}", 1.0)
    varied = variations.measure(n, facts, setup, scale, model=model, library=library, clock=clock)
    both = made.get("everywhere")
    everywhere = None if both is None else leads(cases, both, scale)
    return {
        "schema": 1,
        "rows": [
            row(condition, cases, pictures, scale, setup.judge, everywhere) for condition, pictures in made.items()
        ],
        "variations": varied,
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
