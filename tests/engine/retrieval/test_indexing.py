"""The index of a folder: what is read, what is kept, and what it survives."""

import os
import threading
import time

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadRequest
from engine.retrieval import index as indexes
from engine.retrieval import indexing
from engine.retrieval.index import Entry, Index, unit
from engine.retrieval.walking import walk
from resources import pictures

WIDTH = 3


class Colours:
    """An encoder whose vector of a picture is its mean colour; it notes how many it saw."""

    def __init__(self):
        self.seen = 0

    def pictures(self, rgbs):
        self.seen += len(rgbs)
        return np.stack([rgb.reshape(-1, 3).mean(0) + 1 for rgb in rgbs]).astype(np.float32)


def paint(path, colour, size=(20, 12)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pictures"
    for name, colour in (("red.png", "red"), ("in/green.jpg", (0, 250, 0)), ("in/deep/blue.webp", "blue")):
        paint(folder / name, colour)
    return folder


@pytest.fixture
def run(folder, tmp_path):
    encoder = Colours()

    def run(**changes):
        before = encoder.seen
        asked = {"space": "s", "width": WIDTH, "encoder": lambda: encoder} | changes
        found, report = indexing.update(folder, tmp_path / "home" / "a.pictures", **asked)
        return found, report, encoder.seen - before

    return run


def nearest(found, colour):
    return found.names[int(found.scores(np.array(colour, np.float32)).argmax())]


def test_all_pictures_below_the_folder_are_found_by_what_they_show(run):
    found, report, seen = run()
    assert (seen, report.read, report.pictures, report.kept) == (3, 3, 3, True)
    assert [nearest(found, colour) for colour in ((9, 1, 1), (1, 9, 1), (1, 1, 9))] == [
        "red.png", "in/green.jpg", "in/deep/blue.webp",
    ]  # fmt: skip
    assert np.allclose(np.linalg.norm(found.vectors.astype(np.float32), axis=1), 1, atol=2e-3)
    assert found.bytes == 3 * WIDTH * 2


def test_only_what_is_new_or_changed_is_read_again(run, folder):
    run()
    assert run()[2] == 0
    paint(folder / "new.png", "white")
    os.utime(paint(folder / "red.png", "black"), ns=(1, 10**18))
    found, report, seen = run()
    assert (seen, report.pictures) == (2, 4)
    assert nearest(found, (9, 1, 1)) != "red.png"


def test_deleted_and_moved_pictures_leave_the_index(run, folder, tmp_path):
    run()
    (folder / "in" / "green.jpg").unlink()
    (folder / "red.png").rename(folder / "in" / "moved.png")
    found, report, seen = run()
    assert (sorted(found.rows), report.dropped, seen) == (["in/deep/blue.webp", "in/moved.png"], 2, 1)
    read = indexes.read(tmp_path / "home" / "a.pictures", space="s", width=WIDTH)
    assert read.names == found.names and np.array_equal(read.vectors, found.vectors)


def test_files_that_are_no_pictures_are_noted_once_and_looked_at_again_when_they_change(run, folder, monkeypatch):
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("no picture at all")
    (folder / "cut.png").write_bytes((folder / "in" / "green.jpg").read_bytes()[:-200])
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1000)
    Image.new("1", (2_000, 8)).save(folder / "huge.png")
    os.symlink(folder / "nowhere.png", folder / "link.png")
    os.mkfifo(folder / "pipe.png")
    _, report, seen = run()
    assert seen == 3 and report.pictures == 3
    assert sorted(report.faults) == ["broken.png", "cut.png", "empty.jpg", "huge.png"]
    assert report.faults["huge.png"] == 'The picture "huge.png" has too many pixels: 2000x8.'
    assert run()[2] == 0 and len(run()[1].faults) == 4
    paint(folder / "broken.png", "white")
    assert (run()[2], "broken.png" in run()[1].faults) == (1, False)


def test_a_closed_folder_inside_is_told_and_passed_over(folder, monkeypatch):
    real = os.scandir

    def closed(place):
        if str(place).endswith("deep"):
            raise PermissionError(13, "closed")
        return real(place)

    monkeypatch.setattr(os, "scandir", closed)
    found = walk(folder)
    assert (sorted(found.files), found.closed) == (["in/green.jpg", "red.png"], ["in/deep"])
    monkeypatch.setattr(os, "scandir", lambda place: (_ for _ in ()).throw(PermissionError(13, "closed")))
    with pytest.raises(BadRequest, match="cannot be read"):
        walk(folder)


@pytest.mark.parametrize(("name", "says"), [("gone", "There is no folder"), ("pictures/red.png", "is a file")])
def test_what_is_no_folder_is_told(folder, tmp_path, name, says):
    with pytest.raises(BadRequest, match=says):
        walk(tmp_path / name)


def test_folders_that_link_to_themselves_and_hidden_ones_have_an_end(folder):
    os.symlink(folder, folder / "in" / "again")
    paint(folder / ".thumbnails" / "red.png", "red")
    assert sorted(walk(folder).files) == ["in/deep/blue.webp", "in/green.jpg", "red.png"]


def test_more_pictures_than_are_looked_at_are_told(folder, monkeypatch):
    monkeypatch.setattr("engine.retrieval.walking.MOST", 2)
    assert (len(walk(folder).files), walk(folder).cut) == (2, True)


def test_a_stopped_run_keeps_what_it_read(run, folder, monkeypatch):
    monkeypatch.setattr(indexing, "AT_ONCE", 1)
    cancel = threading.Event()

    def stop(now):
        if now.done == 2:
            cancel.set()

    with pytest.raises(indexing.Cancelled):
        run(progress=stop, cancel=cancel)
    _, report, seen = run()
    assert (seen, report.pictures) == (1, 3)


def test_it_waits_while_the_machine_makes_a_picture(run):
    busy = iter([True, True, False])
    began = time.monotonic()
    assert run(busy=lambda: next(busy, False))[2] == 3
    assert time.monotonic() - began >= 2 * indexing._REST


def test_another_model_or_a_damaged_file_means_reading_anew(run, tmp_path):
    run()
    assert run(space="another")[2] == 3
    file = tmp_path / "home" / "a.pictures"
    for damage in (b"", b"\xff" * 40, file.read_bytes()[:-1], file.read_bytes().replace(b'"shape":[3', b'"shape":[4')):
        file.write_bytes(damage)
        assert run(space="another")[2] == 3


def test_a_disk_that_cannot_be_written_still_finds(run, tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    found, report, _ = run()
    assert (report.kept, nearest(found, (9, 1, 1))) == (False, "red.png")


def test_vectors_that_say_nothing_are_faults(run):
    class Broken:
        def pictures(self, rgbs):
            return np.array([[np.nan, 0, 0], [0, 0, 0], [1, 2, 3]], np.float32)

    found, report, _ = run(encoder=Broken)
    assert (len(found), len(report.faults)) == (1, 2)


def test_scores_are_cosines_in_blocks_too(monkeypatch):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, WIDTH))
    entries = {f"{n}.png": Entry(1, 1) for n in range(50)}
    found = Index("s", WIDTH).updated(entries, {f"{n}.png": row for n, row in enumerate(rows)})
    query = rng.normal(size=WIDTH)
    right = rows @ query / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)
    assert np.allclose(found.scores(query), right, atol=1e-3)
    monkeypatch.setattr(indexes, "_WIDEST", 1)
    monkeypatch.setattr(indexes, "_BLOCK", 7)
    assert np.allclose(Index("s", WIDTH, found.files, found.rows, found.vectors).scores(query), right, atol=1e-3)
    assert not unit(np.zeros(3)).any() and not unit(np.array([np.inf, 1, 1])).any()
