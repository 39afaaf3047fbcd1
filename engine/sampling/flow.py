"""Rectified flows: the times s that a run visits, with x_s = (1 - s) x0 + s noise, and the shifts of flow matching."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_MOST_FITTED = 4300
"""Above this number of cells Flux.2's shift does not depend on the number of steps."""

_HIGHEST = 1 - 2.0**-17
"""The largest s that is turned into sigma = s / (1 - s), which is infinite at 1."""


_UNIPC_BELOW = 1e-6
"""So much below 1 UniPC begins."""


def to_sigma(s: np.ndarray | float) -> np.ndarray:
    """Return the sigma of the variance-exploding x for s, 0..1."""
    held = np.minimum(np.asarray(s, dtype=np.float64), _HIGHEST)
    return held / (1 - held)


def shifted(
    config: Mapping[str, Any], s: np.ndarray, latent: tuple[int, int] | None = None, steps: int = 50
) -> np.ndarray:
    """Return s shifted towards noise as a scheduler config says: by a fixed amount, or by more for larger pictures.

    Args:
        latent: (height, width) of the latent; with None a size-dependent shift is that of the smallest picture.
        steps: number of steps of the run, on which the shift of some models depends too.
    """
    if config.get("use_dynamic_shifting"):
        return _dynamic(config, s, latent, steps)
    shift = float(config.get("shift", config.get("flow_shift", 1.0)) or 1.0)
    return shift * s / (1 + (shift - 1) * s)


def _dynamic(config: Mapping[str, Any], s: np.ndarray, latent: tuple[int, int] | None, steps: int) -> np.ndarray:
    fewest, most = float(config.get("base_image_seq_len", 256)), float(config.get("max_image_seq_len", 4096))
    low, high = float(config.get("base_shift", 0.5)), float(config.get("max_shift", 1.15))
    side = int(config.get("patch", 2))
    tokens = fewest if latent is None else (latent[0] // side) * (latent[1] // side)
    if config.get("shift_by_steps"):
        mu = _fitted(tokens, steps)
    else:
        mu = float(config.get("mu", low + (high - low) * (tokens - fewest) / (most - fewest)))
    factor = mu if config.get("time_shift_type", "exponential") == "linear" else math.exp(mu)
    with np.errstate(divide="ignore"):
        return factor / (factor + (1 / s - 1))


def _fitted(tokens: float, steps: int) -> float:
    """Return Flux.2's mu: lines fitted by its makers to the number of cells, at 10 and at 200 steps, and in between."""
    many = 0.00016927 * tokens + 0.45666666
    if tokens > _MOST_FITTED:
        return many
    few = 8.73809524e-05 * tokens + 1.89833333
    return few + (many - few) * (steps - 10) / 190


def levels(config: Mapping[str, Any], count: int) -> np.ndarray:
    """Return the s that the model was trained on, ascending: `[count]`."""
    s = np.arange(1, count + 1, dtype=np.float64) / count
    return s if config.get("use_dynamic_shifting") else shifted(config, s)


def walk(config: Mapping[str, Any], count: int, steps: int, latent: tuple[int, int] | None) -> np.ndarray:
    """Return the s that `steps` steps visit, descending, spaced as in diffusers' scheduler of that kind.

    Pipelines of transformers space them in their own way, which the config may describe with keys that no scheduler's
    own config has: `spaced_by_steps`; `sample_sigmas` (levels for exactly that many steps, before any shift); `mu` (one
    shift for all sizes); `shift_by_steps` (Flux.2's shift); `patch` (latent pixels along a side of a cell).
    """
    if config.get("use_flow_sigmas") and config.get("_class_name") == "UniPCMultistepScheduler":
        s = shifted(config, np.linspace(1.0, 1.0 / count, steps + 1)[:-1], latent)
        s[0] -= _UNIPC_BELOW if abs(s[0] - 1) < _UNIPC_BELOW else 0.0
        return s
    if config.get("use_flow_sigmas"):
        s = 1.0 - np.linspace(1.0, 1.0 / count, steps + 1)
        return shifted(config, s[:0:-1], latent)
    if config.get("spaced_by_steps"):
        s = np.linspace(1.0, 1.0 / steps, steps)
        given = config.get("sample_sigmas")
        if given and len(given) == steps:
            s = np.asarray(given, dtype=np.float64)
        return _stretched(config, shifted(config, s, latent, steps))
    ends = levels(config, count)
    # FlowMatchEulerDiscreteScheduler spaces the steps between ends that are shifted already, and shifts them again.
    return _stretched(config, shifted(config, np.linspace(ends[-1], ends[0], steps), latent, steps))


def _stretched(config: Mapping[str, Any], s: np.ndarray) -> np.ndarray:
    """Return s stretched so that its last value is the config's `shift_terminal`, where it has one."""
    last = config.get("shift_terminal")
    if not last or s[-1] >= 1:
        return s
    return 1 - (1 - s) * (1 - float(last)) / (1 - s[-1])
