"""A widget that shows a picture through a viewport: zoom, pan, and a fit that follows the widget's size."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from canvas.view.turn import Turn
from canvas.view.viewport import Viewport, next_stop


class ZoomView(QWidget):
    """`zoom_changed` tells physical pixels for each picture pixel; 1 is 100 %."""

    zoom_changed = Signal(float)
    turned = Signal(object)  # Turn

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport()
        self._turn = Turn()
        self._fits = True
        self._foot = 0.0

    @property
    def zoom(self) -> float:
        """Physical screen pixels for each picture pixel."""
        return self.viewport.zoom

    @property
    def turn(self) -> Turn:
        """How the view is turned and mirrored on the screen; the viewport is that of the upright view."""
        return self._turn

    def set_turn(self, turn: Turn) -> None:
        """Turns or mirrors the view. The picture stays as it is."""
        if turn != self._turn:
            self._turn = turn
            self._viewport_changed(zoomed=False)
            self.turned.emit(turn)

    def upright(self, point: QPointF) -> QPointF:
        """Where a place of the widget lies in the upright view."""
        return self._turn.to_upright(point, self.width(), self.height())

    def update(self, *area: Any) -> None:
        """Asks for a repaint of a rect or a region of the upright view, or of all."""
        if area and not self._turn.upright:
            bounds = area[0] if isinstance(area[0], QRect) else area[0].boundingRect()
            area = (self._turn.shown(bounds, self.width(), self.height()),)
        super().update(*area)

    def zoom_in(self) -> None:
        """The next round zoom up, about the cursor or the middle."""
        self._zoom_to(next_stop(self.zoom, up=True))

    def zoom_out(self) -> None:
        """The next round zoom down."""
        self._zoom_to(next_stop(self.zoom, up=False))

    def actual_size(self) -> None:
        """100 %: one picture pixel is one screen pixel."""
        self._zoom_to(1.0)

    def fit(self) -> None:
        """The whole picture, from now on also when the view or the picture changes its size."""
        self._fits = True
        self._set_viewport(self.viewport.fitted(foot=self._foot))

    def set_foot(self, height: float) -> None:
        """Something covers so many logical pixels at the lower edge: a picture that is fitted lies above it."""
        if height != self._foot:
            self._foot = height
            if self._fits:
                self.fit()

    def pan_by(self, dx: float, dy: float) -> None:
        """Moves the picture by logical pixels."""
        self._fits = False
        self._set_viewport(self.viewport.panned(dx, dy))

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zooms by a factor about a place of the view, which stays where it is."""
        self._zoom_to(self.zoom * factor, at)

    def _pointer(self) -> QPointF | None:
        """Where the pointer is, about which keys zoom; None is the middle."""
        return None

    def _viewport_changed(self, *, zoomed: bool) -> None:
        """What is to be done before the zoom is announced."""
        self.update()

    def _zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        at = at or self._pointer() or QPointF(self.width() / 2, self.height() / 2)
        self._fits = False
        self._set_viewport(self.viewport.zoomed(zoom, at.x(), at.y()))

    def _set_viewport(self, viewport: Viewport) -> None:
        if viewport == self.viewport:
            return
        zoomed = viewport.zoom != self.viewport.zoom
        self.viewport = viewport
        self._viewport_changed(zoomed=zoomed)
        if zoomed:
            self.zoom_changed.emit(viewport.zoom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the picture's middle, or the fit."""
        self._take_size()

    def _take_size(self) -> None:
        viewport = self.viewport.resized((float(self.width()), float(self.height())), self.devicePixelRatioF())
        self._set_viewport(viewport.fitted(foot=self._foot) if self._fits else viewport)
