"""The text window lab: during which steps the prompt determines the picture (eDiff-I, arXiv 2211.01324, section 3)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.image_store import Picture
from engine.lab.pages import plotting, text_window_page
from engine.lab.progress import Clock, Progress
from engine.lab.prompt_pairs import Pair, make_pairs
from engine.lab.prompt_switching import make_switched
from engine.lab.requests import lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import found, interval, ratio_samples
from engine.models.library import Library

FIRST, LAST = "first", "last"
SWAPS = (FIRST, LAST)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""The shares of steps for which the other prompt is used."""


def first_steps(swap: str, share: float, steps: int) -> tuple[str, int]:
    """Which prompt ("a" or "b") a run starts with, and for how many steps, if `share` of its steps are swapped.

    Runs that amount to the same, such as no step swapped at either end, get the same answer.
    """
    swapped = round(share * steps)
    first, count = ("b", swapped) if swap == FIRST else ("a", steps - swapped)
    if count == 0:
        return ("a" if first == "b" else "b"), steps
    return first, count


def row(swap: str, share: float, pairs: Sequence[Pair], labels: Sequence[np.ndarray] | np.ndarray) -> dict[str, Any]:
    """A row of the result: the share of the names of only one prompt that is found in label maps `[n, H, W]`.

    See `engine.lab.statistics.found`; intervals are 95 % bootstraps over the pairs, the same resamples for all rows.
    """
    result: dict[str, Any] = {"swap": swap, "share": share}
    for letter in ("a", "b"):
        hits, named = [], []
        for pair, seen in zip(pairs, labels, strict=True):
            layout, only = (pair.a, pair.only_a) if letter == "a" else (pair.b, pair.only_b)
            hits.append(np.count_nonzero(found(seen, layout.labels, only)))
            named.append(len(only))
        result[f"recall_{letter}"] = float(sum(hits) / sum(named))
        result[f"recall_{letter}_ci"] = interval(ratio_samples(np.array(hits), np.array(named)))
    return result


def crossing(rows: Sequence[dict[str, Any]], swap: str) -> float | None:
    """The share of swapped steps, 0..1, from which the picture follows the other prompt: where the two recalls cross.

    It is interpolated linearly between two rows; None if they do not cross.
    """
    lead = [(each["share"], each["recall_a"] - each["recall_b"]) for each in rows if each["swap"] == swap]
    for (left, before), (right, after) in pairwise(lead):
        if before > 0 >= after:
            return left + (right - left) * before / (before - after)
    return None


def run(
    *,
    n: int = 32,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    plots: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure when the prompt matters; returns the JSON object of `wordbrush lab text-window` (schema 1).

    For each pair of prompts A and B, pictures of A are generated whose first, or last, steps use B instead; all
    pictures of a pair start from the same noise. `recall_a` and `recall_b` are the shares of the names only in A, or
    only in B, that the judge finds. `crossing` is the swapped share from which the picture follows B rather than A.

    Args:
        n: number of pairs, 1 or more.
        model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder where finished pictures are cached, so that a stopped run can resume. Default: the user's cache.
        plots: folder for an HTML report with a plot and pictures. None for no report.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.
        judge: the recogniser that labels the pictures; by default the one that ships.

    Raises:
        BadRequest: n below 1, or `plots` is a file. PlotsUnavailable: `plots` is given but matplotlib is not installed.
        RunCancelled: `cancel` was set. EngineError: the engine's error, or `work` or `plots` cannot be written.
    """
    if n < 1:
        raise BadRequest(f"The number of pairs is {n}.", hint="Ask for 1 pair or more.")
    if plots is not None:
        plotting.check(plots)
    library = library or Library()
    facts = library.inspect(model)
    defaults = facts.defaults
    setup = prepare("text-window", facts, device=device, work=work, judge=judge)
    judge, device, store = setup.judge, setup.device, setup.store
    asked = {(swap, share): first_steps(swap, share, defaults.steps) for swap in SWAPS for share in SHARES}
    walks = list(dict.fromkeys(asked.values()))
    clock = Clock(n * len(walks), progress, cancel)
    pairs = make_pairs(n)
    pictures: dict[tuple[str, int], list[Picture]] = {walk: [] for walk in walks}
    for index, pair in enumerate(pairs):
        requests = {
            letter: lab_request(index, layout, model=model, device=device, defaults=defaults, painted=False)
            for letter, layout in (("a", pair.a), ("b", pair.b))
        }
        for first, steps in walks:
            make_one = partial(
                make_switched,
                requests[first],
                requests["b" if first == "a" else "a"],
                steps,
                guidance=defaults.guidance,
                paint_weight=0.0,
                library=library,
                cancel=clock.cancel,
            )
            pictures[first, steps].append(store.ensure(f"{index:04d}-{first}-{steps}", make_one))
            clock.tick(f"pair {index + 1} of {n}: {steps} steps of {first.upper()}", 1.0)
    labels = {walk: judge.predict(np.stack([each.rgb for each in made])) for walk, made in pictures.items()}
    rows = [row(swap, share, pairs, labels[walk]) for (swap, share), walk in asked.items()]
    result = {
        "schema": 1,
        "rows": rows,
        "crossing": {swap: crossing(rows, swap) for swap in SWAPS},
        "n": n,
        "model": model,
        **setup.sampling(),
        "work": str(store.folder),
        "seconds": setup.seconds(),
    }
    if plots is not None:
        text_window_page.write(plots, result, pairs, {each: pictures[walk] for each, walk in asked.items()})
        result["plots"] = str(plots)
    return result
