"""Comparing text encoders: one picture by each alone and one by both, of the same seed, made one after another."""

from __future__ import annotations

import dataclasses
from collections import deque

from PySide6.QtCore import QObject, Signal

from app.generation.controller import GenerationController
from app.image_info.displayed_image import DisplayedImage
from app.picture.comparison_view import FAILED, ComparisonView, Entry
from app.storage.results import spoken
from app.vocabulary import ENCODER_NAMES
from canvas.model import edits
from canvas.model.document import Document
from canvas.model.scene import Scene

MOST = 4  # pictures side by side: more would be too small to be judged


class ComparisonController(QObject):
    """Asks the engine for the pictures and fills the comparison with them."""

    began = Signal()
    taken = Signal(object)  # DisplayedImage

    def __init__(
        self, document: Document, generation: GenerationController, panel: ComparisonView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._generation, self._panel = document, generation, panel
        self._left: deque[tuple[int, str, Scene]] = deque()
        self._at: int | None = None
        self._of_results = False
        generation.beside_preview.connect(self._preview)
        generation.beside_picture.connect(self._picture)
        generation.beside_ended.connect(self._ended)
        panel.closed.connect(self._stop)
        panel.taken.connect(self._take)

    def compare_encoders(self) -> None:
        """Make the scene's picture with each encoder alone and with both."""
        self._stop()
        self.began.emit()
        self._of_results = False
        entries = []
        for number, (title, weights) in enumerate(blends(self._document.scene)):
            scene = edits.set_settings(self._document.scene, encoders=weights, count=1)
            note = " · ".join(f"{ENCODER_NAMES[name]} {weight:.2f}" for name, weight in weights if weight)
            entries.append(Entry(title, note))
            self._left.append((number, title, scene))
        seed = self._document.scene.settings.seed
        self._panel.open(f"The same scene and seed ({seed}), read in three ways", entries, self._document.scene.size)
        self._next()

    def put_beside(self, shown: DisplayedImage, canvas: DisplayedImage) -> None:
        """Show a result beside the picture on the canvas, or beside the results that are compared already."""
        size = self._document.scene.size
        if not self._of_results or self._panel.isHidden() or len(self._panel.tiles) >= MOST:
            self._stop()
            self._of_results = True
            entries = [Entry("On the canvas", shown=canvas)] if canvas.rgb is not None else []
            self._panel.open("Results side by side", entries, size)
        self._panel.add(Entry("" if shown.result is None else spoken(shown.result.stem), shown=shown), size)

    def leave(self) -> None:
        """The canvas is needed again."""
        self._panel.leave()

    def _next(self) -> None:
        if self._left:
            self._at, title, scene = self._left.popleft()
            self._generation.make_beside(scene, title)
        else:
            self._at = None

    def _preview(self, rgb: object) -> None:
        if self._at is not None:
            self._panel.tiles[self._at].frame.show_picture(rgb)  # type: ignore[arg-type]

    def _picture(self, shown: DisplayedImage) -> None:
        if self._at is not None:
            self._panel.tiles[self._at].show_shown(shown)

    def _ended(self, finished: bool) -> None:
        if self._at is None:
            return
        if finished:
            self._next()
            return
        for number in (self._at, *(number for number, _title, _scene in self._left)):
            if self._panel.tiles[number].shown is None:
                self._panel.tiles[number].frame.say(FAILED)
        self._left.clear()
        self._at = None
        if all(tile.shown is None for tile in self._panel.tiles):
            self._panel.leave()  # there is nothing to see, and the banner says why

    def _take(self, shown: DisplayedImage) -> None:
        """Use one of the pictures that were compared, and what made it."""
        self._panel.leave()
        if shown.scene is not None:  # how many pictures one Generate makes is no part of what was compared
            count = self._document.scene.settings.count
            shown = dataclasses.replace(shown, scene=edits.set_settings(shown.scene, count=count))
        self.taken.emit(shown)

    def _stop(self) -> None:
        running = self._at is not None
        self._left.clear()
        self._at = None
        if running:
            self._generation.cancel()


def blends(scene: Scene) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """The titles and weights that are compared; both as the scene blends them, where it hears both."""
    own = dict(scene.settings.encoders or ())
    clip, t5 = own.get("clip", 1.0) or 1.0, own.get("t5", 1.0) or 1.0
    return [
        ("CLIP alone", (("clip", 1.0), ("t5", 0.0))),
        ("T5 alone", (("clip", 0.0), ("t5", 1.0))),
        ("Both", (("clip", clip), ("t5", t5))),
    ]
