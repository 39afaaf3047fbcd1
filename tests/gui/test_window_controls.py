"""Control pictures in the window: dropped, set, made of the paint, undone step by step, saved and opened."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from canvas.files import ora
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.outline import outlines
from engine.catalogue import Catalogue
from engine.models.library import Library
from tests.fake_executor import FakeExecutor
from tests.tiny import tiny_unet
from tests.tiny_controls import save_control

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def scene(tiny):
    scene, word = edits.add_word(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), (2, 6))
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255
    return scene.with_mask(word, TiledMask.from_array(mask))


@pytest.fixture
def painter(make_window, home, scene):
    library = Library(home / "models")
    save_control(home / "controlnet" / "tiny-scribble", tiny_unet())
    executor = FakeExecutor()
    executor.own_catalogue = Catalogue(library)
    return make_window(scene, engine=True, executor=executor, size=(1300, 1100))


def settle(hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.controlling.busy, timeout=10_000)
    QApplication.processEvents()


def drop(hands, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    panel = hands.window.controls
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, NONE))
    settle(hands)


def controls(hands):
    return hands.window.document.scene.controls


def test_a_picture_is_dropped_set_undone_and_saved(painter, tmp_path):
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[10:20] = 255
    Image.fromarray(rgb).save(tmp_path / "street.png")
    drop(painter, tmp_path / "street.png")
    settle(painter)
    (card,) = painter.window.controls.cards
    assert [control.name for control in controls(painter)] == ["street"]
    assert "tiny-scribble" in [card.model.itemText(place) for place in range(card.model.count())]
    for field, value in (
        ("kind", "canny"), ("prepare", "edges"), ("model", "tiny-scribble"), ("strength", 0.5), ("window", (0.0, 0.5)),
    ):  # fmt: skip
        card.changed.emit(field, value)
        card.edit_ended.emit()
    (control,) = controls(painter)
    assert (control.kind, control.prepare, control.model) == ("canny", "edges", "tiny-scribble")
    assert card.strength.value == 0.5 and card.steps.end.value == 50 and card.kind.currentData() == "canny"
    ora.save(tmp_path / "s.ora", painter.window.document.scene)
    assert ora.load(tmp_path / "s.ora").controls == controls(painter)
    for _ in range(5):
        painter.window.document.undo()
    (control,) = controls(painter)
    assert (control.kind, control.prepare, control.model, control.strength) == ("scribble", "none", "", 1.0)
    painter.click(card.remove)
    assert controls(painter) == () and painter.window.controls.cards == []


def test_the_paint_is_made_a_sketch_and_goes_to_the_request(painter, scene):
    painter.click(painter.window.controls.sketch)
    settle(painter)
    (control,) = controls(painter)
    assert control.kind == "scribble"
    drawn = outlines(scene)[..., 0] > 0
    assert drawn[16:48, 16].all() and drawn[16, 16:48].all() and not drawn[20:44, 20:44].any()
    assert not outlines(Scene(size=(64, 64))).any()
    from app.generation.request_builder import request_from_scene

    (sent,) = request_from_scene(painter.window.document.scene, id="1").adapters.controls
    assert np.array_equal(sent.rgb[..., 0] > 0, drawn) and sent.kind == "scribble"


def test_what_is_no_picture_is_told(painter, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    told = []
    painter.window.controlling.failed.connect(told.append)
    drop(painter, tmp_path / "broken.png")
    assert told and controls(painter) == ()
