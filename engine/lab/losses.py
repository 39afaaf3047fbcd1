"""The loss of a model's base and of its experts at each noise level, on held-out pictures and with the same noise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from engine.facts import InstalledModel, ManifestExpert
from engine.lab.denoiser_access import encode, errors, opened
from engine.lab.requests import SETS, SIZE, painted_words
from engine.lab.statistics import ratio_interval
from engine.models.library import Library
from engine.protocol import GenerateRequest, PaintedWord, StyleReference
from engine.world.looks import PLAIN, Look, trained_looks
from engine.world.scenes import HELD_OUT
from resources.limits import Steps, bounds

BINS = 8
LEVELS_PER_BIN = 4
"""How many noise levels are measured per picture and bin."""

_PICTURE_SEEDS = HELD_OUT + 3_000_000
_REFERENCE_SEEDS = HELD_OUT + 4_000_000
_LEAST_WIDTH = 0.4
"""The smallest width of a bin, relative to the others, when an expert's bound splits it."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A range of noise levels within one expert: `low <= sigma < high`, the timesteps `first <= t < last`."""

    expert: str
    low: float
    high: float
    first: int
    last: int


def make_bins(table: np.ndarray, experts: Sequence[ManifestExpert], count: int = BINS) -> list[Bin]:
    """Divide a model's noise levels into about `count` bins of equal ratio, low to high, each within one expert.

    Args:
        table: sigma at each timestep, rising. experts: together they cover 0 to infinity.
    """
    low, high = float(table[0]), float(table[-1])
    bounds = [expert.low for expert in experts if low < expert.low < high]
    width = np.log(high / low) / count
    even = [float(edge) for edge in np.geomspace(low, high, count + 1)[1:-1]]
    kept = [edge for edge in even if all(abs(np.log(edge / bound)) > _LEAST_WIDTH * width for bound in bounds)]
    edges = [low, *sorted([*kept, *bounds]), high]
    bins = []
    for index in range(len(edges) - 1):
        first = int(np.searchsorted(table, edges[index]))
        last = len(table) if index == len(edges) - 2 else int(np.searchsorted(table, edges[index + 1]))
        owner = next(expert.name for expert in experts if expert.low <= edges[index] < expert.high)
        if first < last:
            bins.append(Bin(expert=owner, low=edges[index], high=edges[index + 1], first=first, last=last))
    return bins


def draw_levels(bins: Sequence[Bin], pictures: int, *, seed: int = 0) -> np.ndarray:
    """Timesteps, int64 `[pictures, bins, LEVELS_PER_BIN]`, high to low; stratified over all pictures in each bin."""
    levels = np.zeros((pictures, len(bins), LEVELS_PER_BIN), np.int64)
    for index, each in enumerate(bins):
        rng = np.random.default_rng((seed, index))
        total = pictures * LEVELS_PER_BIN
        parts = (rng.permutation(total) + rng.random(total)) / total
        levels[:, index] = each.first + (parts * (each.last - each.first)).astype(np.int64).reshape(pictures, -1)
    return -np.sort(-levels, axis=2)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """A held-out picture and its conditioning.

    Attributes:
        rgb: uint8 `[SIZE, SIZE, 3]`. words: painted with their true areas; empty for every second picture.
        styles: a reference that shows another scene in the same look; empty for a plain picture.
    """

    rgb: np.ndarray
    caption: str
    words: tuple[PaintedWord, ...]
    styles: tuple[StyleReference, ...]


def show(index: int, *, styles: bool) -> Shown:
    """Picture `index`: every second one is painted, two of four are plain, and four of eight are free layouts.

    Args:
        styles: whether the model accepts style references; if not, all pictures are plain.
    """
    name = ("world", "free")[index // 4 % 2]
    render = SETS[name](_PICTURE_SEEDS + index)
    words = painted_words(render, index) if index % 2 else ()
    if not styles or index // 2 % 2 == 0:
        return Shown(rgb=render.in_look(PLAIN), caption=render.caption, words=words, styles=())
    looks = trained_looks()[1:]
    look = Look(*looks[np.random.default_rng(_PICTURE_SEEDS + index).integers(len(looks))], _PICTURE_SEEDS + index)
    other = SETS[name](_REFERENCE_SEEDS + index).in_look(look, 1)
    return Shown(rgb=render.in_look(look), caption=render.caption, words=words, styles=(StyleReference(rgb=other),))


def measure(
    pictures: int,
    bins: Sequence[Bin],
    *,
    model: str,
    facts: InstalledModel,
    table: np.ndarray,
    device: str,
    library: Library,
    tick: Callable[[str], None],
) -> tuple[np.ndarray, np.ndarray]:
    """The losses of the base alone and of the experts: float64 `[pictures, bins]` each.

    Both get the same pictures, words, references and noise, without guidance and with the model's own paint weight.

    Args:
        table: sigma at each timestep, as given to `make_bins`. tick: called with a message after each picture.
    """
    levels = draw_levels(bins, pictures)
    found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    for index in range(pictures):
        shown = show(index, styles=facts.takes_styles)
        # With as many steps as possible, the schedule reaches the interval of every expert, so that all are loaded.
        whole = GenerateRequest.of(
            id=f"lab-{index}",
            prompt=shown.caption,
            width=SIZE,
            height=SIZE,
            sampler="euler",
            steps=bounds(Steps)[1],
            model=model,
            device=device,
            words=shown.words,
            styles=shown.styles,
        )
        # From high noise to low, so that each expert is loaded once.
        times = levels[index, ::-1].ravel()
        for request, losses in zip((dataclasses.replace(whole, experts=()), whole), found, strict=True):
            with opened(request, library, guidance=1.0, paint_weight=facts.defaults.paint_weight) as (family, ensemble):
                clean = encode(family, shown.rgb)
                shape = (len(times), *clean.shape[1:])
                noise = torch.randn(shape, generator=torch.Generator().manual_seed(_PICTURE_SEEDS + index))
                sigmas = [float(table[time]) for time in times]
                each = errors(ensemble, clean, noise, sigmas, device=family.device)
            losses.append(each.reshape(len(bins), -1)[::-1].mean(axis=1))
        tick(f"losses of picture {index + 1} of {pictures}")
    base, ours = (np.stack(losses) for losses in found)
    return base, ours


def compare(base: np.ndarray, ours: np.ndarray) -> dict[str, Any]:
    """Compare paired losses `[pictures]`; `delta` is the relative change with experts, its interval over pictures."""
    low, high = ratio_interval(ours, base)
    return {
        "base_loss": float(base.mean()),
        "expert_loss": float(ours.mean()),
        "delta": float(ours.sum() / base.sum() - 1),
        "delta_ci": [low - 1, high - 1],
    }


def whole_interval(losses: np.ndarray, bins: Sequence[Bin], expert: str) -> np.ndarray | None:
    """The mean loss over an expert's timesteps: `[pictures, bins]` -> `[pictures]`; None if it has no timestep."""
    weights = np.array([each.last - each.first if each.expert == expert else 0 for each in bins], np.float64)
    return losses @ (weights / weights.sum()) if weights.any() else None
