"""Repaints the selection or a word's paint, varies the picture, fills what a larger canvas has new, and refines."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.generation.controller import SEED_RANGE, GenerationController
from app.generation.sinks import CanvasSink
from app.language import tr
from app.rework.bar import ReworkBar
from app.session import Session
from canvas.model import edits
from canvas.model.begun import Begun
from canvas.model.document import Change
from canvas.model.edits import WHOLE
from canvas.model.tiled_mask import TiledMask

NO_PICTURE = "There is no picture to work on yet. Generate one, or open one, first."
NO_PLACE = "Select a part of the picture, or choose a word that has paint: that is what is made anew."
VARIED = 0.6
"""How much of the picture a variation makes anew."""
SMALL = 0.5
"""Of the canvas' sides: an area below it is worked on by itself, with what is around it, at the model's own size."""


class ReworkController(QObject):
    """Each of its actions adds a job that begins from the picture on the canvas; the result takes its place there.

    Signals:
        said: why there is nothing to do.
    """

    said = Signal(str)

    def __init__(
        self, session: Session, generation: GenerationController, actions: Actions, bar: ReworkBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._generation, self._actions, self._bar = session, generation, actions, bar
        for name, act in (
            ("repaint", self.repaint),
            ("vary", self.vary),
            ("refine", self.refine),
        ):
            actions[f"rework.{name}"].triggered.connect(lambda _on=False, act=act: act())
        bar.asked.connect(self._asked)
        session.picture_changed.connect(lambda _image: self._show())
        session.document.subscribe(self._on_change)
        self._show()

    # what is asked -----------------------------------------------------------------------------------------------
    def repaint(self) -> None:
        """Make the selection anew, or else the chosen word's paint; all else stays to the bit."""
        scene = self._session.scene
        mask = scene.selection or self._word_mask()
        if mask is None:
            self.said.emit(tr(NO_PLACE))
            return
        self._make(mask.to_array(), self._bar.strength, context=_context(mask))

    def fill_new(self) -> None:
        """Make what a larger canvas has beyond the picture, out of what lies at its edge."""
        from engine.reworking.extending import extended

        scene, image = self._session.scene, self._session.displayed
        if image.rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        left, top, width, height = image.place
        size = (max(1, round(width * scene.size[0])), max(1, round(height * scene.size[1])))
        rgb = _scaled(image.rgb, size)
        corner = (round(left * scene.size[0]), round(top * scene.size[1]))
        canvas, mask = extended(rgb, scene.size, corner)
        self._submit("extend", canvas, 1.0, mask=mask)

    def vary(self) -> None:
        """Make the whole picture anew from itself."""
        self._make(None, VARIED)

    def refine(self) -> None:
        """Make the picture twice as large, and its details anew."""
        rgb = self._picture()
        if rgb is not None:
            self._submit("refine", rgb, 0.0, scale=2)

    # how it is done ----------------------------------------------------------------------------------------------
    def _make(self, mask: np.ndarray | None, strength: float, *, context: int | None = None) -> None:
        rgb = self._picture()
        if rgb is not None:
            self._submit("vary" if mask is None else "repaint", rgb, strength, mask=mask, context=context)

    def _picture(self) -> np.ndarray | None:
        rgb = self._session.displayed.on_canvas(self._session.scene.size)
        if rgb is None:
            self.said.emit(tr(NO_PICTURE))
        return rgb

    def _submit(self, kind: str, rgb: np.ndarray, strength: float, **more: Any) -> None:
        result = self._session.displayed.result
        begun = Begun.of(kind, rgb, strength, name="" if result is None else result.name, **more)
        scene = edits.set_settings(self._session.scene, seed=secrets.randbelow(SEED_RANGE), count=1)
        self._generation.make(scene, CanvasSink(self._generation), begun=begun)

    def _word_mask(self) -> TiledMask | None:
        scene, word = self._session.scene, self._session.word
        mask = scene.masks.get(word) if word is not None else None
        return None if mask is None or mask.is_empty else mask

    # what is shown -----------------------------------------------------------------------------------------------
    def _asked(self) -> None:
        if self._extends() and self._session.scene.selection is None:
            self.fill_new()
        else:
            self.repaint()

    def _extends(self) -> bool:
        """Whether the canvas reaches beyond the picture on it."""
        image = self._session.displayed
        left, top, width, height = image.place
        return (
            image.rgb is not None
            and image.place != WHOLE
            and (left > 0 or top > 0 or left + width < 1 or top + height < 1)
        )

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "size", "selection"}:
            self._show()

    def _show(self) -> None:
        there = self._session.displayed.rgb is not None
        for name in ("repaint", "vary", "refine"):
            self._actions[f"rework.{name}"].setEnabled(there)
        selected = self._session.scene.selection is not None
        if there and selected:
            self._bar.offer(
                tr("The selection"),
                tr("Repaint"),
                tr("Make what is selected anew; all else stays as it is"),
                by_strength=True,
            )
        elif there and self._extends():
            self._bar.offer(
                tr("The canvas is larger than the picture"),
                tr("Fill"),
                tr("Make what is new, to go with the picture"),
                by_strength=False,
            )
        else:
            self._bar.hide()


def _context(mask: TiledMask) -> int | None:
    """How much around a small area the model is to see, in pixels; None for a large one, where it sees everything."""
    bounds = mask.bounds()
    if bounds is None or max(bounds[2] / mask.size[0], bounds[3] / mask.size[1]) > SMALL:
        return None
    return max(16, max(bounds[2:]) // 3)


def _scaled(rgb: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    from PIL import Image

    if rgb.shape[1::-1] == size:
        return rgb
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS))
