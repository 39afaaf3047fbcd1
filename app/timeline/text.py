"""What the timeline says of its parts, in tooltips and to screen readers."""

from __future__ import annotations

import math

from app.timeline.axis import percent
from canvas.model.experts import Expert


def level(sigma: float) -> str:
    """A noise level as one can read it."""
    return f"σ {sigma:.3g} ({percent(sigma)} % noise)"


def between(expert: Expert) -> str:
    """From where to where an expert works."""
    if math.isinf(expert.high):
        return "at every noise" if not expert.low else f"from pure noise to {level(expert.low)}"
    end = level(expert.low) if expert.low else "the end"
    return f"from {level(expert.high)} to {end}"


def steps(turn: tuple[int, int] | None) -> str:
    """Which steps an expert has."""
    if turn is None:
        return "no step"
    first, last = turn
    return f"step {first}" if first == last else f"steps {first} to {last}"


def of_interval(expert: Expert, turn: tuple[int, int] | None, *, known: bool, problem: str) -> str:
    """What an interval is; `known` where one can say which steps it has."""
    lines = [f"{expert.name} works {between(expert)}."]
    if known:
        lines.append(f"It has {steps(turn)}.")
    if expert.guidance is not None:
        lines.append(f"Its guidance is {expert.guidance:g}.")
    if problem:
        lines.append(f"It cannot: {problem[0].lower()}{problem[1:]} Replace or remove it.")
    return "\n".join([*lines, "Right-click or Enter: split, replace, guidance. Double-click splits."])


def of_boundary(above: Expert, below: Expert) -> str:
    """What a boundary is."""
    return f"{level(above.low)}: {above.name} works before, {below.name} after.\nDrag it, or use the arrow keys."
