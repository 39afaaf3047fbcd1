"""The benchmark of the farm: what a picture costs on it against a plain loop, and what a second worker brings."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import engine
from app.cli import farm_run, render
from app.cli.farm_plan import Cell, plan
from app.cli.output import CommandError, Progress
from app.generation.request_builder import request_from_scene
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from engine.farm import starting
from engine.farm.cluster import RayFarm
from engine.farm.local import LocalFarm
from engine.lab.statistics import ratio_interval

PROMPT = "a red balloon over a lake"


class _Silent(Progress):
    """The farm's news, which here would be measured too."""

    def _show(self, text: str) -> None:
        """Nothing."""


def run(
    *,
    model: str = "starter",
    pairs: int = 6,
    pictures: int = 4,
    steps: int | None = None,
    progress: Callable[[str, float], None],
) -> dict[str, Any]:
    """Time plain loop, farm in this process, and farms on Ray in turns; returns the JSON object of the command.

    Every worker and this process compute on one core each. `overhead` is what a picture takes on a farm of one worker
    over the plain loop, less 1, and `overhead_cpu` the same in CPU time of all processes, Ray's too, which other load
    on the machine does not change; `speedup` how many times as many pictures two workers make as one. Intervals are
    bootstraps over the pairs.

    Args:
        pairs: how often each way is timed. pictures: each time and worker, all with different seeds.

    Raises:
        CommandError: fewer than 1 of either. FarmUnavailable: Ray is not installed. EngineError: the engine's error.
    """
    if pairs < 1 or pictures < 1:
        raise CommandError("Nothing is to be measured.", hint="Give --pairs and --pictures from 1 on.")
    facts = engine.Library().inspect(model)
    chosen = Settings(model=model, device="cpu", steps=steps or facts.defaults.steps, sampler=facts.defaults.sampler)
    scene, balloon = edits.add_word(Scene(prompt=PROMPT, size=facts.defaults.size, settings=chosen), (2, 13))
    scene = edits.fill_word(scene, balloon)
    seeds = itertools.count()
    library = engine.Library()
    with (
        tempfile.TemporaryDirectory() as folder,
        _one_thread(),
        contextlib.closing(starting.Cluster(starting.LOCAL, cores=3)),
        RayFarm(workers=1, threads=1) as one,
        RayFarm(workers=2, threads=1) as two,
        LocalFarm(library=library) as here,
    ):

        def cells(count: int) -> list[Cell]:
            return plan([("bench", scene)], [], tuple(itertools.islice(seeds, count)), Path(folder))

        ways: dict[str, tuple[int, Callable[[Sequence[Cell]], object]]] = {
            "plain loop": (pictures, lambda work: _loop(work, library)),
            "farm, this process": (pictures, lambda work: _farm(work, here)),
            "Ray, 1 worker": (pictures, lambda work: _farm(work, one)),
            "Ray, 2 workers": (2 * pictures, lambda work: _farm(work, two)),
        }
        for number, (name, (count, make)) in enumerate(ways.items()):
            progress(f"loading: {name}", number / (len(ways) * (pairs + 1)))
            make(cells(count))
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        work_seconds: dict[str, list[float]] = {name: [] for name in ways}
        for number, name in enumerate(_order(list(ways), pairs)):
            count, make = ways[name]
            work = cells(count)
            began, worked = time.perf_counter(), _cpu_seconds()
            make(work)
            seconds[name].append((time.perf_counter() - began) / count)
            work_seconds[name].append((_cpu_seconds() - worked) / count)
            progress(name, (number + len(ways)) / (len(ways) * (pairs + 1)))
    return _result(facts.name, scene, pairs, pictures, seconds, work_seconds)


def _cpu_seconds() -> float:
    """The CPU time so far of this process and all that it started: the workers, and Ray's own processes."""
    own = psutil.Process()
    total = 0.0
    for process in (own, *own.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # it ended meanwhile
            times = process.cpu_times()
            total += times.user + times.system
    return total


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute on one core here, as the workers do."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _order(ways: list[str], pairs: int) -> Iterator[str]:
    """All ways in turns, each second time backwards, so that a machine that gets slower favours none."""
    for number in range(pairs):
        yield from ways if number % 2 == 0 else reversed(ways)


def _loop(cells: Sequence[Cell], library: engine.Library) -> None:
    """What a script would do: one request after another, each picture saved."""
    for number, cell in enumerate(cells):
        request = request_from_scene(cell.scene, id=str(number)).replace(previews=False, obedience=True)
        started: engine.Started | None = None
        for event in engine.generate(request, library=library):
            if isinstance(event, engine.Started):
                started = event
            elif isinstance(event, engine.ImageReady) and started is not None:
                render.save(cell.path, event, cell.scene, started)
            elif isinstance(event, engine.Failed):
                raise event.error


def _farm(cells: Sequence[Cell], farm: Any) -> None:
    result = farm_run.run(cells, farm, cancel=threading.Event(), news=_Silent())
    if result["made"] != len(cells):
        told = "; ".join(error["message"] for error in result["errors"])
        raise CommandError("The farm did not make all pictures.", hint=told)


def _result(
    model: str,
    scene: Scene,
    pairs: int,
    pictures: int,
    seconds: dict[str, list[float]],
    work_seconds: dict[str, list[float]],
) -> dict[str, Any]:
    taken = {name: np.asarray(each) for name, each in seconds.items()}
    worked = {name: np.asarray(each) for name, each in work_seconds.items()}

    def ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, list[float]]:
        return float(above.sum() / below.sum()), list(ratio_interval(above, below))

    rows = []
    for name, each in taken.items():
        times, interval = ratio(each, taken["plain loop"])
        row = {"way": name, "picture_ms": float(each.mean()) * 1000, "ratio": times, "ratio_ci": interval}
        rows.append({**row, "cpu_ms": float(worked[name].mean()) * 1000})
    overhead, over_ci = ratio(taken["Ray, 1 worker"], taken["plain loop"])
    cpu, cpu_ci = ratio(worked["Ray, 1 worker"], worked["plain loop"])
    speedup, speed_ci = ratio(taken["Ray, 1 worker"], taken["Ray, 2 workers"])
    return {
        "schema": 1,
        "model": model,
        "size": list(scene.size),
        "steps": scene.settings.steps,
        "pairs": pairs,
        "pictures": pictures,
        "load": psutil.getloadavg()[0],
        "rows": rows,
        "overhead": overhead - 1,
        "overhead_ci": [end - 1 for end in over_ci],
        "overhead_cpu": cpu - 1,
        "overhead_cpu_ci": [end - 1 for end in cpu_ci],
        "speedup": speedup,
        "speedup_ci": speed_ci,
    }
