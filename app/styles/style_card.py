"""A style's card: its picture, name, how strongly its look is taken, what of it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.bipolar_slider import EndsSlider
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named, row, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.swatch import Swatch
from app.widgets.switch import Switch
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from canvas.files.image_io import read_thumbnail
from canvas.model.style import Style
from canvas.view.qimage import from_rgb
from resources.limits import StyleStrength, bounds

THUMBNAIL = 58
BUTTON = 22


def draw_rounded(painter: QPainter, box: QRectF, image: QImage, edge: QPen) -> None:
    """Draw a picture with rounded corners and an edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(box, 6, 6)
    painter.setClipPath(path)
    painter.drawImage(box, image)
    painter.setClipping(False)
    painter.setPen(edge)
    painter.drawPath(path)


class Thumbnail(QWidget):
    """A picture cut square, with rounded corners."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._image = QImage()
        self.setFixedSize(THUMBNAIL, THUMBNAIL)

    def show_picture(self, data: bytes) -> None:
        """Take another picture, the bytes of a PNG."""
        if data is self._data:
            return
        self._data = data
        self._image = from_rgb(read_thumbnail(data, 2 * THUMBNAIL))
        self.setToolTip("")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw_rounded(painter, box, self._image, QPen(QColor(128, 128, 128, 90), 1))
        painter.end()


class StyleCard(QFrame):
    """One style. All its signals carry the style's id first."""

    chosen = Signal(str)
    strength_changed = Signal(str, float)
    semantic_changed = Signal(str, float)
    area_changed = Signal(str, bool)
    word_changed = Signal(str, object)  # the id of the word whose paint it follows, or None
    visible_changed = Signal(str, bool)
    clear_asked = Signal(str)
    replace_asked = Signal(str)
    move_asked = Signal(str, int)  # by how many places
    remove_asked = Signal(str)

    def __init__(self, style: Style, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setProperty("selected", "false")
        self.style_id = style.id
        self._theme = theme
        self._visible = True
        self._may_move = (False, False)
        self.thumbnail = Thumbnail()
        self.name = ElidedLabel()
        self.eye = small_button(tr("Show or hide this style's paint"))
        self.eye.clicked.connect(lambda: self.visible_changed.emit(self.style_id, not self._visible))
        self.wipe = small_button(tr("Remove this style's paint"))
        self.wipe.clicked.connect(lambda: self.clear_asked.emit(self.style_id))
        self.remove = small_button(tr("Remove this style"))
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.style_id))
        self.swatch = Swatch(self.thumbnail)  # in its corner: what the paint on the canvas looks like
        self.swatch.setFixedSize(20, 20)
        self.swatch.move(THUMBNAIL - 22, THUMBNAIL - 22)
        self.area = Switch(tr("Only where painted"))
        self.area.setToolTip(tr("On: the style acts where you paint it. Off: everywhere"))
        self.area.clicked.connect(lambda on: self.area_changed.emit(self.style_id, on))
        self.word = QComboBox()
        self.word.setAccessibleName(tr("Only for the word"))
        self.word.setToolTip(tr("The style acts where that word is painted, also after you repaint it"))
        self.word.activated.connect(lambda _index: self.word_changed.emit(self.style_id, self.word.currentData()))
        self.only = QWidget()
        self.only.setLayout(row(named(PlainLabel(tr("Only for")), "muted"), self.word, stretch=(0, 1)))
        self.note = named(PlainLabel(tr("Paint where this style should act."), wordWrap=True), "muted")
        highest = bounds(StyleStrength)[1]
        self.strength = ValueSlider(tr("Strength"), low=0.0, high=highest, default=1.0, step=0.05, decimals=2)
        self.strength.explain(tr("How much of its look is taken: 1 is normal, 0 is none"))
        self.strength.value_changed.connect(lambda value: self.strength_changed.emit(self.style_id, value))
        self.semantic = EndsSlider(tr("Look or content"), tr("look"), tr("content"))
        self.semantic.explain(
            tr("What is taken from the picture: more of its look, such as strokes and grain, or more of its content")
        )
        self.semantic.value_changed.connect(lambda value: self.semantic_changed.emit(self.style_id, value))
        for button in (self.eye, self.wipe, self.remove):
            button.setFixedSize(BUTTON, BUTTON)  # also in the moment before the dock has found room for a new card
        self._lay_out()
        theme.changed.connect(self._paint_icons)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(2)
        title.addWidget(self.name, 1)
        title.addWidget(self.remove)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addLayout(title)
        beside.addWidget(self.strength)
        top = QHBoxLayout()
        top.setSpacing(9)
        top.addWidget(self.thumbnail)
        top.addLayout(beside, 1)
        where = QHBoxLayout()
        where.setSpacing(2)
        where.addWidget(self.area, 1)
        for button in (self.eye, self.wipe):
            where.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 8, 7, 7)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.semantic)
        column.addLayout(where)
        column.addWidget(self.only)
        column.addWidget(self.note)

    def show_style(
        self,
        style: Style,
        *,
        selected: bool,
        painted: float,
        may_move: tuple[bool, bool],
        words: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Show the style as it is now; `painted` is its share of the canvas, `may_move` whether up and down, `words`
        the titles of the words that it can be for, by their ids."""
        self._visible, self._may_move = style.visible, may_move
        self.thumbnail.show_picture(style.picture)
        self.name.show_name(style.name, lost=False)
        self.setToolTip(plain_tip(tr("{name}\nIts look is taken, not its layout", name=style.name)))
        self.area.setChecked(style.area)
        self.swatch.show_word(style.color, style.pattern)
        for widget in (self.swatch, self.eye):
            widget.setVisible(style.area)
        self.wipe.setVisible(style.area and painted > 0)
        self.note.setVisible(style.area and painted <= 0)
        for slider, value in ((self.strength, style.strength), (self.semantic, style.semantic)):
            slider.fill_colour = QColor(style.color) if style.area else None
            slider.set_value(value)
            slider.update()
        self.semantic.setEnabled(style.strength > 0)
        self._show_words(style, words)
        self.setCursor(Qt.CursorShape.PointingHandCursor if style.area else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(tr("Style {name}", name=style.name))
        text = "true" if selected else "false"
        if self.property("selected") != text:
            self.setProperty("selected", text)
            self.style().unpolish(self)
            self.style().polish(self)
        self._paint_icons()

    def _show_words(self, style: Style, words: Mapping[str, str]) -> None:
        """What it can be for: the whole picture, or a word; not while it has paint of its own."""
        self.only.setVisible(not style.area and (bool(words) or style.word is not None))
        wanted: list[tuple[str | None, str]] = [(None, tr("whole picture")), *words.items()]
        if style.word is not None and style.word not in words:
            wanted.append((style.word, tr("a word that is gone")))
        shown = [(self.word.itemData(place), self.word.itemText(place)) for place in range(self.word.count())]
        if shown != wanted:
            self.word.clear()
            for word_id, title in wanted:
                self.word.addItem(title, word_id)
        self.word.setCurrentIndex([word_id for word_id, _title in wanted].index(style.word))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.area.isChecked():
            self.chosen.emit(self.style_id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def menu(self) -> QMenu:
        """What the right button offers."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Choose Another Picture…"), lambda: self.replace_asked.emit(self.style_id))
        up = menu.addAction(tr("Move Up"), lambda: self.move_asked.emit(self.style_id, -1))
        down = menu.addAction(tr("Move Down"), lambda: self.move_asked.emit(self.style_id, 1))
        for action, may in zip((up, down), self._may_move, strict=True):
            action.setEnabled(may)
        menu.addSeparator()
        menu.addAction(tr("Remove"), lambda: self.remove_asked.emit(self.style_id))
        return menu

    def sizeHint(self) -> QSize:
        return QSize(220, super().sizeHint().height())

    def _paint_icons(self) -> None:
        self.eye.setIcon(self._theme.icon("ph.eye" if self._visible else "ph.eye-slash", role="muted"))
        self.wipe.setIcon(self._theme.icon("ph.backspace", role="muted"))
        self.remove.setIcon(self._theme.icon("ph.x", role="muted"))
