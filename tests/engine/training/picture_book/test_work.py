"""Training's clock counts work, and a checkpoint takes it along."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from engine.training.picture_book.work import Work, worked


def test_waiting_is_no_work_on_a_processor() -> None:
    before = worked(torch.device("cpu"))
    time.sleep(0.05)
    assert worked(torch.device("cpu")) - before < 0.04


@pytest.mark.usefixtures("a_second_a_step")
def test_a_run_goes_on_where_its_work_stopped(tmp_path: Path) -> None:
    layer = torch.nn.Linear(2, 2)

    def run(seconds: float) -> Work:
        return Work(tmp_path, "stage", minutes=seconds / 60, parts={"layer": layer}, device=torch.device("cpu"))

    assert [step for step, _ in run(3)] == [0, 1, 2]
    later = run(5)
    assert later.resume()
    assert list(later) == [(3, pytest.approx(0.6)), (4, pytest.approx(0.8))]
