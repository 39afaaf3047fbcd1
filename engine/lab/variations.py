"""Variations of a picture, from noise and from its own picture tokens: what they keep of content, look and places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from engine.facts import InstalledModel
from engine.lab.color_stats import Scale, statistics
from engine.lab.image_store import make
from engine.lab.progress import Clock
from engine.lab.requests import SETS, lab_request
from engine.lab.segmentation_eval import Judge
from engine.lab.setup import LabSetup
from engine.lab.statistics import bootstrap_interval
from engine.models.library import Library
from engine.protocol import StartPicture, StyleReference
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, NAMES

WAYS = ("another seed", "noise", "tokens")
"""The prompt alone with another seed; started from the picture at the usual strength; the picture as its own tokens."""
STRENGTH = 0.6
WEIGHT = 1.0
_SEEDS, _OTHER_SEED = HELD_OUT + 17_000_000, 5000
_LOOKS = tuple(sorted(WITHHELD))


def kept(one: np.ndarray, other: np.ndarray, looks: Sequence[np.ndarray], judge: Judge, scale: Scale) -> np.ndarray:
    """How far two pictures, uint8 `[SIZE, SIZE, 3]`, are apart: float64 `[3]`, content, look and places.

    Content is half the sum of how much the shares of all names differ, 0 (the same) .. 1; look is the distance of
    `looks`, their statistics, in spreads; places is the share of pixels where another name is seen, 0..1.
    """
    labels = judge.predict(np.stack([one, other]))
    shares = [np.bincount(each.ravel(), minlength=len(NAMES)) / each.size for each in labels]
    content = float(np.abs(shares[0] - shares[1]).sum() / 2)
    return np.array([content, scale.distances(*looks)[0], float((labels[0] != labels[1]).mean())])


def row(way: str, apart: np.ndarray, without: np.ndarray) -> dict[str, Any]:
    """One way's means of `kept`, `[n, 3]`, and how much less each is than with another seed alone, in pairs."""
    result: dict[str, Any] = {"way": way, "n": len(apart)}
    for column, name in enumerate(("content", "look", "places")):
        gain = without[:, column] - apart[:, column]
        result[name] = float(apart[:, column].mean())
        result[f"{name}_ci"] = list(bootstrap_interval(apart[:, column]))
        result[f"{name}_gain"] = float(gain.mean())
        result[f"{name}_gain_ci"] = list(bootstrap_interval(gain))
    return result


def measure(
    n: int,
    facts: InstalledModel,
    setup: LabSetup,
    scale: Scale,
    *,
    model: str,
    library: Library,
    clock: Clock,
) -> list[dict[str, Any]]:
    """Vary `n` pictures in each of `WAYS`, from one new noise each; the rows of `row`.

    The pictures are held-out scenes that the model makes itself in withheld looks, from a reference, and their prompts
    are their captions without paint: a variation has neither, so that what it keeps it has from the picture.
    """
    apart: dict[str, list[np.ndarray]] = {way: [] for way in WAYS}
    for index in range(n):
        scene = SETS["world"](_SEEDS + index)
        look = Look(*_LOOKS[index % len(_LOOKS)], _SEEDS + index)
        request = lab_request(index, scene, model=model, device=setup.device, defaults=facts.defaults)
        asked = request.replace(styles=(StyleReference(rgb=scene.in_look(look)),))
        source = setup.store.ensure(
            f"v{index:04d}-source", partial(make, asked, library=library, cancel=clock.cancel)
        ).rgb
        clock.tick(f"picture {index + 1} of {n}: made", 1.0)
        again = request.replace(words=(), seed=index + _OTHER_SEED)
        ways = {
            "another seed": again,
            "noise": again.replace(start=StartPicture(rgb=source, strength=STRENGTH)),
            "tokens": again.replace(styles=(StyleReference(rgb=source, strength=WEIGHT),)),
        }
        for way in WAYS:
            work = partial(make, ways[way], library=library, cancel=clock.cancel)
            made = setup.store.ensure(f"v{index:04d}-{way}", work).rgb
            apart[way].append(kept(source, made, [statistics(each) for each in (source, made)], setup.judge, scale))
            clock.tick(f"picture {index + 1} of {n}: {way}", 1.0)
    rows = {way: np.stack(each) for way, each in apart.items()}
    return [row(way, each, rows["another seed"]) for way, each in rows.items()]
