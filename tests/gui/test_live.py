"""Live mode in the window: it stops at once, pauses on a battery, and its pictures are kept and recorded on request."""

from __future__ import annotations

import dataclasses
import threading
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from app.generation import live_requests
from app.generation.live_mode import LiveState
from app.generation.request_builder import make_masks
from app.storage.frames import FrameKind
from canvas.files import png
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask


@pytest.fixture
def painter(make_window, tiny: Settings, monkeypatch):
    """A window with an engine and a prompt, on a machine without a battery."""
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


def painted_word(scene: Scene, **values) -> Scene:
    """The scene with its lake painted in a square, hard at its edges."""
    scene, word = edits.add_word(scene, (2, 6))
    paint = np.zeros((64, 64), np.uint8)
    paint[16:48, 16:48] = 255
    scene = scene.replace(masks={**scene.masks, word: TiledMask.from_array(paint)})
    return scene.replace(words=tuple(dataclasses.replace(each, **values) for each in scene.words))


@pytest.mark.usefixtures("anywhere")
def test_escape_ends_live_mode_at_once_and_its_pictures_are_no_steps(painter, home):
    window = painter.window
    painter.executor.step_seconds = 0.2
    painter.control(Qt.Key.Key_L, widget=window.view)
    painter.qtbot.waitUntil(lambda: len(window.session.jobs) == 1, timeout=10_000)
    assert not window.live_bar.isHidden() and "working" in window.live_bar.text.text()
    painter.key(Qt.Key.Key_Escape, widget=window.view)
    assert not window.generation.live.on and window.live_bar.isHidden()
    painter.qtbot.waitUntil(lambda: not len(window.session.jobs), timeout=2000)  # before its four steps are done
    assert window.shown.rgb is None and not window.document.can_undo
    assert not window.actions_table["generate.cancel"].isEnabled()


def test_soft_masks_of_live_pictures_are_made_beside_the_window_and_the_newest_counts(painter, monkeypatch):
    window, document = painter.window, painter.window.document
    document.load(painted_word(document.scene, feather=8.0))
    made, gate = [], threading.Event()

    def slow(scene):
        made.append(threading.current_thread() is threading.main_thread())
        gate.wait(10)
        make_masks(scene)

    monkeypatch.setattr(live_requests, "make_masks", slow)
    painter.control(Qt.Key.Key_L, widget=window.view)
    painter.qtbot.waitUntil(lambda: bool(made), timeout=10_000)
    assert made == [False] and not len(window.session.jobs) and window.generation.live.state is LiveState.WORKING
    window.generation.leave()  # another scene: what is being made is for nobody
    gate.set()
    painter.qtbot.wait(100)
    assert not painter.executor.requests
    with painter.qtbot.waitSignal(window.generation.picture, timeout=60_000):
        document.set_prompt("a lake and sky, dusk")
    (request, *_rest) = painter.executor.requests
    mask = request.text.words[0].mask
    assert ((mask > 0) & (mask < 255)).any() and set(made) == {False}, "its edge is soft"


def test_a_live_picture_is_measured_by_nothing_and_makes_way_for_no_coarser_one(painter):
    with painter.qtbot.waitSignal(painter.window.generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=painter.window.view)
    report = painter.executor.requests[-1].report
    assert not report.obedience and not report.previews and not painter.executor.requests[-1].text.watched


def test_a_live_picture_is_kept_when_that_is_asked_for_and_can_be_made_again(painter, home):
    window = painter.window
    with painter.qtbot.waitSignal(window.generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=window.view)
    with painter.qtbot.waitSignal(window.generation.saved, timeout=10_000) as saved:
        painter.click(window.live_bar.keep)
    (kept,) = (home / "results").glob("*.png")
    assert saved.args[0].path == kept == window.shown.result and not window.shown.live
    assert not window.live_bar.keep.isEnabled()
    assert png.read_all(kept).scene == window.shown.scene and not window.document.can_undo


def test_what_live_mode_leaves_on_the_canvas_is_called_a_sketch_and_can_be_kept_and_worked_on(painter, home):
    window, table = painter.window, painter.window.actions_table
    with painter.qtbot.waitSignal(window.generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=window.view)
    assert not table["rework.vary"].isEnabled()  # the next one would take its place
    painter.control(Qt.Key.Key_L, widget=window.view)
    assert window.shown.live and "sketch" in window.live_bar.text.text() and window.live_bar.record.isHidden()
    assert not window.live_bar.isHidden() and table["rework.vary"].isEnabled()
    with painter.qtbot.waitSignal(window.generation.saved, timeout=10_000):
        painter.click(window.live_bar.keep)
    assert window.live_bar.isHidden() and table["rework.refine"].isEnabled()
    painter.control(Qt.Key.Key_L, widget=window.view)
    assert not window.live_bar.record.isHidden()


def test_on_a_battery_it_pauses_until_that_is_wanted(painter, monkeypatch):
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=False), raising=False)
    window = painter.window
    painter.control(Qt.Key.Key_L, widget=window.view)
    assert window.generation.live.state is LiveState.PAUSED and "battery" in window.live_bar.text.text()
    with painter.qtbot.waitSignal(window.generation.picture, timeout=10_000):
        painter.click(window.live_bar.go_on)
    assert window.live_bar.go_on.isHidden()


@pytest.mark.parametrize("kind", FrameKind)
def test_live_pictures_are_recorded(painter, tmp_path, kind):
    window, folder = painter.window, tmp_path / "frames"
    with painter.qtbot.waitSignal(window.generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=window.view)
    window.living.record(folder, kind)
    with painter.qtbot.waitSignal(window.generation.picture, timeout=10_000):
        window.document.set_settings(seed=77)
    painter.qtbot.waitUntil(lambda: "2" in window.live_bar.stop.text(), timeout=10_000)
    with painter.qtbot.waitSignal(window.living.said, timeout=10_000) as said:
        painter.click(window.live_bar.stop)
    assert said.args[0].startswith("Recorded 2 pictures")
    (found,) = folder.iterdir()
    if found.is_dir():
        assert [each.name for each in sorted(found.iterdir())] == [f"{n:06d}.{kind}" for n in (1, 2)]
    else:
        with Image.open(found) as film:
            assert film.n_frames == 2 and film.size == window.document.scene.size
