"""The teacher's whole ways from noise to picture, made once and kept: what a student of few steps is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.sampling.loop import SeededNoise, WalkStep, sample
from engine.sampling.schedule import SigmaSchedule
from engine.training import checkpoint_io
from engine.training.training_batches import BatchSource, TrainingBatch

WALKED = "dpmpp_2m"
"""The sampler of the teacher's ways: DPM-Solver++(2M) (arXiv 2211.01095, algorithm 2)."""

Predict = Callable[[Tensor, Tensor, Tensor, TrainingBatch], Tensor]
"""`(noisy, times, alpha, batch) -> x0`: the guided teacher; shapes as in `Denoisers`."""


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Some of the teacher's ways.

    Attributes:
        batch: their conditions. passed: float16 `[B, few, C, h, w]`, the variance-preserving latents at the few levels.
        seen: of the same shape, the teacher's guided x0 there. end: float16 `[B, C, h, w]`, what came of them.
    """

    batch: TrainingBatch
    passed: Tensor
    seen: Tensor
    end: Tensor


def walk_times(few: Sequence[int], between: int) -> list[int]:
    """The teacher's timesteps, falling: the student's few, and `between - 1` more after each, evenly spaced."""
    found: list[int] = []
    for high, low in pairwise((*few, -1)):
        found += [round(high - (high - low) * part / between) for part in range(between)]
    return [time for index, time in enumerate(found) if time >= 0 and time not in found[:index]]


@torch.no_grad()
def solve(
    predict: Predict,
    noise: Tensor,
    batch: TrainingBatch,
    alphas: Tensor,
    few: Sequence[int],
    between: int,
) -> Trajectories:
    """Follow the teacher from noise to the end with `WALKED`.

    Args:
        noise: unit noise `[B, C, h, w]`. alphas: alpha-bar of all timesteps `[T]`.
        few: the student's timesteps, falling. between: the teacher's steps for each of the student's.
    """
    times = walk_times(few, between)
    sigmas = [float(((1 - alphas[time]) / alphas[time]).sqrt()) for time in times]
    walk = SigmaSchedule((*sigmas, 0.0), tuple(map(float, times)), (1 + sigmas[0] ** 2) ** 0.5)
    passed, seen = [], []

    def denoise(x: Tensor, step: WalkStep) -> Tensor:
        time = times[step.index]
        alpha = alphas[time].expand(len(x))
        noisy = x * alphas[time].sqrt()
        x0 = predict(noisy, torch.full_like(alpha, time, dtype=torch.int64), alpha, batch)
        if time in few:
            passed.append(noisy)
            seen.append(x0)
        return x0

    unused = SeededNoise([0] * len(noise), tuple(noise.shape[1:]), noise.device)
    *_, last = sample(WALKED, walk, denoise, unused, latent=noise * walk.start)
    return Trajectories(batch, torch.stack(passed, 1).half(), torch.stack(seen, 1).half(), last.x.half())


class TrajectoryStore:
    """Trajectories on disk, in parts of one batch each; parts that are there are not made again.

    Args:
        folder: one for all that they depend on. source: gives the conditions of part k from the seed (`seed`, k).
    """

    def __init__(self, folder: Path, source: BatchSource, *, size: int, seed: int, device: torch.device) -> None:
        self.folder, self.source, self.size, self.seed, self.device = folder, source, size, seed, device
        self._kept: dict[int, Trajectories] = {}

    def make(self, count: int, follow: Callable[[Tensor, TrainingBatch], Trajectories]) -> Iterator[int]:
        """Make the parts up to `count` that are missing; yields the number of each that is there.

        Args:
            follow: `(unit noise, batch) -> trajectories`.

        Raises:
            OSError: the folder cannot be written.
        """
        for number in range(count):
            if self.read(number) is None:
                rng = np.random.default_rng((self.seed, 7, number))
                batch = self.source(rng, self.size)
                generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
                noise = torch.randn(batch.clean.shape, generator=generator).to(self.device)
                self._write(number, follow(noise, batch))
            yield number

    def read(self, number: int) -> Trajectories | None:
        """Part `number` on the device, None if it is missing or damaged."""
        if number not in self._kept:
            state = checkpoint_io.read(self.folder / f"{number:05d}.pt")
            if not isinstance(state, dict) or "end" not in state:
                return None
            self._kept[number] = Trajectories(
                TrainingBatch(**state["batch"]), state["passed"], state["seen"], state["end"]
            )
        kept = self._kept[number]
        return Trajectories(
            _each(kept.batch, lambda value: value.float().to(self.device)),
            kept.passed.float().to(self.device),
            kept.seen.float().to(self.device),
            kept.end.float().to(self.device),
        )

    def _write(self, number: int, made: Trajectories) -> None:
        batch = _each(made.batch, lambda value: value.half().cpu())
        parts = {each.name: getattr(batch, each.name) for each in fields(batch) if each.name != "truth"}
        state = {"batch": parts, "passed": made.passed.cpu(), "seen": made.seen.cpu(), "end": made.end.cpu()}
        checkpoint_io.write(self.folder / f"{number:05d}.pt", state)


def _each(batch: TrainingBatch, change: Callable[[Tensor], Tensor]) -> TrainingBatch:
    found: dict[str, Any] = {}
    for each in fields(batch):
        value = getattr(batch, each.name)
        if isinstance(value, dict):
            found[each.name] = {name: change(part) for name, part in value.items()}
        else:
            found[each.name] = change(value) if isinstance(value, Tensor) else None
    return TrainingBatch(**found)
