"""Finds the paint weight at which as much attention lies inside the paint as on the model all are compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from engine.models.calibration import MOST

TOLERANCE = 0.01
"""Share of attention within which a weight is good enough: less than a stroke's width changes."""
LEAST = 0.01
MOST_TRIES = 12


def find_weight(
    share: Callable[[float], float], target: float, *, unpainted: float, known: Mapping[float, float]
) -> tuple[float | None, float, str]:
    """Bisect the logarithm of the weight until the share inside the paint is the target's.

    The share grows with the weight: more bias inside, less left outside. `known` has weights that were measured
    already, and narrows where to begin.

    Returns:
        (the weight, the share reached, ""), or (None, the nearest share, why there is none).
    """
    if unpainted >= target - TOLERANCE:
        return None, unpainted, "as much lies inside without any paint"
    low, low_share = LEAST, unpainted
    high, high_share = MOST, math.inf
    for weight, found in known.items():
        if abs(found - target) <= TOLERANCE and weight > 0:
            return weight, found, ""
        if found < target and weight > low:
            low, low_share = weight, found
        if found > target and weight < high:
            high, high_share = weight, found
    if math.isinf(high_share):
        # Grow from the weight below: the bound itself is far away, and its share says little.
        while low < MOST:
            weight = min(MOST, low * 2.5)
            found = share(weight)
            if abs(found - target) <= TOLERANCE:
                return weight, found, ""
            if found > target:
                high, high_share = weight, found
                break
            if found < low_share - TOLERANCE:
                return None, low_share, "more paint brings less attention inside; this model does not follow paint"
            low, low_share = weight, found
        else:
            return None, low_share, f"not even the greatest paint weight ({MOST:g}) brings as much inside"
    best = (abs(low_share - target), low, low_share)
    for _ in range(MOST_TRIES):
        weight = math.sqrt(low * high)
        found = share(weight)
        best = min(best, (abs(found - target), weight, found))
        if abs(found - target) <= TOLERANCE:
            break
        if found < target:
            low = weight
        else:
            high = weight
    gap, weight, found = best
    if gap > 2 * TOLERANCE:
        return None, found, "the share inside jumps with the paint weight, and never meets the target"
    return round(weight, 4), found, ""
