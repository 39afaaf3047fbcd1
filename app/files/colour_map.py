"""File > Import Colour Map and Export Colour Map: a table of colours, filled in, and words for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.files import dialogs
from app.files.controller import FilesController
from app.files.names import MAPS, PNGS, TABLES, with_ending
from app.language import spoken, tr
from app.preferences import Preferences, Purpose
from app.session import Session
from app.storage.opened import Opened
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from canvas.files import colour_files, colour_maps
from canvas.files.colour_files import ColourMap
from canvas.files.colour_tables import PALETTES, Entry, prefilled, read_table_file
from canvas.model.errors import CanvasError, SaveError
from canvas.model.scene import Scene


class ColourMapDialog(QDialog):
    """What each colour of a map means; `chosen` tells the table and the prompt."""

    chosen = Signal(object, str)
    table_asked = Signal()

    def __init__(self, found: ColourMap, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("colourMapDialog")
        self.setWindowTitle(tr("Import Colour Map"))
        self._found = found
        self.palette_box = named(QComboBox(), "mapPalette")
        self.palette_box.addItem(tr("As it is"), None)
        for name, text in PALETTES.items():
            self.palette_box.addItem(text, name)
        self.palette_box.setToolTip(tr("Fill in what these colours mean elsewhere"))
        self.palette_box.activated.connect(self._fill_in)
        self.prompt = named(QLineEdit(), "mapPrompt")
        self.prompt.setPlaceholderText(tr("Prompt; missing phrases are added at the end"))
        self.table = named(QTableWidget(0, 3), "mapTable")
        self.table.setHorizontalHeaderLabels([tr("Colour"), tr("Words"), tr("Strength")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox()
        self.load = buttons.addButton(tr("Load Table…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.load.setToolTip(tr("Fill in what a file says about the colours, such as a table of paint-with-words-sd"))
        self.load.clicked.connect(self.table_asked)
        self.go = buttons.addButton(tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (
            PlainLabel(tr("Each colour with words becomes a painted word. Leave the words empty to leave it out.")),
            self.palette_box, self.table, self.prompt, buttons,
        ):  # fmt: skip
            column.addWidget(widget)
        self.resize(480, 520)
        self._show(found.entries)

    def entries(self) -> list[Entry]:
        """The table as it is in the dialog now."""
        return [
            Entry(color, self._item(row).text().strip(), self._strength(row).value())
            for row, color in enumerate(self._colors)
        ]

    def _item(self, row: int) -> QTableWidgetItem:
        item = self.table.item(row, 1)
        assert item is not None
        return item

    def _strength(self, row: int) -> QDoubleSpinBox:
        box = self.table.cellWidget(row, 2)
        assert isinstance(box, QDoubleSpinBox)
        return box

    def _show(self, entries: Sequence[Entry]) -> None:
        self._colors = [entry.color for entry in entries]
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            patch = QPixmap(24, 24)
            patch.fill(QColor(*entry.color))
            swatch = QTableWidgetItem("#{:02x}{:02x}{:02x}".format(*entry.color))
            swatch.setData(Qt.ItemDataRole.DecorationRole, patch)
            swatch.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.table.setItem(row, 0, swatch)
            self.table.setItem(row, 1, QTableWidgetItem(entry.phrase))
            box = QDoubleSpinBox()
            box.setLocale(QLocale(spoken()))
            box.setRange(-2.0, 2.0)
            box.setSingleStep(0.1)
            box.setValue(entry.strength)
            box.setAccessibleName(tr("Strength of {value}", value=swatch.text()))
            self.table.setCellWidget(row, 2, box)
        self._enable()
        self.table.itemChanged.connect(self._enable)

    def _enable(self) -> None:
        self.go.setEnabled(any(entry.phrase for entry in self.entries() if entry is not None))

    def _fill_in(self) -> None:
        name = self.palette_box.currentData()
        self.table.itemChanged.disconnect(self._enable)
        self._show(self._found.entries if name is None else prefilled(self._found.rgb, name))

    def fill_from(self, table: Sequence[Entry]) -> None:
        """Fill in what a table says of the map's colours; those that it does not name stay as they are."""
        named_there = {entry.color: entry for entry in table}
        self.table.itemChanged.disconnect(self._enable)
        self._show([named_there.get(entry.color, entry) for entry in self.entries()])

    def _choose(self) -> None:
        self.chosen.emit(self.entries(), self.prompt.text())
        self.accept()


class ColourMaps(QObject):
    """Brings colour maps in and out; reading and counting pixels is done on the files' thread."""

    def __init__(self, window: QWidget, session: Session, preferences: Preferences, files: FilesController) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences, self._files = window, session, preferences, files

    def bring_in(self) -> None:
        """Ask for a map, then what its colours mean."""
        dialogs.ask_file(self._window, self._preferences, Purpose.SCENE, MAPS, self.read)

    def read(self, path: Path) -> None:
        """Read a map and ask what its colours mean."""
        self._files.run(lambda: colour_files.read_map(path), self._ask)

    def _ask(self, found: ColourMap) -> None:
        for remark in found.remarks:
            self._files.said.emit(remark)
        dialog = ColourMapDialog(found, self._window)
        dialog.chosen.connect(lambda entries, prompt: self._make(found, entries, prompt))
        dialog.table_asked.connect(lambda: self._ask_table(dialog))
        dialog.open()

    def _ask_table(self, dialog: ColourMapDialog) -> None:
        """Which table is it to be filled in from?"""
        dialogs.ask_file(dialog, self._preferences, Purpose.SCENE, TABLES, lambda path: self.load_table(dialog, path))

    def load_table(self, dialog: ColourMapDialog, path: Path) -> None:
        """Fill in what a table says; reading is done on the files' thread."""

        def take(read: tuple[list[Entry], list[str]]) -> None:
            entries, remarks = read
            if not isValid(dialog):  # it was closed meanwhile
                return
            dialog.fill_from(entries)
            for remark in remarks:
                self._files.said.emit(remark)

        self._files.run(lambda: read_table_file(path), take)

    def _make(self, found: ColourMap, entries: Sequence[Entry], prompt: str) -> None:
        def take(made: tuple[Scene, tuple[str, ...]]) -> None:
            self._files.ask_to_keep(lambda: self._open(*made))

        self._files.run(lambda: colour_maps.scene_of(found.rgb, entries, prompt), take)

    def _open(self, scene: Scene, remarks: tuple[str, ...]) -> None:
        self._files.leave()
        scene = scene.replace(settings=self._session.scene.settings)
        self._session.open(Opened(scene), None, saved=False)
        for remark in remarks:
            self._files.said.emit(remark)

    def bring_out(self) -> None:
        """Ask where to, and write the paint as a map with its table."""
        scene = self._session.scene
        if all(mask.is_empty for mask in scene.masks.values()):
            self._files.failed.emit(SaveError("There is no paint to export yet.", hint="Paint a word first."))
            return
        name = f"{self._files.suggested_name()}-map.png"
        dialogs.ask_file(self._window, self._preferences, Purpose.EXPORT, PNGS, self._write(scene), save_as=name)

    def _write(self, scene: Scene) -> Callable[[Path], object]:
        def chosen(path: Path) -> None:
            try:
                path = with_ending(path, ".png")
            except CanvasError as error:
                self._files.failed.emit(error)
                return
            self._files.run(
                lambda: colour_files.save_map(path, scene),
                lambda files: self._files.said.emit(
                    tr("Exported {value}", value=" and ".join(each.name for each in files))
                ),
            )

        return chosen
