"""The dialog in which a LoRA is chosen: those in the folders of models by name, or a file from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.language import sentence, tr
from app.widgets.helpers import named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel, plain_tip
from engine.facts import LoraFile

LOOKING = "Looking into the folders of LoRA files…"
NONE = "No LoRA files were found. Open one from anywhere, or add the folder of ComfyUI, Forge or A1111 to the models."
NO_MATCH = "No name contains this."


class LoraPicker(QDialog):
    """Shows what it is told; `chosen` tells the file that was picked, `browse_asked` that one shall be opened."""

    chosen = Signal(object)  # LoraFile
    browse_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Add a LoRA"))
        self.resize(460, 420)
        self._files: Sequence[LoraFile] = ()
        self.search = named(PlainLine(), "loraSearch")
        self.search.setPlaceholderText(tr("Part of its name, or of its words"))
        self.search.setAccessibleName(tr("Search LoRA files"))
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._take)
        self.list = named(QListWidget(), "loraFiles")
        self.list.setAccessibleName(tr("LoRA files"))
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._take)
        self.note = named(PlainLabel(tr(LOOKING), wordWrap=True), "muted")
        self.browse = QPushButton(tr("Open File…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        self.add = QPushButton(tr("Add"))
        self.add.setAutoDefault(False)
        self.add.setEnabled(False)
        self.add.clicked.connect(self._take)
        self.list.currentItemChanged.connect(lambda *_: self.add.setEnabled(self.list.currentItem() is not None))
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        foot = QHBoxLayout()
        foot.addWidget(self.browse)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.add)
        column.addLayout(foot)

    def show_files(self, files: Sequence[LoraFile]) -> None:
        """Fill the list."""
        self._files = files
        self._fill()

    def _fill(self) -> None:
        wanted = self.search.text().strip().casefold()
        found = [each for each in self._files if wanted in f"{each.name} {' '.join(each.triggers)}".casefold()]
        self.list.clear()
        for each in found:
            item = QListWidgetItem(each.name if not each.problem else tr("{name} (cannot be used)", name=each.name))
            item.setToolTip(plain_tip("\n".join(filter(None, (str(each.path), each.base, sentence(each.problem))))))
            item.setData(Qt.ItemDataRole.UserRole, each)
            if each.problem:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        usable = next((place for place, each in enumerate(found) if not each.problem), -1)
        self.list.setCurrentRow(usable)
        self.note.setText("" if found else tr(NO_MATCH) if self._files else tr(NONE))
        self.note.setVisible(not found)

    def _take(self, *_: object) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()

    def _browse(self) -> None:
        self.browse_asked.emit()
        self.reject()
