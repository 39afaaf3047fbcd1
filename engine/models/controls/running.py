"""The ControlNets of one run: what they add to the painted UNet's layers in a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from engine.models.controls.kinds import ControlModel


@dataclass(frozen=True, eq=False)
class LoadedControl:
    """A control picture and the network that reads it.

    Attributes:
        rgb: the control map, uint8 `[height, width, 3]` at the result's size.
        place: of its kind in a union's control type; None for a network of one kind.
    """

    model: ControlModel
    network: Any
    rgb: np.ndarray
    strength: float
    window: tuple[float, float]
    place: int | None


class RunningControls:
    """Computes the residuals of a run's control pictures; the ControlNets themselves read the text without paint."""

    def __init__(self, controls: Sequence[LoadedControl], *, device: torch.device) -> None:
        self._groups = _together(controls)
        self._pictures = {id(each): _as_tensor(each, device) for each in controls}

    @property
    def networks(self) -> list[Any]:
        """The ControlNets, each once."""
        return list({id(each.network): each.network for group in self._groups for each in group}.values())

    @torch.no_grad()  # a gradient step takes what they say as it is
    def added(
        self,
        rows: Tensor,
        timestep: Tensor,
        fraction: float,
        context: Tensor,
        prompt: slice,
        **conditions: Any,
    ) -> dict[str, Any]:
        """Return what the UNet takes: its arguments for the residuals, none outside of the pictures' steps.

        Args:
            rows: the UNet's input `[rows, C, h, w]`. fraction: middle of the step, 0..1 of the schedule.
            context: text of these rows. prompt: the rows that are the prompt's; networks that see a picture as a whole
            act on these only. conditions: what else the UNet takes for them.
        """
        down: list[Tensor] = []
        middle: Tensor | None = None
        for group in self._groups:
            active = [each for each in group if each.window[0] <= fraction <= each.window[1]]
            if not active:
                continue
            found, last = self._ask(active, rows, timestep, context, conditions)
            if active[0].network.config.global_pool_conditions:
                found, last = [_only(each, prompt) for each in found], _only(last, prompt)
            down = [a + b for a, b in zip(down, found, strict=True)] if down else found
            middle = last if middle is None else middle + last
        if middle is None:
            return {}
        return {"down_block_additional_residuals": tuple(down), "mid_block_additional_residual": middle}

    def _ask(
        self,
        active: Sequence[LoadedControl],
        rows: Tensor,
        timestep: Tensor,
        context: Tensor,
        conditions: Mapping[str, Any],
    ) -> tuple[list[Tensor], Tensor]:
        network = active[0].network
        pictures = [self._pictures[id(each)].to(network.dtype).expand(len(rows), -1, -1, -1) for each in active]
        given: dict[str, Any] = {
            "encoder_hidden_states": context.to(network.dtype),
            "added_cond_kwargs": conditions.get("added_cond_kwargs"),  # only distilled UNets are told the guidance
            "return_dict": False,
        }
        scales = [each.strength for each in active]
        sample = rows.to(network.dtype)
        if active[0].place is None:
            down, middle = network(sample, timestep, controlnet_cond=pictures[0], conditioning_scale=scales[0], **given)
        else:
            places = [each.place for each in active]
            types = torch.zeros(len(rows), int(network.config.num_control_type), device=rows.device, dtype=sample.dtype)
            for place in places:
                types[:, place] = 1
            down, middle = network(
                sample,
                timestep,
                controlnet_cond=pictures,
                control_type=types,
                control_type_idx=places,
                conditioning_scale=scales,
                **given,
            )
        return [each.to(rows.dtype) for each in down], middle.to(rows.dtype)


def _together(controls: Sequence[LoadedControl]) -> list[list[LoadedControl]]:
    """The controls by calls: a union was trained to read several kinds of picture at once, others read one."""
    groups: list[list[LoadedControl]] = []
    for control in controls:
        for group in groups:
            same = group[0].network is control.network and control.place is not None
            if same and all(each.place != control.place for each in group):
                group.append(control)
                break
        else:
            groups.append([control])
    return groups


def _as_tensor(control: LoadedControl, device: torch.device) -> Tensor:
    """The control map as float32 `[1, 3, H, W]`, 0..1."""
    return torch.from_numpy(control.rgb.copy()).to(device).permute(2, 0, 1)[None].float() / 255


def _only(residual: Tensor, rows: slice) -> Tensor:
    kept = torch.zeros_like(residual)
    kept[rows] = residual[rows]
    return kept
