"""The quiet line under the prompt: which words the model has not learnt, and what it can paint, each name a link."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.known_words import nearest_first, says_unknown
from app.theme import SMALL_ICON_SIZE, Theme
from app.widgets import named, small_button
from engine.families import ModelFacts

ALL, FEWER = "all", "fewer"  # the links that are no names; those of names are their numbers


class UnknownHint(QWidget):
    """Shown while the prompt has words that the model has not learnt, until it is closed or another model chosen."""

    name_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unknownHint")
        self._theme = theme
        self._words: Sequence[str] = ()
        self._facts: ModelFacts | None = None
        self._names: list[str] = []
        self._closed_for: str | None = None
        self._whole = False
        self._icon = QLabel()
        self.text = named(QLabel(), "muted")
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse
                                          | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)  # fmt: skip
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.linkActivated.connect(self._follow)
        self.close_button = small_button("Close this hint")
        self.close_button.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self._icon, self.text, self.close_button):
            row.addWidget(widget, 1 if widget is self.text else 0)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    def show_words(self, words: Sequence[str], facts: ModelFacts | None) -> None:
        """Name the words that the model has not learnt; no words close the line."""
        self._words, self._facts = words, facts
        if facts is None or not words or facts.name == self._closed_for:
            self.hide()
            self._whole = False
            return
        self._closed_for = None
        self._names = nearest_first(facts.names, words)
        self._write()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._write()

    def _follow(self, link: str) -> None:
        if link in (ALL, FEWER):
            self._whole = link == ALL
            self._write()
        else:
            self.name_chosen.emit(self._names[int(link)])

    def _close(self) -> None:
        self._closed_for = self._facts.name if self._facts is not None else None
        self.hide()

    def _write(self) -> None:
        """As many names as the line has room for, or all of them in as many lines as they need."""
        if self._facts is None or not self._words:
            return
        begin = f"{says_unknown(self._words, self._facts)} It paints: "
        shown = len(self._names) if self._whole else self._that_fit(begin)
        links = [_link(str(index), name) for index, name in enumerate(self._names[:shown])]
        text = html.escape(begin) + ", ".join(links)
        if shown < len(self._names):
            text += f" … {_link(ALL, self._all())}"
        elif self._whole:
            text += f". {_link(FEWER, 'Show fewer')}"
        else:
            text += "."
        self.text.setWordWrap(self._whole)
        self.text.setText(f"<style>a {{ text-decoration: none; }}</style>{text}")
        self.text.setAccessibleName(f"{begin}{', '.join(self._names)}")
        self.updateGeometry()

    def _all(self) -> str:
        return f"Show all {len(self._names)}"

    def _that_fit(self, begin: str) -> int:
        metrics = self.text.fontMetrics()
        room = self.text.width() - metrics.horizontalAdvance(f"{begin} … {self._all()}") - 4
        for count, name in enumerate(self._names):
            room -= metrics.horizontalAdvance(f"{name}, ")
            if room < 0:
                return count
        return len(self._names)

    def _paint(self) -> None:
        self._icon.setPixmap(self._theme.icon("ph.info", role="warning").pixmap(SMALL_ICON_SIZE))
        self.close_button.setIcon(self._theme.icon("ph.x", role="muted"))
        # Links keep the colour that they were written in, and the new one comes after this news.
        QTimer.singleShot(0, self, self._write)


def _link(target: str, text: str) -> str:
    return f'<a href="{target}">{html.escape(text)}</a>'.replace(" ", "&nbsp;").replace("<a&nbsp;", "<a ")
