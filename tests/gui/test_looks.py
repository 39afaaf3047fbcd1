"""The states of the window against pictures of them: a part that is missing, moved, or unreadably coloured is seen.

Compared is at a quarter of the size and with a tolerance, so that another font or another rounding is no fault. After
a change that is meant: `WORDBRUSH_LOOKS=write python3 packaging/dev.py test tests/gui/test_looks.py`, and look at them.
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.generation.live_mode import LiveState
from app.library.dialog import ModelsDialog
from app.picture.split_frame import Way
from app.prompt.palette import BEGINNINGS
from app.rework.grid_axes import STRENGTHS
from app.rework.grid_dialog import GridDialog
from app.window.preferences_dialog import PreferencesDialog
from canvas.files import ora
from canvas.model.scene import Scene
from engine import Library
from engine.catalogue import Catalogue
from tests import fake_executor
from tests.gui.conftest import Hands

FOLDER = Path(__file__).parent / "looks"
EXAMPLE = Path(__file__).parents[2] / "resources" / "examples" / "1 Red house by the lake.ora"
SIZE, QUARTER = (1400, 900), 4
WHOLE, PATCH, PATCHES = 4.0, 24.0, 12  # mean difference of all, and of the worst of 12 x 12 patches, of 255


def looked_at(widget: QWidget) -> np.ndarray:
    """The widget as uint8 RGB at a quarter of its size, each pixel the mean of sixteen."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    picture.setDevicePixelRatio(1)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    rgb = rows[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3)
    high, wide = (side // QUARTER * QUARTER for side in rgb.shape[:2])
    blocks = rgb[:high, :wide].reshape(high // QUARTER, QUARTER, wide // QUARTER, QUARTER, 3)
    return blocks.mean((1, 3)).round().astype(np.uint8)


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The mean difference of two pictures of one size, and that of the patch in which it is largest."""
    apart = np.abs(one.astype(float) - other.astype(float)).mean(2)
    columns = [np.array_split(row, PATCHES, 1) for row in np.array_split(apart, PATCHES, 0)]
    return float(apart.mean()), max(float(patch.mean()) for row in columns for patch in row)


def empty(hands: Hands) -> QWidget:
    hands.window.view.setFocus()
    return hands.window


def example(hands: Hands) -> QWidget:
    hands.window.files.load_first()
    hands.settle()
    hands.window.view.setFocus()
    return hands.window


def painting(hands: Hands) -> QWidget:
    hands.window.document.load(Scene(prompt="a lake under a red sky"))
    hands.click_word("lake")
    hands.window.view.setFocus()
    hands.stroke((20, 200), (120, 180), (230, 210))
    return hands.window


def results(hands: Hands) -> QWidget:
    hands.window.document.load(ora.load(EXAMPLE))
    hands.window.titles["Results"].fold(False)
    for _ in range(3):
        hands.generate()
        hands.window.setting.change(seed=hands.window.session.scene.settings.seed + 1)
    hands.qtbot.waitUntil(lambda: hands.window.results.model.rowCount() == 3)
    hands.qtbot.wait(150)  # thumbnails come from a thread
    return hands.window


def heatmap(hands: Hands) -> QWidget:
    hands.window.document.load(ora.load(EXAMPLE))
    hands.generate()
    hands.click_word("lake")
    hands.window.actions_table["view.heatmaps"].trigger()
    hands.qtbot.waitUntil(lambda: hands.window.view.heatmap_shown)
    return hands.window


def selection(hands: Hands) -> QWidget:
    """A stroke across the canvas has painted only what is selected."""
    painting(hands)
    hands.key(Qt.Key.Key_S, widget=hands.window.view)
    hands.stroke((30, 30), (200, 120))
    hands.key(Qt.Key.Key_B, widget=hands.window.view)
    hands.stroke((5, 60), (250, 60), (250, 100), (5, 100))
    return hands.window


def colours(hands: Hands) -> QWidget:
    hands.window.document.load(Scene(prompt="a lake under a red sky"))
    hands.window.colouring.choose()
    hands.window.colours.swatches.picked.emit("#e05030")
    hands.stroke((20, 60), (230, 60))
    hands.window.colours.swatches.picked.emit("#2980b9")
    hands.stroke((20, 190), (230, 190))
    return hands.window


def live(hands: Hands) -> QWidget:
    painting(hands)
    with hands.qtbot.waitSignal(hands.window.generation.picture, timeout=60_000):
        hands.control(Qt.Key.Key_L, widget=hands.window.view)
    mode = hands.window.generation.live
    hands.qtbot.waitUntil(lambda: mode.state is LiveState.RESTING, timeout=10_000)  # it says nothing after that
    hands.window.live_bar.text.setText("Live")  # the pace is of the machine
    return hands.window.view.parentWidget()


def compare(hands: Hands) -> QWidget:
    painting(hands)
    for _ in range(2):
        hands.generate()
        hands.window.setting.change(seed=hands.window.session.scene.settings.seed + 1)
    hands.qtbot.waitUntil(lambda: hands.window.results.model.rowCount() == 2)
    hands.window.results.compare_asked.emit(hands.window.results.model.index(1).data(256))
    hands.settle()
    hands.qtbot.waitUntil(lambda: len(hands.window.comparison.tiles) == 2)
    hands.click(hands.window.comparison.ways[Way.SLIDER])
    return hands.window.comparison


def grid(hands: Hands) -> QWidget:
    painting(hands)
    dialog = dialog_of(hands, "generate.grid", GridDialog)
    dialog.rows.choose(next(way for way in dialog.ways if way.over == STRENGTHS))
    return dialog


def queue(hands: Hands) -> QWidget:
    painting(hands)
    hands.window.generation.pause(True)
    for _ in range(3):
        hands.control(Qt.Key.Key_Return, widget=hands.window.view)
        hands.window.setting.change(seed=hands.window.session.scene.settings.seed + 1)
    hands.window.queueing.open()
    return hands.window.queueing.popup


def dialog_of(hands: Hands, action: str, kind: type[QDialog]) -> QDialog:
    hands.window.actions_table[action].trigger()
    hands.qtbot.waitUntil(lambda: hands.window.findChild(kind) is not None)
    dialog = hands.window.findChild(kind)
    hands.qtbot.waitUntil(dialog.isVisible)
    return dialog


def preferences(hands: Hands) -> QWidget:
    return dialog_of(hands, "edit.preferences", PreferencesDialog)


def models(hands: Hands) -> QWidget:
    hands.executor.own_catalogue = Catalogue(Library())
    dialog = dialog_of(hands, "models.show", ModelsDialog)
    hands.qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 0)
    dialog.detail.setText("starter: beside the program\nIt ships with Wordbrush.")  # its folder is of the machine
    return dialog


def light(hands: Hands) -> QWidget:
    hands.window.preferences.change(theme="light")
    return example(hands)


def contrast(hands: Hands) -> QWidget:
    hands.window.preferences.change(theme="contrast")
    return example(hands)


STATES = (empty, example, painting, colours, live, compare, grid, queue, results, heatmap, selection, preferences,
          models, light, contrast)  # fmt: skip


@pytest.fixture(autouse=True)
def soft(monkeypatch):
    """Pictures as smooth as those of a model: the stand-in's noise would be most of what is kept and compared."""

    def picture(request, seed):
        corners = np.random.default_rng(seed).integers(0, 4, (2, 2, 3), dtype=np.uint8) * 80
        size = (request.picture.width, request.picture.height)
        return np.asarray(Image.fromarray(corners).resize(size, Image.Resampling.BILINEAR)) // 16 * 16

    monkeypatch.setattr(fake_executor, "picture", picture)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_the_window_looks_as_it_did(make_window, tmp_path, monkeypatch, state):
    QApplication.setCursorFlashTime(0)
    hands = make_window(Scene(prompt=""), size=SIZE, newcomer=True, engine=True)
    hands.window.preferences.change(theme="dark")
    offered = hands.window.words.offered
    hands.qtbot.waitUntil(lambda: len(offered.buttons) == BEGINNINGS)  # their pictures come one by one
    widget = state(hands)
    hands.qtbot.wait(60)
    hands.window.status.clear_news()
    now = looked_at(widget)
    kept = FOLDER / f"{state.__name__}.webp"
    if os.environ.get("WORDBRUSH_LOOKS") == "write":
        Image.fromarray(now).save(kept, lossless=True, quality=100, method=6)
    before = np.asarray(Image.open(kept).convert("RGB"))
    assert now.shape == before.shape
    whole, patch = difference(now, before)
    Image.fromarray(np.vstack((before, now))).save(tmp_path / "before-and-now.png")
    assert whole < WHOLE and patch < PATCH, f"{whole:.1f} in all, {patch:.1f} at worst: {tmp_path}/before-and-now.png"


def test_no_two_states_could_be_taken_for_one_another():
    pictures = {state.__name__: np.asarray(Image.open(FOLDER / f"{state.__name__}.webp").convert("RGB"))
                for state in STATES}  # fmt: skip
    for (one, a), (other, b) in itertools.combinations(pictures.items(), 2):
        if a.shape == b.shape:
            whole, patch = difference(a, b)
            assert whole >= WHOLE or patch >= PATCH, (one, other, whole, patch)


def test_a_missing_panel_is_seen(make_window):
    hands = make_window(Scene(prompt=""), size=SIZE, newcomer=True)
    hands.window.preferences.change(theme="dark")
    hands.window.files.load_first()
    hands.settle()
    hands.window.titles["Words"].parentWidget().close()
    hands.qtbot.wait(30)
    whole, patch = difference(looked_at(hands.window), np.asarray(Image.open(FOLDER / "example.webp").convert("RGB")))
    assert whole >= WHOLE or patch >= PATCH
