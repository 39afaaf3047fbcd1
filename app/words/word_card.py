"""A painted word's chip: its colour and pattern, name, strength, and what can be done with its paint."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named, row, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.step_range import ALWAYS, ActWindow, in_words
from app.widgets.swatch import Swatch
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from app.words.score_widgets import ScoreLine
from canvas.model.scene import Word


class WordCard(QFrame):
    """One word. All its signals carry the word's id."""

    chosen = Signal(str)
    strength_changed = Signal(str, float)
    visible_changed = Signal(str, bool)
    window_changed = Signal(str, float, float)  # start and end, 0..1 of the steps
    clear_asked = Signal(str)
    attach_asked = Signal(str)
    use_asked = Signal(str, int, int)  # the span of the text that was written in the word's place
    drop_asked = Signal(str)
    keep_asked = Signal(str)
    hovered = Signal(str, bool)  # whether the pointer is on it

    def __init__(self, word: Word, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setProperty("selected", "false")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.word_id = word.id
        self._theme = theme
        self._visible = True
        self._always = True
        self.swatch = Swatch()
        self.name = ElidedLabel()
        self.note = named(PlainLabel(), "muted")
        self.when = small_button("When this word's paint acts")
        self.when.clicked.connect(self._toggle_window)
        self.keep = named(small_button("Keep it where it is: paint this word where the picture has it"), "keep")
        self.keep.clicked.connect(lambda: self.keep_asked.emit(self.word_id))
        self.keep.hide()
        self.eye = small_button("Show or hide this word's paint")
        self.eye.clicked.connect(lambda: self.visible_changed.emit(self.word_id, not self._visible))
        self.wipe = small_button("Take all paint off this word")
        self.wipe.clicked.connect(lambda: self.clear_asked.emit(self.word_id))
        self.drop = small_button("Drop this word and its paint")
        self.drop.clicked.connect(lambda: self.drop_asked.emit(self.word_id))
        self.strength = ValueSlider("Strength", low=-2.0, high=2.0, default=1.0, step=0.05, decimals=2)
        self.strength.value_changed.connect(lambda value: self.strength_changed.emit(self.word_id, value))
        self.strength.explain("1 is normal, 0 has no effect, below 0 pushes the word out of its paint.")
        self.window_row = ActWindow()
        self.window_row.changed.connect(lambda start, end: self.window_changed.emit(self.word_id, start, end))
        self.window_row.hide()
        self.use = named(QPushButton(), "useFor")
        self.use.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.use.clicked.connect(self._use)
        self.use.hide()
        self._instead: tuple[int, int] | None = None
        self.attach = named(QPushButton("Attach to selection"), "attach")
        self.attach.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the selection in the prompt alone
        self.attach.clicked.connect(lambda: self.attach_asked.emit(self.word_id))
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.swatch)
        top.addSpacing(6)
        top.addWidget(self.name, 1)
        top.addWidget(self.note)
        for button in (self.eye, self.wipe, self.drop):
            top.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 7, 9)
        column.setSpacing(6)
        column.addLayout(top)
        column.addLayout(row(self.strength, self.keep, self.when, stretch=(1, 0, 0)))
        self.score = ScoreLine(theme)
        for widget in (self.score, self.window_row, self.use, self.attach):
            column.addWidget(widget)
        self.allow_attach(False)
        theme.changed.connect(self._paint_icons)

    def show_word(self, word: Word, *, title: str, selected: bool, coverage: float) -> None:
        """Show the word as it is now; `coverage` is the painted share of the canvas, 0..1."""
        lost = word.span is None
        self._visible, self._always = word.visible, word.window == ALWAYS
        self.swatch.show_word(word.color, word.pattern)
        self.name.show_name(title, lost=lost)
        if lost:
            self.note.setText("gone")
        else:
            self.note.setText("no paint" if coverage <= 0 else "")
        self.wipe.setVisible(coverage > 0)
        self.setToolTip(
            plain_tip(
                "Its text is gone from the prompt; the paint is kept until you attach it to other text or drop it"
                if lost
                else f"{title}\nIts paint covers {coverage:.1%} of the canvas"
            )
        )
        self.strength.fill_colour = QColor(word.color)
        self.strength.set_value(word.strength)
        self.window_row.show_window(word.window, QColor(word.color))
        self.when.setToolTip(plain_tip(in_words(word.window)))
        for widget in (self.strength, self.when):
            widget.setVisible(not lost)
        self.attach.setVisible(lost)
        if lost:
            self.window_row.hide()
        self.setAccessibleName(f"{title}{', gone from the prompt' if lost else ''}")
        text = "true" if selected else "false"
        if self.property("selected") != text:
            self.setProperty("selected", text)
            self.style().unpolish(self)
            self.style().polish(self)
        self._paint_icons()

    def allow_attach(self, able: bool) -> None:
        """Whether text is marked in the prompt that a word whose own text is gone could be attached to."""
        self.attach.setEnabled(able)
        self.attach.setToolTip(
            "Give this paint to the text that is marked in the prompt"
            if able
            else "Mark the new text of this paint in the prompt first"
        )

    def offer(self, span: tuple[int, int] | None, text: str) -> bool:
        """Offer a gone word's paint to what was written in its place, None for nothing; whether that is news."""
        news = span is not None and self._instead is None
        self._instead = span
        self.use.setVisible(span is not None)
        if span is not None:
            room = self.width() - 90
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
            self.use.setText(f"Use for “{shown}”")
            self.use.setToolTip(plain_tip(f"Give this paint to “{text}”, which stands in its place in the prompt"))
        return news

    def _use(self) -> None:
        if self._instead is not None:
            self.use_asked.emit(self.word_id, *self._instead)

    def allow_keep(self, able: bool) -> None:
        """Whether the picture that is shown tells where this word is in it."""
        self.keep.setVisible(able)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """What can be done with the word."""
        menu = QMenu(self)
        for button, text in (
            (self.keep, "&Keep It Where It Is"),
            (self.eye, "&Hide" if self._visible else "&Show"),
            (self.wipe, "&Clear"),
            (self.drop, "&Drop Word"),
        ):
            action = menu.addAction(text, button.click)
            action.setEnabled(not button.isHidden())
        return menu

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.word_id, True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(self.word_id, False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.word_id)

    def sizeHint(self) -> QSize:
        return QSize(220, super().sizeHint().height())

    def _toggle_window(self) -> None:
        self.window_row.setVisible(self.window_row.isHidden())

    def _paint_icons(self) -> None:
        self.when.setIcon(
            self._theme.icon("ph.clock", role="muted")
            if self._always
            else self._theme.icon("ph.clock-fill", role="accent_hover")
        )
        self.keep.setIcon(self._theme.icon("ph.push-pin", role="accent_hover"))
        self.eye.setIcon(self._theme.icon("ph.eye" if self._visible else "ph.eye-slash", role="muted"))
        self.wipe.setIcon(self._theme.icon("ph.backspace", role="muted"))
        self.drop.setIcon(self._theme.icon("ph.x", role="muted"))
