"""One expert's training run, which may be interrupted at any moment: when it ends, and its last two checkpoints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast

from engine.errors import BadRequest, ModelIncomplete
from engine.training import checkpoint_io
from engine.training.training_loop import TrainingRun

_STATE = {"step", "spent", "done", "settings", "parts"}


class ExpertRun(TrainingRun):
    """A run that ends after a number of steps or minutes; iterating yields `(step, fraction)` as `TrainingRun` does.

    All processes of a launch iterate together; the main one writes. If each step seeds its randomness from its number
    alone, a run with a fixed number of steps gives the same result however often it is interrupted.

    Args:
        parts: the objects whose state is saved.
        settings: what the result depends on; a checkpoint with other settings is rejected. Only its "processes", which
            is how many parts each step's examples were dealt out in, are taken over from the checkpoint.
        steps, minutes: give one of them; the other is None.
        every: seconds between checkpoints.
    """

    def __init__(
        self,
        folder: Path,
        stage: str,
        *,
        parts: dict[str, Any],
        settings: dict[str, Any],
        accelerator: Accelerator,
        steps: int | None = None,
        minutes: float | None = None,
        every: float = 120.0,
    ) -> None:
        super().__init__(folder, stage, minutes=minutes or 0.0, parts=parts, every=every)
        self.steps, self.settings, self.accelerator = steps, settings, accelerator
        self.done = False
        self.before = folder / f"{stage}.before.pt"

    def resume(self) -> bool:
        """Load the newest undamaged checkpoint; returns whether there was one.

        Raises:
            ModelIncomplete: all checkpoints are damaged. BadRequest: the checkpoint was made with other settings.
        """
        found = [file for file in (self.path, self.before) if file.exists()]
        state = None
        for file in found:
            state = checkpoint_io.read(file)
            if isinstance(state, dict) and state.keys() >= _STATE:
                break
            self._say(f"the checkpoint {file.name} is damaged" + "; trying the one before" * (file == self.path))
            state = None
        if state is None and not found:
            return False
        if state is None:
            raise ModelIncomplete(
                f"The checkpoints of {self.stage} in {self.folder} are damaged.",
                hint=f"Delete {' and '.join(file.name for file in found)} to train {self.stage} again from its start; "
                "the other experts are not affected.",
            )
        self._check(state["settings"])
        self.accelerator.wait_for_everyone()
        if file == self.before and self.path.exists() and self.accelerator.is_main_process:
            # Otherwise the next save would overwrite the good checkpoint with the damaged one.
            self.path.replace(self.path.with_suffix(".damaged"))
        self.step, self.spent = state["step"], state["spent"]
        self.done = state["done"] and self._fraction() >= 1  # one that ended goes on if it is given longer now
        for name, part in self.parts.items():
            part.load_state_dict(state["parts"][name])
        self._say(f"{self.stage}: continuing from step {self.step}, saved in {file.name}")
        return True

    def _check(self, settings: dict[str, Any]) -> None:
        # How many parts each batch was dealt out in goes on as it was, on however many processes: see `parts_of`.
        self.settings["processes"] = settings.get("processes", self.settings.get("processes"))
        other = [name for name in self.settings if settings.get(name) != self.settings[name]]
        if other:
            changes = "; ".join(f"{name} was {settings.get(name)}, now {self.settings[name]}" for name in other)
            raise BadRequest(
                f"The checkpoints in {self.folder} were made with other settings: {changes}.",
                hint="Use the same settings, choose another --work, or leave out --resume to start again.",
            )

    def save(self) -> None:
        """Write a checkpoint, and keep the one before it as well."""
        if self.accelerator.is_main_process:
            state = {
                "step": self.step,
                "spent": self.spent,
                "done": self.done,
                "settings": self.settings,
                "parts": {name: part.state_dict() for name, part in self.parts.items()},
            }
            half = checkpoint_io.write_half(self.path, state)
            if self.path.exists():
                self.path.replace(self.before)
            half.replace(self.path)
        self.accelerator.wait_for_everyone()

    def __iter__(self) -> Iterator[tuple[int, float]]:
        if self.done:
            return
        saved = last = time.monotonic()
        while (fraction := self._fraction()) < 1:
            yield self.step, fraction
            now = time.monotonic()
            # As in `TrainingRun`, pauses do not count as work.
            self.spent += min(now - last, 60.0)
            last = now
            self.step += 1
            if self._agreed(now - saved) > self.every:
                self.save()
                saved = time.monotonic()
        self.done = True
        self.save()

    def _fraction(self) -> float:
        if self.steps is not None:
            return self.step / self.steps
        return self._agreed(self.spent) / (self.minutes * 60) if self.minutes > 0 else 1.0

    def _agreed(self, seconds: float) -> float:
        """The main process's value, so that all processes act alike."""
        if self.accelerator.num_processes == 1:
            return seconds
        return float(broadcast(torch.tensor(seconds, device=self.accelerator.device)))

    def log(self, **values: float) -> None:
        """See `TrainingRun.log`; only the main process logs."""
        if self.accelerator.is_main_process:
            super().log(**values)

    def _say(self, text: str) -> None:
        if self.accelerator.is_main_process:
            print(text, flush=True)
