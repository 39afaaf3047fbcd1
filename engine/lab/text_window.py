"""The text window lab: in which steps the prompt decides the picture (eDiff-I, arXiv 2211.01324, section 3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.image_store import Picture, PictureStore, default_folder, fingerprint
from engine.lab.pages import plotting, text_window_page
from engine.lab.progress import Clock, Progress
from engine.lab.prompt_pairs import Pair, make_pairs
from engine.lab.prompt_switching import make_switched
from engine.lab.requests import SIZE, lab_request
from engine.lab.segmentation_eval import Judge, load_judge
from engine.lab.statistics import found, interval, ratio_samples
from engine.models.library import Library
from engine.weights.loading import pick_device

FIRST, LAST = "first", "last"
SWAPS = (FIRST, LAST)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Parts of the steps in which the other prompt is read."""


def first_steps(swap: str, share: float, steps: int) -> tuple[str, int]:
    """Which prompt ("a" or "b") the walk begins with, and for how many of its steps, where `share` of them is swapped.

    Of walks that come to the same, such as no step swapped at either end, the names are the same.
    """
    swapped = round(share * steps)
    first, count = ("b", swapped) if swap == FIRST else ("a", steps - swapped)
    if count == 0:
        return ("a" if first == "b" else "b"), steps
    return first, count


def row(swap: str, share: float, pairs: Sequence[Pair], labels: Sequence[np.ndarray] | np.ndarray) -> dict[str, Any]:
    """One of the result's rows: of the names that only one prompt has, the share found in label maps `[n, H, W]`.

    See `engine.lab.statistics.found`; intervals are 95 % bootstraps over the pairs, drawn alike for all rows.
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
    """The share of swapped steps from which the picture follows the other prompt: where the two recalls cross.

    Between two rows it is read off the straight line; None where they do not cross.
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
    """Measure when the text matters; the result is the JSON object of `wordbrush lab text-window` (schema 1).

    Of each pair of prompts A and B, a picture of A is made whose first, or last, steps read B instead; all of a pair
    begin with the same noise. `recall_a` and `recall_b` are the shares of the names that only A, or only B, has which
    the judge finds. `crossing` is from which swapped share on the picture follows B rather than A.

    Args:
        n: number of pairs, 1 or more.
        model: a name in the library, or a path.
        device: auto, cpu, cuda, cuda:N or mps.
        work: folder that keeps finished pictures; a run that was stopped goes on from there. Default: the user's cache.
        plots: folder for a page to read, with its plot and pictures.
        progress: `progress(text, fraction)`, called after every picture.
        cancel: stops the run when it is set.
        library: where models are found and held. judge: labels the pictures. Default: the program's own.

    Raises:
        BadRequest: n below 1, or `plots` is a file. PlotsUnavailable: plots are wanted but cannot be drawn here.
        RunCancelled: it was stopped. EngineError: what the engine reported, or `work` or `plots` is not writable.
    """
    if n < 1:
        raise BadRequest(f"The number of pairs is {n}.", hint="Ask for 1 pair or more.")
    if plots is not None:
        plotting.check(plots)
    began = time.monotonic()
    library = library or Library()
    facts = library.inspect(model)
    judge = judge or load_judge()
    device = str(pick_device(device))
    defaults = facts.defaults
    store = PictureStore((work or default_folder()) / f"text-window-{fingerprint(facts.path, device, SIZE)}")
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
        "device": device,
        "sampler": defaults.sampler,
        "steps": defaults.steps,
        "guidance": defaults.guidance,
        "work": str(store.folder),
        "seconds": time.monotonic() - began,
    }
    if plots is not None:
        text_window_page.write(plots, result, pairs, {each: pictures[walk] for each, walk in asked.items()})
        result["plots"] = str(plots)
    return result
