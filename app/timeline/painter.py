"""Draws the strip of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from app.language import number, tr
from app.timeline.colors import hues
from app.timeline.geometry import TICK, TICK_GAP, Part, Shape
from app.widgets.theme import Colours

RADIUS = 4.0
PADDING = 7.0
FOCUS_INSET = 3.5  # pixels, so that the boundaries' handles do not hide the frame
DENSE = 3.0  # pixels between ticks, under which only some of them are drawn
NAME_ROOM = 26.0  # pixels that a name needs at least


@dataclass(frozen=True)
class Playhead:
    """How far a run is: the noise level and the expert of the last step, and its place from 0 to 1."""

    place: float
    index: int | None
    name: str


@dataclass(frozen=True)
class Look:
    """What is drawn on a shape.

    Attributes:
        ticks: places of the steps; `guessed` where nobody knows them yet.
        counts: how many steps each expert has, None where nobody knows.
        faulty: intervals whose expert cannot work.
        hover, focus: parts under the mouse and with the keys.
    """

    colours: Colours
    ticks: Sequence[float]
    guessed: bool
    counts: Sequence[int | None]
    faulty: frozenset[int]
    hover: Part | None
    focus: Part | None
    playhead: Playhead | None


def draw(painter: QPainter, shape: Shape, look: Look) -> None:
    """Draw it all."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_intervals(painter, shape, look)
    _draw_ticks(painter, shape, look)
    _draw_boundaries(painter, shape, look)
    if look.playhead is not None:
        _draw_playhead(painter, shape, look, look.playhead)


def _draw_intervals(painter: QPainter, shape: Shape, look: Look) -> None:
    colours = look.colours
    outline = QPainterPath()
    outline.addRoundedRect(shape.bar, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(outline)
    running = look.playhead.index if look.playhead is not None else None
    for index, hue in enumerate(hues(shape.experts, colours)):
        rect = shape.interval(index)
        painter.fillRect(rect, hue)
        if index in look.faulty:
            painter.fillRect(rect, QColor(colours.error_panel))
            painter.fillRect(rect, QBrush(_faded(colours.error, 60), Qt.BrushStyle.BDiagPattern))
        elif running is not None and index != running:
            painter.fillRect(rect, _faded(colours.panel, 120))
        elif Part("interval", index) == look.hover:
            painter.fillRect(rect, _faded(colours.text, 18))
        _draw_name(painter, shape, look, index, quiet=running is not None and index != running)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawPath(outline)
    focus = look.focus
    if focus is not None and focus.kind == "interval":
        painter.setPen(QPen(QColor(colours.accent), 1.6))
        painter.drawRoundedRect(
            shape.interval(focus.index).adjusted(FOCUS_INSET, 0.8, -FOCUS_INSET, -0.8), RADIUS, RADIUS
        )


def _draw_name(painter: QPainter, shape: Shape, look: Look, index: int, *, quiet: bool) -> None:
    colours, expert = look.colours, shape.experts[index]
    inside = shape.interval(index).adjusted(PADDING, 0, -PADDING, 0)
    if inside.width() < NAME_ROOM:
        return
    metrics = QFontMetricsF(painter.font(), painter.device())
    name = metrics.elidedText(expert.name, Qt.TextElideMode.ElideRight, inside.width())
    muted = quiet or shape.slim
    painter.setPen(QColor(colours.error if index in look.faulty else colours.muted if muted else colours.text))
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inside, middle | Qt.AlignmentFlag.AlignLeft, name)
    note = note_of(look.counts[index], expert.guidance)
    taken = metrics.horizontalAdvance(name) + 2 * PADDING
    if note and not shape.slim and taken + metrics.horizontalAdvance(note) <= inside.width():
        painter.setPen(_faded(colours.text, 120 if quiet else 165))
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, note)


def note_of(count: int | None, guidance: float | None) -> str:
    """What an interval says beside its name."""
    parts = (
        []
        if count is None
        else [tr("no step") if not count else tr("1 step") if count == 1 else tr("{count} steps", count=count)]
    )
    if guidance is not None:
        parts.append(tr("guidance {value}", value=number(guidance)))
    return " · ".join(parts)


def _draw_ticks(painter: QPainter, shape: Shape, look: Look) -> None:
    colours, top = look.colours, shape.bar.bottom() + TICK_GAP
    passed = look.playhead.place if look.playhead is not None else -1.0
    last = -DENSE
    for place in look.ticks:
        x = round(shape.x(place)) + 0.5
        if x - last < DENSE:
            continue
        last = x
        colour = colours.accent if place <= passed else colours.line if look.guessed else colours.muted
        painter.setPen(QPen(QColor(colour), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, top + TICK))


def _draw_boundaries(painter: QPainter, shape: Shape, look: Look) -> None:
    colours = look.colours
    for index in range(len(shape.experts) - 1):
        part, x = Part("boundary", index), shape.boundary(index)
        strong = part in (look.hover, look.focus)
        handle = QRectF(x - 2, shape.bar.top() - 2, 4, shape.bar.height() + 4)
        painter.setPen(QPen(QColor(colours.panel), 1.5))
        painter.setBrush(QColor(colours.accent if strong else colours.muted))
        painter.drawRoundedRect(handle.adjusted(-1, 0, 1, 0) if strong else handle, 2.5, 2.5)


def _draw_playhead(painter: QPainter, shape: Shape, look: Look, playhead: Playhead) -> None:
    colours, bar, x = look.colours, shape.bar, shape.x(playhead.place)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.accent))
    painter.drawRect(QRectF(x - 1, bar.top() - 1, 2, bar.height() + TICK_GAP + TICK + 1))
    painter.drawPolygon(QPolygonF([QPointF(x - 4.5, 0), QPointF(x + 4.5, 0), QPointF(x, bar.top() + 1.5)]))
    if playhead.name and not _says_name(painter, shape, playhead):
        _draw_flag(painter, shape, look, playhead)


def _says_name(painter: QPainter, shape: Shape, playhead: Playhead) -> bool:
    """Whether the name of who works can be read in its interval."""
    if playhead.index is None:
        return False
    room = shape.interval(playhead.index).width() - 2 * PADDING
    return room >= max(NAME_ROOM, QFontMetricsF(painter.font()).horizontalAdvance(playhead.name))


def _draw_flag(painter: QPainter, shape: Shape, look: Look, playhead: Playhead) -> None:
    """Name who works beside the playhead."""
    bar, x = shape.bar, shape.x(playhead.place)
    metrics = QFontMetricsF(painter.font())
    name = metrics.elidedText(playhead.name, Qt.TextElideMode.ElideRight, bar.width() / 3)
    width = metrics.horizontalAdvance(name) + 2 * PADDING
    left = x + 4 if x + 4 + width <= bar.right() else x - 4 - width
    box = QRectF(left, bar.top() + 1, width, bar.height() - 2)
    painter.setBrush(QColor(look.colours.accent))
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    painter.setPen(QColor(look.colours.accent_text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def _faded(colour: str, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
