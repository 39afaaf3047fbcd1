"""Bad models, exhausted memory and full disks in the window: a banner that says what to do, and nothing is lost."""

from __future__ import annotations

import errno
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from canvas.files import ora, png
from canvas.model.scene import Scene, Settings
from engine import LocalExecutor
from tests.gui.dialogs import answer_dialog


@pytest.fixture
def painter(make_window, real_tiny: Settings):
    """A window with an engine, a prompt and a painted word, on a tiny model."""
    hands = make_window(
        Scene(prompt="a lake and sky", size=(64, 64), settings=real_tiny), engine=True, executor=LocalExecutor()
    )
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    hands.window.document.mark_saved()
    return hands


def explained(painter, says: str) -> None:
    """The banner is up with a message and a hint, no traceback among them, and no talk of a log."""
    banner = painter.window.banner
    assert banner.isVisible() and banner.hint
    assert says in banner.message, banner.message
    assert "Traceback" not in banner.message + banner.hint
    assert not banner.copy_button.isVisible()  # the log is for what is Wordbrush's own fault


# --- models -------------------------------------------------------------------------------------------------------


class Bomb:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


@pytest.fixture
def model(tiny_sd_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may damage."""
    return shutil.copytree(tiny_sd_folder, tmp_path / "mine")


def weights_of(part: Path) -> Path:
    (path,) = part.glob("*.safetensors")
    return path


def lose_part(model: Path) -> None:
    shutil.rmtree(model / "vae")


def lose_weights(model: Path) -> None:
    weights_of(model / "unet").unlink()


def lose_index(model: Path) -> None:
    (model / "model_index.json").unlink()


def cut_weights(model: Path) -> None:
    path = weights_of(model / "unet")
    path.write_bytes(path.read_bytes()[:-100])


def pickle_beside(model: Path) -> None:
    path = weights_of(model / "unet")
    path.unlink()
    path.with_suffix(".bin").write_bytes(pickle.dumps(Bomb(model / "exploded")))


def pickle_inside(model: Path) -> None:
    weights_of(model / "unet").write_bytes(pickle.dumps(Bomb(model / "exploded")))


@pytest.mark.parametrize(
    ("damage", "says", "advises"),
    [
        (lose_part, "vae", "Get the model again"),
        (lose_weights, "unet", "Get the model again"),
        (lose_index, "model_index.json", "Get the model again"),
        (cut_weights, "unet", "Get the model again"),
        (pickle_beside, "unet", ".safetensors"),
        (pickle_inside, "unet", "Get the model again"),
    ],
)
def test_a_damaged_model_folder(painter, model, damage, says, advises):
    window = painter.window
    damage(model)
    window.settings_panel.model_folder.trigger()
    before = window.document.scene
    answer_dialog(painter, model)
    painter.qtbot.waitUntil(window.banner.isVisible)
    explained(painter, says)
    assert advises in window.banner.hint and not (model / "exploded").exists()
    assert window.document.scene is before and window.preferences.models == []
    assert window.settings_panel.model.findData(str(model)) < 0, "no dead entry stays in the list"
    painter.generate()
    assert window.shown.rgb is not None and not window.banner.isVisible()


# --- memory -------------------------------------------------------------------------------------------------------


def test_a_device_out_of_memory(painter, monkeypatch, home):
    import torch

    from engine.models.families.sd import StableDiffusion

    def exhausted(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    window = painter.window
    before = window.document.scene
    errors = []
    window.generation.failed.connect(errors.append)
    with monkeypatch.context() as patch:
        patch.setattr(StableDiffusion, "denoise", exhausted)
        painter.generate()
    assert [type(error).__name__ for error in errors] == ["DeviceOutOfMemory"]
    explained(painter, "ran out of memory")
    assert "64x64" in window.banner.hint and "cpu" in window.banner.hint
    assert window.document.scene is before and not list((home / "results").glob("*.png"))
    painter.generate()
    assert window.shown.rgb is not None and not window.banner.isVisible()
    assert window.document.scene is before, "not even the seed: nothing was made with it"


# --- the disk -----------------------------------------------------------------------------------------------------


@contextmanager
def full_disk(monkeypatch) -> Iterator[None]:
    """What is written does not reach the disk, as the system says at the end of a file."""

    def no_space(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        yield


def banner_button(painter, text: str) -> QPushButton:
    return painter.button(text, painter.window.banner)


def test_a_disk_that_is_full_on_save(painter, monkeypatch, tmp_path):
    window, path = painter.window, tmp_path / "mine.ora"
    painter.control(Qt.Key.Key_S, widget=window.view)
    answer_dialog(painter, path)
    old = path.read_bytes()
    painter.stroke((40, 16), (16, 40))
    before = window.document.scene
    with full_disk(monkeypatch):
        painter.control(Qt.Key.Key_S, widget=window.view)
    explained(painter, "mine.ora")
    assert "disk is full" in window.banner.hint
    assert path.read_bytes() == old and sorted(tmp_path.glob("*mine*")) == [path]
    assert window.document.scene is before and window.document.dirty and window.isWindowModified()
    painter.generate()
    assert window.shown.rgb is not None and not window.banner.isVisible()
    painter.control(Qt.Key.Key_S, widget=window.view)
    assert not window.document.dirty and ora.load(path).masks == before.masks


def test_a_disk_that_is_full_on_save_as_leaves_nothing_and_keeps_the_old_name(painter, monkeypatch, tmp_path):
    window = painter.window
    painter.control(Qt.Key.Key_S, shift=True, widget=window.view)
    with full_disk(monkeypatch):
        answer_dialog(painter, tmp_path / "new.ora")
    explained(painter, "new.ora")
    assert not list(tmp_path.glob("*.ora")) and not list(tmp_path.glob(".wordbrush*"))
    assert window.document.path is None


def test_a_disk_that_is_full_on_export(painter, monkeypatch, tmp_path):
    window = painter.window
    painter.generate()
    rgb, before = window.shown.rgb, window.shown.scene
    (tmp_path / "out.png").write_bytes(b"the picture that was here before")
    painter.control(Qt.Key.Key_E, widget=window.view)
    with full_disk(monkeypatch):
        answer_dialog_over(painter, tmp_path / "out.png")
    explained(painter, "out.png")
    assert "disk is full" in window.banner.hint
    assert (tmp_path / "out.png").read_bytes() == b"the picture that was here before"
    assert np.array_equal(window.shown.rgb, rgb) and window.shown.scene == before
    painter.control(Qt.Key.Key_E, widget=window.view)
    answer_dialog(painter, tmp_path / "elsewhere.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "elsewhere.png")), rgb)
    painter.generate()
    assert not window.banner.isVisible()


def answer_dialog_over(painter, path: Path) -> None:
    """Answer a file dialog with a file that is there, and its question whether to replace it with yes."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QMessageBox

    def yes() -> None:
        boxes = [box for box in painter.window.findChildren(QMessageBox) if box.isVisible()]
        painter.click(boxes[0].button(QMessageBox.StandardButton.Yes))

    QTimer.singleShot(500, yes)
    answer_dialog(painter, path)


def test_a_disk_that_is_full_keeps_the_result_on_the_canvas_and_it_can_be_exported(
    painter, monkeypatch, home, tmp_path
):
    window = painter.window
    before = window.document.scene
    with full_disk(monkeypatch):
        painter.generate()
    explained(painter, "could not be kept in the results folder")
    hint = window.banner.hint
    assert "disk is full" in hint and "on the canvas" in hint and "exported" in hint
    assert not list((home / "results").iterdir())
    rgb, scene = window.shown.rgb, window.shown.scene
    assert window.document.scene is before
    painter.control(Qt.Key.Key_E, widget=window.view)
    answer_dialog(painter, tmp_path / "rescued.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "rescued.png")), rgb)
    assert png.load_scene(tmp_path / "rescued.png").masks == scene.masks


def test_results_that_no_disk_took_are_all_kept_when_there_is_space_again(painter, monkeypatch, home):
    window = painter.window
    window.document.set_settings(count=2, seed=7)
    with full_disk(monkeypatch):
        painter.generate()
        explained(painter, "2 pictures could not be kept")
        painter.click(banner_button(painter, "Try again"))
        explained(painter, "2 pictures could not be kept")
    painter.click(banner_button(painter, "Try again"))
    assert not window.banner.isVisible() and window.results.model.rowCount() == 2
    files = sorted((home / "results").glob("*.png"))
    assert [png.load_scene(file).settings.seed for file in files] == [7, 8]


def test_the_next_generation_also_keeps_the_result_that_waited(painter, monkeypatch, home):
    with full_disk(monkeypatch):
        painter.generate()
    painter.generate()
    assert not painter.window.banner.isVisible()
    assert len(list((home / "results").glob("*.png"))) == painter.window.results.model.rowCount() == 2


def test_closing_does_not_lose_a_result_that_is_on_no_disk(painter, monkeypatch, home):
    window = painter.window
    with full_disk(monkeypatch):
        painter.generate()
        painter.click(window.banner.close_button)
        window.document.mark_saved()
        window.close()
        assert window.isVisible()
        explained(painter, "could not be kept")
    window.close()
    assert not window.isVisible() and len(list((home / "results").glob("*.png"))) == 1


def test_a_result_that_was_given_up_does_not_hold_the_window_open(painter, monkeypatch):
    window = painter.window
    with full_disk(monkeypatch):
        painter.generate()
        painter.click(banner_button(painter, "Discard"))
        window.document.mark_saved()
        window.close()
    assert not window.isVisible()
