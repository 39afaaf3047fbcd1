"""The dialog that shows the keys of every action and lets them be changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import Actions, default_keys
from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import SMALL_ICON_SIZE, Theme

GROUPS = {
    "file": "File", "edit": "Edit", "word": "Words", "brush": "Brush", "colour": "Colours", "layer": "Layers",
    "tool": "Tools",
    "select": "Selection", "view": "View", "generate": "Generate", "rework": "Work on a Picture", "results": "Results",
    "models": "Models", "help": "Help",
}  # fmt: skip


class ShortcutsDialog(QDialog):
    """One row for each action; keys that another action has are refused with its name."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard Shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(480, 620)
        self._actions = actions
        self._fields: dict[str, QKeySequenceEdit] = {}
        self._note = named(PlainLabel(tr("Click a field and press the new keys."), wordWrap=True), "muted")
        inside = named(QWidget(), "panel")
        grid = QGridLayout(inside)
        grid.setContentsMargins(14, 8, 14, 14)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        group = ""
        for spec in actions:
            family = spec.name.split(".")[0]
            row = grid.rowCount()
            if family != group:
                group = family
                heading = named(PlainLabel(tr(GROUPS[family])), "section")
                heading.setContentsMargins(0, 8, 0, 0)
                grid.addWidget(heading, row, 0, 1, 3)
                row += 1
            field = named(QKeySequenceEdit(), f"keys.{spec.name}")
            field.setMaximumSequenceLength(1)
            field.setClearButtonEnabled(True)
            field.setFixedWidth(170)
            field.setAccessibleName(tr("Keys of {value}", value=actions[spec.name].text().replace("&", "")))
            field.editingFinished.connect(lambda name=spec.name: self._changed(name))
            reset = QToolButton()
            reset.setIcon(theme.icon("ph.arrow-counter-clockwise", role="muted"))
            reset.setIconSize(SMALL_ICON_SIZE)
            reset.setToolTip(tr("Reset to the default"))
            reset.clicked.connect(lambda _checked=False, name=spec.name: self._reset(name))
            grid.addWidget(PlainLabel(tr(spec.text).replace("&", "").rstrip("…")), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(reset, row, 2)
            self._fields[spec.name] = field
            self._show(spec.name)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inside)
        done = QPushButton(tr("Done"))
        done.setAutoDefault(False)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 4, 14, 12)
        foot.addWidget(self._note, 1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        column.addLayout(foot)

    def done(self, result: int) -> None:
        """Close; a field that still waits for a second key says nothing any more."""
        for field in self._fields.values():
            field.blockSignals(True)
        super().done(result)

    def _show(self, name: str) -> None:
        field = self._fields[name]
        field.blockSignals(True)
        field.setKeySequence(self._actions[name].shortcut())
        field.blockSignals(False)

    def _changed(self, name: str) -> None:
        keys = self._fields[name].keySequence()
        if keys == self._actions[name].shortcut():
            return
        holder = None if keys.isEmpty() else self._actions.holder_of(keys, besides=name)
        if holder is not None:
            text = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._note.setText(
                tr(
                    "{value} belongs to “{value2}”. Remove it there first.",
                    value=text,
                    value2=self._actions[holder].text().replace("&", ""),
                )
            )
            self._show(name)
            return
        self._actions.set_keys(name, keys.toString(QKeySequence.SequenceFormat.PortableText))
        self._note.setText(tr("Saved."))

    def _reset(self, name: str) -> None:
        spec = next(spec for spec in self._actions if spec.name == name)
        for keys in default_keys(spec):
            holder = self._actions.holder_of(keys, besides=name)
            if holder is not None:
                self._note.setText(
                    tr("The default belongs to “{value}” now.", value=self._actions[holder].text().replace("&", ""))
                )
                return
        self._actions.set_keys(name, None)
        self._show(name)
