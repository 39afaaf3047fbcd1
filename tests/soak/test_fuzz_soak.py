"""A hundred thousand damaged and hostile inputs: by our own changes, by hypothesis, and guided by coverage."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.soak.fuzz import TARGETS, Target, Watch, fuzz, run_one
from tests.soak.recorder import UNTIL, record, share_of

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

ROOT = Path(__file__).parents[2]
OURS, HYPOTHESIS, GUIDED = 60_000, 10_000, 30_000
BLOCK = 200
MEMORY = "memory"
"""The file in which `tests.soak.coverage_guided` tells how many bytes an input took at most."""


def test_changed_files_by_the_ten_thousand(tmp_path: Path) -> None:
    counts: dict[str, int] = {target.name: 0 for target in TARGETS}
    watch = Watch(tmp_path, keeps=True)
    wrong: list[str] = []
    began = time.monotonic()
    for seed in range(2, 2 + -(-share_of(OURS) // (BLOCK * len(TARGETS)))):
        if time.monotonic() > UNTIL:
            break
        done, faults = fuzz(TARGETS, BLOCK, watch, tmp_path, seed=seed)
        wrong += faults
        for name, number in done.items():
            counts[name] += number
    seconds, memory = round(time.monotonic() - began), in_mb(watch.memory.largest)
    record("fuzz: changed files", asked=OURS, run=sum(counts.values()), each=counts, wrong=wrong, seconds=seconds,
           most_memory_mb=memory)  # fmt: skip
    assert wrong == [] and sum(counts.values()) > 0


def test_what_hypothesis_finds(tmp_path: Path) -> None:
    watch = Watch(tmp_path, keeps=True)
    runs = sum(_under_hypothesis(target, watch, tmp_path) for target in TARGETS)
    record("fuzz: hypothesis", asked=HYPOTHESIS, run=runs, wrong=[], most_memory_mb=in_mb(watch.memory.largest))
    assert runs > 0


def in_mb(size: int) -> float:
    """Bytes as megabytes, for the figures."""
    return round(size / 1e6, 1)


def _under_hypothesis(target: Target, watch: Watch, folder: Path) -> int:
    """Give a target what hypothesis makes of its good inputs; how many it was given."""
    runs = [0]
    texts = st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))

    @settings(
        max_examples=-(-share_of(HYPOTHESIS) // len(TARGETS)),
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(target.seeds()),
        st.one_of(st.binary(max_size=300), texts),
        st.integers(0, 2**16),
        st.integers(0, 300),
    )
    def check(seed: bytes, piece: bytes, at: int, gone: int) -> None:
        if time.monotonic() > UNTIL:
            return
        runs[0] += 1
        at %= len(seed) + 1
        assert run_one(target, seed[:at] + piece + seed[at + gone :], target.file(folder), watch) == ""

    check()
    return runs[0]


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_what_coverage_guides_to(target, tmp_path: Path) -> None:
    """atheris where it is installed (the extra `fuzz`), else ten times as many of our own changes of changes."""
    asked = -(-share_of(GUIDED) // len(TARGETS))
    if importlib.util.find_spec("atheris") is None:
        _counts, wrong = fuzz((target,), asked, Watch(tmp_path, keeps=True), tmp_path, seed=7)
        record(f"fuzz: guided, {target.name}", by="changes", asked=asked, run=asked, wrong=wrong)
        assert wrong == []
        return
    left = int(max(20.0, min(3600.0, UNTIL - time.monotonic())))
    command = [sys.executable, "-m", "tests.soak.coverage_guided", target.name, str(asked), str(left), str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=left + 300)
    found = re.findall(r"Done (\d+)|^#(\d+)\s", ended.stderr, re.MULTILINE)
    run = max((int(one or other) for one, other in found), default=0)
    coverage = re.findall(r"cov: (\d+)", ended.stderr)
    figures = {"asked": asked, "run": run, "branches": int(coverage[-1]) if coverage else 0}
    figures["most_memory_mb"] = in_mb(int((tmp_path / MEMORY).read_text()))
    wrong = [] if ended.returncode == 0 else [(ended.stdout + ended.stderr)[-600:]]
    record(f"fuzz: guided, {target.name}", by="atheris", wrong=wrong, **figures)
    assert wrong == [] and run > 0
