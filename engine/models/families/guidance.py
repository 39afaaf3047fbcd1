"""Guidance beyond its formula, and what else a UNet takes beside its input rows: conditions and control pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.protocol import SamplingSettings

if TYPE_CHECKING:
    from engine.models.controls.running import LoadedControl, RunningControls
    from engine.models.families.instructed import PictureGuide


def embedding(guidance: float, width: int) -> Tensor:
    """Return the embedding `[width]` float32 of a guidance scale for distilled denoisers (arXiv 2210.03142).

    As in the stock pipelines: sines and cosines of (guidance - 1) * 1000, by frequencies from 1 to 1/10000.
    """
    half = width // 2
    angles = torch.exp(torch.arange(half) * (-math.log(10000.0) / (half - 1))) * (guidance - 1) * 1000
    return F.pad(torch.cat([angles.sin(), angles.cos()]), (0, width % 2))


Guide = Callable[[Tensor, Tensor, float], Tensor]
"""`(negative, positive, scale)`, predictions `[B, C, h, w]` without and with the prompt, to the guided one."""


def usual(negative: Tensor, positive: Tensor, scale: float) -> Tensor:
    """Return classifier-free guidance as it is defined (arXiv 2207.12598)."""
    return negative + scale * (positive - negative)


def combined(
    output: Tensor,
    scale: float,
    sampling: SamplingSettings,
    guide: Guide = usual,
    picture: PictureGuide | None = None,
) -> Tensor:
    """The prediction of both halves of guidance, `[2 B, C, h, w]`, negative prompt first, as one `[B, C, h, w]`; where
    a picture is to be changed of all three rows, see `engine.models.families.instructed`."""
    if picture is None:
        negative, positive = output.chunk(2)
        guided = guide(negative, positive, scale)
    else:
        from engine.models.families.instructed import guided as instructed

        guided, positive = instructed(output, scale, picture)
    return rescale(guided, positive, sampling.guidance_rescale) if sampling.guidance_rescale else guided


def rescale(guided: Tensor, positive: Tensor, share: float) -> Tensor:
    """A guided prediction, rescaled towards the standard deviation that it has for the prompt alone.

    Guidance above 1 widens a prediction's deviation, and so the picture's contrast (arXiv 2305.08891, section 3.4,
    equations 14 to 16). The prediction, noise or v, is rescaled as the network gives it.

    Args:
        guided, positive: `[B, C, h, w]`, with guidance and of the prompt alone.
        share: 0 (as guided) .. 1 (fully the prompt's deviation).
    """
    axes = tuple(range(1, guided.ndim))
    matched = guided * (positive.std(dim=axes, keepdim=True) / guided.std(dim=axes, keepdim=True))
    return share * matched + (1 - share) * guided


class UNetCalls:
    """Calls one UNet, with all that it takes beside its input rows.

    Attributes:
        network: the UNet, or a compiled one in its place.
        fraction: middle of the step, 0..1 of the schedule.
        guide: the picture that the prompt is an instruction for, where the network has channels for one.
    """

    def __init__(self, unet: Any, device: torch.device) -> None:
        self.network, self._device = unet, device
        self._embedded: dict[float, Tensor] = {}
        self._controls: RunningControls | None = None
        self.fraction = 0.0
        self.extra = max(0, int(unet.config.in_channels) - int(unet.config.out_channels))
        self.guide: PictureGuide | None = None

    def begin(self, controls: Sequence[LoadedControl], guide: PictureGuide | None = None) -> list[Any]:
        """Let control pictures act in the run that begins; returns their networks."""
        self._controls, self.guide = None, guide
        if not controls:
            return []
        from engine.models.controls.running import RunningControls

        self._controls = RunningControls(controls, device=self._device)
        return self._controls.networks

    def widen(self, dtype: torch.dtype) -> None:
        """Let the run's networks of control pictures go on in this format."""
        for network in () if self._controls is None else self._controls.networks:
            network.to(dtype)

    def end(self) -> None:
        """The run's end."""
        self._controls = self.guide = None

    def __call__(
        self,
        rows: Tensor,
        timestep: float,
        scale: float,
        context: Tensor,
        added: Mapping[str, Tensor] | None,
        prompt: slice,
    ) -> Tensor:
        """Return the UNet's prediction for input rows, both `[rows, C, h, w]` on its device, in its dtype.

        Args:
            scale: of guidance. context, added: the text of these rows, and the added conditions of SDXL.
            prompt: the rows that are the prompt's.
        """
        # Filled on the device: copying a number there would make the host wait.
        time = torch.full((), timestep, dtype=torch.float32, device=self._device)
        given: dict[str, Any] = {"timestep_cond": self._embedding(scale, rows), "added_cond_kwargs": added}
        shapes: dict[str, Any] = {}
        if self._controls is not None:
            shapes = self._controls.added(rows.detach(), time, self.fraction, context, prompt, **given)
        if self.extra:
            from engine.models.families.instructed import with_picture

            rows = with_picture(rows, self.guide, self.extra, prompt).contiguous(memory_format=torch.channels_last)
        told = {"encoder_hidden_states": context, "return_dict": False, **given, **shapes}
        output: Tensor = self.network(rows, time, **told)[0]
        return output

    def _embedding(self, guidance: float, rows: Tensor) -> Tensor | None:
        """The guidance embedding of distilled denoisers, `[rows, time_cond_proj_dim]` (arXiv 2210.03142); else None."""
        width = self.network.config.get("time_cond_proj_dim")
        if width is None:
            return None
        if guidance not in self._embedded:
            self._embedded[guidance] = embedding(guidance, width).to(self._device)
        return self._embedded[guidance].to(rows.dtype).expand(len(rows), -1)
