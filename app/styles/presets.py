"""The pictures that ship as styles, offered as a few thumbnails while a scene has no style of its own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

import resources
from app.language import tr
from app.styles.image_loader import Source
from app.styles.style_card import draw_rounded
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip
from canvas.files.image_io import read_thumbnail
from canvas.model.errors import SceneFileError
from canvas.view.qimage import from_rgb

COLUMNS, GAP = 3, 6
LARGEST = 84


def references() -> list[Path]:
    """The reference pictures that ship, in the order of their names."""
    return sorted(resources.path("references").glob("*.jpg"))


def _thumbnail(path: Path) -> QImage:
    """The picture as a square, sharp on screens of double density too; blank where it cannot be read."""
    try:
        return from_rgb(read_thumbnail(path, 2 * LARGEST))
    except SceneFileError:
        return QImage()


class Offer(QAbstractButton):
    """One picture to take; it is read from its file when it is first drawn."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._image: QImage | None = None
        self.setObjectName(f"offer.{path.stem}")
        self.setToolTip(plain_tip(path.stem))
        self.setAccessibleName(tr("Take the look of “{stem}”", stem=path.stem))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # it is drawn again when the mouse comes and goes

    def sizeHint(self) -> QSize:
        return QSize(LARGEST, LARGEST)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the first click took it; the second must not take it again

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            self._image = _thumbnail(self.path)
        palette, role = self.palette(), QPalette.ColorRole
        painter = QPainter(self)
        if self.isDown() or self.hasFocus():
            edge = QPen(palette.color(role.Accent), 2)
        elif self.underMouse():
            edge = QPen(palette.color(role.Text), 1)
        else:
            edge = QPen(QColor(128, 128, 128, 90), 1)
        inset = edge.widthF() / 2
        draw_rounded(painter, QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), self._image, edge)
        painter.end()


class _Grid(QWidget):
    """Squares in rows of three, as large as the width allows."""

    def __init__(self, squares: list[Offer]) -> None:
        super().__init__()
        self._squares = squares
        for square in squares:
            square.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._squares) // COLUMNS)
        return rows * (self._side(width) + GAP) - GAP if rows else 0

    def sizeHint(self) -> QSize:
        width = COLUMNS * (LARGEST + GAP) - GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = COLUMNS * (LARGEST // 2 + GAP) - GAP
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = self._side(event.size().width())
        for index, square in enumerate(self._squares):
            row, column = divmod(index, COLUMNS)
            square.setGeometry(column * (side + GAP), row * (side + GAP), side, side)

    def _side(self, width: int) -> int:
        return max(1, min(LARGEST, (width - GAP * (COLUMNS - 1)) // COLUMNS))


class StyleOffers(QWidget):
    """A line that says what they are, and the pictures; `taken` carries a list of one source, as a drop does."""

    taken = Signal(list)  # of style_reader.Source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers = [Offer(path) for path in references()]
        for offer in self.offers:
            offer.clicked.connect(lambda _on, path=offer.path: self.taken.emit([Source(path.stem, path=path)]))
        heading = named(PlainLabel(tr("or use one of these:")), "muted")
        heading.setContentsMargins(4, 2, 4, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(_Grid(self.offers))
        self.setAccessibleName(tr("Style pictures to start with"))

    def offer(self, on: bool) -> None:
        """Show them or not; nothing is shown where no picture ships."""
        self.setVisible(on and bool(self.offers))

    def has_focus(self) -> bool:
        """Whether one of them has the keyboard."""
        return any(offer.hasFocus() for offer in self.offers)
