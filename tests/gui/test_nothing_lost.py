"""No work is lost in the window: backups, disks that are full, closed or gone, and a window that lives meanwhile."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from app.storage import autosave
from app.storage.autosave import DELAY_MS, Autosave
from canvas.files import ora, png
from canvas.model.document import Document
from canvas.model.scene import Scene
from engine.protocol import ImageReady
from resources import atomic
from tests.gui.file_scenes import painted


def save(hands) -> None:
    hands.window.actions_table["file.save"].trigger()
    hands.settle()


@pytest.fixture
def opened(hands, tmp_path: Path) -> Path:
    """A scene file that the window has open."""
    path = tmp_path / "scenes" / "mine.ora"
    path.parent.mkdir()
    ora.save(path, painted())
    hands.window.files.load(path)
    hands.settle()
    return path


def test_the_version_before_is_kept_and_opens_as_a_copy(hands, opened):
    for negative in ("fog", "rain"):
        hands.window.document.set_negative(negative)
        save(hands)
    kept = opened.with_name("mine.ora~")
    assert ora.load(opened).negative == "rain" and ora.load(kept).negative == "fog"
    hands.window.files.load(kept)
    hands.settle()
    assert hands.window.document.scene.negative == "fog" and hands.window.document.path is None


def test_a_damaged_scene_says_where_its_backup_is(hands, opened):
    hands.window.document.set_negative("fog")
    save(hands)
    opened.write_bytes(opened.read_bytes()[:200])
    hands.window.files.load(opened)
    hands.settle()
    assert "mine.ora~" in hands.window.banner.hint and hands.window.document.scene.negative == "fog"


def full(*_args, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def closed(*_args, **_options):
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.mark.parametrize(("fault", "word"), [(full, "full"), (closed, "read-only"), (None, "folder")])
@pytest.mark.parametrize("what", ["save", "export"])
def test_a_disk_that_takes_nothing_is_told_and_nothing_is_lost(with_picture, tmp_path, monkeypatch, fault, word, what):
    hands, folder = with_picture, tmp_path / "scenes"
    folder.mkdir()
    path = folder / ("mine.ora" if what == "save" else "mine.png")
    hands.window.document.load(painted(), path)
    hands.window.document.set_negative("fog")
    if fault is None:
        folder.rmdir()
    else:
        path.write_bytes(b"what was there before")
        monkeypatch.setattr(atomic.tempfile, "mkstemp", fault)
    if what == "save":
        save(hands)
    else:
        hands.window.files._export(path, hands.window.files._session.displayed)
        hands.settle()
    banner = hands.window.banner
    assert banner.isVisible() and word in banner.hint.lower(), banner.hint
    assert hands.window.document.dirty and hands.window.shown.rgb is not None
    assert not folder.exists() if fault is None else path.read_bytes() == b"what was there before"


def test_the_window_lives_while_a_picture_is_exported(with_picture, tmp_path, monkeypatch):
    going, write, threads = threading.Event(), png.save, []

    def slow(*given, **options) -> None:
        threads.append(threading.current_thread())
        going.wait(20)
        write(*given, **options)

    monkeypatch.setattr(png, "save", slow)
    files = with_picture.window.files
    files._export(tmp_path / "out.png", files._session.displayed)
    with_picture.qtbot.waitUntil(lambda: bool(threads))
    assert threads != [threading.main_thread()] and files.saving
    with_picture.window.document.set_negative("fog")  # the window takes what is done meanwhile
    going.set()
    with_picture.settle()
    assert (tmp_path / "out.png").is_file() and with_picture.window.document.scene.negative == "fog"


def test_each_picture_is_whole_on_disk_before_it_is_told_and_before_it_is_shown(make_window, tiny, home):
    """The order of what happens: the file is in its place, then the event passes, then the canvas has it."""
    hands = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny), engine=True)
    window, order = hands.window, []
    window.document.set_settings(count=3, seed=5)
    folder = home / "results"
    real, writer = os.replace, window.generation._writer
    post = writer._pass_on

    def replaced(source, target) -> None:
        real(source, target)
        if Path(target).parent == folder and Path(target).suffix == ".png":
            order.append(("on disk", png.load_scene(target).settings.seed))

    def told(event) -> None:
        if isinstance(event, ImageReady):
            order.append(("told", event.seed))
        post(event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", replaced)
        patch.setattr(writer, "_pass_on", told)
        window.generation.picture.connect(lambda image: order.append(("shown", image.scene.settings.seed)))
        hands.generate()
    for seed in (5, 6, 7):
        assert [what for what, of in order if of == seed] == ["on disk", "told", "shown"], order


def test_autosave_is_on_a_thread_of_its_own_and_soon_enough(tmp_path, qtbot, monkeypatch):
    document, threads, write = Document(painted()), [], ora.save

    def noted(*given, **options) -> None:
        threads.append(threading.current_thread())
        write(*given, **options)

    monkeypatch.setattr(autosave.ora, "save", noted)
    saver = Autosave(tmp_path, document)
    assert DELAY_MS <= 2500
    began = time.monotonic()
    for number in range(8):  # changes that never stop do not put it off
        document.set_negative(f"fog {number}")
        qtbot.wait(350)
        if threads:
            break
    assert threads and threading.main_thread() not in threads and time.monotonic() - began < 5
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("*.json"))))
    assert np.array_equal(ora.load(next(tmp_path.glob("*.ora"))).masks["w1"].to_array(), np.full((64, 64), 255))
    saver.close()
