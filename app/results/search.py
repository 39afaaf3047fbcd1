"""What stands beside the results: a field that searches them, and the switch for those with a star."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel

WIDTH = 168
TYPING_MS = 150


class ResultSearch(QWidget):
    """Announces what is searched for; `show_found` says how many there are of it."""

    changed = Signal(str, bool)  # the text, and whether only those with a star are wanted
    began = Signal()  # the first letter: prompts are needed now
    export_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.field = named(QLineEdit(), "resultSearch")
        self.field.setPlaceholderText(tr("Search results"))
        self.field.setToolTip(tr("Search prompts and notes"))
        self.field.setAccessibleName(tr("Search the results"))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.starred = QCheckBox(tr("Starred only"))
        self.found = named(PlainLabel(), "muted")
        self.export = QPushButton(tr("Export…"))
        self.export.setToolTip(tr("Save the listed results to a folder, under names you choose"))
        self.export.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.export.clicked.connect(lambda: self.export_asked.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 4, 2)
        column.setSpacing(4)
        for widget in (self.field, self.starred, self.found, self.export):
            column.addWidget(widget)
        column.addStretch(1)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._tell)
        self.field.textChanged.connect(self._typed)
        self.starred.toggled.connect(lambda _on: self._tell())

    def show_found(self, count: int, whole: int) -> None:
        """How many of all results are listed."""
        searched = bool(self.field.text().strip()) or self.starred.isChecked()
        self.found.setText(tr("{number} of {count}", number=count, count=whole) if searched else "")
        self.export.setEnabled(count > 0)

    def show_exporting(self, on: bool) -> None:
        """Whether results are being written: the button stops that then."""
        self.export.setText(tr("Stop exporting") if on else tr("Export…"))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Esc empties the field, and is nobody else's then."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.field.text():
            if event.type() == QEvent.Type.KeyPress:
                self.field.clear()
            event.accept()
            return True
        return False

    def _typed(self, text: str) -> None:
        if text:
            self.began.emit()
        self._typing.start()

    def _tell(self) -> None:
        self.changed.emit(self.field.text().strip(), self.starred.isChecked())
