"""A picture beside the canvas to look at while one paints; nothing of it goes into what is made."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from app.language import tr
from app.storage.background import Background
from canvas.files.image_io import read_image, rgb_of
from canvas.view.qimage import from_rgb

SIDE = 2048  # pixels of the longer side that are kept
HINT = "Drop a picture here, or click to open one.\nIt is only to look at."


class ReferencePanel(QWidget):
    """Shows one picture as large as it fits. `failed` carries the error where a file cannot be read."""

    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.setMinimumSize(140, 100)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Reference picture"))
        self.setAccessibleDescription(tr(HINT).replace("\n", " "))
        self._reading = Background("reference", self)
        self._image: QImage | None = None

    @property
    def shows(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def sizeHint(self) -> QSize:
        """As wide as a dock."""
        return QSize(262, 240)

    def open(self, path: Path) -> None:
        """Read a picture's file and show it; what was shown stays until then."""
        self._reading.run(partial(_read, path), partial(self._take, path.name), self.failed.emit)

    def ask(self) -> None:
        """Let the user choose a file."""
        kinds = tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff *.gif)")
        path, _kind = QFileDialog.getOpenFileName(self, tr("Open a Reference Picture"), "", kinds)
        if path:
            self.open(Path(path))

    def close_down(self, timeout: float | None = None) -> bool:
        """End the reading; whether that was done in time."""
        return self._reading.close(timeout)

    def _take(self, name: str, rgb: np.ndarray) -> None:
        self._image = from_rgb(rgb)
        self.setAccessibleName(tr("Reference picture: {name}", name=name))
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and pixels."""
        data = event.mimeData()
        if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Shows what was dropped."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if files:
            self.open(Path(files[0]))
        elif event.mimeData().hasImage():
            image = event.mimeData().imageData()
            if isinstance(image, QImage) and not image.isNull():
                self._image = image
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click where there is no picture asks for one."""
        if event.button() == Qt.MouseButton.LeftButton and not self.shows:
            self.ask()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Asks for another picture."""
        if self.shows:
            self.ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, whole, in the middle; else what to do."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._image is None:
            painter.setPen(self.palette().placeholderText().color())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), flags, tr(HINT))
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(left, top)
            painter.scale(size.width() / self._image.width(), size.height() / self._image.height())
            painter.drawImage(0, 0, self._image)
        painter.end()


def _read(path: Path) -> np.ndarray:
    """A picture's pixels, no more than a screen has. Raises SceneFileError."""
    image = read_image(path)
    image.thumbnail((SIDE, SIDE))
    return rgb_of(image)
