"""Experts over the noise as pure functions: each takes a partition, highest noise first, and returns another one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from app.timeline.axis import Axis
from canvas.model.experts import Expert
from engine.facts import BASE, ExpertFacts

LEAST = 0.02  # of the timeline that a boundary leaves to the expert on either side
Experts = tuple[Expert, ...]


def shown(chosen: Experts | None, own: Sequence[ExpertFacts]) -> Experts:
    """Who works, highest noise first, for what a scene says and the experts of its model."""
    if chosen is None:
        chosen = tuple(Expert(each.name, part=each.name, low=each.low, high=each.high) for each in own)
    return tuple(sorted(chosen or (Expert(BASE),), key=lambda expert: expert.low, reverse=True))


def kept(experts: Experts, own: Sequence[ExpertFacts]) -> Experts | None:
    """What a scene keeps of a partition: None where it is the model's own, () where it is its base alone."""
    if experts == shown(None, own):
        return None
    return () if experts == (Expert(BASE),) else experts


def move(experts: Experts, boundary: int, place: float, axis: Axis) -> Experts:
    """The boundary between the experts `boundary` and `boundary + 1` at another place; both keep the least room.

    Where they have no room to share, nothing changes.
    """
    above, below = experts[boundary : boundary + 2]
    first, last = axis.place(above.high) + LEAST, axis.place(below.low) - LEAST
    if first > last:
        return experts
    sigma = axis.sigma(min(max(place, first), last))
    if not below.low < sigma < above.high:  # beyond the left end, where places are all one
        return experts
    return (
        *experts[:boundary],
        dataclasses.replace(above, low=sigma),
        dataclasses.replace(below, high=sigma),
        *experts[boundary + 2 :],
    )


def middle(expert: Expert, axis: Axis) -> float:
    """The place in the middle of an expert's interval."""
    return (axis.place(expert.high) + axis.place(expert.low)) / 2


def can_split(expert: Expert, axis: Axis) -> bool:
    """Whether an interval has room for two."""
    return axis.place(expert.low) - axis.place(expert.high) >= 2 * LEAST


def split(experts: Experts, index: int, place: float, axis: Axis) -> Experts:
    """An interval cut in two at a place, both of the same expert; nothing changes where there is no room for two."""
    whole = experts[index]
    if not can_split(whole, axis):
        return experts
    first, last = axis.place(whole.high) + LEAST, axis.place(whole.low) - LEAST
    sigma = axis.sigma(min(max(place, first), last))
    if not whole.low < sigma < whole.high:
        return experts
    halves = dataclasses.replace(whole, low=sigma), dataclasses.replace(whole, high=sigma)
    return (*experts[:index], *halves, *experts[index + 1 :])


def remove(experts: Experts, index: int) -> Experts:
    """Without an expert: the one before it takes its interval, or the one after it where it is the first.

    The last one that is left stays.
    """
    if len(experts) == 1:
        return experts
    rest = [*experts[:index], *experts[index + 1 :]]
    if index:
        rest[index - 1] = dataclasses.replace(rest[index - 1], low=experts[index].low)
    else:
        rest[0] = dataclasses.replace(rest[0], high=math.inf)
    return tuple(rest)


def change(experts: Experts, index: int, **changes: object) -> Experts:
    """One of the experts with other values; see `Expert` for what is refused."""
    changed = dataclasses.replace(experts[index], **changes)  # type: ignore[arg-type]
    return (*experts[:index], changed, *experts[index + 1 :])


def at(experts: Experts, sigma: float) -> int:
    """Which one works at a noise level."""
    return next(index for index, expert in enumerate(experts) if sigma >= expert.low)


def steps_of(experts: Experts, sigmas: Sequence[float]) -> list[tuple[int, int] | None]:
    """The first and the last step of each, counted from 1, for the noise levels of all steps; None for no step."""
    owners = [at(experts, sigma) for sigma in sigmas]
    turns: list[tuple[int, int] | None] = []
    for index in range(len(experts)):
        mine = [step for step, owner in enumerate(owners, 1) if owner == index]
        turns.append((mine[0], mine[-1]) if mine else None)
    return turns
