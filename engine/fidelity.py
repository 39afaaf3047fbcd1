"""The fidelity dial: one number from loose to exact, and the pieces that it switches on."""

from __future__ import annotations

import math

from engine.errors import BadRequest
from engine.protocol import FIDELITY, GRADIENT_STEPS, Fidelity

NONE = Fidelity()
"""Plain paint-with-words."""

_CONTAINED, _SEPARATED, _STEERED = 0.5, 0.75, 1.0
"""Where on the dial each piece has its full weight; the next one begins where the one before is at its half."""

_MOST_STEPS = 5


def at_dial(dial: float) -> Fidelity:
    """Return what the dial switches on at `dial`, 0 (plain paint-with-words) .. 1 (exact).

    Containment costs nothing and comes first, then the separation of areas, which costs little; gradient steps, which
    cost time, come last.
    """
    containment = _ramp(dial, 0.0, _CONTAINED)
    separation = _ramp(dial, _CONTAINED / 2, _SEPARATED)
    steps = round(_MOST_STEPS * _ramp(dial, _SEPARATED, _STEERED))
    return Fidelity(containment=containment, separation=separation, gradient_steps=steps)


def _ramp(value: float, start: float, end: float) -> float:
    return min(max((value - start) / (end - start), 0.0), 1.0)


def check_fidelity(asked: float | Fidelity | None) -> None:
    """Check what a request asks for.

    Raises:
        BadRequest: the dial or a piece is out of its range.
    """
    if asked is None:
        return
    if not isinstance(asked, Fidelity):
        _check("Fidelity", asked, *FIDELITY)
        return
    _check("Containment", asked.containment, *FIDELITY)
    _check("Separation", asked.separation, *FIDELITY)
    _check("The number of gradient steps", asked.gradient_steps, *GRADIENT_STEPS)
    if not isinstance(asked.gradient_steps, int):
        raise BadRequest("The number of gradient steps is not whole.", hint="Give a whole number.")


def _check(name: str, value: object, low: float, high: float) -> None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not usable or not low <= value <= high:  # type: ignore[operator]
        raise BadRequest(f"{name} is {value!r}.", hint=f"Give a number from {low:g} to {high:g}.")


def resolve(asked: float | Fidelity | None, *, law: str, default: float) -> Fidelity:
    """Return the pieces of a checked request.

    Args:
        law: the law's name: what was published comes as it was published, so only the house's own law has a default.
        default: the model's own place on the dial.
    """
    if isinstance(asked, Fidelity):
        return asked
    if asked is None:
        return at_dial(default) if law == "default" else NONE
    return at_dial(float(asked))
