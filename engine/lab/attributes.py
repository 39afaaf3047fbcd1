"""The attributes lab: whether two things of one noun keep their colours where phrases have values of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from engine.errors import BadRequest
from engine.lab.attribute_binding import CHECKS, LAYOUT_SEEDS, able_nouns, is_right, same_noun_items, typical_colour
from engine.lab.color_stats import to_lab
from engine.lab.image_maker import RENDER_WORK
from engine.lab.image_store import make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.lab.step_timing import BASE, ENSEMBLE, GROUPS, compare_steps
from engine.models.library import Library
from engine.text.phrase_values import SHARE
from engine.world.objects import THINGS
from engine.world.pairs import NOUNS, pair_scene
from engine.world.scenes import NAMES, Render

WAYS: dict[str, float | None] = {"off": 0.0, "mean": None, "own": 1.0}
"""The values of a phrase's tokens: the prompt's, the paper's mean of all, or the phrase's alone; see `SHARE`."""

SMALLEST = 0.004
"""The share of the picture from which a connected patch of a noun counts as one of its things."""


def has_both(layout: Render, rgb: np.ndarray, labels: np.ndarray) -> bool:
    """Whether a picture shows the noun of an `engine.world.pairs` layout in both colours, wherever they are.

    Each connected patch of the noun, of `SMALLEST` and more, is a thing of the colour of all that the noun comes in
    whose typical drawing is nearest to its mean, in CIELAB.

    Args:
        rgb: uint8 `[H, W, 3]`. labels: the judge's, `[H, W]`.
    """
    pair = same_noun_items(layout)
    noun = pair[0].name
    patches, count = ndimage.label(labels == NAMES.index(noun))
    colours = list(THINGS[noun].colours)
    typical = np.stack([typical_colour(noun, colour) for colour in colours])
    seen = set()
    for number in range(1, count + 1):
        patch = patches == number
        if patch.mean() >= SMALLEST:
            mean = to_lab(rgb[patch]).mean(axis=0)
            seen.add(colours[int(np.linalg.norm(typical - mean, axis=1).argmin())])
    return {str(item.colour) for item in pair} <= seen


_TESTS: dict[bool, Callable[[Render, np.ndarray, np.ndarray], bool]] = {False: has_both, True: is_right}
"""How a picture is judged, by whether its words were painted."""


def row(way: str, painted: bool, right: Sequence[bool], off: Sequence[bool], ceiling: float) -> dict[str, Any]:
    """One way: the share that is right, and by how much that is more than without (`gain`, paired), with intervals."""
    found = np.asarray(right, np.float64)
    gain = found - np.asarray(off, np.float64)
    return {
        "set": "painted" if painted else "unpainted",
        "way": way,
        "right": float(found.mean()),
        "right_ci": list(bootstrap_interval(found)),
        "gain": float(gain.mean()),
        "gain_ci": list(bootstrap_interval(gain)),
        "ceiling": ceiling,
    }


def run(
    *,
    n: int = 100,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Compare the ways of `WAYS` on two things of a noun in two colours; returns `wordbrush lab attributes`' JSON.

    `n` scenes of `engine.world.pairs` are made in each way from one noise each, with their words painted and without
    paint. Painted, a picture is right where each thing is in its place in its colour (`attribute_binding.is_right`);
    unpainted where it shows both colours anywhere (`has_both`), as the prompt says nothing of places. `step_ratio` is
    the time of a painted step with "own" against one without.

    Args:
        n: number of scenes, 1 or more. work: folder where finished pictures are cached, so that a stopped run goes on.
        progress, cancel, library, judge: as other labs have them.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written. UnsupportedModel: the model cannot keep attributes together.
    """
    if n < 1:
        raise BadRequest(f"The number of scenes is {n}.", hint="Ask for 1 scene or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("attributes", facts, device=device, work=work, judge=judge)
    clock = Clock(2 * n * len(WAYS) + RENDER_WORK * len(NOUNS) * CHECKS + GROUPS, progress, cancel)
    nouns = able_nouns(setup.judge)
    clock.tick("testing the judge on pairs", RENDER_WORK * len(NOUNS) * CHECKS)
    layouts = [pair_scene(LAYOUT_SEEDS + index, nouns=nouns) for index in range(n)]
    asked = partial(lab_request, model=model, device=setup.device, defaults=facts.defaults)
    right: dict[tuple[str, bool], list[bool]] = {(way, painted): [] for painted in (False, True) for way in WAYS}
    for index, layout in enumerate(layouts):
        for way, painted in right:
            request = asked(index, layout, painted=painted, structured=way != "off")
            before = SHARE.set(WAYS[way])
            try:
                picture = setup.store.ensure(
                    f"{index:04d}-{way}-{'painted' if painted else 'unpainted'}",
                    partial(make, request, library=library, cancel=clock.cancel),
                )
            finally:
                SHARE.reset(before)
            labels = setup.judge.predict(picture.rgb[None])[0]
            right[way, painted].append(_TESTS[painted](layout, picture.rgb, labels))
            clock.tick(f"scene {index + 1} of {n}: {way}", 1.0)
    drawn = [(layout, layout.rgb, setup.judge.predict(layout.rgb[None])[0]) for layout in layouts]
    ceilings = {painted: float(np.mean([test(*each) for each in drawn])) for painted, test in _TESTS.items()}
    return {
        "schema": 1,
        "rows": [
            row(way, painted, found, right["off", painted], ceilings[painted])
            for (way, painted), found in right.items()
        ],
        **compare_steps(
            {BASE: asked(0, layouts[0]), ENSEMBLE: asked(0, layouts[0], structured=True)},
            guidance=facts.defaults.guidance,
            paint_weight=facts.defaults.paint_weight,
            library=library,
            tick=lambda text: clock.tick(text, 1.0),
        ),
        "nouns": list(nouns),
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }
