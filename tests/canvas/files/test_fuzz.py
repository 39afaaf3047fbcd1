"""2,000 damaged or hostile inputs: each is read or refused in words; none crashes, hangs, or writes elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from canvas.model.errors import SceneFileError
from tests.soak.fuzz import TARGETS, Target, Watch, fuzz, run_one

EACH = -(-2000 // len(TARGETS))


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_whatever_comes_is_read_or_refused(target: Target, tmp_path: Path) -> None:
    for good in target.seeds():
        try:
            assert not run_one(target, good, tmp_path / "good.bin", Watch(tmp_path))
        except SceneFileError as error:
            pytest.fail(f"a good input is refused: {error}")
    _counts, wrong = fuzz((target,), EACH, tmp_path)
    assert wrong == []


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
