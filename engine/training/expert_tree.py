"""The tree of experts as in eDiff-I: noise levels are halved by probability, and the tree grows at its two ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import BadRequest, UnsupportedModel
from engine.sampling.schedule import NoiseSchedule

LEAST_STEPS = 3
"""How many of 20 dpmpp_2m steps each expert must own at least; with fewer it is not worth loading."""

_BRANCH_SHARE, _MIDDLE_SHARE = 0.5, 2.0
"""The training of an inner branch, and of the middle, which owns most levels, relative to the training of an end."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One denoiser of the tree.

    Attributes:
        parent: the node whose weights it starts from; "" is the base.
        first, last: the training timesteps that it owns, `first <= t < last`.
        low, high: the same as an interval of sigma, `low <= sigma < high`; 0 and infinity at the ends.
        share: its share of the training, 0..1; the shares of all nodes add up to 1.
        leaf: whether it is one of the final experts.
    """

    name: str
    parent: str
    first: int
    last: int
    low: float
    high: float
    share: float
    leaf: bool


def grow(noise: NoiseSchedule, depth: int) -> tuple[Node, ...]:
    """Return the tree's nodes, parents before their children; the leaves are "high", "middle" and "low".

    Training draws timesteps uniformly, so halving their range halves the probability: after `depth` halvings each end
    owns `2 ** -depth` of it, and the middle, which starts from the base, owns the rest.

    Raises:
        BadRequest: at this depth an expert would own too few steps. UnsupportedModel: a flow model has no timesteps.
    """
    if noise.is_flow:
        raise UnsupportedModel(
            "Experts cannot be trained for flow-matching models.",
            hint="Choose a Stable Diffusion model.",
        )
    deepest = max((d for d in range(2, 10) if _owned(noise, d) >= LEAST_STEPS), default=0)
    if not 2 <= depth <= deepest:
        raise BadRequest(
            f"The depth of the tree is {depth}.",
            hint=f"Give a depth from 2 to {deepest}: so that there is a middle, and each expert owns at least "
            f"{LEAST_STEPS} steps of 20.",
        )
    count = len(noise.table)
    leaf = 1 / (2 + _MIDDLE_SHARE + 2 * (depth - 1) * _BRANCH_SHARE)
    nodes: list[Node] = []
    for end in ("high", "low"):
        parent = ""
        for level in range(1, depth + 1):
            width = count >> level
            name = end if level == depth else f"{end}-{level}"
            share = leaf * (1 if level == depth else _BRANCH_SHARE)
            times = (count - width, count) if end == "high" else (0, width)
            nodes.append(_node(noise, name, parent, times, share, leaf=level == depth))
            parent = name
    nodes.append(
        _node(noise, "middle", "", (count >> depth, count - (count >> depth)), leaf * _MIDDLE_SHARE, leaf=True)
    )
    return tuple(nodes)


def _node(noise: NoiseSchedule, name: str, parent: str, times: tuple[int, int], share: float, *, leaf: bool) -> Node:
    first, last = times
    return Node(
        name=name,
        parent=parent,
        first=first,
        last=last,
        low=_border(noise, first),
        high=_border(noise, last),
        share=share,
        leaf=leaf,
    )


def _border(noise: NoiseSchedule, time: int) -> float:
    """The sigma between timesteps `time - 1` and `time`, far enough from both that rounding cannot move one across."""
    if time == 0:
        return 0.0
    return math.inf if time == len(noise.table) else round(noise.sigma(time - 0.5), 6)


def _owned(noise: NoiseSchedule, depth: int) -> int:
    """The smallest number of steps, of 20, that any expert would own."""
    width = len(noise.table) >> depth
    low, high = _border(noise, width), _border(noise, len(noise.table) - width)
    sigmas = noise.walk("dpmpp_2m", 20).sigmas[:-1]
    ends = sum(sigma < low for sigma in sigmas), sum(sigma >= high for sigma in sigmas)
    return min(*ends, len(sigmas) - sum(ends))


def divide(nodes: Sequence[Node], steps: int) -> dict[str, int]:
    """Distribute `steps` over the nodes by their shares, at least one each."""
    return {node.name: max(1, round(steps * node.share)) for node in nodes}


def entries(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """The "experts" entry of wordbrush.json, from high noise to low; null means infinity."""
    leaves = sorted((node for node in nodes if node.leaf), key=lambda node: node.low, reverse=True)
    return [
        {"name": node.name, "low": node.low, "high": None if math.isinf(node.high) else node.high} for node in leaves
    ]
