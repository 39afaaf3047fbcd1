"""A second network that shares the weights of a first one: modules and attention of its own, the very same tensors."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from torch import nn


def twin_of(network: nn.Module, stock: Mapping[Any, Any]) -> Any:
    """A copy of a network's modules around its own parameters and buffers.

    What is later put into the network's parameters (merged LoRA files, another device) the twin has too. The network
    must have no hooks, as it has none between runs.

    Args:
        stock: for each processor that stands in the network now, the one that the twin gets in its place.
    """
    memo: dict[int, Any] = {id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())}
    memo |= {id(ours): theirs for ours, theirs in stock.items()}
    return copy.deepcopy(network, memo)
