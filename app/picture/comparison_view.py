"""The comparison: pictures side by side over the canvas, each with its name, and one of them can be taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.image_info.displayed_image import DisplayedImage
from app.language import tr
from app.picture.split_frame import SplitFrame, Way
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import Choice, named, small_button
from app.widgets.overlay import Overlay
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme
from canvas.view.qimage import from_rgb

WAITING, FAILED = "Waiting…", "Not made"
EDGE, GAP = 18, 16
WAYS = {Way.BESIDE: "Side by side", Way.SLIDER: "Slider", Way.DIFFERENCE: "Difference"}


@dataclass(frozen=True)
class Entry:
    """One place of a comparison: its name, what there is to say of it, and its picture where there is one already."""

    title: str
    note: str = ""
    shown: DisplayedImage | None = None


class Frame(QWidget):
    """A picture as large as it fits, or a word on why there is none yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._text = tr(WAITING)
        self.shape = (1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, rgb: np.ndarray) -> None:
        """Show a picture or a preview of it, uint8 RGB `[h, w, 3]`."""
        self._image = from_rgb(rgb)
        self.update()

    def say(self, text: str) -> None:
        """Say why there is no picture; what was shown goes away."""
        self._image, self._text = QImage(), text
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether a picture or a preview is shown."""
        return not self._image.isNull()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, role = self.palette(), QPalette.ColorRole
        fitted = QSize(*self.shape).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(QPointF(), QSizeF(fitted)).adjusted(1, 1, -1, -1)
        box.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(box, 6, 6)
        painter.fillPath(path, palette.color(role.Base))
        if self.has_picture:
            painter.setClipPath(path)
            painter.drawImage(box, self._image)
            painter.setClipping(False)
        else:
            painter.setPen(palette.color(role.PlaceholderText))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.setPen(QPen(palette.color(role.Mid), 1))
        painter.drawPath(path)
        painter.end()


class Tile(QWidget):
    """One picture, its name, and the button that takes it."""

    taken = Signal(object)  # DisplayedImage

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = entry.shown
        self.frame = Frame()
        self.name = ElidedLabel()
        self.name.show_name(entry.title, lost=False)
        self.note = named(PlainLabel(entry.note), "muted")
        if not entry.note:
            self.note.hide()
        self.take = named(QPushButton(tr("Use this")), "takeOver")
        self.take.setAccessibleName(tr("Use {title}", title=entry.title))
        self.take.clicked.connect(lambda: self.taken.emit(self.shown))
        self.setAccessibleName(entry.title)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.note)
        self._foot = foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addLayout(words, 1)
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(1)
        column.addWidget(self.frame)
        column.addLayout(foot)
        column.addStretch(1)
        if entry.shown is not None:
            self.show_shown(entry.shown)
        else:
            self.take.setEnabled(False)

    def show_shown(self, shown: DisplayedImage) -> None:
        """The picture is here."""
        self.shown = shown
        if shown.rgb is not None:
            self.show_shape((shown.rgb.shape[1], shown.rgb.shape[0]))
            self.frame.show_picture(shown.rgb)
        self.take.setEnabled(True)

    def show_shape(self, size: tuple[int, int]) -> None:
        """How wide and high the picture is, or will be."""
        self.frame.shape = size
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """Give the frame the height that the picture needs at this width, so that its name stands right below."""
        width, height = self.frame.shape
        room = self.height() - self._foot.sizeHint().height() - 16
        self.frame.setFixedHeight(max(40, min(room, self.width() * height // width)))
        self.frame.update()


class ComparisonView(Overlay):
    """Lies over a view, beside which it is put, without keeping anybody from the rest of the window."""

    taken = Signal(object)  # DisplayedImage
    closed = Signal()

    def __init__(self, theme: Theme, view: QWidget) -> None:
        super().__init__(view, "comparison")
        self.setAccessibleName(tr("Comparison"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self.tiles: list[Tile] = []
        self._title = ""  # of pictures side by side; two that lie over each other are named instead
        self.title = named(PlainLabel(), "bannerTitle")
        self.close_button = small_button(tr("Close the comparison (Esc)"))
        self.close_button.clicked.connect(self.leave)
        self.ways: dict[Way, QToolButton] = {}
        self._choice = QButtonGroup(self)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        for way, text in WAYS.items():
            button = named(QToolButton(), f"{way.value}Way")
            button.setText(tr(text))
            button.setCheckable(True)
            self._choice.addButton(button)
            button.clicked.connect(self.show_way)
            self.ways[way] = button
            head.addWidget(button)
        self.ways[Way.BESIDE].setChecked(True)
        # With more than two pictures these say which of them lie over each other.
        self.pair = (named(Choice(), "pairFirst"), named(Choice(), "pairSecond"))
        for choice, name in zip(self.pair, (tr("The one on the left"), tr("The one on the right")), strict=True):
            choice.setAccessibleName(name)
            choice.setToolTip(plain_tip(name))
            choice.hide()
            choice.activated.connect(lambda _index: self.show_way())
        for place, choice in enumerate(self.pair):
            head.insertWidget(1 + place, choice)
        head.addWidget(self.close_button)
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, 12, EDGE, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._row, 1)
        self.split = SplitFrame()
        self.split.hide()
        column.addWidget(self.split, 0)
        self._column = column
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def open(self, title: str, entries: list[Entry], shape: tuple[int, int]) -> None:
        """Show other places, side by side; `shape` is the size of the pictures to come."""
        for tile in self.tiles:
            self._row.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = []
        self._title = title
        self.ways[Way.BESIDE].setChecked(True)
        for entry in entries:
            self.add(entry, shape)
        self.show_way()
        self.appear()
        self.setFocus()

    def add(self, entry: Entry, shape: tuple[int, int]) -> None:
        """One more place."""
        tile = Tile(entry)
        if entry.shown is None:
            tile.show_shape(shape)
        tile.taken.connect(self.taken)
        self._row.addWidget(tile)
        self.tiles.append(tile)
        self.place()
        self.show_way()

    def show_way(self) -> None:
        """Show the pictures as it was chosen: all of them side by side, or two of them at one place."""
        there = [tile for tile in self.tiles if tile.shown is not None and tile.shown.rgb is not None]
        able = len(there) >= 2
        if not able:
            self.ways[Way.BESIDE].setChecked(True)
        for button in self.ways.values():
            button.setVisible(able)
        way = next(way for way, button in self.ways.items() if button.isChecked())
        beside = way is Way.BESIDE
        self.title.setText(self._title)
        for tile in self.tiles:
            tile.setVisible(beside)
        for choice in self.pair:
            choice.setVisible(not beside and len(there) > 2)
        self.title.setVisible(beside or len(there) == 2)
        self.split.setVisible(not beside)
        self._column.setStretchFactor(self._row, int(beside))  # the empty row would keep half of the room
        self._column.setStretchFactor(self.split, int(not beside))
        if not beside:
            chosen = [there[place] for place in self._chosen_pair(there)]
            first, second = (tile.name.text() for tile in chosen)
            if len(there) > 2:
                first, second = (choice.currentText() for choice in self.pair)
            self.title.setText(tr("{first} and {second}", first=first, second=second))
            pictures = [tile.shown.rgb for tile in chosen if tile.shown is not None and tile.shown.rgb is not None]
            self.split.show_pair(pictures[0], pictures[1], (first, second), way)
            if not any(choice.hasFocus() for choice in self.pair):
                self.split.setFocus()

    def _chosen_pair(self, there: list[Tile]) -> tuple[int, int]:
        """Which of the pictures that are there lie over each other; the choices list them all."""
        names = [f"{number} · {tile.name.text()}" for number, tile in enumerate(there, 1)]  # results of one prompt
        for place, choice in enumerate(self.pair):
            if [choice.itemText(index) for index in range(choice.count())] != names:
                choice.clear()
                choice.addItems(names)
                choice.setCurrentIndex(place)
        return self.pair[0].currentIndex(), self.pair[1].currentIndex()

    def leave(self) -> None:
        """Close it."""
        if not self.isHidden():
            self.hide()
            self.under.setFocus()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def place(self) -> None:
        """Lie over the view; all places get the same width to the pixel, so that their pictures are of one size."""
        super().place()
        count = len(self.tiles)
        for tile in self.tiles:
            tile.setFixedWidth(max(60, (self.width() - 2 * EDGE - (count - 1) * GAP) // count))

    def _paint_icons(self) -> None:
        self.close_button.setIcon(self._theme.icon("ph.x", role="muted"))
