"""The reference picture beside the canvas: dropped, shown whole, and never in the way of the scene."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget

from app.tools.reference import ReferencePanel
from canvas.view.qimage import to_rgb


def drop(panel, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop_data(panel, data)


def drop_data(panel, data: QMimeData) -> None:
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(panel, event)


def test_a_dropped_picture_is_shown_whole_and_the_scene_stays(hands, tmp_path):
    window, panel = hands.window, hands.window.reference
    dock = window.findChild(QDockWidget, "dock.reference")
    assert dock.isHidden()
    dock.show()
    Image.fromarray(np.full((50, 100, 3), (250, 10, 10), np.uint8)).save(tmp_path / "red.png")
    before = window.session.scene
    drop(panel, tmp_path / "red.png")
    hands.qtbot.waitUntil(lambda: panel.shows)
    seen = to_rgb(panel.grab().toImage())
    red = np.argwhere((np.abs(seen.astype(int) - (250, 10, 10)) < 8).all(axis=2))
    (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0)
    assert (right - left + 1) / (bottom - top + 1) == 2 or abs((right - left + 1) - 2 * (bottom - top + 1)) <= 4
    assert right - left + 1 >= seen.shape[1] - 2 or bottom - top + 1 >= seen.shape[0] - 2
    assert window.session.scene is before and "red.png" in panel.accessibleName()


def test_what_is_no_picture_is_said(hands, tmp_path):
    (tmp_path / "note.txt").write_text("a lake")
    drop(hands.window.reference, tmp_path / "note.txt")
    hands.qtbot.waitUntil(hands.window.banner.isVisible)
    assert not hands.window.reference.shows


def test_it_is_zoomed_and_moved_gives_colours_and_is_there_again_at_the_next_start(hands, tmp_path):
    window, panel = hands.window, hands.window.reference
    window.findChild(QDockWidget, "dock.reference").show()
    pixels = np.zeros((60, 60, 3), np.uint8)
    pixels[:, 30:] = (250, 10, 10)
    Image.fromarray(pixels).save(tmp_path / "halves.png")
    drop(panel, tmp_path / "halves.png")
    hands.qtbot.waitUntil(lambda: panel.shows)
    middle = panel.rect().center()
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=middle + QPoint(20, 0))
    assert window.session.brush.colour == "#fa0a0a"
    assert window.preferences.values.recent_colours[0] == "#fa0a0a"
    before = panel.zoom
    panel.wheelEvent(_wheel(panel, middle))
    assert panel.zoom > before
    drag = [middle, middle + QPoint(30, 0), middle + QPoint(60, 0)]
    QTest.mousePress(panel, Qt.MouseButton.LeftButton, pos=drag[0])
    for at in drag[1:]:
        QTest.mouseMove(panel, at)
    QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=drag[-1])
    assert window.session.brush.colour == "#fa0a0a", "a drag takes no colour"
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert window.session.brush.colour == "#000000", "the other half is in the middle now"
    QTest.keyClick(panel, Qt.Key.Key_0)
    assert panel.zoom == before
    again = ReferencePanel(window.preferences)
    hands.qtbot.addWidget(again)
    hands.qtbot.waitUntil(lambda: again.shows)
    again.take_away()
    assert window.preferences.values.reference == "" and not again.shows
    assert again.close_down(5)


def test_pixels_without_a_file_are_kept_in_one(hands):
    window, panel, data = hands.window, hands.window.reference, QMimeData()
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("#204060"))
    data.setImageData(image)
    drop_data(panel, data)
    assert panel.shows
    hands.qtbot.waitUntil(lambda: window.preferences.values.reference != "")
    assert QImage(window.preferences.values.reference).size() == image.size()


def _wheel(panel, at: QPoint) -> QWheelEvent:
    none = Qt.KeyboardModifier.NoModifier
    place, out = QPointF(at), QPointF(panel.mapToGlobal(at))
    return QWheelEvent(
        place, out, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
