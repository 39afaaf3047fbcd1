"""Which experts stay in memory: a plan from their sizes and what is free, with its reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

RESERVE = 1 << 30
"""Least that is left free for what a step and the decoder need beside the weights."""


@dataclass(frozen=True)
class Need:
    """What one expert takes.

    Attributes:
        whole: bytes of its weights, alone.
        extra: bytes that it adds where the base stays beside it; less where most tensors are the base's own.
    """

    name: str
    whole: int
    extra: int


@dataclass(frozen=True)
class Plan:
    """How the experts of a run share a device's memory.

    Attributes:
        resident: all stay. slots: how many are there at once otherwise.
    """

    resident: bool
    slots: int
    reason: str


def plan(needs: Sequence[Need], free: int | None) -> Plan:
    """The plan for these experts where `free` bytes can be had for their weights; None where that cannot be told."""
    count = len(needs)
    extra = sum(need.extra for need in needs)
    if count == 1:
        return Plan(True, 1, "One denoiser stays in memory.")
    if free is None:
        return Plan(True, count, f"All {count} stay in memory, which does not tell how much is free.")
    if extra <= free:
        return Plan(True, count, f"All {count} stay in memory: {_text(extra)} of {_text(free)} that are free.")
    sizes = sorted((need.whole for need in needs), reverse=True)
    slots = max([1, *(number for number in range(1, count) if sum(sizes[:number]) <= free)])
    tight = f"All {count} would take {_text(extra)}, and {_text(free)} are free"
    if slots > 1:
        reason = f"{tight}: {slots} at a time, the next one brought in while the one before it works."
    elif sizes[0] <= free:
        reason = f"{tight}: one at a time, and each change waits for the next one."
    else:
        reason = f"{tight}: one at a time, and even one takes {_text(sizes[0])}, so it may not go."
    return Plan(False, slots, reason)


def free_bytes(device: torch.device, *, reserve: int = RESERVE) -> int | None:
    """Bytes that weights can still take on a device, `reserve` (at least `RESERVE`) kept back for the run itself; None
    where it does not tell."""
    from engine.weights import loading

    free = loading.available_memory(device)
    return None if free is None else max(0, free - max(reserve, RESERVE))


def _text(count: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
