"""The caption lab: what is told of a picture, and whether a picture made of that has its words in the same places."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.describing.drawn import describe
from engine.errors import BadRequest
from engine.lab.image_store import make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, ratio_interval
from engine.models.library import Library
from engine.protocol import Description, PaintedWord
from engine.world.scenes import HELD_OUT, NAMES, Render

_SEEDS = HELD_OUT + 15_000_000
UNPAINTED_EVERY = 4
"""Without the paint every so many scenes are enough to see what it is for."""
SAME_PLACE = 0.5
"""From which overlap (IoU) on a word is in the same place again."""


def told_row(scenes: Sequence[Render], told: Sequence[Description]) -> dict[str, Any]:
    """How the names of descriptions fit those of the scenes' captions: recall and precision over all names, with 95 %
    bootstrap intervals over scenes, and the mean IoU of the true names' places."""
    right, wanted, said, overlaps = [], [], [], []
    for scene, description in zip(scenes, told, strict=True):
        names = {word.name: word.mask > 127 for word in description.words}
        right.append(len(set(names) & set(scene.names)))
        wanted.append(len(scene.names))
        said.append(len(names))
        places = {name: scene.labels == NAMES.index(name) for name in scene.names}
        overlaps.append(np.mean([_iou(names[name], true) if name in names else 0.0 for name, true in places.items()]))
    hits = np.array(right)
    return {
        "recall": float(hits.sum() / sum(wanted)),
        "recall_ci": list(ratio_interval(hits, np.array(wanted))),
        "precision": float(hits.sum() / max(1, sum(said))),
        "precision_ci": list(ratio_interval(hits, np.maximum(np.array(said), 1))),
        "miou": float(np.mean(overlaps)),
        "miou_ci": list(bootstrap_interval(np.array(overlaps))),
    }


def again_row(condition: str, told: Sequence[Description], labels: Sequence[np.ndarray]) -> dict[str, Any]:
    """How many of the told words are in the same place in pictures made from them, `SAME_PLACE` and more of them."""
    same, said, overlaps = [], [], []
    for description, seen in zip(told, labels, strict=True):
        ious = [_iou(seen == NAMES.index(word.name), word.mask > 127) for word in description.words]
        same.append(sum(iou >= SAME_PLACE for iou in ious))
        said.append(max(1, len(ious)))
        overlaps.append(float(np.mean(ious)) if ious else 0.0)
    return {
        "condition": condition,
        "n": len(labels),
        "same": float(sum(same) / sum(said)),
        "same_ci": list(ratio_interval(np.array(same), np.array(said))),
        "miou": float(np.mean(overlaps)),
        "miou_ci": list(bootstrap_interval(np.array(overlaps))),
    }


def run(
    n: int = 40,
    model: str = "starter",
    device: str = "auto",
    *,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Describe `n` drawn scenes, and make pictures of what was told; the JSON object of `wordbrush lab caption`.

    Args:
        n: number of scenes, 1 or more; they were never trained on. model: a model that knows names, or its path.
        device: auto, cpu, cuda, cuda:N or mps. work: folder where finished pictures are cached. Default: the user's.
        progress: `progress(text, fraction)`, called after every picture. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default. judge: labels the pictures that are made.

    Returns:
        of schema 1: `told` (recall and precision of names, and their places) and `rows`: the words in the same place in
        pictures made from the description, with its paint and without.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. UnsupportedModel: the model knows no names. EngineError:
        the engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of scenes is {n}.", hint="Ask for 1 scene or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("caption", facts, device=device, work=work, judge=judge)
    clock = Clock(n + len(range(0, n, UNPAINTED_EVERY)), progress, cancel)
    scenes = [SETS["world"](_SEEDS + index) for index in range(n)]
    told = [describe(scene.rgb, known=facts.names) for scene in scenes]
    pictures: dict[str, list[np.ndarray]] = {"painted": [], "unpainted": []}
    for index, (scene, description) in enumerate(zip(scenes, told, strict=True)):
        words = tuple(PaintedWord(span=word.span, mask=word.mask) for word in description.words)
        for condition, kept in pictures.items():
            if condition == "unpainted" and index % UNPAINTED_EVERY:
                continue
            request = lab_request(
                index, scene, model=model, device=setup.device, defaults=facts.defaults,
                prompt=description.caption or scene.caption, words=words if condition == "painted" else (),
            )  # fmt: skip
            key = f"{index:04d}-{condition}"
            kept.append(setup.store.ensure(key, partial(make, request, library=library, cancel=clock.cancel)).rgb)
            clock.tick(f"scene {index + 1} of {n}: {condition}", 1.0)
    labels = {condition: list(setup.judge.predict(np.stack(kept))) for condition, kept in pictures.items()}
    return {
        "schema": 1,
        "told": told_row(scenes, told),
        "rows": [
            again_row("painted", told, labels["painted"]),
            again_row("unpainted", told[::UNPAINTED_EVERY], labels["unpainted"]),
        ],
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }


def _iou(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum()) / max(1.0, float((one | other).sum()))
