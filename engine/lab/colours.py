"""The colours lab: how near a picture stays to the colours that are painted under its words."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.models.library import Library
from engine.protocol import ColourPaint
from engine.world.scenes import HELD_OUT, Render

STRENGTHS = (0.0, 0.3, 0.5, 0.8)
"""How much of the colours is kept; 0 is without them."""

_SEEDS = HELD_OUT + 9_500_000


def flat_colours(layout: Render, turn: int = 1) -> np.ndarray:
    """The painted words of a drawn scene in flat colours, straight RGBA uint8 `[size, size, 4]`.

    Each word has the mean colour of its area, its channels moved `turn` places, so that the prompt alone, which names
    the true colours, would not make it.
    """
    rgba = np.zeros((*layout.rgb.shape[:2], 4), np.uint8)
    for _phrase, _span, mask in layout.words():
        area = mask > 0
        if area.any():
            rgba[area] = (*np.roll(layout.rgb[area].mean(axis=0), turn).astype(np.uint8), 255)
    return rgba


def row(strength: float, colours: Sequence[np.ndarray], pictures: Sequence[Picture]) -> dict[str, Any]:
    """One strength: the mean error of the colours where they are painted, in levels of 255."""
    errors = np.array(
        [
            np.abs(made.rgb.astype(np.int64) - rgba[..., :3])[rgba[..., 3] > 0].mean()
            for rgba, made in zip(colours, pictures, strict=True)
        ]
    )
    return {"strength": strength, "distance": float(errors.mean()), "distance_ci": list(bootstrap_interval(errors))}


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
    """Measure pictures that begin from colours; returns the JSON object of `wordbrush lab colours`, of schema 1.

    `n` drawn scenes with their words painted are made at each of `STRENGTHS`, from one noise each.

    Args:
        n: number of scenes, 1 or more. model: a name in the library, or a path. device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: as other labs have it; nothing is labelled here.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written.
    """
    if n < 1:
        raise BadRequest(f"The number of scenes is {n}.", hint="Ask for 1 scene or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("colours", facts, device=device, work=work, judge=judge)
    clock = Clock(n * len(STRENGTHS), progress, cancel)
    layouts = [SETS["world"](_SEEDS + index) for index in range(n)]
    colours = [flat_colours(layout) for layout in layouts]
    made: dict[float, list[Picture]] = {strength: [] for strength in STRENGTHS}
    for index, (layout, rgba) in enumerate(zip(layouts, colours, strict=True)):
        for strength in STRENGTHS:
            request = lab_request(
                index,
                layout,
                model=model,
                device=setup.device,
                defaults=facts.defaults,
                colours=ColourPaint(rgba=rgba, strength=strength),
            )
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            made[strength].append(setup.store.ensure(f"{index:04d}-{strength:g}", work_of))
            clock.tick(f"scene {index + 1} of {n}: strength {strength:g}", 1.0)
    return {
        "schema": 1,
        "rows": [row(strength, colours, pictures) for strength, pictures in made.items()],
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
