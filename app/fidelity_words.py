"""What fidelity switches on, in words; and what one dial from loose to exact means, as the engine has it."""

from __future__ import annotations

import dataclasses

from canvas.fidelity import Fidelity, Pieces

OWN = "The model's own: what suits it."
LOOSE = "Loose: paint leads, and nothing is forced."


def pieces_at(dial: float) -> Pieces:
    """What the engine makes of the dial, 0..1."""
    from engine.fidelity import at_dial

    return Pieces(**dataclasses.asdict(at_dial(dial)))


def pieces_of(value: Fidelity) -> Pieces:
    """The pieces that a value stands for; none of them for the model's own."""
    if isinstance(value, Pieces):
        return value
    return Pieces() if value is None else pieces_at(value)


def in_words(value: Fidelity) -> str:
    """What a value switches on."""
    if value is None:
        return OWN
    pieces = pieces_of(value)
    parts = []
    if pieces.containment:
        parts.append(f"words kept out of the rest ({pieces.containment:.0%})")
    if pieces.separation:
        parts.append(f"areas kept apart ({pieces.separation:.0%})")
    if pieces.gradient_steps:
        steps = pieces.gradient_steps
        parts.append(f"first {steps} steps pulled to the paint" if steps > 1 else "first step pulled to the paint")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else LOOSE
