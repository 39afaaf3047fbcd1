"""Which of picture, paint and heatmap is shown on the canvas, and how strongly."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from canvas.model.tiled_mask import Rect, TiledMask
from canvas.paint.cells import Coverage
from canvas.view import drawing
from canvas.view.heatmap_overlay import HeatLayer
from canvas.view.layers import Layers
from canvas.view.mark_layer import MarkLayer
from canvas.view.zoom_view import ZoomView

MIN_OPACITY = 0.1


class OverlayView(ZoomView):
    """Shows the painted words, or a heatmap, over the picture.

    Signals:
        overlays_changed: whether the painted words are shown.
    """

    overlays_changed = Signal(bool)

    def __init__(self, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers = Layers(size, self.update, self._renew_rect)
        self._layers.set_dark(drawing.is_dark(self.palette()))
        self._heat = HeatLayer()
        self._marks = MarkLayer()
        self._overlays = True
        self._resting = False

    def _renew_rect(self, rect: Rect) -> None:
        """Asks for a repaint of a rect of the picture."""
        self.update(QRect(*self.viewport.view_rect(rect, margin=2 / min(1.0, self.zoom))))

    @property
    def painting(self) -> bool:
        """Whether a tool is at work: then the paint is shown."""
        raise NotImplementedError

    def set_heatmap(self, values: np.ndarray | None, color: str = "#888888", paint: TiledMask | None = None) -> None:
        """Lay a heatmap `[h, w]` over the picture instead of the paint, of which the word's is outlined; None for none.

        While a stroke is being painted it is not shown.
        """
        if values is None and not self._heat.shows:
            return
        self._heat.set_heat(values, color, self._layers.size, paint)
        self._show_overlays()
        self.update()

    @property
    def heatmap_shown(self) -> bool:
        """Whether a heatmap lies over the picture now."""
        return self._heat.shows and not self.painting

    def set_coverage(self, coverage: Coverage | None) -> None:
        """Hatches where words overlap and where none is painted; None no longer."""
        self._marks.set_coverage(coverage)
        self.update()

    def set_cells(self, pixels: np.ndarray | None) -> None:
        """Shows the paint in the model's cells, premultiplied ARGB uint32 `[h, w]`; None is as it was painted."""
        self._marks.set_cells(pixels)
        self.update()

    @property
    def overlays_visible(self) -> bool:
        """Whether the painted words are shown over the picture."""
        return self._overlays

    def set_overlays_visible(self, visible: bool) -> None:
        """Shows or hides the painted words; the next stroke shows them again."""
        self._resting = False
        if visible == self._overlays:
            return
        self._overlays = visible
        self._show_overlays()
        self.overlays_changed.emit(visible)

    def rest_overlays(self) -> None:
        """Hides the painted words until the painter reaches for a word or the brush; in mid-stroke they stay."""
        if self._overlays and not self.painting:
            self.set_overlays_visible(False)
            self._resting = True

    def _wake_overlays(self) -> None:
        if self._resting:
            self.set_overlays_visible(True)

    def _show_overlays(self) -> None:
        visible = self.painting or (self._overlays and not self._heat.shows)
        if self._layers.set_overlay_visible(visible) or self._heat.shows:
            self.update()

    @property
    def overlay_opacity(self) -> float:
        """How opaque the painted words are drawn, 0.1 faint .. 1 as they are."""
        return self._layers.opacity

    def set_overlay_opacity(self, opacity: float) -> None:
        """Draws the painted words fainter or stronger over the picture."""
        if self._layers.set_opacity(min(max(opacity, MIN_OPACITY), 1.0)):
            self.update()

    @property
    def paint_only(self) -> bool:
        """Whether the paint is shown on paper, without the picture."""
        return self._layers.paint_only

    def set_paint_only(self, alone: bool) -> None:
        """Shows the paint on paper instead of on the picture, or on the picture again."""
        if self._layers.set_paint_only(alone):
            if alone:
                self.set_overlays_visible(True)
            self.update()

    def toggle_overlays(self) -> None:
        """Shows the painted words where they are hidden, and hides them where they are shown."""
        self.set_overlays_visible(not self.overlays_visible)
