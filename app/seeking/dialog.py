"""The question which word is to be found in the picture, and what becomes of it; it shows how the search goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.widgets.helpers import Choice, named
from app.widgets.plain_text import PlainLabel

PAINT, SELECT, CUT = "paint", "select", "cut"
USES = {PAINT: "Paint the word there", SELECT: "Select it", CUT: "Cut it out to a layer"}


class SeekDialog(QDialog):
    """Signals: `asked` with the phrase and one of `USES`; `stopped` where the search is to end."""

    asked = Signal(str, str)
    stopped = Signal()

    def __init__(self, phrases: Sequence[str], *, phrase: str, use: str, note: str, parent: QWidget) -> None:
        """`phrases` are offered and `phrase` is chosen; `note` says in which picture it is looked for."""
        super().__init__(parent)
        self.setWindowTitle(tr("Find a Word in the Picture"))
        self.word = named(QComboBox(), "findWord")
        self.word.setEditable(True)
        self.word.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.word.setAccessibleName(tr("Word to find"))
        self.word.addItems(list(phrases))
        self.word.setEditText(phrase)
        line = self.word.lineEdit()
        assert line is not None
        line.setPlaceholderText(tr("such as: house"))
        line.selectAll()
        self.use = named(Choice(), "findUse")
        self.use.setAccessibleName(tr("What becomes of it"))
        for name, text in USES.items():
            self.use.addItem(tr(text), name)
        self.use.setCurrentIndex(max(0, self.use.findData(use)))
        form = QFormLayout()
        form.addRow(tr("Word"), self.word)
        form.addRow(tr("Then"), self.use)
        self.note = named(PlainLabel(wordWrap=True), "muted")
        self.note.setText(note)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        keep = self.bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keep)
        self.bar.hide()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.go.setText(tr("Find"))
        self.go.setDefault(True)
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        for widget in (self.note, self.bar, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(380)
        self.word.editTextChanged.connect(lambda _text: self._allow())
        self._running = False
        self._allow()

    def show_progress(self, text: str, share: float) -> None:
        """What is being done, and how much of it is done, 0..1."""
        self._set_running(True)
        self.note.setText(text)
        self.bar.setValue(round(1000 * share))

    def show_end(self, text: str) -> None:
        """The search is over without a result: why."""
        self._set_running(False)
        self.note.setText(text)

    def reject(self) -> None:
        """Stop the search; without one, close."""
        if self._running:
            self.stopped.emit()
        super().reject()

    def _ask(self) -> None:
        phrase = self.word.currentText().strip()
        if phrase and not self._running:
            self.show_progress(tr("Waiting for its turn"), 0.0)
            self.asked.emit(phrase, str(self.use.currentData()))

    def _set_running(self, running: bool) -> None:
        self._running = running
        self.bar.setVisible(running)
        self.word.setEnabled(not running)
        self.use.setEnabled(not running)
        self.setCursor(Qt.CursorShape.BusyCursor if running else Qt.CursorShape.ArrowCursor)
        self._allow()

    def _allow(self) -> None:
        self.go.setEnabled(not self._running and bool(self.word.currentText().strip()))
