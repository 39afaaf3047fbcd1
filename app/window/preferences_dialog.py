"""Edit > Preferences: all that the program remembers on one page, with a search; everything acts at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named, scrolling
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel
from app.window.preferences_rows import Row, picture_settings

WIDGET_WIDTH = 250
ANEW_MS = 500


class PreferencesDialog(QDialog):
    """A row for each preference under the name of its section; the search leaves those that have all its words."""

    def __init__(self, rows: list[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Preferences"))
        self.resize(700, 680)
        self.search = named(PlainLine(), "preferencesSearch")
        self.search.setPlaceholderText(tr("Search: theme, folder, undo, keys…"))
        self.search.setAccessibleName(tr("Search the preferences"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.search.setFocus)
        self.nothing = named(PlainLabel(wordWrap=True), "preferencesNothing")
        self.nothing.hide()
        self.elsewhere = named(PlainLabel(wordWrap=True), "muted")
        self.elsewhere.setContentsMargins(0, 14, 0, 0)
        self.elsewhere.hide()
        self._changing: list[tuple[PlainLabel, Callable[[], str]]] = []
        self._rows = [(row, *self._make(row)) for row in rows]
        inside = named(QWidget(), "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 2, 20, 16)
        column.setSpacing(4)
        self._headings: dict[str, QWidget] = {}
        for row, line, _words in self._rows:
            if row.section not in self._headings:
                heading = named(PlainLabel(row.section), "section")
                heading.setContentsMargins(0, 12, 0, 2)
                self._headings[row.section] = heading
                column.addWidget(heading)
            column.addWidget(line)
        column.addWidget(self.elsewhere)
        column.addWidget(self.nothing)
        column.addStretch(1)
        done = QPushButton(tr("Done"))
        done.setAutoDefault(False)
        done.clicked.connect(self.accept)
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.setContentsMargins(20, 14, 20, 4)
        top.addWidget(self.search)
        foot.setContentsMargins(20, 4, 20, 14)
        foot.addWidget(named(PlainLabel(tr("Changes take effect at once.")), "muted"), 1)
        foot.addWidget(done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(scrolling(inside), 1)
        whole.addLayout(foot)
        self.search.setFocus()
        anew = QTimer(self, interval=ANEW_MS)
        anew.timeout.connect(self._say_anew)
        anew.start()

    def shown(self) -> list[str]:
        """The names of the rows that the search leaves."""
        return [row.name for row, line, _words in self._rows if not line.isHidden()]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes from the search to the first row that it found; Esc empties it before it closes the page."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self._enter()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _make(self, row: Row) -> tuple[QWidget, str]:
        """The line of a row, and the words by which it is found."""
        line = QWidget()
        grid = QGridLayout(line)
        grid.setContentsMargins(0, 5, 0, 5)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        name = PlainLabel(row.name, wordWrap=True)
        grid.addWidget(name, 0, 0, Qt.AlignmentFlag.AlignBottom)
        about = named(PlainLabel(row.about, wordWrap=True), "muted")
        grid.addWidget(about, 1, 0, Qt.AlignmentFlag.AlignTop)
        if row.now is not None:
            self._changing.append((about, row.now))
        row.widget.setFixedWidth(WIDGET_WIDTH)
        if not row.widget.accessibleName():
            row.widget.setAccessibleName(row.name)
        row.widget.setAccessibleDescription(row.about)
        grid.addWidget(row.widget, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        return line, " ".join((row.section, row.name, row.about, row.also)).casefold()

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        sections = set()
        for row, line, words in self._rows:
            found = all(word in words for word in wanted)
            line.setVisible(found)
            if found:
                sections.add(row.section)
        for section, heading in self._headings.items():
            heading.setVisible(section in sections)
        there = _in_the_panel(wanted)
        self.elsewhere.setText(there)
        self.elsewhere.setVisible(bool(there))
        self.nothing.setText(tr("Nothing here has to do with “{words}”. Try another word.", words=text.strip()))
        self.nothing.setVisible(not sections and not there)

    def _say_anew(self) -> None:
        for label, now in self._changing:
            label.setText(now())

    def _enter(self) -> None:
        for row, line, _words in self._rows:
            if not line.isHidden():
                inner = [each for each in row.widget.findChildren(QPushButton) if each.isEnabled()]
                (inner[0] if inner else row.widget).setFocus(Qt.FocusReason.TabFocusReason)
                return


def _in_the_panel(wanted: list[str]) -> str:
    """Where the settings of a picture are that have to do with some words; empty for none."""
    found = [
        text.partition("\n")[0]
        for section, texts in picture_settings().items()
        for text in texts
        if wanted and all(word in f"{section} {text}".casefold() for word in wanted)
    ]
    if not found:
        return ""
    return tr("Saved with each scene, in the panel “Settings” of the window: {names}", names=", ".join(found))
