"""The experts lab: do a model's experts denoise better than its base alone, and what becomes of pictures and time?"""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.facts import InstalledModel
from engine.lab import losses
from engine.lab.image_store import Picture, PictureStore, default_folder, fingerprint, make
from engine.lab.losses import Bin
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, SIZE, lab_request
from engine.lab.segmentation_eval import Judge, Verdict, load_judge
from engine.lab.segmentation_eval import compare as judge_labels
from engine.lab.statistics import bootstrap_interval, ratio_interval
from engine.lab.step_timing import BASE, ENSEMBLE, GROUPS, compare_steps
from engine.models.families.components import load_noise
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.weights.loading import pick_device
from engine.world.scenes import HELD_OUT, Render

_LAYOUT_SEEDS = HELD_OUT + 5_000_000


def run(
    *,
    n: int = 64,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure a model's experts against its base; the result is the JSON object of `wordbrush lab experts` (schema 1).

    Losses are the mean squares of v-prediction's error on pictures that no model ever saw (see `engine.lab.losses`):
    `rows` for bins of noise levels, `experts` for each expert over all that it owns. Pictures are made of layouts with
    their true areas painted, half of the world and half free ones, by both with the same noise. All intervals are 95 %
    bootstraps, over pictures and paired.

    Args:
        n: number of pictures that losses are taken on, and of layouts; 1 or more.
        model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder that keeps finished pictures; a run that was stopped goes on from there. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and held. judge: labels the pictures. Default: the program's own.

    Raises:
        BadRequest: n below 1, or the model has no experts. RunCancelled: it was stopped. EngineError: what the
        engine reported, or `work` is not writable.
    """
    if n < 1:
        raise BadRequest(f"The number of pictures is {n}.", hint="Ask for 1 picture or more.")
    began = time.monotonic()
    library = library or Library()
    facts = library.inspect(model)
    if not facts.experts:
        raise BadRequest(
            f'The model "{facts.name}" has no experts, so there is nothing to compare.',
            hint="Name with --model one whose folder has experts and whose wordbrush.json says which noise each owns.",
        )
    judge = judge or load_judge()
    device = str(pick_device(device))
    store = PictureStore((work or default_folder()) / f"experts-{fingerprint(facts.path, device, SIZE)}")
    table = load_noise(facts).table
    bins = losses.make_bins(table, facts.experts)
    # In denoiser calls: a loss is one without guidance, so half of one.
    loss_work, picture_work = len(bins) * losses.LEVELS_PER_BIN, facts.defaults.steps
    clock = Clock(n * loss_work + 2 * n * picture_work + 4 * GROUPS * picture_work, progress, cancel)

    pictures = _compare_pictures(n, model, facts, device, store=store, library=library, judge=judge, clock=clock)
    base, ours = losses.measure(
        n,
        bins,
        model=model,
        facts=facts,
        table=table,
        device=device,
        library=library,
        tick=lambda text: clock.tick(text, loss_work),
    )
    times = compare_steps(
        _requests(0, _layouts(1)[0], model, facts, device),
        guidance=facts.defaults.guidance,
        paint_weight=facts.defaults.paint_weight,
        library=library,
        tick=lambda text: clock.tick(text, 4 * picture_work),
    )
    return {
        "schema": 1,
        "rows": [
            {"expert": each.expert, "sigma": [each.low, each.high], **losses.compare(base[:, index], ours[:, index])}
            for index, each in enumerate(bins)
        ],
        "experts": _whole_rows(facts, bins, base, ours),
        "pictures": pictures,
        **times,
        "n": n,
        "n_world": n - n // 2,
        "n_free": n // 2,
        "model": model,
        "device": device,
        "sampler": facts.defaults.sampler,
        "steps": facts.defaults.steps,
        "guidance": facts.defaults.guidance,
        "paint_weight": facts.defaults.paint_weight,
        "work": str(store.folder),
        "seconds": time.monotonic() - began,
    }


def _whole_rows(facts: InstalledModel, bins: Sequence[Bin], base: np.ndarray, ours: np.ndarray) -> list[dict[str, Any]]:
    """Each expert over its whole interval, from low noise to high; nulls where the model has no such noise level."""
    rows = []
    for expert in sorted(facts.experts, key=lambda expert: expert.low):
        without = losses.whole_interval(base, bins, expert.name)
        with_it = losses.whole_interval(ours, bins, expert.name)
        if without is None or with_it is None:
            found: dict[str, Any] = dict.fromkeys(("base_loss", "expert_loss", "delta", "delta_ci"))
        else:
            found = losses.compare(without, with_it)
        high = None if math.isinf(expert.high) else expert.high
        rows.append({"expert": expert.name, "sigma": [expert.low, high], **found})
    return rows


def _layouts(n: int) -> list[Render]:
    """The world's and free ones in turns."""
    return [SETS[("world", "free")[index % 2]](_LAYOUT_SEEDS + index) for index in range(n)]


def _requests(index: int, layout: Render, model: str, facts: InstalledModel, device: str) -> dict[str, GenerateRequest]:
    """One picture by the base alone and by the ensemble; nothing else differs."""
    ours = lab_request(index, layout, model=model, device=device, defaults=facts.defaults)
    return {BASE: dataclasses.replace(ours, experts=()), ENSEMBLE: ours}


def _compare_pictures(
    n: int,
    model: str,
    facts: InstalledModel,
    device: str,
    *,
    store: PictureStore,
    library: Library,
    judge: Judge,
    clock: Clock,
) -> dict[str, Any]:
    layouts = _layouts(n)
    made: dict[str, list[Picture]] = {BASE: [], ENSEMBLE: []}
    for index, layout in enumerate(layouts):
        for name, request in _requests(index, layout, model, facts, device).items():
            key = f"{index:04d}-{name}"
            made[name].append(store.ensure(key, partial(make, request, library=library, cancel=clock.cancel)))
            clock.tick(f"layout {index + 1} of {n}: {name}", facts.defaults.steps)
    verdicts = {
        name: judge_labels(layouts, judge.predict(np.stack([picture.rgb for picture in pictures])))
        for name, pictures in made.items()
    }
    rows = {
        name: {
            "miou": verdict.miou,
            "miou_ci": verdict.miou_ci,
            "recall": verdict.recall,
            "recall_ci": verdict.recall_ci,
            "step_ms": float(np.median([picture.step_ms for picture in made[name]])),
        }
        for name, verdict in verdicts.items()
    }
    return {**rows, **_differences(verdicts[BASE], verdicts[ENSEMBLE])}


def _differences(base: Verdict, ours: Verdict) -> dict[str, Any]:
    """How much higher the ensemble's overlap and recall are, paired by layout."""
    return {
        "miou_delta": ours.miou - base.miou,
        "miou_delta_ci": list(bootstrap_interval(ours.overlaps - base.overlaps)),
        "recall_delta": ours.recall - base.recall,
        "recall_delta_ci": list(ratio_interval(ours.found - base.found, base.named)),
    }
