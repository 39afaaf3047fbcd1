"""2,000 damaged or hostile inputs, and those that went wrong once: each is read or refused in words, within bounds."""

from __future__ import annotations

import mmap
import sys
from pathlib import Path

import numpy as np
import pytest

from canvas.model.errors import SceneFileError
from tests.soak.fuzz import FOUND, TARGETS, Target, Watch, found, fuzz, keep, run_one
from tests.soak.memory import MOST, Memory

EACH = -(-2000 // len(TARGETS))


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_whatever_comes_is_read_or_refused(target: Target, tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    for good in target.seeds():
        try:
            assert not run_one(target, good, tmp_path / "good.bin", watch)
        except SceneFileError as error:
            pytest.fail(f"a good input is refused: {error}")
    for file in found(target):
        fault = run_one(target, file.read_bytes(), target.file(tmp_path), watch)
        assert not fault, f"{file.name}: {fault}"
    _counts, wrong = fuzz((target,), EACH, watch, tmp_path)
    assert wrong == []


def test_every_kept_input_belongs_to_a_target() -> None:
    assert sum(len(found(target)) for target in TARGETS) == len([p for p in FOUND.rglob("*") if p.is_file()]) > 10


def test_of_each_fault_the_shortest_input_is_kept(tmp_path: Path) -> None:
    target = TARGETS[0]
    for data in (b"long", b"short", b"it"):
        keep(target, data, "KeyError: 'layer 7'", tmp_path)
    keep(target, b"other", "TypeError: 3", tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.input")) == ["keyerror-layer.input", "typeerror.input"]
    assert (tmp_path / target.name / "keyerror-layer.input").read_bytes() == b"it"


def fresh(size: int) -> mmap.mmap:
    """Memory from the system, touched: what an allocator has left over from earlier tests would count for nothing."""
    try:
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError from error
    memory.write(b"\1" * size)
    return memory


if sys.platform.startswith("linux"):  # elsewhere no system tells it

    @pytest.mark.parametrize(("most", "ask"), [(MOST, "at once"), (10**8, "in pieces"), (10**8, "and hides it")])
    def test_more_than_a_gigabyte_is_not_given_and_is_a_fault(tmp_path: Path, most: int, ask: str) -> None:
        def takes(_data: bytes, _file: Path) -> None:
            try:
                kept = [bytearray(most * 6 // 5)] if ask == "at once" else [fresh(2**19) for _ in range(250)]
                kept.clear()
            except MemoryError as error:
                if ask == "and hides it":
                    raise SceneFileError("It is damaged.", hint="Take another.") from error
                raise

        watch = Watch(tmp_path)
        watch.memory = Memory(most)
        fault = run_one(Target("large", takes, list, lambda data, _rng: data), b"", tmp_path / "x", watch)
        assert "MB of memory" in fault if ask == "and hides it" else "MemoryError" in fault
        assert watch.memory.took < most * 1.05
        assert run_one(TARGETS[0], TARGETS[0].seeds()[0], tmp_path / "in.ora", watch) == "", "it lasts"
        assert watch.memory.took < most / 2 and len(np.empty(most * 6 // 5, np.uint8)) > most


def test_the_watch_hears_a_stray_write_a_crash_and_a_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir()

    def misbehaves(data: bytes, file: Path) -> None:
        if data == b"write":
            (other / "stray").write_bytes(b"")
        elif data == b"crash":
            raise KeyError("a")
        else:
            file.write_bytes(data)

    target = Target("bad", misbehaves, list, lambda data, _rng: data)
    watch = Watch(own)
    assert "stray" in run_one(target, b"write", own / "x", watch)
    assert "KeyError" in run_one(target, b"crash", own / "x", watch)
    assert run_one(target, b"fine", own / "x", watch) == ""
    monkeypatch.setattr("tests.soak.fuzz.MAX_SECONDS", 0.0)
    assert "took" in run_one(target, b"fine", own / "x", watch)
