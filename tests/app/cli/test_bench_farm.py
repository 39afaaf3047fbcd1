"""`wordbrush bench farm`: its figures from the times of each way; the ways themselves are tested with the farm."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import bench_farm
from app.cli.farm_plan import plan
from app.cli.output import CommandError
from canvas.model.scene import Scene, Settings
from engine import Library
from engine.farm.local import LocalFarm


def test_overhead_is_of_one_worker_over_the_loop_and_speed_of_two_over_one():
    seconds = {
        "plain loop": [1.0, 1.0],
        "farm, this process": [1.0, 1.02],
        "Ray, 1 worker": [1.02, 1.02],
        "Ray, 2 workers": [0.51, 0.51],
    }
    result = bench_farm._result(
        "tiny", Scene(prompt="a lake"), 2, 4, seconds, {**seconds, "Ray, 1 worker": [1.01, 1.01]}
    )
    assert result["overhead"] == pytest.approx(0.02) and result["overhead_ci"] == pytest.approx([0.02, 0.02])
    assert result["overhead_cpu"] == pytest.approx(0.01) and result["rows"][2]["cpu_ms"] == pytest.approx(1010)
    assert result["speedup"] == pytest.approx(2.0)
    assert [row["way"] for row in result["rows"]] == list(seconds)
    assert result["rows"][1]["ratio"] == pytest.approx(1.01) and result["rows"][3]["picture_ms"] == pytest.approx(510)


def test_each_way_comes_in_turns_every_second_time_backwards():
    assert list(bench_farm._order(["a", "b"], 3)) == ["a", "b", "b", "a", "a", "b"]


def test_the_loop_and_the_farm_of_one_make_the_same_files_but_for_the_hash(tiny_sd_folder):
    settings = Settings(model=str(tiny_sd_folder), device="cpu", steps=2)
    cells = plan([("x", Scene(prompt="a lake", size=(64, 64), settings=settings))], [], (1, 2), Path())
    library = Library()
    bench_farm._loop(cells, library)
    first = [cell.path.read_bytes() for cell in cells]
    with LocalFarm(library=library) as here:
        bench_farm._farm(cells, here)
    assert [len(cell.path.read_bytes()) > len(data) for cell, data in zip(cells, first, strict=True)] == [True, True]


def test_nothing_to_measure_is_said():
    with pytest.raises(CommandError):
        bench_farm.run(pairs=0, progress=lambda text, fraction: None)
