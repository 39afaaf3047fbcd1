"""The models dialog: a list of what is installed with its details, and what can be done with each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.language import in_numbers, number, sentence, tr
from app.preferences import Preferences, Purpose
from app.widgets.helpers import named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel
from engine.catalogue import ModelDetails
from engine.facts import STARTER
from resources.sizes import size_text

COLUMNS = ("Model", "Family", "Size", "Precision", "Licence", "State")
MORE = (
    "Only the starter is here. To get a bigger model, type its ORG/NAME from huggingface.co below and press Download.",
    "Have one on disk? Drop its .safetensors file or diffusers folder here, or the folder of ComfyUI, Forge or A1111.",
)
"""What is said where there is nothing but the starter: two plain lines."""
_FETCHABLE = re.compile(r"tokenizer:\w+")
"""In the hint of a model of which a few small files are not there."""


class ModelsDialog(QDialog):
    """Shows what it is told; what is asked for goes out as signals."""

    use_asked = Signal(str)
    add_asked = Signal(Path)
    remove_asked = Signal(str, str, bool)  # name, what that does, whether files are deleted
    check_asked = Signal(str)
    download_asked = Signal(str)
    cancel_asked = Signal()
    offline_changed = Signal(bool)

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._models: list[ModelDetails] = []
        self.setWindowTitle(tr("Models"))
        self.setAcceptDrops(True)
        self.resize(860, 560)
        self.list = named(QTreeWidget(), "models")
        self.list.setHeaderLabels([tr(column) for column in COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(tr("Installed models"))
        self.list.setUniformRowHeights(True)
        self.more = named(PlainLabel("\n".join(tr(line) for line in MORE), wordWrap=True), "modelsMore")
        self.looking = named(PlainLabel(tr("Looking through the model files…")), "modelsLooking")
        self.detail = named(PlainLabel(wordWrap=True), "modelDetail")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setMinimumHeight(110)
        self.fetch = self._button(tr("Get Missing Files…"), self._fetch)
        self.use = self._button(tr("Use"), self._use)
        self.check = self._button(tr("Check and Calibrate"), lambda: self.check_asked.emit(self._name()))
        self.remove = self._button(tr("Remove…"), self._remove)
        self.add_file = self._button(tr("Add File…"), lambda: self._ask(folder=False))
        self.add_folder = self._button(tr("Add Folder…"), lambda: self._ask(folder=True))
        self.source = named(PlainLine(), "modelSource")
        self.source.setPlaceholderText(tr("ORG/NAME on huggingface.co, or the https address of a .safetensors file"))
        self.source.setAccessibleName(tr("Model to download"))
        self.source.returnPressed.connect(self._download)
        self.download = self._button(tr("Download…"), self._download)
        self.offline = QCheckBox(tr("Stay offline"))
        self.offline.clicked.connect(self.offline_changed)
        self.bar = named(QProgressBar(), "modelsProgress")
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.note = named(PlainLabel(wordWrap=True), "modelsNote")
        self.cancel = self._button(tr("Cancel"), self.cancel_asked.emit)
        done = self._button(tr("Close"), self.accept)
        column = QVBoxLayout(self)
        column.addWidget(self.list, 1)
        column.addWidget(self.looking)
        column.addWidget(self.more)
        column.addWidget(self.detail)
        column.addLayout(_row(self.use, self.fetch, self.check, self.remove, None, self.add_file, self.add_folder))
        line = QHBoxLayout()
        line.addWidget(self.source, 1)
        line.addWidget(self.download)
        line.addWidget(self.offline)
        column.addLayout(line)
        column.addWidget(self.note)
        foot = QHBoxLayout()
        foot.addWidget(self.bar, 1)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(done)
        column.addLayout(foot)
        self.list.currentItemChanged.connect(lambda *_: self._show_detail())
        self.list.itemActivated.connect(lambda *_: self._use())
        self.looking.hide()
        self.more.hide()
        self.show_idle("")
        self._show_detail()

    # what is shown -----------------------------------------------------------------------------------------------
    def show_models(self, models: Sequence[ModelDetails], *, offline: bool) -> None:
        """Fill the list; the chosen model stays chosen."""
        chosen = self._name()
        self._models = list(models)
        self.list.clear()
        for each in self._models:
            info = each.info
            state = (
                tr("missing: {value}", value=", ".join(each.missing))
                if each.missing
                else tr("cannot be used")
                if info.problem
                else tr("ready")
            )
            texts = [
                info.name,
                info.family or "–",
                in_numbers(size_text(info.size_bytes)),
                each.precision or "?",
                each.licence or "?",
            ]
            item = QTreeWidgetItem([*texts, state])
            self.list.addTopLevelItem(item)
            if info.name == chosen or self.list.currentItem() is None:
                self.list.setCurrentItem(item)
        for index in range(len(COLUMNS) - 1):
            self.list.resizeColumnToContents(index)
        self.more.setVisible([each.info.name for each in models] == [STARTER])
        self.offline.setChecked(offline)
        self.download.setEnabled(not offline)
        self.source.setEnabled(not offline)
        self._show_detail()

    def show_looking(self, on: bool) -> None:
        """Whether the list is being read, which takes a while where there are many files."""
        self.looking.setVisible(on)

    def show_running(self, text: str, fraction: float) -> None:
        """Something runs: what, and how far it is, 0..1."""
        self.note.setText(text)
        self.bar.setValue(round(fraction * 1000))
        self.bar.show()
        self.cancel.show()

    def show_idle(self, text: str) -> None:
        """Nothing runs; `text` says what came of it."""
        self.note.setText(text)
        self.bar.hide()
        self.cancel.hide()

    def say(self, text: str) -> None:
        """A line of news."""
        self.note.setText(text)

    def _show_detail(self) -> None:
        found = self._chosen()
        usable = found is not None and not found.info.problem
        self.use.setEnabled(usable)
        self.check.setEnabled(usable)
        self.fetch.setVisible(bool(self._fetchable()))
        self.fetch.setEnabled(self.download.isEnabled())
        self.remove.setEnabled(found is not None and found.place != "ships")
        if found is None:
            self.detail.setText("")
            return
        info = found.info
        lines = [f"{info.name}: {info.path}"]
        kinds = {
            "ships": tr("It ships with Wordbrush."), "library": tr("It is in the models folder."),
            "added": tr("It is used in place."), "hub cache": tr("It is in the Hub's cache and is used from there."),
        }  # fmt: skip
        source = tr(" Downloaded from {source}.", source=found.source) if found.source else ""
        lines.append(f"{kinds[found.place]}{source}")
        if found.paint_weight is not None:
            lines.append(
                tr(
                    "Calibrated on this machine: paint weight {paint_weight}.",
                    paint_weight=number(found.paint_weight, ".3g"),
                )
            )
        if found.missing:
            lines.append(tr("Missing: {value}.", value=", ".join(found.missing)))
        if info.problem:
            lines.append(f"{sentence(info.problem)} {sentence(info.hint)}")
        self.detail.setText("\n".join(lines))

    # what is asked for -------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add_asked.emit(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def _chosen(self) -> ModelDetails | None:
        current = self.list.currentItem()
        index = -1 if current is None else self.list.indexOfTopLevelItem(current)
        return self._models[index] if 0 <= index < len(self._models) else None

    def _name(self) -> str:
        found = self._chosen()
        return "" if found is None else found.info.name

    def _use(self) -> None:
        found = self._chosen()
        if found is not None and not found.info.problem:
            self.use_asked.emit(found.info.name)
            self.say(tr("The scene uses “{name}” now.", name=found.info.name))

    def _remove(self) -> None:
        found = self._chosen()
        if found is None:
            return
        deletes = bool(found.source) and found.place != "added"
        detail = (
            tr("Its files are deleted; they can be downloaded again.")
            if deletes
            else tr("Its files stay where they are.")
        )
        if not deletes and found.place != "added":
            self.say(
                tr("Wordbrush did not download this model, so it does not delete it: {path}", path=found.info.path)
            )
            return
        if found.program is not None:
            detail = tr(
                "All models of {program} are taken off the list. Their files stay where they are.",
                program=found.program,
            )
            self.remove_asked.emit(str(found.program), detail, False)
            return
        self.remove_asked.emit(found.info.name, detail, deletes)

    def _fetchable(self) -> str:
        """What the chosen model lacks and the network has, "" for nothing."""
        found = self._chosen()
        match = _FETCHABLE.search(found.info.hint) if found is not None else None
        return match[0] if match else ""

    def _fetch(self) -> None:
        if source := self._fetchable():
            self.download_asked.emit(source)

    def _download(self) -> None:
        if self.source.text().strip():
            self.download_asked.emit(self.source.text().strip())

    def _ask(self, *, folder: bool) -> None:
        dialog = QFileDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Add a Model Folder") if folder else tr("Add a Model File"))
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        if not folder:
            dialog.setNameFilter(
                tr("Models (*.safetensors *.sft *.gguf);;Lists of model folders (*.yaml *.yml);;All files (*)")
            )
        dialog.setDirectory(str(self._preferences.folder_for(Purpose.MODEL)))

        def chosen(name: str) -> None:
            self._preferences.remember_folder(Purpose.MODEL, Path(name).parent)
            self.add_asked.emit(Path(name))

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _button(self, text: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())  # type: ignore[operator]
        return button


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    line = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            line.addStretch(1)
        else:
            line.addWidget(widget)
    return line
