"""What the timeline says of its parts, in tooltips and to screen readers."""

from __future__ import annotations

import math

from app.language import number, tr
from app.timeline.axis import percent
from canvas.model.experts import Expert


def level(sigma: float) -> str:
    """A noise level as one can read it."""
    return tr("σ {sigma} ({percent} % noise)", sigma=number(sigma, ".3g"), percent=percent(sigma))


def between(expert: Expert) -> str:
    """From where to where an expert works."""
    if math.isinf(expert.high):
        return tr("at every noise") if not expert.low else tr("from pure noise to {level}", level=level(expert.low))
    end = level(expert.low) if expert.low else tr("the end")
    return tr("from {level} to {end}", level=level(expert.high), end=end)


def steps(turn: tuple[int, int] | None) -> str:
    """Which steps an expert has."""
    if turn is None:
        return tr("no step")
    first, last = turn
    return tr("step {first}", first=first) if first == last else tr("steps {first} to {last}", first=first, last=last)


def of_interval(expert: Expert, turn: tuple[int, int] | None, *, known: bool, problem: str) -> str:
    """What an interval is; `known` where one can say which steps it has."""
    lines = [tr("{name} works {between}.", name=expert.name, between=between(expert))]
    if known:
        lines.append(tr("It has {steps}.", steps=steps(turn)))
    if expert.guidance is not None:
        lines.append(tr("Its guidance is {guidance}.", guidance=number(expert.guidance)))
    if problem:
        lines.append(tr("It cannot: {lower}{value} Replace or remove it.", lower=problem[0].lower(), value=problem[1:]))
    return "\n".join([*lines, tr("Right-click or Enter: split, replace, guidance. Double-click splits.")])


def of_boundary(above: Expert, below: Expert) -> str:
    """What a boundary is."""
    return tr(
        "{level}: {name} works before, {name2} after.\nDrag it, or use the arrow keys.",
        level=level(above.low),
        name=above.name,
        name2=below.name,
    )
