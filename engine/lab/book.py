"""The book lab: whether a page comes right: things and stuff where they were painted, two colours, and counts."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.facts import InstalledModel
from engine.lab.compositions import Composition, HeldOut, load
from engine.lab.image_store import make
from engine.lab.page_layouts import PAGE, PageLayout, the_page, three_of, two_of
from engine.lab.page_measures import (
    SIZES,
    counted_right,
    found_anywhere,
    named_right,
    page_right,
    stuff_overlap,
    things_of,
    two_right,
)
from engine.lab.progress import Clock, Progress
from engine.lab.segmentation_eval import load_recogniser
from engine.lab.setup import LabSetup, prepare
from engine.lab.statistics import bootstrap_interval, kernel_distance, ratio_interval, standardised
from engine.models.adapters import notes
from engine.models.library import Library
from engine.protocol import GenerateRequest, Lora, PaintedWord
from engine.scoring.recogniser import Recogniser

PAGES = 10
"""How often the page of the red house is made, each with another seed."""


def rows(pages: Sequence[Composition], seen: dict[str, list[np.ndarray]]) -> list[dict[str, Any]]:
    """For each set and size how many of the things are recognised, with 95 % intervals over the things.

    Args:
        seen: of each set's pictures, whether each part of the page was recognised, bool `[parts]`.
    """
    made = []
    for name, right in seen.items():
        for size in SIZES:
            hits = [bool(right[number][part]) for number, part, of_size in things_of(pages) if of_size == size]
            row: dict[str, Any] = {"set": name, "size": size, "things": len(hits), "recognised": None}
            row["recognised_ci"] = None
            if hits:
                row |= {"recognised": float(np.mean(hits)), "recognised_ci": list(bootstrap_interval(np.array(hits)))}
            made.append(row)
    return made


def few_ratio(pages: Sequence[Composition], few: list[np.ndarray], every: list[np.ndarray]) -> dict[str, Any]:
    """How many painted things are recognised in few steps, over how many in all steps, paired by page."""
    hits = np.zeros((2, len(pages)))
    for number, part, _ in things_of(pages):
        hits[:, number] += few[number][part], every[number][part]
    below = np.maximum(hits[1], 1e-9)
    return {"ratio": float(hits[0].sum() / below.sum()), "ratio_ci": list(ratio_interval(hits[0], below))}


def _few(library: Library, model: Path, fast: str) -> dict[str, Any]:
    """What of a request makes a picture in the model's few steps."""
    file = notes.find_adapter(fast, library.folders_of("loras", model))
    few = notes.read_lora(file).few_steps
    assert few is not None, "a model's own LoRA says how many steps"
    return {"steps": few.steps, "sampler": few.sampler, "guidance": few.guidance, "loras": (Lora(str(file), 1.0),)}


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pictures:
    """Makes a run's pictures, or takes them from its store."""

    setup: LabSetup
    facts: InstalledModel
    model: str
    library: Library
    clock: Clock

    def __call__(
        self, key: str, said: str, seed: int, prompt: str, words: tuple[PaintedWord, ...] = (), **fields: Any
    ) -> np.ndarray:
        """The picture of a prompt, uint8 `[PAGE, PAGE, 3]`; `fields` override the model's own settings."""
        defaults = self.facts.defaults
        asked: dict[str, Any] = {
            "id": f"lab-{key}", "prompt": prompt, "words": words, "width": PAGE, "height": PAGE, "seed": seed,
            "steps": defaults.steps, "sampler": defaults.sampler, "model": self.model, "device": self.setup.device,
            "previews": False,
        }  # fmt: skip
        request = GenerateRequest.of(**asked | fields)
        rgb = self.setup.store.ensure(key, partial(make, request, library=self.library, cancel=self.clock.cancel)).rgb
        self.clock.tick(said, 1.0)
        return rgb


def run(
    *,
    n: int = 40,
    model: str = "starter",
    device: str = "auto",
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
    judge: Recogniser | None = None,
    held_out: HeldOut | None = None,
) -> dict[str, Any]:
    """Measure what a page needs; returns the JSON object of `wordbrush lab book` (schema 1).

    `n` compositions that no training saw are made with all words painted and without paint, and painted in few steps
    where the model brings a LoRA for that; `n` pages have two things of a noun in two colours, `n` three of a noun,
    painted as three areas of one word; and the page of the red house is made `PAGES` times.

    Args:
        n: number of pages of each kind, 1 or more, at most as many as there are compositions. work: folder where
            finished pictures are cached, so that a stopped run goes on. judge, held_out: by default those that ship.
            progress, cancel, library: as other labs have them.

    Returns:
        `rows` of `rows`; `stuff_miou`, `caption_recall` (of the pages without paint, things and stuff), `two_of_a_noun`
        and `counting` as shares with intervals; `kid`, the kernel distance of the painted pictures to drawn
        compositions; `page`, how often all of the page of the red house came right, and how much of it on average;
        `few_steps`: `steps`, and what is recognised over what is recognised in all steps (`ratio`); None without a
        LoRA.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n is out of range. ModelNotFound: the judge or the compositions are
        not installed. EngineError: the engine's error, or `work` cannot be written.
    """
    held_out, judge = held_out or load(), judge or load_recogniser()
    if not 1 <= n <= len(held_out.compositions):
        raise BadRequest(
            f"The number of pages is {n}.", hint=f"Ask for 1 to {len(held_out.compositions)}, which is all there are."
        )
    library = library or Library()
    facts = library.inspect(model)
    few = None if facts.fast is None else _few(library, facts.path, facts.fast.lora)
    setup = prepare("book", facts, few, PAGE, device=device, work=work, judge=judge)
    clock = Clock(n * (4 + (few is not None)) + PAGES, progress, cancel)
    picture = _Pictures(setup=setup, facts=facts, model=model, library=library, clock=clock)
    pages = held_out.compositions[:n]

    ways: dict[str, dict[str, Any]] = {"painted": {}, "unpainted": {}} | ({} if few is None else {"few": few})
    seen: dict[str, list[np.ndarray]] = {way: [] for way in ways}
    features, overlaps, found = [], [], []
    for index, page in enumerate(pages):
        for way, fields in ways.items():
            words = () if way == "unpainted" else page.words(index, PAGE)
            said = f"page {index + 1} of {n}: {way}"
            rgb = picture(f"{index:04d}-{way}", said, index, page.caption, words, **fields)
            if way == "unpainted":
                there = found_anywhere(page, judge.predict(rgb[None])[0], judge)
                found.append(np.mean(list(there.values())))
                seen[way].append(np.array([there[part.name] for part in page.parts]))
                continue
            seen[way].append(named_right(page, rgb, judge))
            if way == "painted":
                features.append(judge.features(rgb[None])[0])
                overlaps.append(stuff_overlap(page, judge.predict(rgb[None])[0], judge))

    def made(kind: str, layout: PageLayout, number: int) -> np.ndarray:
        return picture(
            f"{number:04d}-{kind}", f"{kind}, page {number + 1}", number, layout.prompt, layout.words(number)
        )

    pairs, counted = [], []
    for index in range(n):
        two, three = two_of(index), three_of(index)
        pairs.append(two_right(two, made("two", two, index), judge))
        counted.append(counted_right(three, judge.predict(made("three", three, index)[None])[0], judge))
    whole = [page_right(the_page(), made("house", the_page(), seed), judge) for seed in range(PAGES)]

    stuff = np.array([each for each in overlaps if not np.isnan(each)])
    drawn = held_out.features
    near = kernel_distance(standardised(np.stack(features), drawn), standardised(drawn, drawn))
    return {
        "schema": 1,
        "nouns": [name for name in facts.names if any(name == part.name and part.thing for part in _parts(held_out))],
        "judge_accuracy": judge.accuracy,
        "n": n,
        "rows": rows(pages, {way: seen[way] for way in ("painted", "unpainted")}),
        **_share("stuff_miou", stuff),
        **_share("caption_recall", np.array(found)),
        **_share("two_of_a_noun", np.array(pairs)),
        **_share("counting", np.array(counted)),
        "kid": near,
        "page": {"all": sum(map(all, whole)), "of": PAGES, "right": float(np.mean(whole))},
        "few_steps": None if few is None else {"steps": few["steps"], **few_ratio(pages, seen["few"], seen["painted"])},
        "model": model,
        **setup.sampling(),
        "work": str(setup.store.folder),
        "seconds": setup.seconds(),
    }


def _share(name: str, values: np.ndarray) -> dict[str, Any]:
    return {name: float(values.mean()), f"{name}_ci": list(bootstrap_interval(values))}


def _parts(held_out: HeldOut) -> Any:
    return (part for page in held_out.compositions for part in page.parts)
