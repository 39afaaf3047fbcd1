"""Training on two processes: dealt out, averaged, written once, and continued on one process to the same weights."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from engine.training.expert_trainer import parts_of
from tests.engine.training.several_processes import CUT

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(("parts", "processes"), [(1, 1), (2, 2), (2, 1), (4, 2), (3, 2), (2, 3), (1, 4)])
def test_every_part_counts_alike_on_any_number_of_processes(parts, processes):
    weights = dict.fromkeys(range(parts), 0.0)
    for process in range(processes):
        for part, weight in parts_of(parts, process, processes):
            weights[part] += weight / processes
    assert list(weights.values()) == pytest.approx([1 / parts] * parts)


def test_two_processes_share_the_work_and_one_can_finish_it(tiny_sd_folder, tmp_path):
    """The run that was cut off on two processes ends on one as the one that was not cut off."""
    data = tmp_path / "pictures"
    data.mkdir()
    for number in range(3):
        rgb = np.random.default_rng(number).integers(0, 255, (64, 80, 3), np.uint8)
        Image.fromarray(rgb).save(data / f"{number}.png")
        (data / f"{number}.txt").write_text("a lake and sky")
    script = Path(__file__).with_name("several_processes.py")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(tiny_sd_folder), str(data), str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.stdout.splitlines()[-1] == str([[0, 0], [CUT, CUT], [0]]), done.stdout + done.stderr
    assert "continuing from step" in done.stdout

    two, mended = (_weights(tmp_path / name / "out") for name in ("two", "cut"))
    assert two.keys() == mended.keys() and len(two) > 10
    for name, value in two.items():
        assert np.allclose(value, mended[name], rtol=1e-4, atol=1e-6), name
    lines = [json.loads(line) for line in (tmp_path / "two" / "experts" / "log.jsonl").read_text().splitlines()]
    steps = [(line["stage"], line["step"]) for line in lines if "loss" in line]
    assert len(steps) == len(set(steps)), "only the first process writes"


def _weights(folder: Path) -> dict[str, np.ndarray]:
    return {
        f"{file.parent.name}/{name}": value.astype(np.float32)
        for file in sorted(folder.rglob("*.safetensors"))
        for name, value in load_file(file).items()
    }
