"""A training's clock that counts what the processor did, for a machine that is shared with others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from engine.training.training_loop import TrainingRun


def worked(device: torch.device) -> float:
    """Seconds of work so far: of the processor, by its number of threads; on other devices those of the clock."""
    if device.type == "cpu":
        return time.process_time() / torch.get_num_threads()
    return time.monotonic()


class Work(TrainingRun):
    """A `Run` whose minutes are minutes of work.

    By the wall's clock, a run that gets a tenth of a core would lower its rate when it has hardly begun.
    """

    def __init__(
        self, folder: Path, stage: str, *, minutes: float, parts: dict[str, Any], device: torch.device
    ) -> None:
        super().__init__(folder, stage, minutes=minutes, parts=parts)
        self.device = device

    def __iter__(self) -> Iterator[tuple[int, float]]:
        saved, last = time.monotonic(), worked(self.device)
        while self.spent < self.minutes * 60:
            yield self.step, min(1.0, self.spent / (self.minutes * 60))
            now = worked(self.device)
            self.spent += now - last
            last = now
            self.step += 1
            if time.monotonic() - saved > self.every:
                self.save()
                saved = time.monotonic()
        self.save()
