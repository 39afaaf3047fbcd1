"""The question for a second pass: how many times larger, how much is made anew, and by which upscaling network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QFormLayout, QVBoxLayout, QWidget

from app.language import sentence, tr
from app.widgets.helpers import Choice, named
from app.widgets.plain_text import PlainLabel
from app.widgets.value_slider import ValueSlider
from engine.reworking import upscaler_reader
from resources.limits import MAX_SIDE

SCALES = (2, 3, 4)
CHOOSE = "choose"


class RefineDialog(QDialog):
    """`asked` comes with scale, strength 0..1 and the upscaling network's file ("" for none) when it is accepted."""

    asked = Signal(int, float, str)
    added = Signal(str)  # a network's file was chosen

    def __init__(
        self,
        size: tuple[int, int],
        *,
        scale: int,
        strength: float,
        upscaler: str,
        upscalers: Sequence[str],
        cost: Callable[[int, float], str],
        parent: QWidget,
    ) -> None:
        """`size` is the picture's (width, height); `cost` says how long it takes for a scale and a strength."""
        super().__init__(parent)
        self.setWindowTitle(tr("Refine"))
        self._size, self._cost = size, cost
        self.scale = named(Choice(), "refineScale")
        for times in SCALES:
            self.scale.addItem(tr("{count} times as large", count=times), times)
        self.scale.setCurrentIndex(max(0, self.scale.findData(scale)))
        self.strength = ValueSlider(tr("Strength"), low=0, high=100, default=35, step=1, suffix=" %")
        self.strength.explain(tr("How much of its detail is redone: 0 % only enlarges it"))
        self.strength.set_value(round(100 * strength))
        self.upscaler = named(Choice(), "refineUpscaler")
        self.upscaler.addItem(tr("A filter (Lanczos)"), "")
        for file in upscalers:
            self.upscaler.addItem(Path(file).stem, file)
        self._can = upscaler_reader.is_here()
        if self._can:
            self.upscaler.addItem(tr("Your own network…"), CHOOSE)
        self.upscaler.setEnabled(self._can)
        self.upscaler.setCurrentIndex(max(0, self.upscaler.findData(upscaler)) if self._can else 0)
        self._last = self.upscaler.currentIndex()
        self.upscaler.activated.connect(self._chosen)
        form = QFormLayout()
        form.addRow(tr("Size"), self.scale)
        form.addRow(tr("Details"), self.strength)
        form.addRow(tr("Enlarged by"), self.upscaler)
        self.becomes = PlainLabel()
        how = sentence(upscaler_reader.how_to_get())
        self.note = named(PlainLabel(wordWrap=True), "muted")
        self.note.setText(
            "" if self._can else tr("Upscaling networks such as ESRGAN need one more package (spandrel).") + " " + how
        )
        self.note.setVisible(not self._can)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Refine"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        for widget in (self.becomes, self.note, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(380)
        self.scale.currentIndexChanged.connect(lambda _index: self._show())
        self.strength.value_changed.connect(lambda _value: self._show())
        self._show()

    @property
    def share(self) -> float:
        """How much is made anew, 0..1."""
        return float(self.strength.value or 0) / 100

    def accept(self) -> None:
        super().accept()
        self.asked.emit(self.scale.currentData(), self.share, str(self.upscaler.currentData()))

    def _show(self) -> None:
        times = self.scale.currentData()
        width, height = self._size
        fits = times * max(self._size) <= MAX_SIDE
        after = tr(
            "{width} × {height} pixels become {new_width} × {new_height}",
            width=width, height=height, new_width=times * width, new_height=times * height,
        )  # fmt: skip
        cost = self._cost(times, self.share) if fits else tr("at most {side} a side", side=MAX_SIDE)
        self.becomes.setText(f"{after} · {cost}" if cost else after)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fits)

    def _chosen(self, index: int) -> None:
        if self.upscaler.itemData(index) != CHOOSE:
            self._last = index
            return
        self.upscaler.setCurrentIndex(self._last)
        dialog = QFileDialog(self, tr("An upscaling network"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("Upscaling networks (*.safetensors)"))
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, file: str) -> None:
        """Use another network, and remember it."""
        found = self.upscaler.findData(file)
        if found < 0:
            found = self.upscaler.count() - 1
            self.upscaler.insertItem(found, Path(file).stem, file)
            self.added.emit(file)
        self.upscaler.setCurrentIndex(found)
        self._last = found
