"""Stopping a network between its layers: one step of a large picture may take minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

_STOPS = (
    "ResnetBlock2D",
    "Attention",
    "FeedForward",
    "Upsample2D",
    "Downsample2D",
    "AutoencoderTinyBlock",
)
"""Classes of diffusers' layers, beside a transformer's own blocks, before which a run may stop: few enough to cost
nothing, each quick enough to await."""


class BetweenLayers:
    """Calls a function before each layer of some networks, from `begin` to `end`; what it raises ends their work."""

    def __init__(self) -> None:
        self._handles: list[Any] = []

    def begin(self, check: Callable[[], None], *networks: nn.Module) -> None:
        """Call `check` from now on, in place of any earlier one."""
        self.end()

        def before(module: nn.Module, args: Any) -> None:
            check()

        for network in networks:
            for module in network.modules():
                if type(module).__name__ in (*_STOPS, *(getattr(network, "_no_split_modules", None) or ())):
                    self._handles.append(module.register_forward_pre_hook(before))

    def end(self) -> None:
        """Let the networks run without interruption again."""
        for handle in self._handles:
            handle.remove()
        self._handles = []
