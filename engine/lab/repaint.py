"""The repaint lab: whether paint is obeyed where a picture is made anew, and what stays as it was."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from engine.errors import BadRequest
from engine.facts import Defaults
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval, found, ious
from engine.models.library import Library
from engine.protocol import GenerateRequest, PaintedWord, Refinement, StartPicture
from engine.world.objects import THINGS
from engine.world.scenes import HELD_OUT, NAMES, Item, Render

CONDITIONS = ("painted", "unpainted", "painted, area", "unpainted, area")
"""Whether the word is painted, and whether the model sees the picture or the area around the mask alone."""
REFINED = ("painted", "unpainted")
"""Whether the words of a picture that is refined to twice its size have their paint."""
STRENGTHS = (0.2, 0.4, 0.6, 0.8, 1.0)

_SEEDS = HELD_OUT + 9_000_000
_MARGIN, _CONTEXT = 12, 40
"""Pixels: of the mask around the thing's true area, and of the context around the mask."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A drawn scene, and a thing of another scene that is to be painted into it.

    Attributes:
        scene: what the run begins from; it has no thing of that name. thing: its name, phrase and area.
        mask: uint8 `[size, size]`, the thing's area with a margin: what is made anew.
    """

    scene: Render
    thing: Item
    mask: np.ndarray

    @property
    def prompt(self) -> str:
        """The scene's caption and the thing."""
        return f"{self.scene.caption} and a {self.thing.phrase}"


def case(index: int) -> Case:
    """Case `index`: things and scenes are of the world's, drawn from seeds that were never trained on."""
    for turn in count():
        scene, other = (SETS["world"](_SEEDS + 1000 * index + 2 * turn + which) for which in (0, 1))
        things = [item for item in other.items if item.name in THINGS and item.name not in scene.names]
        if things:
            area = Image.fromarray(np.where(things[0].area, 255, 0).astype(np.uint8))
            mask = np.array(area.filter(ImageFilter.MaxFilter(2 * _MARGIN + 1)))
            return Case(scene=scene, thing=things[0], mask=mask)
    raise AssertionError("scenes have things")


def _repaint_request(
    index: int, each: Case, condition: str, model: str, device: str, defaults: Defaults
) -> GenerateRequest:
    begins = len(each.prompt) - len(each.thing.phrase)
    area = np.where(each.thing.area, 255, 0).astype(np.uint8)
    words = (PaintedWord(span=(begins, len(each.prompt)), mask=area),)
    return lab_request(
        index,
        each.scene,
        model=model,
        device=device,
        defaults=defaults,
        prompt=each.prompt,
        words=words if condition.startswith("painted") else (),
        start=StartPicture(
            rgb=each.scene.rgb,
            strength=1.0,
            mask=each.mask,
            context=_CONTEXT if condition.endswith("area") else None,
        ),
    )


def repaint_row(condition: str, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """One condition: the thing's overlap (IoU) with its area, how often it is there at all, and how often every bit
    outside the mask is the scene's."""
    labels = judge.predict(np.stack([picture.rgb for picture in pictures]))
    overlaps, hits, same = [], [], []
    for each, picture, seen in zip(cases, pictures, labels, strict=True):
        kind = NAMES.index(each.thing.name)
        true = np.where(each.thing.area, kind, -1)
        overlaps.append(ious(seen.astype(np.int64), true, [kind])[0])
        hits.append(found(seen, true, [kind])[0])
        outside = each.mask == 0
        same.append(np.array_equal(picture.rgb[outside], each.scene.rgb[outside]))
    return {
        "condition": condition,
        "miou": float(np.mean(overlaps)),
        "miou_ci": list(bootstrap_interval(np.array(overlaps))),
        "recall": float(np.mean(hits)),
        "outside_same": float(np.mean(same)),
    }


def strength_row(strength: float, cases: Sequence[Case], pictures: Sequence[Picture], judge: Judge) -> dict[str, Any]:
    """One strength: how far the pictures are from the scenes, in levels of 255, and the share of labels that stay."""
    rgb = np.stack([picture.rgb for picture in pictures])
    scenes = np.stack([each.scene.rgb for each in cases])
    far = np.abs(rgb.astype(np.int64) - scenes).mean(axis=(1, 2, 3))
    kept = (judge.predict(rgb) == judge.predict(scenes)).mean(axis=(1, 2))
    return {
        "strength": strength,
        "distance": float(far.mean()),
        "distance_ci": list(bootstrap_interval(far)),
        "kept": float(kept.mean()),
        "kept_ci": list(bootstrap_interval(kept)),
    }


def refined_row(condition: str, cases: Sequence[Case], pictures: Sequence[np.ndarray], judge: Judge) -> dict[str, Any]:
    """One condition of a second pass: how what the captions name overlaps (IoU) with its areas in pictures reduced to
    the scenes' size, how often it is there at all, and the share of labels that stay."""
    labels, before = judge.predict(np.stack(pictures)), judge.predict(np.stack([each.scene.rgb for each in cases]))
    overlaps, hits = [], []
    for each, seen in zip(cases, labels, strict=True):
        kinds = [NAMES.index(name) for name in each.scene.names]
        true = each.scene.labels.astype(np.int64)
        overlaps.append(float(np.mean(ious(seen.astype(np.int64), true, kinds))))
        hits.append(float(np.mean(found(seen, true, kinds))))
    return {
        "condition": condition,
        "miou": float(np.mean(overlaps)),
        "miou_ci": list(bootstrap_interval(np.array(overlaps))),
        "recall": float(np.mean(hits)),
        "kept": float((labels == before).mean()),
    }


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
    """Measure work on pictures; returns the JSON object of `wordbrush lab repaint`, whose schema is 1.

    Into each of `n` drawn scenes a thing is painted at strength 1, in `CONDITIONS`. Then the scenes themselves, without
    paint, are where pictures of their captions begin, at each of `STRENGTHS`; and they are refined to twice their size,
    with and without the paint of their words.

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
    setup = prepare("repaint", facts, _MARGIN, _CONTEXT, device=device, work=work, judge=judge)
    store, defaults = setup.store, facts.defaults
    clock = Clock(n * (len(CONDITIONS) + len(STRENGTHS) + len(REFINED)), progress, cancel)
    cases = [case(index) for index in range(n)]
    repainted: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    refined: dict[str, list[np.ndarray]] = {"as they are": [each.scene.rgb for each in cases]}
    begun: dict[float, list[Picture]] = {strength: [] for strength in STRENGTHS}

    def picture(key: str, request: GenerateRequest, said: str) -> Picture:
        made = store.ensure(key, partial(make, request, library=library, cancel=clock.cancel))
        clock.tick(said, 1.0)
        return made

    for index, each in enumerate(cases):
        said = f"scene {index + 1} of {n}"
        for condition in CONDITIONS:
            request = _repaint_request(index, each, condition, model, setup.device, defaults)
            key = f"{index:04d}-{condition.replace(', ', '-')}"
            repainted[condition].append(picture(key, request, f"{said}: {condition}"))
        for strength in STRENGTHS:
            request = lab_request(
                index,
                each.scene,
                model=model,
                device=setup.device,
                defaults=defaults,
                painted=False,
                start=StartPicture(rgb=each.scene.rgb, strength=strength),
            )
            begun[strength].append(picture(f"{index:04d}-{strength:g}", request, f"{said}: strength {strength:g}"))
        for condition in REFINED:
            request = lab_request(
                index,
                each.scene,
                model=model,
                device=setup.device,
                defaults=defaults,
                painted=condition == "painted",
                start=StartPicture(rgb=each.scene.rgb, strength=0.0),
                refine=Refinement(scale=2),
            )
            made = picture(f"{index:04d}-refined-{condition}", request, f"{said}: refined, {condition}")
            small = Image.fromarray(made.rgb).resize(each.scene.rgb.shape[1::-1], Image.Resampling.BOX)
            refined.setdefault(condition, []).append(np.asarray(small))
    return {
        "schema": 1,
        "rows": [repaint_row(name, cases, made, setup.judge) for name, made in repainted.items()],
        "strengths": [strength_row(strength, cases, made, setup.judge) for strength, made in begun.items()],
        "refined": [refined_row(name, cases, made, setup.judge) for name, made in refined.items()],
        "n": n,
        "model": model,
        **setup.sampling(),
        "paint_weight": defaults.paint_weight,
        "work": str(store.folder),
        "seconds": setup.seconds(),
    }
