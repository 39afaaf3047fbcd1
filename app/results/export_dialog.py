"""The question for an export of many results: where to, which, under what names, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.language import sentence, tr
from app.storage.exporting import KINDS, USUAL, Export, check_template, name_of
from app.storage.results import Result
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from canvas.files.png_prompt import prompt_of
from canvas.model.errors import SaveError


class ExportDialog(QDialog):
    """`asked` comes with the results and the `Export` when it is accepted."""

    asked = Signal(object, object)

    def __init__(self, results: Sequence[Result], folder: Path, *, metadata: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export Results"))
        self._listed = list(results)
        self._starred = [result for result in results if result.starred]
        self._prompt = prompt_of(results[0].path) if results else ""
        self.which = QComboBox()
        self.which.addItem(tr("All listed ({count})", count=len(self._listed)))
        self.which.addItem(tr("Starred ({count})", count=len(self._starred)))
        self.template = named(QLineEdit(USUAL), "exportTemplate")
        self.template.setToolTip(tr("Filled in: {prompt}, {seed}, {n} for a number, {date}"))
        self.kind = QComboBox()
        for ending, name in KINDS.items():
            self.kind.addItem(name, ending)
        self.metadata = QCheckBox(tr("With scene and settings"))
        self.metadata.setChecked(metadata)
        self.folder = QLineEdit(str(folder))
        browse = QPushButton(tr("Choose…"))
        browse.clicked.connect(lambda: self._browse())
        across = QHBoxLayout()
        across.addWidget(self.folder, 1)
        across.addWidget(browse)
        form = QFormLayout()
        form.addRow(tr("Which"), self.which)
        form.addRow(tr("Names"), self.template)
        form.addRow(tr("As"), self.kind)
        form.addRow("", self.metadata)
        form.addRow(tr("Folder"), across)
        self.note = named(PlainLabel(wordWrap=True), "muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Export"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(self.buttons)
        for field in (self.template, self.folder):
            field.textChanged.connect(lambda _text: self._check())
        for choice in (self.which, self.kind):
            choice.currentIndexChanged.connect(lambda _index: self._check())
        self._check()

    @property
    def chosen(self) -> list[Result]:
        """The results that would be written now."""
        return self._starred if self.which.currentIndex() else self._listed

    def accept(self) -> None:
        super().accept()
        how = Export(
            Path(self.folder.text()), self.template.text(), str(self.kind.currentData()), self.metadata.isChecked()
        )
        self.asked.emit(self.chosen, how)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Where the pictures go"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _check(self) -> None:
        """Say what the first name will be, or what is wrong."""
        able, text = False, ""
        template = self.template.text()
        try:
            check_template(template)
            name = name_of(template, prompt=self._prompt, seed=0, number=1, date=datetime.now())
            text = tr("For example: {name}", name=f"{name}{self.kind.currentData()}")
            able = bool(self.chosen) and Path(self.folder.text()).is_dir()
            if not Path(self.folder.text()).is_dir():
                text = tr("There is no such folder.")
        except SaveError as error:
            text = f"{sentence(error.message)} {sentence(error.hint)}"
        self.note.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(able)
