"""Step times with a model's experts and with its base alone, measured alternately on the same machine."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.experts.ensemble import Ensemble
from engine.lab.denoiser_access import opened
from engine.lab.statistics import bootstrap_interval
from engine.models.library import Library
from engine.protocol import GenerateRequest

GROUPS = 12
"""How many groups of four runs are timed."""

BASE, ENSEMBLE = "base", "ensemble"


def compare_steps(
    requests: Mapping[str, GenerateRequest],
    *,
    guidance: float,
    paint_weight: float,
    library: Library,
    tick: Callable[[str], None],
) -> dict[str, Any]:
    """Time the steps of whole runs; `step_ratio` is the ensemble's step time divided by the base's.

    A group is four runs over all noise levels of the request, in a random order and its reverse (ABBA or BAAB). Each
    level counts with the shorter of its two times, and a run with the mean over its levels; `step_ratio` is the median
    over the groups, with its bootstrap interval. Only the denoiser is timed, with both halves of classifier-free
    guidance: not encoding the text, which happens once, nor loading the weights, which also happens once if there is
    memory for all of them.

    Args:
        requests: for `BASE` and `ENSEMBLE`: the same picture, with and without experts.
        tick: called with a message after each group.

    Returns:
        `step_ms` (for each, milliseconds, the median over the groups), `step_ratio`, and its 95 % `step_ratio_ci`.
    """
    order = random.Random(0)

    def walk(name: str) -> np.ndarray:
        with opened(requests[name], library, guidance=guidance, paint_weight=paint_weight) as (family, ensemble):
            shape = (
                1,
                family.channels,
                *family.latent_size(*requests[name].picture.size),
            )
            return _walk(ensemble, torch.randn(shape, generator=torch.Generator().manual_seed(0)), family.device)

    for name in requests:
        walk(name)
    times: dict[str, list[float]] = {name: [] for name in requests}
    for group in range(GROUPS):
        names = order.sample(list(requests), len(requests))
        runs: dict[str, list[np.ndarray]] = {name: [] for name in requests}
        for name in (*names, *reversed(names)):
            runs[name].append(walk(name))
        for name, pair in runs.items():
            times[name].append(float(np.minimum(*pair).mean()))
        tick(f"steps timed: {group + 1} of {GROUPS}")
    ratios = np.array(times[ENSEMBLE]) / np.array(times[BASE])
    return {
        "step_ms": {name: float(np.median(each)) for name, each in times.items()},
        "step_ratio": float(np.median(ratios)),
        "step_ratio_ci": list(bootstrap_interval(ratios, statistic=np.median)),
    }


def _walk(ensemble: Ensemble, noise: Tensor, device: torch.device) -> np.ndarray:
    """Milliseconds of each step, float64 `[steps]`."""
    found = []
    steps = len(ensemble.walk.timesteps)
    for index, sigma in enumerate(ensemble.walk.sigmas[:-1]):
        ensemble.activate(sigma, last=True)
        x = (noise * math.sqrt(1 + sigma**2)).to(device)
        _wait_for(device)
        began = time.perf_counter()
        ensemble.denoise(x, sigma, fraction=(index + 0.5) / steps)
        _wait_for(device)
        found.append((time.perf_counter() - began) * 1000)
    return np.array(found)


def _wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
