"""Which experts stay in memory: a plan from their sizes and what is free, with its reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resources.sizes import size_text

if TYPE_CHECKING:
    import torch

RESERVE = 1 << 30
"""Bytes always left free for what a step and the decoder need besides the weights."""


@dataclass(frozen=True)
class Need:
    """What one expert takes.

    Attributes:
        whole: bytes of its weights, alone.
        extra: bytes that it adds where the base stays in memory too; fewer where it shares most of the base's tensors.
        is_base: whether it is the one that others share tensors with.
    """

    name: str
    whole: int
    extra: int
    is_base: bool = False


@dataclass(frozen=True)
class Plan:
    """How the experts of a run share a device's memory.

    Attributes:
        resident: all stay in memory. slots: otherwise, how many are in memory at once.
    """

    resident: bool
    slots: int
    reason: str


ALONE = Plan(True, 1, "One denoiser stays in memory.")


def plan(needs: Sequence[Need], free: int | None) -> Plan:
    """The plan for these experts where `free` bytes can be had for their weights; None where that is unknown."""
    count = len(needs)
    extra = sum(need.extra for need in needs)
    if count == 1:
        return ALONE
    if free is None:
        return Plan(True, count, f"All {count} stay in memory; the device does not say how much is free.")
    if extra <= free:
        return Plan(True, count, f"All {count} stay in memory: {size_text(extra)} of {size_text(free)} that are free.")
    sizes = sorted((need.whole for need in needs), reverse=True)
    # Where there is room beside the base it stays, and the others take turns.
    base = [need.whole for need in needs if need.is_base]
    beside = [*base, *sorted((need.extra for need in needs if not need.is_base), reverse=True)] if base else sizes
    slots = max([1, *(number for number in range(1, count) if sum(beside[:number]) <= free)])
    tight = f"All {count} would take {size_text(extra)}, and {size_text(free)} are free"
    if slots > 1:
        reason = f"{tight}: {slots} at a time, the next one is loaded while the one before it works."
    elif sizes[0] <= free:
        reason = f"{tight}: one at a time, and each change waits until the next one is loaded."
    else:
        reason = f"{tight}: one at a time, and even one takes {size_text(sizes[0])}, so the memory may not suffice."
    return Plan(False, slots, reason)


def free_bytes(device: torch.device, *, reserve: int = RESERVE) -> int | None:
    """Bytes that weights can still take on a device, `reserve` (at least `RESERVE`) kept back for the run itself; None
    where it does not tell."""
    from engine.weights import loading

    free = loading.available_memory(device)
    return None if free is None else max(0, free - max(reserve, RESERVE))
