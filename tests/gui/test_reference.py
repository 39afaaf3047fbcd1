"""The reference picture beside the canvas: dropped, shown whole, and never in the way of the scene."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDockWidget

from canvas.view.qimage import to_rgb


def drop(panel, path) -> None:
    data, none = QMimeData(), Qt.KeyboardModifier.NoModifier
    data.setUrls([QUrl.fromLocalFile(str(path))])
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
