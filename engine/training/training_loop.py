"""Shared by all training loops: a clock that counts only work, atomic checkpoints, and a log."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

from resources import atomic


class TrainingRun:
    """The resumable training loop of one stage.

    Iterating yields `(step, fraction)` until the minutes are used up; `fraction` is the share of the time, 0..1, and
    drives the learning rate. The clock is saved with the checkpoint, so an interrupted run continues where it stopped.
    """

    def __init__(
        self, folder: Path, stage: str, *, minutes: float, parts: dict[str, Any], every: float = 120.0
    ) -> None:
        self.folder, self.stage, self.minutes, self.parts, self.every = folder, stage, minutes, parts, every
        self.step, self.spent = 0, 0.0
        self._seen = 0.0
        self.path = folder / f"{stage}.pt"
        folder.mkdir(parents=True, exist_ok=True)

    def resume(self) -> bool:
        """Load the newest checkpoint; returns whether there was one."""
        if not self.path.exists():
            return False
        state = torch.load(self.path, weights_only=True, map_location="cpu")
        self.step, self.spent = state["step"], state["spent"]
        self._seen = self.spent
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])
        return True

    def save(self) -> None:
        """Write a checkpoint to a temporary file, then replace the old one with it."""
        state = {"step": self.step, "spent": self.spent, "parts": {k: p.state_dict() for k, p in self.parts.items()}}
        with atomic.replacing(self.path) as new:
            torch.save(state, new)

    def __iter__(self) -> Iterator[tuple[int, float]]:
        saved = last = time.monotonic()
        while self.spent < self.minutes * 60:
            yield self.step, min(1.0, self.spent / (self.minutes * 60))
            now = time.monotonic()
            # A long gap means that the process was paused, which is not work: no step takes a minute.
            self.spent += min(now - last, 60.0)
            last = now
            self.step += 1
            if now - saved > self.every:
                self.save()
                saved = time.monotonic()
        self.save()

    def due(self, *, minutes: float) -> bool:
        """Whether `minutes` of work have passed since it last returned True."""
        if self.spent - self._seen < minutes * 60:
            return False
        self._seen = self.spent
        return True

    def log(self, **values: float) -> None:
        """Print one line of progress and append it to `log.jsonl`."""
        row = {"stage": self.stage, "step": self.step, "minutes": round(self.spent / 60, 2), **values}
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(" ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in row.items()), flush=True)


class Ema(nn.Module):
    """An exponential moving average of a model's weights, with a warm-up of the decay."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        super().__init__()
        self.decay = decay
        self.names = [name for name, _ in model.named_parameters()]
        self.values = nn.ParameterList(
            nn.Parameter(p.detach().clone(), requires_grad=False) for p in model.parameters()
        )

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """Update the average with the model's weights after training step `step`."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.values), [p.detach() for p in model.parameters()], 1 - decay)

    @torch.no_grad()
    def copy_to(self, model: nn.Module) -> None:
        """Put the averaged weights into `model`."""
        for value, parameter in zip(self.values, model.parameters(), strict=True):
            parameter.copy_(value)


def cosine(fraction: float, peak: float, *, warm_up: float = 0.02, floor: float = 0.02) -> float:
    """The learning rate at `fraction` of the time: linear warm-up, then half a cosine down to `floor * peak`."""
    if fraction < warm_up:
        return peak * max(fraction / warm_up, 0.02)
    return peak * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (fraction - warm_up) / (1 - warm_up))))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of every group."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def pick_device(name: str) -> torch.device:
    """The device of that name; `auto` is the GPU if there is one, otherwise the CPU."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def amp(device: torch.device) -> torch.autocast:
    """Autocast to bfloat16 where the hardware supports it: about twice as fast on GPUs and CPUs with AVX-512 BF16."""
    return torch.autocast(device.type, torch.bfloat16)
