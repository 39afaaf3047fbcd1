"""The machines dialog: this computer and others, what each computes on and has to do, and a form to add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.preferences import RemoteMachine
from app.widgets.helpers import Choice, named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel, plain_tip

COLUMNS = ("Machine", "Address", "Computes on", "Models", "Queue", "State")
PREVIEWS = {"jpeg": "JPEG: small", "webp": "WebP: smaller, slower", "exact": "Exact: largest"}
ABOUT = (
    "Start “wordbrush serve” on a machine with a better GPU, and add it here. Pictures are then made there, with its"
    " models. Nothing is sent to any machine that you have not added."
)

GAP = 14  # pixels between two columns


@dataclass(frozen=True)
class Line:
    """One machine as the list shows it: `address` is "" for this computer; the rest is text in words."""

    address: str
    name: str
    computes_on: str = "–"
    models: tuple[str, ...] = ()
    queue: str = ""
    state: str = ""
    used: bool = False
    detail: str = ""


class MachinesDialog(QDialog):
    """Shows what it is told; what is asked for goes out as signals."""

    use_asked = Signal(str)  # an address
    remove_asked = Signal(str)
    add_asked = Signal(object)  # RemoteMachine

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Machines"))
        self.resize(860, 560)
        self._lines: list[Line] = []
        about = named(PlainLabel(tr(ABOUT), wordWrap=True), "muted")
        self.list = named(QTreeWidget(), "machines")
        self.list.setHeaderLabels([tr(column) for column in COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName(tr("Machines"))
        self.detail = named(PlainLabel(wordWrap=True), "machineDetail")
        self.use = self._button("machineUse", tr("Use"), lambda: self.use_asked.emit(self._address()))
        self.remove = self._button("machineRemove", tr("Remove"), lambda: self.remove_asked.emit(self._address()))
        done = self._button("machineClose", tr("Close"), self.accept)
        self.note = named(PlainLabel(wordWrap=True), "machineNote")
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(about)
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        column.addLayout(_row(self.use, self.remove, None))
        column.addWidget(self._form())
        column.addLayout(_row(self.note, None, done))
        self.list.currentItemChanged.connect(lambda *_: self._show_detail())
        self.list.itemActivated.connect(lambda *_: self.use_asked.emit(self._address()))
        self._show_detail()

    def show_machines(self, lines: Sequence[Line]) -> None:
        """Fill the list; the chosen line stays chosen, and nothing changes where all is as it was."""
        if list(lines) == self._lines:
            return
        chosen = self._address() if self._lines else next((line.address for line in lines if line.used), "")
        same = [line.address for line in lines] == [line.address for line in self._lines]
        self._lines = list(lines)
        if not same:
            self.list.clear()
        for index, line in enumerate(self._lines):
            item = self.list.topLevelItem(index) if same else QTreeWidgetItem()
            assert item is not None
            count = str(len(line.models)) if line.models else "–"
            state = tr("in use, {state}", state=line.state) if line.used else line.state
            for place, text in enumerate((line.name, line.address or "–", line.computes_on, count, line.queue, state)):
                item.setText(place, text)
            item.setToolTip(3, plain_tip("\n".join(line.models[:40])))
            font = item.font(0)
            font.setBold(line.used)
            item.setFont(0, font)
            if not same:
                self.list.addTopLevelItem(item)
            if line.address == chosen:
                self.list.setCurrentItem(item)
        for index in range(len(COLUMNS) - 1):
            self.list.resizeColumnToContents(index)
            self.list.setColumnWidth(index, self.list.columnWidth(index) + GAP)
        self._show_detail()

    def say(self, text: str) -> None:
        """A sentence at the foot."""
        self.note.setText(text)

    def clear_form(self) -> None:
        """The machine was added."""
        for field in (self.name, self.address, self.token):
            field.clear()
        self._certificate = ""
        self.certificate.setText(tr("Choose…"))

    # inside ------------------------------------------------------------------------------------------------------
    def _form(self) -> QWidget:
        box = QGroupBox(tr("Add a machine"))
        self.address = self._field("machineAddress", tr("Address"), "192.168.1.20:8765, wss://studio:8765")
        self.name = self._field("machineName", tr("Name"), tr("What you call it"))
        self.token = self._field(
            "machineToken", tr("Token"), tr("As “wordbrush serve” showed it; not for this computer")
        )
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._certificate = ""
        self.certificate = self._button("machineCertificate", tr("Choose…"), self._ask_certificate)
        self.certificate.setAccessibleName(tr("Certificate"))
        self.previews = named(Choice(), "machinePreviews")
        self.previews.setAccessibleName(tr("Previews"))
        for value, text in PREVIEWS.items():
            self.previews.addItem(tr(text), value)
        self.add = self._button("machineAdd", tr("Add"), self._add)
        form = QFormLayout(box)
        form.addRow(tr("Address"), self.address)
        form.addRow(tr("Name"), self.name)
        form.addRow(tr("Token"), self.token)
        form.addRow(tr("Certificate"), self.certificate)
        form.addRow(tr("Previews"), self.previews)
        form.addRow("", self.add)
        for field in (self.address, self.name, self.token):
            field.returnPressed.connect(self._add)
        return box

    def _field(self, name: str, accessible: str, placeholder: str) -> PlainLine:
        field = named(PlainLine(), name)
        field.setAccessibleName(accessible)
        field.setPlaceholderText(placeholder)
        return field

    def _button(self, name: str, text: str, act: object) -> QPushButton:
        button = named(QPushButton(text), name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())  # type: ignore[operator]
        return button

    def _address(self) -> str:
        item = self.list.currentItem()
        index = -1 if item is None else self.list.indexOfTopLevelItem(item)
        return self._lines[index].address if 0 <= index < len(self._lines) else ""

    def _show_detail(self) -> None:
        line = next((each for each in self._lines if each.address == self._address()), None)
        self.use.setEnabled(line is not None and not line.used)
        self.remove.setEnabled(line is not None and bool(line.address))
        text = ""
        if line is not None:
            models = ", ".join(line.models[:12]) + (", …" if len(line.models) > 12 else "")
            text = line.detail or (tr("Models: {names}", names=models) if models else "")
        self.detail.setText(text)

    def _ask_certificate(self) -> None:
        dialog = QFileDialog(self, tr("A certificate to trust"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take_certificate)
        dialog.open()

    def _take_certificate(self, file: str) -> None:
        self._certificate = file
        self.certificate.setText(Path(file).name)

    def _add(self) -> None:
        address = self.address.text().strip()
        if not address:
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.add_asked.emit(
            RemoteMachine(
                self.name.text().strip()[:60], address, self.token.text().strip(), self._certificate,
                str(self.previews.currentData()),
            )
        )  # fmt: skip


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    layout = QHBoxLayout()
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout
