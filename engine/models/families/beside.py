"""Another run on a UNet that is loaded: it has its own text, paint and recorder, and takes turns with others."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Self

from engine.attention.layout_guidance import GradientScale
from engine.attention.self_attention import SeparationControl
from engine.models.families.guidance import UNetCalls
from engine.models.families.stopping import BetweenLayers

if TYPE_CHECKING:
    import torch

    from engine.attention.control import AttentionControl
    from engine.attention.heatmaps import HeatmapRecorder
    from engine.attention.masks import Paint
    from engine.models.families.base import RunConfig


class RunsBeside:
    """A UNet family on whose denoiser several runs can go on; see `engine.editing`."""

    unet: Any
    device: torch.device
    dtype: torch.dtype
    control: AttentionControl
    calls: UNetCalls
    brief: RunConfig | None
    _paint: Paint | None
    _tap: HeatmapRecorder | None

    def _begin(self, brief: RunConfig, tap: HeatmapRecorder | None) -> None:
        raise NotImplementedError

    def beside(self, paint: AttentionControl) -> Self:
        """The same denoiser for a run beside this one's.

        Args:
            paint: its own, of the same UNet; whose processors are in the layers is the caller's to say.
        """
        other: Any = copy.copy(self)
        other.control, other.separation = paint, SeparationControl(self.unet)
        other.calls, other._stops = UNetCalls(self.unet, self.device), BetweenLayers()
        other.graph = other.graphs = other.brief = other._context = other._added = other._paint = other._tap = None
        other._targets, other._scale, other._shape = {}, GradientScale(), None
        found: Self = other
        return found

    def follow(self, dtype: torch.dtype) -> None:
        """Goes on in the number format to which a run beside this one has changed the denoiser."""
        self.dtype = dtype
        self.calls.widen(dtype)
        if self.brief is not None:
            self._begin(self.brief, self._tap)

    @property
    def layout(self) -> tuple[int, ...]:
        """The attention levels that carry the picture's layout in the current run."""
        assert self._paint is not None, "a run is on"
        return self._paint.layout
