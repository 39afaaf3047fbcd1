"""Rectified flows: the times s that they visit and pass on, x_s = (1 - s) x0 + s noise, with flow matching's shifts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_HIGHEST = 1 - 2.0**-17
"""Largest s that is turned into sigma = s / (1 - s), which is infinite at 1."""


def to_sigma(s: np.ndarray | float) -> np.ndarray:
    """sigma of the variance-exploding x for s, 0..1."""
    held = np.minimum(np.asarray(s, dtype=np.float64), _HIGHEST)
    return held / (1 - held)


def shifted(config: Mapping[str, Any], s: np.ndarray, latent: tuple[int, int] | None = None) -> np.ndarray:
    """s moved towards noise as a scheduler config says: by a fixed shift, or by one that grows with the picture.

    Args:
        latent: (height, width) of the latent; None takes the smallest picture's shift where that grows.
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
    """The s that the model was trained on, from low to high: `[count]`."""
    s = np.arange(1, count + 1, dtype=np.float64) / count
    return s if config.get("use_dynamic_shifting") else shifted(config, s)


def walk(config: Mapping[str, Any], count: int, steps: int, latent: tuple[int, int] | None) -> np.ndarray:
    """The s that so many steps visit, from high to low, as diffusers' scheduler of that kind spaces them."""
    if config.get("use_flow_sigmas"):
        s = 1.0 - np.linspace(1.0, 1.0 / count, steps + 1)
        return shifted(config, s[:0:-1], latent)
    ends = levels(config, count)
    # As flow matching's own scheduler does it, what is shifted already at its ends is shifted again.
    return shifted(config, np.linspace(ends[-1], ends[0], steps), latent)
