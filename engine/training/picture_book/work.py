"""A training clock that counts processor time, for machines that are shared with other work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from engine.training.ranks import Ranks
from engine.training.training_loop import TrainingRun


def worked(device: torch.device) -> float:
    """Seconds of work so far: on the CPU, processor time divided by the number of threads; elsewhere, clock time."""
    if device.type == "cpu":
        return time.process_time() / torch.get_num_threads()
    return time.monotonic()


class Work(TrainingRun):
    """A `TrainingRun` whose minutes are minutes of processor time.

    By clock time, a run that gets a tenth of a core would lower its learning rate when it has hardly begun.

    Args:
        ranks: the processes that run together, whose leader's clock is that of all, and writes; by default this one.
    """

    def __init__(
        self,
        folder: Path,
        stage: str,
        *,
        minutes: float,
        parts: dict[str, Any],
        device: torch.device,
        ranks: Ranks | None = None,
    ) -> None:
        super().__init__(folder, stage, minutes=minutes, parts=parts)
        self.device, self.ranks = device, ranks or Ranks()

    def save(self) -> None:
        """See `TrainingRun`."""
        if self.ranks.leads:
            super().save()

    def log(self, **values: float) -> None:
        """See `TrainingRun`."""
        if self.ranks.leads:
            super().log(**values)

    def __iter__(self) -> Iterator[tuple[int, float]]:
        saved, last = time.monotonic(), worked(self.device)
        while self.spent < self.minutes * 60:
            yield self.step, min(1.0, self.spent / (self.minutes * 60))
            now = worked(self.device)
            self.spent = self.ranks.agreed(self.spent + now - last)
            last = now
            self.step += 1
            if time.monotonic() - saved > self.every:
                self.save()
                saved = time.monotonic()
        self.save()
