"""A run knows when it has ended, and that it has not where it is given longer."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from torch import nn

from engine.training import training_loop
from engine.training.expert_run import ExpertRun


@pytest.fixture
def run_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run of some minutes whose steps take 10 seconds each, by a clock of its own."""
    clock = [0.0]
    monkeypatch.setattr(training_loop.time, "monotonic", lambda: clock[0])

    def made(minutes: float) -> tuple[ExpertRun, list[int]]:
        run = ExpertRun(
            tmp_path, "part", parts={"part": nn.Linear(1, 1)}, settings={}, accelerator=Accelerator(cpu=True),
            minutes=minutes,
        )  # fmt: skip
        run.resume()
        steps = []
        for step, _ in run:
            steps.append(step)
            clock[0] += 10
        return run, steps

    return made


def test_one_that_ended_does_not_train_again(run_for) -> None:
    assert run_for(1)[1] == [0, 1, 2, 3, 4, 5]
    for minutes in (1, 0.5):
        run, steps = run_for(minutes)
        assert run.done and not steps


def test_one_that_ended_goes_on_where_it_is_given_longer(run_for) -> None:
    run_for(1)
    run, steps = run_for(1.5)
    assert run.done and steps == [6, 7, 8]
    state = torch.load(run.path, weights_only=True)
    assert (state["step"], state["spent"], state["done"]) == (9, 90.0, True)
