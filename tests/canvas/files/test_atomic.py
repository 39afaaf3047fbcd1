"""Saving is whole or not at all: a full disk, a read-only folder or a lost folder leave the old file intact."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from canvas.files import atomic, ora, png
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
from tests.canvas.scenes import random_scene

ROOT = Path(__file__).parents[3]


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "ä b.ora"
    atomic.write(path, b"one")
    atomic.write(str(path), b"two")
    assert path.read_bytes() == b"two" and os.listdir(tmp_path) == [path.name]


def test_a_new_file_may_be_read_as_others_may_and_an_old_one_keeps_its_rights(tmp_path: Path) -> None:
    path, plain = tmp_path / "a", tmp_path / "b"
    atomic.write(path, b"one")
    plain.write_bytes(b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    path.chmod(0o600)
    atomic.write(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    atomic.write(link, b"new")
    assert link.is_symlink() and real.read_bytes() == b"new"


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.EPERM, errno.ENOSYS])
def test_a_share_without_permissions_or_syncing_is_saved_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "chmod", fail)
    monkeypatch.setattr(os, "chown", fail)
    if number != errno.EPERM:
        monkeypatch.setattr(os, "fsync", fail)
    atomic.write(tmp_path / "a", b"new")
    atomic.write(tmp_path / "b", b"new")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_file_with_two_names_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"a long old text")
    os.link(tmp_path / "a", tmp_path / "b")
    atomic.write(tmp_path / "a", b"new")
    assert (tmp_path / "b").read_bytes() == b"new" and (tmp_path / "a").stat().st_nlink == 2
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "another folder")])
def test_an_error_of_the_disk_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str
) -> None:
    path = tmp_path / "scene.ora"
    ora.save(path, random_scene(1))
    old = path.read_bytes()
    files = set(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else set()

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(SaveError) as caught:
        ora.save(path, random_scene(2))
    monkeypatch.undo()
    assert words in caught.value.hint and "scene.ora" in caught.value.message
    assert str(tmp_path) not in caught.value.message + caught.value.details
    assert path.read_bytes() == old and os.listdir(tmp_path) == ["scene.ora"]
    if files:
        assert set(os.listdir("/proc/self/fd")) <= files | {str(max(map(int, files)) + 1)}, "no file is left open"


def test_a_disk_that_fills_up_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    real = open

    class Full:
        """A file that takes a few bytes and then no more."""

        def __init__(self, name: Path, mode: str) -> None:
            self._file = real(name, mode)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def write(self, data: bytes) -> None:
            self._file.write(data[:100])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("resources.atomic.open", Full, raising=False)
    with pytest.raises(SaveError, match=r"picture\.png"):
        png.save(path, np.zeros((64, 64, 3), np.uint8))
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["picture.png"]


def test_a_real_limit_on_the_size_of_files(tmp_path: Path) -> None:
    """In a process of its own, in which no file may grow beyond 2000 bytes."""
    path = tmp_path / "scene.ora"
    ora.save(path, Scene("a cat"))
    old = path.read_bytes()
    program = f"""
import resource, signal, sys
import numpy as np
from canvas.files import ora
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
noise = np.random.default_rng(0).integers(0, 256, (512, 512, 3), dtype=np.uint8)
try:
    ora.save({str(path)!r}, Scene("a dog"), noise)
except SaveError as error:
    print(error.message, error.hint)
    sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr
    assert "scene.ora" in done.stdout and "another disk" in done.stdout
    assert path.read_bytes() == old and os.listdir(tmp_path) == ["scene.ora"]
    assert ora.load(path).prompt == "a cat"


@pytest.mark.parametrize(("name", "words"), [("no/such/folder.ora", "folder is not there"), ("x" * 300, "shorter")])
def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(SaveError) as caught:
        atomic.write(tmp_path / name, b"")
    assert words in caught.value.hint


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "scene.ora").mkdir()
    with pytest.raises(SaveError) as caught:
        atomic.write(tmp_path / "scene.ora", b"")
    assert "another name" in caught.value.hint and os.listdir(tmp_path) == ["scene.ora"]


def test_what_a_killed_program_left_is_swept_away_once_it_is_old(tmp_path: Path) -> None:
    for name, age in ((".wordbrush-a.part", 900), (".wordbrush-b.part", 0), ("c.part", 900), (".wordbrush-d", 900)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    atomic.sweep(tmp_path, 600)
    atomic.sweep(tmp_path / "none", 600)
    assert sorted(os.listdir(tmp_path)) == [".wordbrush-b.part", ".wordbrush-d", "c.part"]


def test_the_version_before_stays_as_the_one_backup(tmp_path: Path) -> None:
    path = tmp_path / "a.ora"
    for text in (b"one", b"two", b"three"):
        atomic.write(path, text, backup=True)
    assert path.read_bytes() == b"three" and atomic.backup_of(path).read_bytes() == b"two"
    assert sorted(os.listdir(tmp_path)) == ["a.ora", "a.ora~"]
    atomic.write(path, b"four")
    assert atomic.backup_of(path).read_bytes() == b"two", "only what asks for it"


def test_a_program_killed_between_the_backup_and_the_new_file_leaves_both_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.ora"
    path.write_bytes(b"one")
    os.link(path, atomic.backup_of(path))  # what the kill leaves: one file under both names
    atomic.write(path, b"two", backup=True)
    assert path.read_bytes() == b"two" and atomic.backup_of(path).read_bytes() == b"one"


def test_a_backup_of_a_file_of_many_names_and_on_a_disk_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other, linked = tmp_path / "a.ora", tmp_path / "other", tmp_path / "linked.ora"
    path.write_bytes(b"one")
    os.link(path, other)
    linked.symlink_to(path)
    atomic.write(linked, b"two", backup=True)
    assert other.read_bytes() == b"two" and (tmp_path / "a.ora~").read_bytes() == b"one"
    other.unlink()

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", fail)
    atomic.write(path, b"three", backup=True)
    assert (tmp_path / "a.ora~").read_bytes() == b"two" and path.read_bytes() == b"three"


def test_a_backup_that_cannot_be_made_keeps_nobody_from_saving(tmp_path: Path) -> None:
    path = tmp_path / "a.ora"
    path.write_bytes(b"one")
    atomic.backup_of(path).mkdir()
    atomic.write(path, b"two", backup=True)
    assert path.read_bytes() == b"two" and sorted(os.listdir(tmp_path)) == ["a.ora", "a.ora~"]
