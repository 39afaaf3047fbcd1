"""The quiet line by the prompt: which words the model has not learnt, what it knows instead, each name a link."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.language import sentence, tr
from app.prompt.vocabulary_popup import INTERACTION, NamesCard
from app.session import Session
from app.vocabulary import known_form, nearest_first, says_unknown, unknown_sentence
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import SMALL_ICON_SIZE, Theme

ALL, FORM = "all", "form:"  # the links that are no names, whose own are their numbers
MOST = 4  # words that are named; fewer where there is less room
STYLE = "<style>a { text-decoration: none; }</style>"


class UnknownHint(QWidget):
    """Shown while the prompt has words that the model has not learnt, until it is closed or another model chosen.

    It is one line, whatever it says: all names are on a card that opens over what is below, and stays while the keys
    are in `near`.
    """

    name_chosen = Signal(str)
    form_chosen = Signal(str)  # the word in whose place what the model knows shall be written

    def __init__(self, session: Session, theme: Theme, near: QWidget) -> None:
        super().__init__()
        self._near = near
        self.setObjectName("unknownHint")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)  # as high as what it stands beside
        self._session, self._theme = session, theme
        self._words: list[str] = []
        self._names: list[str] = []
        self._closed_for: str | None = None
        self._icon = PlainLabel()
        self.text = named(PlainLabel(), "muted")
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(INTERACTION)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text.linkActivated.connect(self._follow)
        self.card = NamesCard(self)
        self.card.followed.connect(self._follow)
        self.card.closed.connect(self._write)
        self.close_button = small_button(tr("Close this hint"))
        self.close_button.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self._icon, self.text, self.close_button):
            row.addWidget(widget, 1 if widget is self.text else 0)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    def show_words(self, words: Sequence[str]) -> None:
        """Name the words that the model has not learnt; no words close the line."""
        facts = self._session.facts
        self._words = sorted(words, key=lambda word: known_form(word, facts) is None)
        if facts is None or not words or facts.name == self._closed_for:
            self.hide()
            return
        self._closed_for = None
        self._names = nearest_first(facts, words)
        self._write()
        self.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._write()
        self._carry_card()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._carry_card()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.card.hide()

    def _carry_card(self) -> None:
        if self.card.isVisible():
            self.card.follow(self)

    def _follow(self, link: str) -> None:
        if link == ALL:
            if self.card.isVisible():
                self.card.hide()
            else:
                self.card.open(self, self._near)
            self._write()
        elif link.startswith(FORM):
            self.form_chosen.emit(self._words[int(link.removeprefix(FORM))])
        else:
            self.name_chosen.emit(self._names[int(link)])

    def _close(self) -> None:
        facts = self._session.facts
        self._closed_for = facts.name if facts is not None else None
        self.hide()

    def _write(self) -> None:
        """The words, and as many names as the line has room for; what it has none for is on the card."""
        facts = self._session.facts
        if facts is None or not self._words:
            return
        width = self.text.fontMetrics().horizontalAdvance
        room, paints = self.text.width() - 4, tr("It paints:")
        every = tr("Show fewer") if self.card.isVisible() else tr("Show all {count}", count=len(self._names))
        # The fewest words where not even they have room: their line is then cut at its end, and whole in its tip.
        most = next((most for most in range(MOST, 1, -1) if width(f"{self._says(most)} {every}") <= room), 1)
        says, shown = self._says(most), self._that_fit(f"{self._says(most)} {paints} … {every}")
        links = [_link(str(index), name) for index, name in enumerate(self._names)]
        text = self._says(most, links=True)
        if shown == len(links):
            text += f" {paints} {', '.join(links)}."
        elif shown:
            text += f" {paints} {', '.join(links[:shown])} … {_link(ALL, every)}"
        else:
            text += f" {_link(ALL, every)}"
        whole = sentence(says_unknown(self._words, facts))
        self.text.setText(f"{STYLE}{text}")
        self.text.setToolTip(plain_tip("" if says == whole else whole))
        self.text.setAccessibleName(tr("{whole} It paints: {value}", whole=whole, value=", ".join(self._names)))
        self.card.text.setText(tr("{style}It paints: {value}.", style=STYLE, value=", ".join(links)))
        self._carry_card()

    def _says(self, most: int, *, links: bool = False) -> str:
        """The sentence that names the words, as plain text or with links to the forms that the model knows."""
        facts = self._session.facts
        assert facts is not None
        items = []
        for index, word in enumerate(self._words):
            known = known_form(word, facts)
            use = tr("use “{word}”", word=known)
            item = f"“{html.escape(word)}”" if links else f"“{word}”"
            items.append(item if known is None else f"{item} ({_link(f'{FORM}{index}', use) if links else use})")
        return sentence(unknown_sentence(items, facts, most=most))

    def _that_fit(self, rest: str) -> int:
        """How many names have room beside the rest of the line."""
        width = self.text.fontMetrics().horizontalAdvance
        room = self.text.width() - 4 - width(rest)
        for count, name in enumerate(self._names):
            room -= width(f"{name}, ")
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
