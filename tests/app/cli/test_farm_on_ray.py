"""`wordbrush farm --ray`: the bits of render, and a farm that is killed itself makes the rest when it starts again."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from app.cli import farm_plan, farm_run
from app.cli.output import Progress
from canvas.files import ora
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from engine.farm import LocalFarm, starting
from tests.app.conftest import command, environment
from tests.fake_executor import FakeExecutor

KILLED = """
import engine.farm.cluster
from tests.farm_workers import FakeWorker
engine.farm.cluster.Worker = FakeWorker
engine.farm.cluster.RayFarm.__init__.__kwdefaults__["worker"] = FakeWorker
"""


@pytest.fixture
def ray_of_two():
    """A local cluster, which the command then finds."""
    cluster = starting.Cluster(starting.LOCAL, cores=2)
    yield cluster
    cluster.close()


def test_two_workers_make_the_bits_that_render_makes(wordbrush, ray_of_two, tiny_sd_folder):
    scene, lake = edits.add_word(Scene(prompt="a lake", size=(64, 64), settings=Settings(steps=2)), (2, 6))
    ora.save(Path("a.ora"), edits.fill_word(scene, lake))
    own = ("--model", tiny_sd_folder, "--device", "cpu", "--json")
    farmed = wordbrush("farm", "a.ora", "--seeds", "1-4", "--ray", "local", "--threads", "1", "--out", "all", *own)
    assert farmed.code == 0, farmed.err
    assert (farmed.result["made"], farmed.result["workers"]) == (4, 2)
    wordbrush("render", "a.ora", "--seed", "1", "--count", "4", "--out", "one.png", *own)
    for seed in range(1, 5):
        alone = np.asarray(Image.open("one.png" if seed == 1 else f"one-{seed - 1}.png"))
        assert np.array_equal(alone, np.asarray(Image.open(f"all/a-s{seed}.png")))


def test_a_farm_that_is_killed_leaves_nobody_behind_and_goes_on_where_it_was(monkeypatch):
    settings = Settings(model="tiny", steps=9)
    scene = Scene(prompt="a lake", size=(64, 64), settings=settings)
    ora.save(Path("a.ora"), scene)
    asked = ("farm", "a.ora", "--seeds", "0-19", "--ray", "local", "--workers", "2", "--out", "all")
    running = subprocess.Popen(
        command(asked, before=KILLED), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    there = Path("all")
    try:
        _wait(lambda: there.is_dir() and len(list(there.glob("*.png"))) >= 3, running)
        # Two helpers of Ray's that hold nothing look only now and then whether they are still needed.
        children = psutil.Process(running.pid).children(recursive=True)
        family = [child for child in children if "Agent" not in child.name()]
        assert len(family) >= 3
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    _gone, left = psutil.wait_procs(family, timeout=30)
    assert not left
    before = {path: path.stat().st_mtime_ns for path in there.glob("*.png")}
    assert 3 <= len(before) < 20

    monkeypatch.setattr("engine.farm.local.LocalExecutor", lambda library: FakeExecutor())
    cells = farm_plan.plan([("a", scene)], [], tuple(range(20)), there)
    with LocalFarm() as alone:
        result = farm_run.run(cells, alone, cancel=threading.Event(), news=Progress())
    assert (result["made"], result["kept"], result["failed"]) == (20 - len(before), len(before), 0)
    assert before == {path: path.stat().st_mtime_ns for path in before}


def _wait(holds, running) -> None:
    until = time.monotonic() + 120
    while not holds():
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.05)
