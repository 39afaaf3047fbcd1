"""Kills windows that are at work, with SIGKILL at moments of chance, and looks at what is on the disk then."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from canvas.files.reading import read_all
from canvas.model.errors import SceneFileError
from tests.soak.busy_window import strokes_in

ROOT = Path(__file__).parents[2]
MAY_BE_LOST = 5.0
"""Seconds before its end of which a program that is killed may lose the strokes."""


@dataclass
class Tally:
    """What was found after the kills.

    Attributes:
        first_lost: for each kill, how old the oldest stroke was that was on no disk; 0 where none was lost.
        wrong: sentences about what must not be.
    """

    kills: int = 0
    strokes: int = 0
    pictures: int = 0
    saves: int = 0
    files: int = 0
    cpu_seconds: float = 0.0
    first_lost: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Windows:
    """Starts windows; see `tests.soak.busy_window`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        command = [sys.executable, "-m", "tests.soak.busy_window"]
        surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self._maker = subprocess.Popen(
            command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, home: Path, seed: int) -> int:
        """The process id of a new window."""
        with self._lock:
            assert self._maker.stdin is not None and self._maker.stdout is not None
            self._maker.stdin.write(json.dumps({"home": str(home), "seed": seed}) + "\n")
            self._maker.stdin.flush()
            return int(self._maker.stdout.readline())

    def close(self) -> None:
        """No more windows are wanted."""
        assert self._maker.stdin is not None and self._maker.stdout is not None
        self._maker.stdin.close()
        self._maker.wait(60)
        self._maker.stdout.close()


def kill_windows(folder: Path, lives: list[float], *, beside: int, seed: int = 1, pause: float = 0.0,
                 until: float = float("inf")) -> Tally:  # fmt: skip
    """Let windows live for so many seconds each, `beside` of them at a time, each in a home of its own.

    Args:
        pause: seconds of rest after each kill, for machines that have other work.
        until: the monotonic time after which no further window is started.
    """
    tally, windows = Tally(), Windows()
    threads = [
        threading.Thread(target=_kill_some, args=(windows, folder / f"home{part}", lives[part::beside], tally),
                         kwargs={"seed": seed + 10_000 * part, "pause": pause, "until": until})
        for part in range(beside)
    ]  # fmt: skip
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        windows.close()
    return tally


def _kill_some(windows: Windows, home: Path, lives: list[float], tally: Tally, *, seed: int, pause: float,
               until: float) -> None:  # fmt: skip
    (home / "scenes").mkdir(parents=True)
    left_behind = 0
    for number, seconds in enumerate(lives, seed):
        if time.monotonic() > until:
            return
        wrong: list[str] = []
        process = windows.start(home, number)
        journal = home / f"journal-{number}"
        while not (journal.is_file() and journal.stat().st_size):  # it lives from its first line on
            if not _is_there(process):
                wrong.append(f"window {number} did not start: {(home / 'errors').read_text()[-500:]}")
                break
            time.sleep(0.01)
        time.sleep(seconds * random.Random(number).uniform(0.9, 1.1))
        if not _is_there(process):
            wrong.append(f"window {number} ended by itself: {(home / 'errors').read_text()[-500:]}")
        used = _cpu_seconds(process)
        end = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        while _is_there(process):
            time.sleep(0.005)
        lines = [line.split(" ") for line in journal.read_text().splitlines()] if journal.is_file() else []
        for kind, *rest in lines:
            if kind == "lost" and int(rest[0]) < left_behind:
                wrong.append(f"{rest[0]} of {left_behind} scenes of killed windows are offered")
        errors = (home / "errors").read_text(errors="replace") if (home / "errors").is_file() else ""
        if "Traceback" in errors:
            wrong.append(f"window {number} had an error: {errors[-800:]}")
        left_behind = len(list((home / "autosave").glob("*.ora")))
        _look(home, lines, end, tally, wrong)
        with tally.lock:
            tally.kills += 1
            tally.cpu_seconds += used
            tally.wrong += wrong
        time.sleep(pause)


def _look(home: Path, lines: list[list[str]], end: float, tally: Tally, wrong: list[str]) -> None:
    """What is on the disk after a kill at the time `end`, against what the window's journal says."""
    kept = 0
    files = list(_files(home))
    for path in files:
        try:
            held = read_all(path)
        except SceneFileError as error:
            wrong.append(f"{path.name} does not open: {error.message} {error.details}")
            continue
        if held.fault is not None or held.scene is None:
            wrong.append(f"{path.name} has no whole scene")
        elif path.suffix == ".ora":
            kept = max(kept, strokes_in(held.scene))
    strokes = _since_begun([(int(rest[0]), float(rest[1])) for kind, *rest in lines if kind == "stroke"])
    lost = [made for number, made in strokes if number > kept]
    oldest = end - lost[0] if lost else 0.0
    if oldest > MAY_BE_LOST:
        wrong.append(f"{len(lost)} of {len(strokes)} strokes are gone, the oldest was {oldest:.1f} s old")
    shown = [rest[0] for kind, *rest in lines if kind == "shown"]
    wrong += [f"{name} was shown and is not there" for name in shown if not Path(name).is_file()]
    with tally.lock:
        tally.strokes += sum(line[0] == "stroke" for line in lines)
        tally.saves += sum(line[0] == "saved" for line in lines)
        tally.pictures += len(shown)
        tally.files += len(files)
        tally.first_lost.append(round(oldest, 2))


def _since_begun(strokes: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The strokes of the scene that was open at the end: the window begins a new one where the canvas is full."""
    begun = max((index for index, (number, _) in enumerate(strokes) if index and number <= strokes[index - 1][0]),
                default=0)  # fmt: skip
    return strokes[begun:]


def _files(home: Path) -> Iterator[Path]:
    for folder in ("scenes", "autosave", "results"):
        for path in (home / folder).glob("*"):
            if path.suffix in (".ora", ".png", ".ora~"):
                yield path


def _cpu_seconds(process: int) -> float:
    try:
        times = psutil.Process(process).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
