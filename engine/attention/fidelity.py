"""The fidelity dial: one number from loose to exact, and the pieces that it switches on."""

from __future__ import annotations

from engine.protocol import Fidelity

NONE = Fidelity()
"""Plain paint-with-words."""

_FIRST_STEERED = 0.5
"""Up to this value the dial costs almost no time; above it, gradient steps are added."""

_MOST_STEPS = 5


def at_dial(dial: float) -> Fidelity:
    """Return what the dial switches on at `dial`, 0 (plain paint-with-words) .. 1 (exact).

    Containment and separation grow along the whole dial, gradient steps, which cost time, along its second half.
    """
    steered = max(0.0, dial - _FIRST_STEERED) / (1.0 - _FIRST_STEERED)
    return Fidelity(containment=dial, separation=dial, gradient_steps=round(_MOST_STEPS * steered))


def resolve(asked: float | Fidelity | None, *, law: str, default: float) -> Fidelity:
    """Return the pieces of a checked request.

    Args:
        law: the law's name. Published methods run as published, so the model's default applies only to "default".
        default: the model's own dial setting, 0..1.
    """
    if isinstance(asked, Fidelity):
        return asked
    if asked is None:
        return at_dial(default) if law == "default" else NONE
    return at_dial(float(asked))
