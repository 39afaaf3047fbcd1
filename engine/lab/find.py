"""The find lab: how fast an index of pictures is searched, and whether what is found shows what was asked for."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SETS
from engine.lab.segmentation_eval import Judge
from engine.lab.statistics import bootstrap_interval
from engine.models.library import Library
from engine.retrieval import index as indexes
from engine.retrieval.finder import best
from engine.retrieval.index import Entry, Index
from engine.retrieval.naming import Names
from engine.retrieval.spaces import choose
from engine.weights.loading import pick_device
from engine.world.looks import LIGHTS, MEDIA, Look
from engine.world.scenes import HELD_OUT, NAMES, Render

SIZES = ((1_000, 768), (10_000, 768), (100_000, 768))
"""Pictures and numbers of a vector of the indexes that are timed; 768 are those of CLIP's ViT-L."""
QUERIES = 60
NEAREST = 10
SHOWS = 0.02
"""The share of a picture that a name must cover for the picture to show it."""

_SEEDS = HELD_OUT + 12_000_000


def timed(pictures: int, width: int, folder: Path, *, queries: int = QUERIES) -> dict[str, Any]:
    """Time an index of random unit vectors: a row of the result.

    `query_cpu_ms` is the median of the processor's time for a whole query: the product with all vectors, the words of
    the names, and the best `NEAREST`; `query_ms` is the clock's, which is longer where other programs run, and
    `query_ms_worst` the clock's of the slowest but one of twenty. `open_ms` is reading the file and the first query.
    """
    rng = np.random.default_rng(0)
    names = [f"holiday {number % 50}/picture {number}.jpg" for number in range(pictures)]
    table = indexes.units(rng.standard_normal((pictures, width), np.float32)).astype(np.float16)
    made = Index("lab", width, {name: Entry(1, 1) for name in names}, {n: row for row, n in enumerate(names)}, table)
    file = folder / f"{pictures}.pictures"
    made.save(file)
    began = time.perf_counter()
    found = indexes.read(file, space="lab", width=width)
    texts = Names(found.names)
    best(found.scores(rng.standard_normal(width)) + texts.named("holiday picture"), NEAREST)
    opened = time.perf_counter() - began
    took, worked = [], []
    for number in range(queries):
        query = rng.standard_normal(width).astype(np.float32)
        began, start = time.perf_counter(), time.thread_time()
        best(found.scores(query) + texts.named(f"a house of {number}"), NEAREST)
        took.append(time.perf_counter() - began)
        worked.append(time.thread_time() - start)
    row = {
        "pictures": pictures,
        "width": width,
        "query_cpu_ms": float(np.median(worked) * 1000),
        "query_ms": float(np.median(took) * 1000),
        "query_ms_worst": float(np.quantile(took, 0.95) * 1000),
        "open_ms": opened * 1000,
        "disk_mb": file.stat().st_size / 1e6,
        "memory_mb": (found.vectors.size * 4 + found.vectors.nbytes) / 1e6,
    }
    file.unlink()
    return row


def scene(number: int) -> tuple[Render, np.ndarray]:
    """A held-out render, and its picture uint8 `[256, 256, 3]`: every second one in a look of its own."""
    layout = SETS[("world", "free")[number % 2]](_SEEDS + number)
    if number % 4 < 2:
        return layout, layout.rgb
    rng = np.random.default_rng((_SEEDS, number))
    look = Look(str(rng.choice(list(MEDIA))), str(rng.choice(list(LIGHTS))), _SEEDS + number)
    return layout, layout.in_look(look)


def shown(layouts: Sequence[Render]) -> np.ndarray:
    """Which names each render shows: bool `[n, names]`."""
    counts = [np.bincount(each.labels.ravel(), minlength=len(NAMES)) / each.labels.size for each in layouts]
    return np.array(counts) >= SHOWS


def by_word(scores: np.ndarray, shows: np.ndarray, name: int) -> tuple[float, float]:
    """Of the nearest to a name, the share that shows it, and the share of all that does; scores `[n]`."""
    most = min(NEAREST, int(shows[:, name].sum()))
    return float(shows[best(scores, most), name].mean()), float(shows[:, name].mean())


def by_picture(scores: np.ndarray, shows: np.ndarray, own: int) -> tuple[float, float]:
    """Of the nearest to a picture, the mean share of its names that they show, and that which all others show."""
    others = np.delete(np.arange(len(shows)), own)
    names = np.flatnonzero(shows[own])
    near = others[best(scores[others], NEAREST)]
    return float(shows[np.ix_(near, names)].mean()), float(shows[np.ix_(others, names)].mean())


def run(
    *,
    n: int = 200,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure the search for pictures; returns the JSON object of `wordbrush lab find`, of schema 1.

    Its `rows` are the searches, by words and by pictures, among `n` held-out renders: `recall`, the share of the ten
    nearest that show the same noun, `chance`, that of all pictures, and `times`, their ratio, each with its interval
    over the queries. `sizes` are indexes of random vectors, timed.

    Args:
        n: number of pictures, 20 or more. model: whose space it is. device: auto, cpu, cuda, cuda:N or mps.
        work: a folder for indexes that are timed; by default a temporary one.
        progress: `progress(text, fraction)`. cancel: stops the run when it is set.
        library: where models are found. judge: as other labs have it; nothing is labelled here.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 20. EngineError: the encoder's.
    """
    if n < 20:
        raise BadRequest(f"The number of pictures is {n}.", hint="Ask for 20 pictures or more.")
    from engine.retrieval.readers import open_reader

    began = time.monotonic()
    clock = Clock(n + len(SIZES), progress, cancel)
    space = choose(model, library or Library())
    chosen = str(pick_device(device))
    reader = open_reader(space, pick_device(device))
    layouts, vectors, spent = [], [], 0.0
    for number in range(n):
        layout, rgb = scene(number)
        start = time.perf_counter()
        vectors.append(reader.pictures([rgb])[0])
        spent += time.perf_counter() - start
        layouts.append(layout)
        clock.tick(f"picture {number + 1} of {n}", 1.0)
    table, shows = indexes.units(np.stack(vectors)), shown(layouts)
    rows = []
    words = [(reader.text(name), index) for index, name in enumerate(NAMES) if shows[:, index].any()]
    if all(vector is not None for vector, _ in words):
        rows.append(_row("word", [by_word(table @ indexes.unit(v), shows, index) for v, index in words]))  # type: ignore[arg-type]
    rows.append(_row("picture", [by_picture(table @ table[own], shows, own) for own in range(n)]))
    with tempfile.TemporaryDirectory() as temporary:
        sizes = []
        for pictures, width in SIZES:
            sizes.append(timed(pictures, width, work or Path(temporary)))
            clock.tick(f"an index of {pictures}", 1.0)
    return {
        "schema": 1,
        "rows": rows,
        "sizes": sizes,
        "n": n,
        "nearest": NEAREST,
        "model": model,
        "encoder": space.name,
        "words_by": space.words,
        "picture_ms": spent / n * 1000,
        "device": chosen,
        "seconds": time.monotonic() - began,
    }


def _row(kind: str, pairs: Sequence[tuple[float, float]]) -> dict[str, Any]:
    found, chance = np.array(pairs, np.float64).T
    return {
        "search": kind,
        "queries": len(pairs),
        "recall": float(found.mean()),
        "recall_ci": list(bootstrap_interval(found)),
        "chance": float(chance.mean()),
        "lift": float(found.mean() / chance.mean()) if chance.any() else None,
    }
