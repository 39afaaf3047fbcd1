"""What is drawn under the words of the prompt: tints of painted words, and dotted lines under others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


@dataclass(frozen=True)
class Tint:
    """How one painted word is shown in the prompt; the span counts code points."""

    span: tuple[int, int]
    color: str
    selected: bool
    visible: bool
    acts: bool = True


def draw_tint(painter: QPainter, tint: Tint, rects: Iterable[QRectF]) -> None:
    """The colour of a painted word behind its text: faint where its paint is hidden, a broken line where it is off."""
    fill, line = QColor(tint.color), QColor(tint.color)
    fill.setAlpha(120 if tint.selected else 60)
    if not tint.visible:
        fill.setAlpha(20)
    if not tint.acts:
        fill.setAlpha(fill.alpha() // 4)
    style = Qt.PenStyle.SolidLine if tint.acts else Qt.PenStyle.DotLine
    for rect in rects:
        painter.setPen(QPen(line, 1.5, style) if tint.selected else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect.adjusted(-1.5, 0.5, 1.5, -0.5), 4, 4)
        if not tint.selected and tint.acts:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), line)
        elif not tint.selected:
            painter.setPen(QPen(line, 2, style))
            painter.drawLine(rect.bottomLeft() + QPointF(0, -1), rect.bottomRight() + QPointF(0, -1))


def draw_hover(painter: QPainter, colour: QColor, rects: Iterable[QRectF]) -> None:
    """A fine dotted line under the word that a click would pick."""
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
    for rect in rects:
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def draw_unknown(painter: QPainter, colour: QColor, rects: Iterable[QRectF]) -> None:
    """Dots under a word that the model has not learnt."""
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap))
    for rect in rects:
        painter.drawLine(rect.bottomLeft() + QPointF(1, 0.5), rect.bottomRight() + QPointF(-1, 0.5))
