"""The book lab: whether a page comes right: things and stuff where they were painted, two colours, and counts."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

from engine.errors import BadRequest
from engine.lab.attribute_binding import CHECKS, LAYOUT_SEEDS, able_nouns, is_right
from engine.lab.image_maker import RENDER_WORK
from engine.lab.image_store import make
from engine.lab.progress import Clock, Progress
from engine.lab.requests import SIZE, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import prepare
from engine.lab.statistics import FOUND_PART, bootstrap_interval, found, ious, ratio_interval
from engine.models.adapters import notes
from engine.models.library import Library
from engine.protocol import Lora, PaintedWord
from engine.world.objects import SKY_THINGS, THINGS
from engine.world.pairs import NOUNS, pair_scene
from engine.world.scenes import HELD_OUT, NAMES, Item, Render, render_scene
from engine.world.small_things import small_scene
from engine.world.textures import STUFF

PAGE = 512
"""Width of a page in pixels, in which sizes are given; smaller pictures count as enlarged to it."""

SIZES = {"40-64": (40, 64), "64+": (64, PAGE + 1)}
"""Sizes of things by the longer side of what is seen of them, from the first number to below the second."""

COUNTED = {"balloon": "balloons", "kite": "kites", "house": "houses", "tent": "tents", "mushroom": "mushrooms"}
"""What is counted, and its plural."""

_SEEDS, _REAL_SEEDS = HELD_OUT + 18_000_000, HELD_OUT + 18_500_000
_CHECKED = 40
"""Drawn scenes by which the judge's own accuracy is measured."""


def scenes(first: int, count: int) -> list[Render]:
    """Scenes of the world from a seed on: every second one with small things."""
    return [(small_scene if index % 2 else render_scene)(first + index) for index in range(count)]


def size_of(area: np.ndarray) -> int:
    """The longer side of an area bool `[H, W]`, in pixels of a page."""
    sides = (np.ptp(np.flatnonzero(area.any(axis))) + 1 for axis in (0, 1))
    return round(max(sides) * PAGE / area.shape[1])


def is_named(item: Item, labels: np.ndarray) -> bool:
    """Whether the judge calls more of a thing's area by its name than by any other, of labels `[H, W]`."""
    return int(np.bincount(labels[item.area], minlength=len(NAMES)).argmax()) == NAMES.index(item.name)


def things_of(layouts: Sequence[Render]) -> Iterator[tuple[int, Item, str]]:
    """All things of the layouts that are in one of `SIZES`: the layout's number, the thing, and its size's name."""
    for number, layout in enumerate(layouts):
        for item in layout.items:
            if item.name in THINGS and item.area.any():
                for name, (low, high) in SIZES.items():
                    if low <= size_of(item.area) < high:
                        yield number, item, name


def rows(layouts: Sequence[Render], labels: dict[str, Sequence[np.ndarray]]) -> list[dict[str, Any]]:
    """For each set and size how many of the things are recognised, with 95 % intervals over the things.

    Args:
        labels: of each set's pictures, one per layout. Painted, a thing is recognised where it was painted
            (`is_named`); unpainted, anywhere (`engine.lab.statistics.found`).
    """
    made = []
    for name, seen in labels.items():
        for size in SIZES:
            hits = [
                is_named(item, seen[number])
                if name == "painted"
                else bool(found(seen[number], layouts[number].labels, [NAMES.index(item.name)])[0])
                for number, item, of_size in things_of(layouts)
                if of_size == size
            ]
            row: dict[str, Any] = {"set": name, "size": size, "things": len(hits), "recognised": None}
            row["recognised_ci"] = None
            if hits:
                row |= {"recognised": float(np.mean(hits)), "recognised_ci": list(bootstrap_interval(np.array(hits)))}
            made.append(row)
    return made


def stuff_overlaps(layouts: Sequence[Render], labels: Sequence[np.ndarray]) -> np.ndarray:
    """The mean overlap of each layout's stuff with where it was painted, 0..1: float64 `[n]`; every layout has some."""
    shares = []
    for layout, seen in zip(layouts, labels, strict=True):
        classes = [NAMES.index(name) for name in layout.names if name in STUFF]
        shares.append(ious(seen, layout.labels, classes).mean())
    return np.array(shares)


@dataclass(frozen=True, kw_only=True, eq=False)
class Three:
    """Three of a noun: the prompt, the span of its words, and three areas bool `[SIZE, SIZE]` that do not touch."""

    noun: str
    prompt: str
    span: tuple[int, int]
    areas: tuple[np.ndarray, ...]

    def words(self, index: int) -> tuple[PaintedWord, ...]:
        """The three areas as the paint of one word."""
        mask = np.where(np.any(self.areas, axis=0), 255, 0).astype(np.uint8)
        return (PaintedWord(span=self.span, mask=mask, revision=("three", index)),)


def three_of(seed: int, words: Collection[str]) -> Three:
    """Draw three areas for a noun of `COUNTED`, side by side: above the middle for things of the sky, else below.

    Args:
        words: those that the model has learnt. A noun whose plural is not among them stands alone in the prompt.
    """
    rng = np.random.default_rng((seed, 3))
    noun, ground = str(rng.choice(list(COUNTED))), str(rng.choice(["grass", "sand", "snow"]))
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    low, high = (0.3, 0.45) if noun in SKY_THINGS else (0.6, 0.75)
    aspect = THINGS[noun].aspect ** 0.5
    areas = []
    for place in range(3):
        centre = rng.uniform(low, high), (place + 0.5 + rng.uniform(-0.1, 0.1)) / 3
        areas.append(((y - centre[0]) / 0.11 * aspect) ** 2 + ((x - centre[1]) / 0.11 / aspect) ** 2 <= 1)
    said = f"three {COUNTED[noun]}" if COUNTED[noun] in words else noun
    return Three(noun=noun, prompt=f"{said} over {ground} under blue sky", span=(0, len(said)), areas=tuple(areas))


def counts_right(noun: str, areas: Sequence[np.ndarray], labels: np.ndarray) -> bool:
    """Whether labels `[H, W]` show as many connected patches of a noun as areas, one in each and none elsewhere.

    A patch counts from `FOUND_PART` of the smallest area on.
    """
    patches, count = ndimage.label(labels == NAMES.index(noun))
    least = FOUND_PART * min(np.count_nonzero(area) for area in areas)
    large = [number for number in range(1, count + 1) if np.count_nonzero(patches == number) >= least]
    inside = [[number for number in large if (area & (patches == number)).any()] for area in areas]
    return len(large) == len(areas) and sorted(each for found_in in inside for each in found_in) == large


def _few(library: Library, model: Path, fast: str) -> dict[str, Any]:
    """What of a request makes a picture in the model's few steps."""
    file = notes.find_adapter(fast, library.folders_of("loras", model))
    few = notes.read_lora(file).few_steps
    assert few is not None, "a model's own LoRA says how many steps"
    return {"steps": few.steps, "sampler": few.sampler, "guidance": few.guidance, "loras": (Lora(str(file), 1.0),)}


def run(
    *,
    n: int = 40,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Judge | None = None,
) -> dict[str, Any]:
    """Measure what a page needs; returns the JSON object of `wordbrush lab book` (schema 1).

    `n` layouts of the world that no training saw, half of them with small things, are made with all words painted and
    without paint, and painted in few steps where the model brings a LoRA for that; `n` have two things of a noun in two
    colours, and `n` three of a noun, painted as three areas of one word.

    Args:
        n: number of layouts of each kind, 1 or more. work: folder where finished pictures are cached, so that a stopped
            run goes on. progress, cancel, library, judge: as other labs have them.

    Returns:
        `rows` of `rows`; `stuff_miou`, `two_of_a_noun` and `counting` as shares with intervals; `judge_accuracy`, the
        share of things in drawn scenes that the judge recognises; `few_steps`: `steps`, and what is recognised over
        what is recognised in all steps (`ratio`), None without a LoRA.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error, or `work` cannot be
        written.
    """
    if n < 1:
        raise BadRequest(f"The number of layouts is {n}.", hint="Ask for 1 layout or more.")
    library = library or Library()
    facts = library.inspect(model)
    few = None if facts.fast is None else _few(library, facts.path, facts.fast.lora)
    setup = prepare("book", facts, few, device=device, work=work, judge=judge)
    clock = Clock(n * (4 + (few is not None)) + RENDER_WORK * (len(NOUNS) * CHECKS + _CHECKED), progress, cancel)
    asked = partial(lab_request, model=model, device=setup.device, defaults=facts.defaults)

    def labels_of(key: str, said: str, *request: Any, **fields: Any) -> tuple[np.ndarray, np.ndarray]:
        picture = setup.store.ensure(
            key, partial(make, asked(*request, **fields), library=library, cancel=clock.cancel)
        )
        clock.tick(said, 1.0)
        return picture.rgb, setup.judge.predict(picture.rgb[None])[0]

    drawn = scenes(_REAL_SEEDS, _CHECKED)
    own = [is_named(item, setup.judge.predict(drawn[at].rgb[None])[0]) for at, item, _ in things_of(drawn)]
    clock.tick("testing the judge", RENDER_WORK * _CHECKED)
    layouts = scenes(_SEEDS, n)
    ways: dict[str, dict[str, Any]] = {"painted": {}, "unpainted": {"painted": False}}
    ways |= {} if few is None else {"few": few}
    seen: dict[str, list[np.ndarray]] = {way: [] for way in ways}
    for index, layout in enumerate(layouts):
        for way, fields in ways.items():
            said = f"layout {index + 1} of {n}: {way}"
            seen[way].append(labels_of(f"{index:04d}-{way}", said, index, layout, **fields)[1])
    nouns = able_nouns(setup.judge)
    clock.tick("testing the judge on pairs", RENDER_WORK * len(NOUNS) * CHECKS)
    pairs, counted = [], []
    for index in range(n):
        pair = pair_scene(LAYOUT_SEEDS + index, nouns=nouns)
        pairs.append(is_right(pair, *labels_of(f"{index:04d}-pair", f"pair {index + 1} of {n}", index, pair)))
        three = three_of(_SEEDS + index, facts.words)
        fields = {"prompt": three.prompt, "words": three.words(index)}
        said = f"three of a noun, {index + 1} of {n}"
        labels = labels_of(f"{index:04d}-three", said, index, layouts[index], **fields)[1]
        counted.append(counts_right(three.noun, three.areas, labels))
    stuff = stuff_overlaps(layouts, seen["painted"])
    return {
        "schema": 1,
        "nouns": [name for name in facts.names if name in THINGS],
        "judge_accuracy": float(np.mean(own)),
        "n": n,
        "rows": rows(layouts, {name: seen[name] for name in ("painted", "unpainted")}),
        "stuff_miou": float(stuff.mean()),
        "stuff_miou_ci": list(bootstrap_interval(stuff)),
        "two_of_a_noun": float(np.mean(pairs)),
        "two_of_a_noun_ci": list(bootstrap_interval(np.array(pairs))),
        "counting": float(np.mean(counted)),
        "counting_ci": list(bootstrap_interval(np.array(counted))),
        "few_steps": None if few is None else {"steps": few["steps"], **few_ratio(layouts, seen)},
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }


def few_ratio(layouts: Sequence[Render], seen: dict[str, list[np.ndarray]]) -> dict[str, Any]:
    """How many painted things are recognised in few steps, over how many in all steps, paired by layout."""
    hits = {way: np.zeros(len(layouts)) for way in ("few", "painted")}
    for number, item, _ in things_of(layouts):
        for way, sums in hits.items():
            sums[number] += is_named(item, seen[way][number])
    below = np.maximum(hits["painted"], 1e-9)
    return {"ratio": float(hits["few"].sum() / below.sum()), "ratio_ci": list(ratio_interval(hits["few"], below))}
