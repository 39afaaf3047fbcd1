"""A word cut out of its picture, written as a PNG that is see-through around it."""

from __future__ import annotations

from collections.abc import Sequence
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
from canvas.paint.parting import Found

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

    def ask(self, phrase: str, words: Sequence[Found], rgb: np.ndarray) -> None:
        """Ask where a word's cut-out goes: what is known of it and then of others, and the picture, uint8 RGB."""
        name = f"{slug(phrase) or 'word'}.png"
        dialogs.ask_file(
            self._window, self._preferences, Purpose.EXPORT, KINDS,
            lambda path: self.write(path, words, rgb), save_as=name,
        )  # fmt: skip

    def write(self, path: Path, words: Sequence[Found], rgb: np.ndarray) -> None:
        """Cut it out and write it."""
        try:
            path = with_ending(path, ".png")
        except SaveError as error:
            self.failed.emit(error)
            return

        def work() -> None:
            atomic.write(path, png_bytes(_cut(words, rgb)))

        self._worker.run(work, lambda _nothing: self.said.emit(tr("Exported {name}", name=path.name)), self.failed.emit)

    def to_layer(self, phrase: str, words: Sequence[Found], rgb: np.ndarray) -> None:
        """Cut a word out for whoever hears `made`; arguments as for `ask`."""
        self._worker.run(lambda: _cut(words, rgb), lambda rgba: self.made.emit(rgba, phrase), self.failed.emit)


def _cut(words: Sequence[Found], rgb: np.ndarray) -> np.ndarray:
    word, *others = words
    return cutout.with_alpha(rgb, cutout.cut_out(word.values, rgb, paint=word.paint, others=others))
