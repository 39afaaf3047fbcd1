"""The masks lab: how well words are found in pictures that no prompt made, with self-attention's help and without."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.progress import Clock, Progress, RunCancelled
from engine.lab.requests import SETS, SIZE
from engine.lab.setup import prepare
from engine.lab.statistics import bootstrap_interval
from engine.masking.asking import beside
from engine.masking.deciding import is_spread, masks_of, words_of
from engine.masking.looking import look
from engine.masking.sharpening import sharpened
from engine.models.library import Library
from engine.protocol import WordSearch
from engine.world.scenes import HELD_OUT, Render

CONDITIONS = (("caption", 0), ("caption", 1), ("caption", 2), ("word", 0), ("word", 1))
"""What the model reads, the picture's whole caption or one word of it alone, and how often maps are sharpened."""

_SEEDS = HELD_OUT + 13_000_000


def overlap(mask: np.ndarray, area: np.ndarray) -> float:
    """The intersection over union of a mask, uint8 `[H, W]`, from a half on, and a true area, bool `[H, W]`."""
    found = mask > 127
    return float((found & area).sum()) / max(1.0, float((found | area).sum()))


def _ious(scene: Render, numbers: Sequence[int], search: WordSearch, times: Sequence[int], **rest: Any) -> np.ndarray:
    """The IoU of some of a scene's items, `[times, items]`, of one look at it."""
    seen = look(search, **rest)
    maps = words_of(seen.maps, seen.grid)
    maps = maps[[n for n in range(len(maps)) if n < len(numbers) or not is_spread(maps[n])]]
    rows = []
    for count in times:
        assert seen.looks is not None, "the starter shows what belongs together"
        masks = masks_of(sharpened(maps, seen.looks[0], count), scene.rgb, len(numbers))
        rows.append([overlap(mask, scene.items[n].area) for mask, n in zip(masks, numbers, strict=True)])
    return np.array(rows)


def _row(prompt: str, times: int, by_scene: Sequence[np.ndarray]) -> dict[str, Any]:
    means = np.array([each.mean() for each in by_scene])
    return {
        "prompt": prompt,
        "sharpened": times,
        "miou": float(means.mean()),
        "miou_ci": list(bootstrap_interval(means)),
        "above_half": float(np.mean(np.concatenate(by_scene) > 0.5)),
        "words": int(sum(map(len, by_scene))),
    }


def run(
    n: int = 48,
    model: str = "starter",
    device: str = "auto",
    *,
    work: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    library: Library | None = None,
) -> dict[str, Any]:
    """Find the words of `n` drawn scenes, which no model made; the JSON object of `wordbrush lab masks`, of schema 1.

    In each all words of the caption are found at once; and one, each scene another in turn, by itself alone.

    Args:
        n: number of scenes, 1 or more; they were never trained on. model: the starter, or one that knows its words.
        device: auto, cpu, cuda, cuda:N or mps. work: taken as other labs take it; nothing is kept there.
        progress: `progress(text, fraction)`, called after every scene. cancel: stops the run when it is set.
        library: where models are found and loaded; a new one by default.

    Returns:
        `rows`: for each of `CONDITIONS` the mean over scenes of their words' IoU, with its 95 % bootstrap interval over
        scenes, and the share of words above a half. `gains`: of sharpening once, paired by scene.

    Raises:
        RunCancelled: `cancel` was set. BadRequest: n below 1. EngineError: the engine's error.
    """
    if n < 1:
        raise BadRequest(f"The number of scenes is {n}.", hint="Ask for 1 scene or more.")
    library = library or Library()
    facts = library.inspect(model)
    setup = prepare("masks", facts, device=device, work=work, judge=None)
    clock = Clock(n, progress, cancel)

    def check() -> None:
        if clock.cancel.is_set():
            raise RunCancelled

    found: dict[tuple[str, int], list[np.ndarray]] = {condition: [] for condition in CONDITIONS}
    for index in range(n):
        scene = SETS["world"](_SEEDS + index)
        numbers = list(range(len(scene.items)))
        one = index % len(numbers)
        phrase = scene.items[one].phrase
        for prompt, wanted, search in (
            ("caption", numbers, _search(scene, scene.caption, scene.spans, model, setup.device, index)),
            ("word", [one], _search(scene, phrase, [(0, len(phrase))], model, setup.device, index)),
        ):
            times = [count for read, count in CONDITIONS if read == prompt]
            ious = _ious(scene, wanted, search, times, library=library, check=check)
            for count, row in zip(times, ious, strict=True):
                found[prompt, count].append(row)
        clock.tick(f"scene {index + 1} of {n}", 1.0)
    gains = []
    for prompt in ("caption", "word"):
        after, before = (np.array([each.mean() for each in found[prompt, count]]) for count in (1, 0))
        gain = after - before
        gains.append({"prompt": prompt, "gain": float(gain.mean()), "gain_ci": list(bootstrap_interval(gain))})
    return {
        "schema": 1,
        "rows": [_row(*condition, by_scene) for condition, by_scene in found.items()],
        "gains": gains,
        "noise": list(WordSearch(rgb=np.zeros((SIZE, SIZE, 3), np.uint8), prompt="", words=()).noise),
        "n": n,
        "model": model,
        "device": setup.device,
        "seconds": setup.seconds(),
    }


def _search(
    scene: Render, prompt: str, words: Sequence[tuple[int, int]], model: str, device: str, seed: int
) -> WordSearch:
    return WordSearch(
        rgb=scene.rgb, prompt=prompt, words=tuple(words), beside=beside(prompt, words), seed=seed, model=model,
        device=device,
    )  # fmt: skip
