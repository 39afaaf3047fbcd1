"""The taste lab: does a mood of liked pictures lead new ones to that look, against none, and does paint still hold?"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.color_stats import Scale, statistics
from engine.lab.image_store import Picture, make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge, compare
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.lab.style import LOOKS, make_scale
from engine.models.library import Library
from engine.protocol import StyleReference
from engine.taste.encoders import encoder_of
from engine.taste.making import make_mood
from engine.taste.mood import write_mood
from engine.world.looks import LIGHTS, MEDIA, Look
from engine.world.scenes import HELD_OUT, Render

NONE = "none"
PULLED, PULL = "pulled", 3.0
CONDITIONS: dict[str, float | None] = {NONE: None, "half": 0.5, "mood": 1.0, "away": -1.0, "one": None, PULLED: 0.0}
"""The mood's weight in each; `one` takes the first of the liked pictures as a style instead, and `pulled` leads each
step to the mood by CLIP guidance of `PULL` alone."""

LIKED, USUAL, UNSEEN = 5, 10, 3
"""Pictures that are liked; in other looks, those that are usual; and in the liked look, those to compare with."""

_LAYOUTS, _PICTURES = HELD_OUT + 15_000_000, HELD_OUT + 15_500_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """Somebody likes one of the withheld looks; a layout is generated.

    Attributes:
        look: medium and light. layout: held out, drawn in the plain look. liked, usual: uint8 `[SIZE, SIZE, 3]` each,
            all of different scenes, the usual ones in looks that were trained on.
    """

    look: tuple[str, str]
    layout: Render
    liked: tuple[np.ndarray, ...]
    usual: tuple[np.ndarray, ...]


def drawn(look: tuple[str, str], seed: int) -> np.ndarray:
    """A scene of the world's in a look."""
    return SETS["world"](seed).in_look(Look(*look, seed), 0)


def case(index: int) -> Case:
    """Case `index`; the withheld looks take turns."""
    look, seed = LOOKS[index % len(LOOKS)], _PICTURES + 100 * index
    known = [(medium, light) for medium in MEDIA for light in LIGHTS if (medium, light) not in LOOKS]
    picks = np.random.default_rng(seed).choice(len(known), USUAL, replace=False)
    return Case(
        look=look,
        layout=SETS[("world", "free")[index // len(LOOKS) % 2]](_LAYOUTS + index),
        liked=tuple(drawn(look, seed + number) for number in range(LIKED)),
        usual=tuple(drawn(known[pick], seed + LIKED + number) for number, pick in enumerate(picks)),
    )


def unseen() -> dict[tuple[str, str], list[np.ndarray]]:
    """The statistics of pictures in each withheld look, of scenes that no case likes."""
    return {
        look: [statistics(drawn(look, _PICTURES - 1 - UNSEEN * turn - number)) for number in range(UNSEEN)]
        for turn, look in enumerate(LOOKS)
    }


def distances(rgb: np.ndarray, looks: dict[tuple[str, str], list[np.ndarray]], scale: Scale) -> dict[Any, float]:
    """How far a picture is from each look: the mean over that look's unseen pictures, see `Scale.distances`."""
    own = statistics(rgb)
    return {look: float(np.mean([scale.distances(own, each)[0] for each in of])) for look, of in looks.items()}


def row(
    condition: str,
    cases: Sequence[Case],
    pictures: Sequence[Picture],
    looks: dict[tuple[str, str], list[np.ndarray]],
    scale: Scale,
    judge: Judge,
) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """One condition: its distance to the liked look, how often that is the nearest of the withheld looks, and whether
    paint still holds; also the distances and the layouts' mIoU, `[n]` each, for pairs."""
    found = [distances(made.rgb, looks, scale) for made in pictures]
    far = np.array([each[case.look] for each, case in zip(found, cases, strict=True)])
    nearest = np.array([min(each, key=each.__getitem__) == case.look for each, case in zip(found, cases, strict=True)])
    verdict = compare([each.layout for each in cases], judge.predict(np.stack([made.rgb for made in pictures])))
    result = {
        "condition": condition,
        "weight": CONDITIONS.get(condition),
        "distance": float(far.mean()),
        "distance_ci": list(bootstrap_interval(far)),
        "nearest": float(nearest.mean()),
        "nearest_ci": list(bootstrap_interval(nearest.astype(float))),
        "miou": verdict.miou,
        "miou_ci": list(verdict.miou_ci),
    }
    return result, far, verdict.overlaps


def run(
    n: int = 18,
    model: str = "starter",
    device: str = "auto",
    *,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure what a mood does; returns the JSON object of `wordbrush lab taste`, of schema 1.

    In each of `n` cases five pictures in one withheld look are liked, and ten in other looks are the usual ones. A
    layout with its true areas painted is generated without a mood, with it at 0.5, 1 and -1, with one of the liked
    pictures as a style, and led to the mood by CLIP guidance alone. `distance` is from three further pictures in the
    liked look, by statistics of colour and texture; `nearest` is how often the liked look is the nearest of the six
    withheld ones (by chance 1/6); `real` has both for the layouts as the world itself draws them in the liked look.
    `change` and `miou_change` are against no mood, in pairs of one layout and noise.

    Args:
        n: number of layouts, 1 or more; the withheld looks take turns. model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        progress: `progress(text, fraction)`. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        UnsupportedModel and others: the model takes no moods. RunCancelled: `cancel` was set. BadRequest: n below 1.
        EngineError: the engine's error, or `work` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    encoder_of(facts, library)
    setup = prepare("taste", facts, LIKED, USUAL, device=device, work=work, judge=judge)
    clock = Clock(len(CONDITIONS) * n + 1.0, progress, cancel)
    scale, looks = make_scale(), unseen()
    clock.tick("measuring the looks", 1.0)
    cases = [case(index) for index in range(n)]
    pictures: dict[str, list[Picture]] = {condition: [] for condition in CONDITIONS}
    for index, each in enumerate(cases):
        mood = make_mood(f"{index:04d}", each.liked, each.usual, model=model, library=library, device=setup.device)
        file = write_mood(mood, setup.store.folder)
        for condition, weight in CONDITIONS.items():
            given: dict[str, Any] = {} if weight is None else {"mood": str(file), "mood_weight": weight}
            styles = (StyleReference(rgb=each.liked[0]),) if condition == "one" else ()
            if condition == PULLED:
                given["clip_guidance"] = PULL
            request = lab_request(
                index, each.layout, model=model, device=setup.device, defaults=facts.defaults, styles=styles, **given
            )
            work_of = partial(make, request, library=library, cancel=clock.cancel)
            pictures[condition].append(setup.store.ensure(f"{index:04d}-{condition}", work_of))
            clock.tick(f"layout {index + 1} of {n}, {' '.join(each.look)}: {condition}", 1.0)
    real = [Picture(rgb=each.layout.in_look(Look(*each.look, _LAYOUTS), 1), step_ms=0.0) for each in cases]
    best, *_ = row("real", cases, real, looks, scale, setup.judge)
    found = {name: row(name, cases, pictures[name], looks, scale, setup.judge) for name in CONDITIONS}
    rows = []
    for result, far, overlaps in found.values():
        nearer, kept = far - found[NONE][1], overlaps - found[NONE][2]
        result |= {"change": float(nearer.mean()), "change_ci": list(bootstrap_interval(nearer))}
        result |= {"miou_change": float(kept.mean()), "miou_change_ci": list(bootstrap_interval(kept))}
        rows.append(result)
    return {
        "schema": 1,
        "rows": rows,
        "chance": 1 / len(LOOKS),
        "real": {name: best[name] for name in ("distance", "distance_ci", "nearest", "nearest_ci")},
        "n": n,
        "model": model,
        **setup.sampling(),
        "paint_weight": facts.defaults.paint_weight,
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
