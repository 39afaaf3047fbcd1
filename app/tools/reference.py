"""A picture beside the canvas to look at and to take colours from; nothing of it goes into what is made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QSizePolicy, QWidget

from app.language import tr
from app.preferences import Preferences
from app.storage.background import Background
from app.widgets.plain_text import plain_tip
from canvas.files.image_io import read_image, rgb_of
from canvas.model.errors import SaveError
from canvas.view.qimage import from_rgb
from canvas.view.zoom_view import ZoomView

SIDE = 2048  # pixels of the longer side that are kept
NOTCH, FACTOR = 120.0, 1.2  # eighths of a degree of a click of the wheel, and how much it zooms
STEP = 32.0  # logical pixels that an arrow key moves the picture
HINT = "Drop a picture here, or click to open one.\nIt is for looking at and for taking colours from."
HELP = "Wheel zooms, a drag moves, a click takes the colour, a double click opens another"
_ARROWS = {
    Qt.Key.Key_Left: (STEP, 0.0), Qt.Key.Key_Right: (-STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP), Qt.Key.Key_Down: (0.0, -STEP),
}  # fmt: skip


class ReferencePanel(ZoomView):
    """Shows one picture, at first as large as it fits; it is there again at the next start.

    Signals:
        failed: the error where a file cannot be read.
        colour_taken: "#rrggbb" of the pixel that was clicked.
    """

    failed = Signal(object)
    colour_taken = Signal(str)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.setMinimumSize(140, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._preferences = preferences
        self._reading = Background("reference", self)
        self._image: QImage | None = None
        self._pressed: tuple[QPointF, QPointF] | None = None  # where, and where the pointer was last
        self._dragged = False
        self._name("")
        path = preferences.values.reference
        if path and Path(path).is_file():
            self.open(Path(path))

    @property
    def shows(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def sizeHint(self) -> QSize:
        """As wide as a dock."""
        return QSize(262, 240)

    def open(self, path: Path) -> None:
        """Read a picture's file and show it; what was shown stays until then."""
        self._reading.run(partial(_read, path), partial(self._take, path), self.failed.emit)

    def ask(self) -> None:
        """Let the user choose a file."""
        kinds = "Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif)"
        path, _kind = QFileDialog.getOpenFileName(self, tr("Open a Reference Picture"), "", kinds)
        if path:
            self.open(Path(path))

    def take_away(self) -> None:
        """Show none."""
        self._image = None
        self._preferences.change(reference="")
        self._name("")
        self.update()

    def fit(self) -> None:
        """The whole picture, from now on also where the panel changes its size."""
        self._fits = True
        self._set_viewport(self.viewport.fitted(border=0.0))

    def close_down(self, timeout: float | None = None) -> bool:
        """End the reading; whether that was done in time."""
        return self._reading.close(timeout)

    def _take_size(self) -> None:
        viewport = self.viewport.resized((float(self.width()), float(self.height())), self.devicePixelRatioF())
        self._set_viewport(viewport.fitted(border=0.0) if self._fits else viewport)

    def _take(self, path: Path, rgb: np.ndarray) -> None:
        self._preferences.change(reference=str(path.absolute()))
        self._show(from_rgb(rgb), path.name)

    def _show(self, image: QImage, name: str) -> None:
        self._image = image
        self.viewport = replace(self.viewport, picture=(image.width(), image.height()))
        self.fit()
        self._name(name)
        self.update()

    def _name(self, name: str) -> None:
        self.setAccessibleName(tr("Reference picture: {name}", name=name) if name else tr("Reference picture"))
        self.setAccessibleDescription(tr(HELP if self.shows else HINT).replace("\n", " "))
        self.setToolTip(plain_tip(tr(HELP)) if self.shows else "")
        self.setCursor(Qt.CursorShape.CrossCursor if self.shows else Qt.CursorShape.PointingHandCursor)

    # -- the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whether it becomes a drag or a click is seen later."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._dragged = (event.position(), event.position()), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the picture."""
        if self._pressed is None or not self.shows:
            return
        start, last = self._pressed
        away = (event.position() - start).manhattanLength()
        if self._dragged or away >= QApplication.startDragDistance():
            by = event.position() - (last if self._dragged else start)
            self._dragged = True
            self.pan_by(by.x(), by.y())
            self._pressed = start, event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes the colour; where there is no picture it asks for one."""
        clicked, self._pressed = self._pressed is not None and not self._dragged, None
        if not clicked or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.shows:
            self._take_colour(event.position())
        else:
            self.ask()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Asks for another picture."""
        if self.shows:
            self.ask()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms about the pointer."""
        if self.shows:
            delta = event.angleDelta()
            self.zoom_by(FACTOR ** ((delta.y() or delta.x()) / NOTCH), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, + and - zoom, 0 shows all, Enter takes the colour in the middle or opens a first picture."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.shows:
                self._take_colour(QPointF(self.width() / 2, self.height() / 2))
            else:
                self.ask()
        elif not self.shows:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self.pan_by(*_ARROWS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the picture."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act, wants in (
            ("&Open Another…", self.ask, False),
            ("&Whole Picture", self.fit, True),
            ("&Actual Size", self.actual_size, True),
            ("&Take the Picture Away", self.take_away, True),
        ):
            action = menu.addAction(tr(text))
            action.triggered.connect(lambda _on=False, act=act: act())
            action.setEnabled(self.shows or not wants)
        menu.popup(event.globalPos())

    def _take_colour(self, at: QPointF) -> None:
        x, y = (int(each // 1) for each in self.viewport.to_picture(at.x(), at.y()))
        if self._image is not None and self._image.valid(x, y):
            self.colour_taken.emit(self._image.pixelColor(x, y).name())

    # -- what is dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and pixels."""
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Shows what was dropped; pixels that no file has are kept in one."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if files:
            self.open(Path(files[0]))
        elif event.mimeData().hasImage():
            image = event.mimeData().imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._show(image.convertToFormat(QImage.Format.Format_RGB32), "")
                kept = self._preferences.folders.autosave / "reference" / "picture.png"
                self._reading.run(partial(_keep, image, kept), self._kept, self.failed.emit)

    def _kept(self, path: Path) -> None:
        self._preferences.change(reference=str(path))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture; else what to do. With the keys a cross shows which colour Enter takes."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._image is None:
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), flags, tr(HINT))
        else:
            left, top = self.viewport.corner
            scale = self.viewport.scale
            target = QRectF(left, top, self._image.width() * scale, self._image.height() * scale)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < 4)
            painter.drawImage(target, self._image)
            if self.hasFocus():
                middle = QPointF(self.width() / 2, self.height() / 2)
                for pen in (QPen(QColor(0, 0, 0, 170), 3.0), QPen(QColor(255, 255, 255), 1.2)):
                    painter.setPen(pen)
                    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                        painter.drawLine(middle + QPointF(x, y) * 3, middle + QPointF(x, y) * 9)
        painter.end()


def _read(path: Path) -> np.ndarray:
    """A picture's pixels, no more than a screen has. Raises SceneFileError."""
    image = read_image(path)
    image.thumbnail((SIDE, SIDE))
    return rgb_of(image)


def _keep(image: QImage, path: Path) -> Path:
    """Writes pixels that were dropped to a file. Raises SaveError."""
    size = QSize(SIDE, SIDE).boundedTo(image.size())
    scaled = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not scaled.save(str(path)):
        raise SaveError(
            "The reference picture cannot be kept.",
            hint="It is shown until Wordbrush is closed; make room on the disk.",
        )
    return path
