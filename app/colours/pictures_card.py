"""The picture layers' entry below the colours: one line each, and below the chosen one what is set there."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.language import number, tr
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named, scrolling, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from canvas.model.colour_layer import PictureLayer

BUTTON = 22
THUMBNAIL = 26
CHECKER = 4
ROWS = 4
"""So many lines are seen at once before the list scrolls."""


class PicturesCard(QWidget):
    """Announces what is asked of the layers, and shows what it is told; there is nothing to see where there are none.

    Signals:
        opacity_changed: a layer's id and its opacity, 0..1; edit_ended: that is it. visible_changed: an id, and whether
            it is to be shown. moved: an id, and 1 for higher or -1 for lower. renamed: an id and a name.
        deleted: an id.
    """

    opacity_changed = Signal(str, float)
    edit_ended = Signal()
    visible_changed = Signal(str, bool)
    moved = Signal(str, int)
    renamed = Signal(str, str)
    deleted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self.rows: dict[str, PictureRow] = {}
        self._chosen = ""
        self._inside = inside = named(QWidget(), "panel")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(10, 0, 10, 0)
        self._column.setSpacing(3)
        self._area = scrolling(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 2)
        whole.addWidget(self._area)
        self.hide()

    def show_layers(self, layers: Sequence[PictureLayer]) -> None:
        """Show the layers, from the lowest up; the uppermost stands first."""
        ids = {layer.id for layer in layers}
        for gone in [each for each in self.rows if each not in ids]:
            row = self.rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, layer in enumerate(reversed(layers)):
            if layer.id not in self.rows:
                self.rows[layer.id] = self._made(layer.id)
            row = self.rows[layer.id]
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
                row.show()
            row.show_layer(
                layer,
                chosen=layer.id == self._chosen,
                ends=(place == 0, place == len(layers) - 1),
            )
        self.setVisible(bool(layers))
        self._fit()

    def choose(self, layer_id: str) -> None:
        """Show what is set of a layer; "" for none."""
        self._chosen = layer_id
        for each, row in self.rows.items():
            row.set_chosen(each == layer_id)
        self._fit()
        if layer_id in self.rows:
            self._area.ensureWidgetVisible(self.rows[layer_id], 0, 4)

    def _made(self, layer_id: str) -> PictureRow:
        row = PictureRow(layer_id, self._theme)
        row.clicked.connect(lambda: self.choose("" if self._chosen == layer_id else layer_id))
        row.eye.clicked.connect(lambda _on=False: self.visible_changed.emit(layer_id, not row.layer_visible))
        row.opacity.value_changed.connect(lambda value: self.opacity_changed.emit(layer_id, float(value) / 100))
        row.opacity.released.connect(self.edit_ended)
        row.up.clicked.connect(lambda _on=False: self.moved.emit(layer_id, 1))
        row.down.clicked.connect(lambda _on=False: self.moved.emit(layer_id, -1))
        row.bin.clicked.connect(lambda _on=False: self.deleted.emit(layer_id))
        row.rename_asked.connect(lambda: self._rename(row))
        row.menu_asked.connect(lambda where: self._menu(row, where))
        return row

    def _rename(self, row: PictureRow) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Rename the Layer"))
        dialog.setLabelText(tr("Name"))
        dialog.setTextValue(row.name)
        dialog.textValueSelected.connect(lambda text: self.renamed.emit(row.layer_id, text))
        dialog.open()

    def _menu(self, row: PictureRow, where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Rename…"), lambda: self._rename(row))
        menu.addAction(tr("Move Up"), lambda: self.moved.emit(row.layer_id, 1)).setEnabled(row.up.isEnabled())
        menu.addAction(tr("Move Down"), lambda: self.moved.emit(row.layer_id, -1)).setEnabled(row.down.isEnabled())
        menu.addSeparator()
        menu.addAction(tr("Delete the Layer"), lambda: self.deleted.emit(row.layer_id))
        menu.popup(where)

    def _fit(self) -> None:
        """As high as the lines are, up to a few of them."""
        self._column.activate()
        heights = [row.sizeHint().height() for row in self.rows.values()]
        high = sum(heights) + 3 * max(len(heights) - 1, 0)
        self._inside.setMinimumHeight(high)
        most = sorted(heights, reverse=True)
        self._area.setMinimumHeight(min(high, most[0] + 2) if most else 0)  # the others are scrolled to
        self._area.setMaximumHeight(min(high, sum(most[:ROWS]) + 3 * ROWS))
        self.updateGeometry()


class PictureRow(QFrame):
    """A layer's line: its picture, its name, its eye; where it is chosen, opacity, place and bin below."""

    clicked = Signal()
    rename_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, layer_id: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setProperty("selected", "false")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(plain_tip(tr("A picture to start from, under the colours. Double-click to rename it")))
        self.layer_id, self.name, self.layer_visible = layer_id, "", True
        self._theme = theme
        self.picture = _Thumbnail()
        self.label = ElidedLabel()
        self.note = named(PlainLabel(), "muted")
        self.eye = small_button(tr("Show or hide this picture. A hidden one is left out"))
        self.opacity = ValueSlider(tr("Opacity"), low=0, high=100, default=100, step=5, suffix=" %")
        self.up = small_button(tr("Move this picture up"))
        self.down = small_button(tr("Move this picture down"))
        self.bin = small_button(tr("Delete this layer"))
        top = QHBoxLayout()
        top.setSpacing(6)
        for widget, share in ((self.picture, 0), (self.label, 1), (self.note, 0), (self.eye, 0)):
            top.addWidget(widget, share)
        self.details = QWidget()
        below = QHBoxLayout(self.details)
        below.setContentsMargins(0, 0, 0, 2)
        below.setSpacing(2)
        below.addWidget(self.opacity, 1)
        for button in (self.up, self.down, self.bin):
            below.addWidget(button)
        for button in (self.eye, self.up, self.down, self.bin):
            button.setFixedSize(BUTTON, BUTTON)
        self.details.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 3, 5, 3)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(self.details)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_layer(self, layer: PictureLayer, *, chosen: bool, ends: tuple[bool, bool]) -> None:
        """Show the layer as it is now; `ends` says whether it is the uppermost and the lowest."""
        self.name, self.layer_visible = layer.name, layer.visible
        self.label.show_name(layer.name, lost=False, faint=not layer.visible)
        self.note.setText("" if layer.opacity == 1 else number(layer.opacity, ".0%"))
        self.opacity.set_value(100 * layer.opacity)
        self.picture.show_pixels(layer)
        self.up.setEnabled(not ends[0])
        self.down.setEnabled(not ends[1])
        said = ", ".join(part for part in (layer.name, self.note.text(), "" if layer.visible else tr("hidden")) if part)
        self.setAccessibleName(tr("Picture layer {name}", name=said))
        self.set_chosen(chosen)
        self._paint_icons()

    def set_chosen(self, chosen: bool) -> None:
        """Show or hide what is set."""
        self.details.setVisible(chosen)  # without a frame, which says what is on the brush: a picture never is

    def _paint_icons(self) -> None:
        self.eye.setIcon(self._theme.icon("ph.eye" if self.layer_visible else "ph.eye-slash", role="muted"))
        for button, name in ((self.up, "ph.arrow-up"), (self.down, "ph.arrow-down"), (self.bin, "ph.trash")):
            _set_icon(button, self._theme, name)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        elif event.button() == Qt.MouseButton.RightButton:
            self.menu_asked.emit(event.globalPosition().toPoint())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.rename_asked.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space choose the layer, F2 renames it, Delete takes it away, the menu key opens its menu."""
        acts = {
            Qt.Key.Key_Return: self.clicked.emit,
            Qt.Key.Key_Space: self.clicked.emit,
            Qt.Key.Key_F2: self.rename_asked.emit,
            Qt.Key.Key_Delete: self.bin.click,
            Qt.Key.Key_Menu: lambda: self.menu_asked.emit(self.mapToGlobal(self.rect().center())),
        }
        act = acts.get(Qt.Key(event.key()))
        if act is None:
            super().keyPressEvent(event)
        else:
            act()


def _set_icon(button: QToolButton, theme: Theme, name: str) -> None:
    button.setIcon(theme.icon(name, role="muted"))


class _Thumbnail(QWidget):
    """A layer's pixels in little; what is see-through shows a checkerboard."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(THUMBNAIL, THUMBNAIL)
        self._image = QImage()
        self._revision = -1

    def show_pixels(self, layer: PictureLayer) -> None:
        """Show them; nothing is made again while they stay the same."""
        if layer.pixels.revision == self._revision:
            return
        self._revision = layer.pixels.revision
        small = Image.fromarray(layer.pixels.to_array())
        small.thumbnail((2 * THUMBNAIL, 2 * THUMBNAIL), Image.Resampling.BOX)
        width, height = small.size
        self._image = QImage(small.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = THUMBNAIL / max(self._image.width(), self._image.height(), 1)
        width, height = self._image.width() * scale, self._image.height() * scale
        box = QRectF((THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2, width, height)
        path = QPainterPath()
        path.addRoundedRect(box, 3, 3)
        painter.setClipPath(path)
        painter.fillRect(box, QBrush(checkerboard()))
        painter.drawImage(box, self._image)
        painter.end()


def checkerboard() -> QImage:
    """Four squares, white and light grey, to be repeated: the ground of what is see-through."""
    image = QImage(2 * CHECKER, 2 * CHECKER, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    for x, y in ((0, CHECKER), (CHECKER, 0)):
        painter.fillRect(x, y, CHECKER, CHECKER, QColor("#cfcfcf"))
    painter.end()
    return image
