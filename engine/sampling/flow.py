"""Rectified flows: the times s that a run visits, with x_s = (1 - s) x0 + s noise, and the shifts of flow matching."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_HIGHEST = 1 - 2.0**-17
"""The largest s that is turned into sigma = s / (1 - s), which is infinite at 1."""


def to_sigma(s: np.ndarray | float) -> np.ndarray:
    """Return the sigma of the variance-exploding x for s, 0..1."""
    held = np.minimum(np.asarray(s, dtype=np.float64), _HIGHEST)
    return held / (1 - held)


def shifted(config: Mapping[str, Any], s: np.ndarray, latent: tuple[int, int] | None = None) -> np.ndarray:
    """Return s shifted towards noise as a scheduler config says: by a fixed amount, or by more for larger pictures.

    Args:
        latent: (height, width) of the latent; with None a size-dependent shift is that of the smallest picture.
    """
    if config.get("use_dynamic_shifting"):
        return _dynamic(config, s, latent)
    shift = float(config.get("shift", config.get("flow_shift", 1.0)) or 1.0)
    return shift * s / (1 + (shift - 1) * s)


def _dynamic(config: Mapping[str, Any], s: np.ndarray, latent: tuple[int, int] | None) -> np.ndarray:
    fewest, most = float(config.get("base_image_seq_len", 256)), float(config.get("max_image_seq_len", 4096))
    low, high = float(config.get("base_shift", 0.5)), float(config.get("max_shift", 1.15))
    tokens = fewest if latent is None else (latent[0] // 2) * (latent[1] // 2)
    mu = low + (high - low) * (tokens - fewest) / (most - fewest)
    factor = mu if config.get("time_shift_type", "exponential") == "linear" else math.exp(mu)
    with np.errstate(divide="ignore"):
        return factor / (factor + (1 / s - 1))


def levels(config: Mapping[str, Any], count: int) -> np.ndarray:
    """Return the s that the model was trained on, ascending: `[count]`."""
    s = np.arange(1, count + 1, dtype=np.float64) / count
    return s if config.get("use_dynamic_shifting") else shifted(config, s)


def walk(config: Mapping[str, Any], count: int, steps: int, latent: tuple[int, int] | None) -> np.ndarray:
    """Return the s that `steps` steps visit, descending, spaced as in diffusers' scheduler of that kind.

    With `spaced_by_steps`, which is in no scheduler's own config, as the pipelines of transformers space them.
    """
    if config.get("use_flow_sigmas"):
        s = 1.0 - np.linspace(1.0, 1.0 / count, steps + 1)
        return shifted(config, s[:0:-1], latent)
    if config.get("spaced_by_steps"):
        return shifted(config, np.linspace(1.0, 1.0 / steps, steps), latent)
    ends = levels(config, count)
    # FlowMatchEulerDiscreteScheduler spaces the steps between ends that are shifted already, and shifts them again.
    return shifted(config, np.linspace(ends[-1], ends[0], steps), latent)
