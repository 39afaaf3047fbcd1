"""The layout lab: does a painted word come out where it was painted, and what does that cost in looks?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.families import Defaults
from engine.lab.judging import Judge, compare, load_judge
from engine.lab.metrics import kernel_distance, standardised
from engine.lab.pictures import Picture, PictureStore, default_folder, fingerprint, make
from engine.lab.runs import Clock, Progress
from engine.laws import LAWS, find_law
from engine.protocol import GenerateRequest, PaintedWord
from engine.shelf import Shelf
from engine.weights import pick_device
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene

SIZE = 256
WEIGHT_FACTORS = (0.5, 1.0, 2.0, 4.0)
"""The painted rows, as multiples of the model's own paint weight."""

MOST_WEIGHT = 10.0
"""The engine takes no paint weight above this."""

SETS: dict[str, Callable[[int], Render]] = {"world": render_scene, "free": free_scene}

_LAYOUT_SEEDS = HELD_OUT + 1_000_000
_REAL_SEEDS = HELD_OUT + 2_000_000
_REALS_PER_LAYOUT = 4
_FEWEST_REALS = 8
_AT_ONCE = 16


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One row of the result: a law at a paint weight; `default` marks the model's own weight."""

    law: str
    paint_weight: float
    default: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Reals:
    """What the judge says of real renders: features `[n, D]`, and the share of their pixels it labels right."""

    features: np.ndarray
    accuracy: float


def settings(default_weight: float, laws: Sequence[str], paint_weights: Sequence[float] | None) -> list[Setting]:
    """The rows of a run: no paint, then every law at every weight.

    Raises:
        BadRequest: the engine has no such law.
    """
    weights = paint_weights or [min(factor * default_weight, MOST_WEIGHT) for factor in WEIGHT_FACTORS]
    rows = [Setting(law="none", paint_weight=0.0)]
    for law in dict.fromkeys(laws):
        if find_law(law) is not LAWS["none"]:
            rows += [Setting(law=law, paint_weight=w, default=w == default_weight) for w in sorted(set(weights))]
    return rows


def measure(
    name: str, setting: Setting, layouts: Sequence[Render], pictures: Sequence[Picture], judge: Judge, reals: Reals
) -> dict[str, Any]:
    """The measures of one setting over the layouts of one set: one of the result's rows.

    See `engine.lab.judging.Verdict` for mIoU and recall. KID takes the judge's features in units of their spread over
    real renders: as they come, a few large ones drown out the rest.
    """
    rgb = np.stack([picture.rgb for picture in pictures])
    features, verdict = judge.features(rgb), compare(layouts, judge.predict(rgb))
    return {
        "set": name,
        "law": setting.law,
        "paint_weight": setting.paint_weight,
        "default": setting.default,
        "miou": verdict.miou,
        "miou_ci": verdict.miou_ci,
        "kid": kernel_distance(*(standardised(each, reals.features) for each in (features, reals.features))),
        "recall": verdict.recall,
        "step_ms": float(np.median([picture.step_ms for picture in pictures])),
    }


def look_at_reals(draw: Callable[[int], Render], count: int, judge: Judge, tick: Callable[[int], None]) -> Reals:
    """Show the judge `count` renders of other seeds than the layouts'; `tick(n)` is called after each n of them."""
    features, right = [], 0.0
    for start in range(0, count, _AT_ONCE):
        renders = [draw(_REAL_SEEDS + i) for i in range(start, min(start + _AT_ONCE, count))]
        rgb = np.stack([render.rgb for render in renders])
        features.append(judge.features(rgb))
        right += sum(np.mean(p == r.labels) for p, r in zip(judge.predict(rgb), renders, strict=True))
        tick(len(renders))
    return Reals(features=np.concatenate(features), accuracy=float(right / count))


def painted_words(layout: Render, index: int) -> tuple[PaintedWord, ...]:
    """All words of a layout, painted where it has them; `index` tells the lab's layouts apart."""
    return tuple(
        PaintedWord(span=span, mask=mask, revision=(layout.caption, span, index)) for _, span, mask in layout.words()
    )


def _request(
    index: int, layout: Render, setting: Setting, model: str, device: str, defaults: Defaults
) -> GenerateRequest:
    painted = setting.law != "none"
    return GenerateRequest(
        id=f"lab-{index}",
        prompt=layout.caption,
        width=SIZE,
        height=SIZE,
        steps=defaults.steps,
        sampler=defaults.sampler,
        paint_weight=setting.paint_weight,
        law=setting.law,
        # The rows of a layout share its noise, so that they differ by the paint alone.
        seed=index,
        model=model,
        device=device,
        words=painted_words(layout, index) if painted else (),
        previews=False,
    )


def _pictures(
    name: str,
    layouts: Sequence[Render],
    rows: Sequence[Setting],
    store: PictureStore,
    make_one: Callable[[int, Render, Setting], Picture],
    clock: Clock,
) -> dict[Setting, list[Picture]]:
    # Row after row of one layout, so that what else the machine does falls on all rows alike.
    pictures: dict[Setting, list[Picture]] = {setting: [] for setting in rows}
    for index, layout in enumerate(layouts):
        for setting in rows:
            key = f"{name}-{index:04d}-{setting.law}-{setting.paint_weight:g}"
            picture = store.get(key)
            if picture is None:
                picture = make_one(index, layout, setting)
                store.put(key, picture)
            pictures[setting].append(picture)
            clock.tick(f"{name} layout {index + 1} of {len(layouts)}: {setting.law} {setting.paint_weight:g}", 1.0)
    return pictures


def _against_unpainted(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    bare = {row["set"]: row for row in rows if row["law"] == "none"}
    for one in rows:
        none = bare[one["set"]]
        yield one | {
            "miou_over_none": one["miou"] / none["miou"] if none["miou"] else None,
            "kid_over_none": one["kid"] / none["kid"] if one["kid"] is not None and none["kid"] > 0 else None,
        }


def run(
    *,
    n: int = 64,
    model: str = "starter",
    laws: Sequence[str] = ("default",),
    paint_weights: Sequence[float] | None = None,
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    shelf: Shelf | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure how a model obeys paint; the result is the JSON object of `wordbrush lab layout` (schema 1).

    `n` layouts of the world and `n // 2` free ones (any name anywhere), none of them ever trained on, are generated
    with the model's own sampler, steps and guidance: without paint, and with their true areas painted at each weight.

    Args:
        n: number of world layouts, 1 or more.
        model: a name on the shelf, or a path.
        laws: names of `engine.laws.LAWS`, besides "none", which always runs.
        paint_weights: the painted rows; by default `WEIGHT_FACTORS` times the model's own paint weight.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder that keeps finished pictures; a run that was stopped goes on from there. Default: the user's cache.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        shelf: where models are found and held. judge: labels the pictures. Default: the program's own.

    Raises:
        RunCancelled: it was stopped. BadRequest: n below 1, or no such law. EngineError: what the engine reported, or
        `work` is not writable.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    began = time.monotonic()
    shelf, judge = shelf or Shelf(), judge or load_judge()
    facts = shelf.inspect(model)
    defaults = facts.defaults
    device = str(pick_device(device))
    rows = settings(defaults.paint_weight, laws, paint_weights)
    store = PictureStore((work or default_folder()) / f"layout-{fingerprint(facts.path, device, SIZE)}")
    counts = {"world": n, "free": n // 2}
    reals_counts = {name: max(_REALS_PER_LAYOUT * count, _FEWEST_REALS) for name, count in counts.items() if count}
    # A render costs about a tenth of a picture.
    clock = Clock(len(rows) * sum(counts.values()) + 0.1 * sum(reals_counts.values()), progress, cancel)

    def make_one(index: int, layout: Render, setting: Setting) -> Picture:
        return make(_request(index, layout, setting, model, device, defaults), shelf=shelf, cancel=clock.cancel)

    measured: list[dict[str, Any]] = []
    reals: dict[str, Reals] = {}
    real_kid: dict[str, float | None] = {}
    real_miou: dict[str, float] = {}
    for name, count in reals_counts.items():
        reals[name] = look_at_reals(
            SETS[name], count, judge, lambda done: clock.tick("the judge looks at renders", 0.1 * done)
        )
        layouts = [SETS[name](_LAYOUT_SEEDS + i) for i in range(counts[name])]
        true = [Picture(rgb=layout.rgb, step_ms=0.0) for layout in layouts]
        ceiling = measure(name, Setting(law="render", paint_weight=0.0), layouts, true, judge, reals[name])
        real_kid[name], real_miou[name] = ceiling["kid"], ceiling["miou"]
        pictures = _pictures(name, layouts, rows, store, make_one, clock)
        measured += [measure(name, setting, layouts, pictures[setting], judge, reals[name]) for setting in rows]
    seen = {name: len(reals[name].features) for name in reals}
    return {
        "schema": 1,
        "segmenter_accuracy": float(np.average([reals[name].accuracy for name in seen], weights=list(seen.values()))),
        "segmenter_accuracy_by_set": {name: reals[name].accuracy for name in seen},
        "n_world": counts["world"],
        "n_free": counts["free"],
        "n_real": seen,
        "kid_real": real_kid["world"],
        "kid_real_by_set": real_kid,
        "miou_real_by_set": real_miou,
        "model": model,
        "device": device,
        "sampler": defaults.sampler,
        "steps": defaults.steps,
        "guidance": defaults.guidance,
        "paint_weight": defaults.paint_weight,
        "rows": list(_against_unpainted(measured)),
        "pictures": str(store.folder),
        "seconds": time.monotonic() - began,
    }
