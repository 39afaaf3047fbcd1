"""A word cut out of its picture, written as a PNG that is see-through around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.files import dialogs
from app.files.names import with_ending
from app.language import tr
from app.preferences import Preferences, Purpose
from app.storage.background import Background
from app.storage.results import slug
from canvas.files import atomic
from canvas.files.image_io import png_bytes
from canvas.model.errors import SaveError
from canvas.paint import cutout

KINDS = "PNG (*.png)"


class CutOuts(QObject):
    """Asks where to, cuts and writes on a thread of its own.

    Signals: `made` with straight RGBA uint8 `[H, W, 4]` and its phrase, for a cut-out that is no file.
    """

    failed = Signal(object)
    said = Signal(str)
    made = Signal(object, str)

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self._worker = Background("cut-outs", self)

    def close(self, timeout: float | None = None) -> bool:
        """Finish what is being written; False where that took longer than `timeout` seconds."""
        return self._worker.close(timeout)

    def ask(self, phrase: str, values: np.ndarray, rgb: np.ndarray) -> None:
        """Ask where a word's cut-out goes: its heatmap `[h, w]`, and the picture, uint8 RGB `[H, W, 3]`."""
        name = f"{slug(phrase) or 'word'}.png"
        dialogs.ask_file(
            self._window, self._preferences, Purpose.EXPORT, KINDS,
            lambda path: self.write(path, values, rgb), save_as=name,
        )  # fmt: skip

    def write(self, path: Path, values: np.ndarray, rgb: np.ndarray) -> None:
        """Cut it out and write it."""
        try:
            path = with_ending(path, ".png")
        except SaveError as error:
            self.failed.emit(error)
            return

        def work() -> None:
            atomic.write(path, png_bytes(cutout.with_alpha(rgb, cutout.cut_out(values, rgb))))

        self._worker.run(work, lambda _nothing: self.said.emit(tr("Exported {name}", name=path.name)), self.failed.emit)

    def to_layer(self, phrase: str, values: np.ndarray, rgb: np.ndarray) -> None:
        """Cut a word out for whoever hears `made`; its heatmap `[h, w]`, and the picture, uint8 RGB `[H, W, 3]`."""

        def work() -> np.ndarray:
            return cutout.with_alpha(rgb, cutout.cut_out(values, rgb))

        self._worker.run(work, lambda rgba: self.made.emit(rgba, phrase), self.failed.emit)
