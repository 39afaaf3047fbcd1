"""A balloon that points at a place of the window: a title, a sentence, and the way on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme

WIDTH, TIP, EDGE, ROUND = 330, 12, 8, 10


class Balloon(QWidget):
    """Lies over the window and takes no keys from the work until somebody tabs or clicks into it."""

    next_asked = Signal()
    skip_asked = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("balloon")
        self._theme = theme
        self._side: Qt.Edge | None = None  # on which the tip is
        self._tip = 0  # where on that side, in pixels of the balloon
        self.title = named(PlainLabel(wordWrap=True), "bannerTitle")
        self.text = PlainLabel(wordWrap=True)
        self.count = named(PlainLabel(), "muted")
        self.close_button: QToolButton = named(small_button(tr("Skip the tour")), "skipTour")
        self.close_button.clicked.connect(self.skip_asked)
        self.next: QPushButton = named(QPushButton(), "balloonNext")
        self.next.setAutoDefault(False)
        self.next.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.next.clicked.connect(self.next_asked)
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(TIP + 14, TIP + 8, TIP + 10, TIP + 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.text)
        column.addLayout(foot)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.hide()

    def say(self, title: str, text: str, count: str, onward: str) -> None:
        """Put other words on it."""
        self.title.setText(title)
        self.text.setText(text)
        self.count.setText(count)
        self.next.setText(onward)
        self.setAccessibleName(f"{title}. {text}")

    def point_at(self, target: QRect | None, *, above: bool = False) -> None:
        """Stand under a place of the window, else `above` it, else beside it; None is nowhere: in the middle."""
        window = self.parentWidget()
        assert window is not None
        room = window.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        size = self._size()
        if target is None:
            self._side = None
            self.setGeometry(QRect(room.center().x() - size.width() // 2, room.center().y() - size.height() // 2,
                                   size.width(), size.height()))  # fmt: skip
        else:
            left = min(max(target.center().x() - size.width() // 2, room.left()), room.right() - size.width())
            beside = min(max(target.center().y() - size.height() // 2, room.top()), room.bottom() - size.height())
            has_room_above = target.top() - size.height() > room.top()
            if target.height() > target.width() and target.right() + size.width() < room.right():
                self._side, place = Qt.Edge.LeftEdge, (target.right() + 1, beside)
            elif target.bottom() + size.height() < room.bottom() and not (above and has_room_above):
                self._side, place = Qt.Edge.TopEdge, (left, target.bottom() + 1)
            elif has_room_above:
                self._side, place = Qt.Edge.BottomEdge, (left, target.top() - size.height())
            else:
                self._side, place = Qt.Edge.LeftEdge, (min(target.right(), room.right() - size.width()), beside)
            upright = self._side is Qt.Edge.LeftEdge
            tip = target.center().y() - place[1] if upright else target.center().x() - place[0]
            ends = size.height() if upright else size.width()
            self._tip = min(max(tip, 3 * TIP), ends - 3 * TIP)
            self.setGeometry(*place, size.width(), size.height())
        self.show()
        self.raise_()
        self.update()

    def _size(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return QSize(WIDTH, max(layout.heightForWidth(WIDTH), layout.minimumSize().height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._theme.colours
        path = QPainterPath()
        body = QRectF(self.rect()).adjusted(TIP, TIP, -TIP, -TIP)
        path.addRoundedRect(body, ROUND, ROUND)
        at = float(self._tip)
        corners = {
            Qt.Edge.TopEdge: ((at - TIP, TIP + 1), (at, 1), (at + TIP, TIP + 1)),
            Qt.Edge.BottomEdge: ((at - TIP, body.bottom() - 1), (at, self.height() - 1), (at + TIP, body.bottom() - 1)),
            Qt.Edge.LeftEdge: ((TIP + 1, at - TIP), (1, at), (TIP + 1, at + TIP)),
        }
        if self._side in corners:
            tip = QPainterPath()
            tip.addPolygon(QPolygonF([QPointF(*corner) for corner in corners[self._side]]))
            tip.closeSubpath()
            path = path.united(tip)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.accent), 1.6))
        painter.setBrush(QColor(colours.raised))
        painter.drawPath(path)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.skip_asked.emit()
        else:
            super().keyPressEvent(event)

    def _paint_icons(self) -> None:
        self.close_button.setIcon(self._theme.icon("ph.x", role="muted"))
