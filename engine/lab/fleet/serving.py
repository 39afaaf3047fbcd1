"""Who waits how long: requests served by a fleet of GPUs, event by event, and the formulas that it must agree with."""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from engine.lab.fleet.arrivals import LIVE, Requests


@dataclass(frozen=True)
class Fleet:
    """A number of GPUs, all alike.

    Attributes:
        batch: requests of one model and size that run together at most.
        batch_cost: what each request after the first adds to a batch's time, of its time alone, 0..1. SDXL on an RTX
            4090 takes 2.0 s for one picture and 6.5 s for four, which is 0.75.
        swap_seconds: to bring another model into a GPU's memory; 0 where all of them fit.
    """

    gpus: int
    batch: int = 4
    batch_cost: float = 0.75
    swap_seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Served:
    """What became of the requests.

    Attributes:
        waits: float64 `[n]`, seconds from asking to the first step; NaN for live ones that newer ones replaced.
        ends: float64 `[n]`, seconds from asking to the picture; NaN likewise.
        busy: GPU seconds of work. swaps: how often a model was brought in.
    """

    waits: np.ndarray
    ends: np.ndarray
    busy: float
    swaps: int


def serve(requests: Requests, fleet: Fleet) -> Served:
    """Serve requests in order: live ones first, then whichever kind's first one waits longest; the same kind together.

    A live request takes the place of its painter's waiting one, as in the program. Nobody gives up: on a fleet that is
    too small the waits grow all day. A GPU that must bring in a model does so when it is free and that one is next.
    """
    count = len(requests)
    times, kinds = requests.times.tolist(), requests.kinds.tolist()
    work, painters = requests.work.tolist(), requests.painters.tolist()
    waits, ends = np.full(count, math.nan), np.full(count, math.nan)
    queues: dict[int, deque[int]] = {kind: deque() for kind in sorted(set(kinds) | {LIVE})}
    live, asked = queues[LIVE], [queue for kind, queue in queues.items() if kind != LIVE]
    newest: dict[int, int] = {}
    idle = list(range(fleet.gpus))
    loaded = [-1] * fleet.gpus
    working: list[tuple[float, int]] = []
    busy, swaps, arrived = 0.0, 0, 0
    most, cost, swap = fleet.batch, fleet.batch_cost, fleet.swap_seconds
    while True:
        now = times[arrived] if arrived < count else math.inf
        if working and working[0][0] <= now:
            now, gpu = heapq.heappop(working)
            idle.append(gpu)
        elif arrived < count:
            kind = kinds[arrived]
            queues[kind].append(arrived)
            if kind == LIVE:
                newest[painters[arrived]] = arrived
            arrived += 1
        else:
            break
        while idle:
            while live and newest[painters[live[0]]] != live[0]:
                live.popleft()
            queue = live
            if not live:
                queue = min(asked, key=lambda each: each[0] if each else count) if asked else live
                if not queue:
                    break
            kind = kinds[queue[0]]
            gpu = idle.pop()
            if swap and loaded[gpu] != kind and kind in loaded:
                for place, other in enumerate(idle):  # one that has the model already is the better choice
                    if loaded[other] == kind:
                        idle[place], gpu = gpu, other
                        break
            first = queue.popleft()
            together, longest, total = [first], work[first], work[first]
            while queue and len(together) < most:
                each = queue.popleft()
                if kind == LIVE and newest[painters[each]] != each:
                    continue
                together.append(each)
                total += work[each]
                longest = max(longest, work[each])
            taken = (1 - cost) * longest + cost * total
            begin = now
            if swap and loaded[gpu] != kind:
                swaps += loaded[gpu] != -1
                begin += swap
            loaded[gpu] = kind
            for each in together:
                waits[each] = begin - times[each]
                ends[each] = begin + taken - times[each]
            busy += begin + taken - now
            heapq.heappush(working, (begin + taken, gpu))
    return Served(waits, ends, busy, swaps)


def erlang_c(servers: int, load: float) -> float:
    """The share of customers who wait in a queue M/M/N (Erlang, 1917), for `load` = arrivals x mean service time.

    1 where the load is not below the number of servers. Through Erlang B's recursion, which loses no digits.
    """
    if load >= servers:
        return 1.0
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    share = load / servers
    return blocked / (1 - share + share * blocked)


def mean_wait(servers: int, rate: float, seconds: float) -> float:
    """The mean wait in M/M/N: `rate` customers a second, who take `seconds` on average; inf if they pile up."""
    load = rate * seconds
    return erlang_c(servers, load) * seconds / (servers - load) if load < servers else math.inf
