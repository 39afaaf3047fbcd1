"""What fidelity switches on, in words; and what one dial from loose to exact means, as the engine has it."""

from __future__ import annotations

import dataclasses

from app.language import number, tr
from canvas.model.fidelity import FidelityPieces, FidelityValue
from engine.attention.fidelity import at_dial

LOOSE = "Paint guides the picture; nothing is forced."


def pieces_at(dial: float) -> FidelityPieces:
    """What the engine makes of the dial, 0..1."""
    return FidelityPieces(**dataclasses.asdict(at_dial(dial)))


def pieces_of(value: FidelityValue, own: float = 0.0) -> FidelityPieces:
    """The pieces that a value stands for; `own` is the model's own place on the dial."""
    return value if isinstance(value, FidelityPieces) else pieces_at(own if value is None else value)


def in_words(value: FidelityValue, own: float = 0.0) -> str:
    """What a value switches on."""
    pieces = pieces_of(value, own)
    parts = []
    if pieces.containment:
        parts.append(tr("words kept out of the rest ({share})", share=number(pieces.containment, ".0%")))
    if pieces.separation:
        parts.append(tr("areas kept apart ({share})", share=number(pieces.separation, ".0%")))
    if pieces.gradient_steps:
        steps = pieces.gradient_steps
        first = tr("first step pulled to the paint")
        parts.append(tr("first {steps} steps pulled to the paint", steps=steps) if steps > 1 else first)
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else tr(LOOSE)
