"""A painted word in the list: one line with its colour, name and switches, and below it, unfolded, all the rest."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.language import number, tr
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.step_range import ALWAYS, ActWindow, in_words
from app.widgets.swatch import Swatch
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from app.words.color_menu import ColorMenu
from app.words.score_widgets import Light
from app.words.word_more import WordMore
from canvas.model.overlap import is_exclusive
from canvas.model.scene import Word
from canvas.model.words import Span
from resources.limits import Strength, bounds

BUTTON = 22


class WordCard(QFrame):
    """One word. All its signals carry the word's id."""

    chosen = Signal(str)
    strength_changed = Signal(str, float)
    visible_changed = Signal(str, bool)
    muted_changed = Signal(str, bool)
    solo_changed = Signal(str, bool)
    locked_changed = Signal(str, bool)
    exclusive_changed = Signal(str, bool)
    color_changed = Signal(str, str)
    value_changed = Signal(str, str, object)  # of one of a word's other fields: its name and value
    window_changed = Signal(str, float, float)  # start and end, 0..1 of the steps
    clear_asked = Signal(str)
    attach_asked = Signal(str)
    use_asked = Signal(str, int, int)  # the span of the text that was written in the word's place
    give_asked = Signal(str, int, int)  # the span of the text that shall have the paint
    copy_asked = Signal(str, int, int)  # the same, and this word keeps its own
    swap_asked = Signal(str, int, int)
    drag_began = Signal(str)
    drop_asked = Signal(str)
    keep_asked = Signal(str)
    repaint_asked = Signal(str)
    hovered = Signal(str, bool)  # whether the pointer is on it
    folded = Signal()

    def __init__(self, word: Word, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self.setProperty("selected", "false")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.word_id = word.id
        # What other text of the prompt can have the paint of the word of an id: spans and their names.
        self.choices: Callable[[str], list[tuple[Span, str]]] = lambda _word_id: []
        self.styles: Callable[[str, QWidget], QMenu] = lambda _word_id, parent: QMenu(parent)  # which it can have
        self._theme, self._word, self._lost, self._selected = theme, word, False, False
        self._instead: Span | None = None
        self._pressed: QPoint | None = None
        self.swatch = Swatch(clickable=True)
        self.swatch.setToolTip(tr("Change the colour and the pattern"))
        self.swatch.clicked.connect(self._choose_color)
        self.name = ElidedLabel()
        self.note = named(PlainLabel(), "muted")
        self.score = Light(theme)
        self.eye = self._button(tr("Show or hide this word's paint. Hidden paint still acts"), self._turn_eye)
        self.mute = self._button("", lambda: self.muted_changed.emit(self.word_id, not self._word.muted))
        self.solo = self._button("", lambda: self.solo_changed.emit(self.word_id, not self._word.solo))
        self.own = self._button("", lambda: self.exclusive_changed.emit(self.word_id, not is_exclusive(self._word)))
        self.lock = self._button("", lambda: self.locked_changed.emit(self.word_id, not self._word.locked))
        self.more_button = self._button("", self._toggle_more)
        self.when = self._button(tr("When this word's paint is active"), self._toggle_window)
        self.keep = named(self._button(tr("Paint this word where the picture has it"), self._keep), "keep")
        self.give = self._button(tr("Give this paint to another word"), self._show_choices)
        self.wipe = self._button(tr("Remove this word's paint"), lambda: self.clear_asked.emit(self.word_id))
        self.drop = self._button(tr("Remove this word and its paint"), lambda: self.drop_asked.emit(self.word_id))
        self.fold = self._button(tr("Show or hide this word's settings"), self._toggle_fold)
        lowest, highest = bounds(Strength)
        self.strength = ValueSlider(
            tr("Strength"),
            low=-2.0,
            high=2.0,
            typed_low=lowest,
            typed_high=highest,
            default=1.0,
            step=0.05,
            decimals=2,
        )
        self.strength.value_changed.connect(lambda value: self.strength_changed.emit(self.word_id, value))
        self.strength.explain(tr("1 is normal, 0 is off, below 0 keeps the word out of its paint."))
        self.window_row = ActWindow()
        self.window_row.changed.connect(lambda start, end: self.window_changed.emit(self.word_id, start, end))
        self.more = WordMore()
        self.more.changed.connect(lambda name, value: self.value_changed.emit(self.word_id, name, value))
        self.use = named(QPushButton(), "useFor")
        self.use.clicked.connect(self._use)
        self.attach = named(QPushButton(tr("Attach to the selected text")), "attach")
        self.attach.clicked.connect(lambda: self.attach_asked.emit(self.word_id))
        for button in (self.use, self.attach):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the selection in the prompt alone
        self._lay_out()
        for widget in (self.keep, self.window_row, self.more, self.use, self.details):
            widget.hide()
        self.allow_attach(False)
        theme.changed.connect(self._paint_icons)

    def _button(self, tip: str, act: Callable[[], object]) -> QToolButton:
        button = small_button(tip)
        button.setFixedSize(BUTTON, BUTTON)  # also in the moment before the dock has found room for a new row
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _lay_out(self) -> None:
        self._top, self._tools = QHBoxLayout(), QHBoxLayout()
        top, tools = self._top, self._tools
        top.setSpacing(2)
        top.addWidget(self.swatch)
        top.addSpacing(6)
        top.addWidget(self.name, 1)
        top.addWidget(self.note)
        top.addWidget(self.score)
        for button in (self.eye, self.mute, self.fold):
            top.addWidget(button)
        tools.setSpacing(2)
        for button in (self.solo, self.when, self.more_button, self.own, self.lock, self.keep):
            tools.addWidget(button)
        tools.addStretch(1)
        for button in (self.give, self.wipe, self.drop):
            tools.addWidget(button)
        self.details = QWidget()
        inner = QVBoxLayout(self.details)
        inner.setContentsMargins(0, 0, 0, 2)
        inner.setSpacing(4)
        inner.addWidget(self.strength)
        inner.addWidget(self.window_row)
        inner.addWidget(self.more)
        inner.addLayout(tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 5, 4)
        column.setSpacing(4)
        column.addLayout(top)
        for widget in (self.details, self.use, self.attach):
            column.addWidget(widget)

    def show_word(
        self, word: Word, *, title: str, selected: bool, coverage: float, acts: bool = True, rule: str = "add"
    ) -> None:
        """Show the word as it is now; `coverage` is the painted share of the canvas, 0..1, `acts` whether it counts,
        and `rule` the scene's for overlaps."""
        found = self._lost and word.span is not None
        self._word, self._lost = word, word.span is None
        self.swatch.show_word(word.color, word.pattern, acting=acts, pushing=word.strength < 0)
        self.name.show_name(title, lost=self._lost, faint=not acts)
        self.note.setText(self._said(coverage, acts=acts))
        self.note.setVisible(bool(self.note.text()))
        for tool in (self.wipe, self.give):
            tool.setVisible(coverage > 0)
        lost = tr(
            "“{title}” is no longer in the prompt, so its paint is ignored. Attach it to other text or remove it.",
            title=title,
        )
        self.setToolTip(
            plain_tip(
                lost
                if self._lost
                else tr(
                    "{title}\nIts paint covers {coverage} of the canvas", title=title, coverage=number(coverage, ".1%")
                )
            )
        )
        self.strength.fill_colour = QColor(word.color)
        self.strength.set_value(word.strength)
        self.more.show_word(word, rule)
        self.window_row.show_window(word.window, QColor(word.color))
        self.when.setToolTip(plain_tip(in_words(word.window)))
        self._show_lost()
        if found and selected:  # back in the prompt, it can be set again
            self.unfold(True)
        self.mute.setVisible(not self._lost and (coverage > 0 or word.muted))
        self.setAccessibleName(f"{title}{f', {self.note.text()}' if self.note.text() else ''}")
        self._show_selected(selected)
        self._paint_icons()

    def _show_lost(self) -> None:
        """A word that is not in the prompt has nothing to set: it can be attached, or removed with one click."""
        lost = self._lost
        acting: tuple[QWidget, ...] = (
            self.strength, self.when, self.more_button, self.solo, self.eye, self.mute, self.fold, self.own, self.lock
        )  # fmt: skip
        for widget in acting:
            widget.setVisible(not lost)
        self.attach.setVisible(lost)
        if lost:
            self.details.hide()
            self.window_row.hide()
            self.more.hide()
            self.score.show_score(None)
        (self._top if lost else self._tools).addWidget(self.drop)
        self.drop.show()

    def _said(self, coverage: float, *, acts: bool) -> str:
        """What is special about the word, in two or three words."""
        if self._lost:
            return tr("not in prompt")
        if self._word.muted:
            return "muted"
        if self._word.solo:
            return "solo"
        if self._word.strength == 0:
            return "off"
        if not acts:
            return tr("others solo")
        if self._word.locked:
            return "locked"
        return tr("no paint") if coverage <= 0 else ""

    def _show_selected(self, selected: bool) -> None:
        """The chosen word is framed, and unfolded where it was just chosen."""
        if selected != self._selected:
            self.unfold(selected)
        self._selected = selected
        text = "true" if selected else "false"
        if self.property("selected") != text:
            self.setProperty("selected", text)
            self.style().unpolish(self)
            self.style().polish(self)

    def unfold(self, open_: bool) -> None:
        """Show or hide strength and tools."""
        if self.details.isHidden() == open_ and not (open_ and self._lost):
            self.details.setVisible(open_)
            self._paint_icons()

    def allow_attach(self, able: bool) -> None:
        """Whether text is marked in the prompt that a word whose own text is gone could be attached to."""
        self.attach.setEnabled(able)
        self.attach.setToolTip(
            tr("Give this paint to the text selected in the prompt")
            if able
            else tr("First select the text in the prompt that should have this paint")
        )

    def offer(self, span: Span | None, text: str) -> bool:
        """Offer a gone word's paint to what was written in its place, None for nothing; whether that is news."""
        news = span is not None and self._instead is None
        self._instead = span
        self.use.setVisible(span is not None)
        if span is not None:
            room = self.width() - 90
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room).replace("&", "&&")
            self.use.setText(tr("Use for “{shown}”", shown=shown))
            self.use.setToolTip(
                plain_tip(tr("Give this paint to “{value}”, which stands in its place in the prompt", value=text))
            )
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
        menu, word = QMenu(self), self._word
        for button, text in (
            (self.keep, tr("&Keep It Where It Is")),
            (self.eye, tr("&Hide Paint") if word.visible else tr("&Show Paint")),
            (self.mute, tr("Un&mute") if word.muted else tr("&Mute")),
            (self.solo, tr("End S&olo") if word.solo else tr("S&olo")),
            (self.own, tr("Let Paint O&verlap") if is_exclusive(word) else tr("Keep Its Area to &Itself")),
            (self.lock, tr("Un&lock") if word.locked else tr("&Lock")),
            (self.wipe, tr("&Clear Paint")),
            (self.drop, tr("&Remove Word")),
        ):
            action = menu.addAction(text, button.click)
            action.setEnabled(not button.isHidden())
        before = menu.actions()[-2]
        for title, asked in (
            (tr("&Give Paint to"), self.give_asked), (tr("Co&py Paint to"), self.copy_asked),
            (tr("S&wap Paint With"), self.swap_asked),
        ):  # fmt: skip
            choices = self._choice_menu(asked)
            choices.setTitle(title)
            choices.setEnabled(not self.give.isHidden() and not choices.isEmpty())
            menu.insertMenu(before, choices)
        repaint = QAction(tr("Re&paint Where It Is"), menu)
        repaint.triggered.connect(lambda _on=False: self.repaint_asked.emit(self.word_id))
        repaint.setEnabled(not self.wipe.isHidden())
        menu.insertAction(before, repaint)
        styles = self.styles(self.word_id, menu)
        styles.setEnabled(not self.wipe.isHidden() and not styles.isEmpty())
        menu.insertMenu(before, styles)
        menu.insertMenu(menu.actions()[1], self._colors(menu))
        return menu

    def give_menu(self) -> QMenu:
        """The other words of the prompt, each of which can have this word's paint."""
        return self._choice_menu(self.give_asked)

    def _choice_menu(self, asked: SignalInstance) -> QMenu:
        menu = QMenu(self)
        for span, text in self.choices(self.word_id):
            shown = menu.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, 220).replace("&", "&&")
            menu.addAction(shown).triggered.connect(lambda _checked=False, span=span: asked.emit(self.word_id, *span))
        return menu

    def _show_choices(self) -> None:
        menu = self.give_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.give.mapToGlobal(self.give.rect().bottomLeft()))

    def _colors(self, parent: QWidget) -> ColorMenu:
        menu = ColorMenu(self._word.color, parent, pattern=self._word.pattern)
        menu.chosen.connect(lambda color: self.color_changed.emit(self.word_id, color))
        menu.pattern_chosen.connect(lambda pattern: self.value_changed.emit(self.word_id, "pattern", pattern))
        return menu

    def _choose_color(self) -> None:
        menu = self._colors(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.swatch.mapToGlobal(self.swatch.rect().bottomLeft()))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(self.word_id, True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(self.word_id, False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.chosen.emit(self.word_id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Far enough from where it was pressed it is dragged to another place of the list."""
        start = self._pressed
        away = 0 if start is None else (event.position().toPoint() - start).manhattanLength()
        if event.buttons() & Qt.MouseButton.LeftButton and away >= QApplication.startDragDistance():
            self._pressed = None
            self.drag_began.emit(self.word_id)

    def sizeHint(self) -> QSize:
        return QSize(220, super().sizeHint().height())

    def _turn_eye(self) -> None:
        self.visible_changed.emit(self.word_id, not self._word.visible)

    def _keep(self) -> None:
        self.keep_asked.emit(self.word_id)

    def _toggle_window(self) -> None:
        self.window_row.setVisible(self.window_row.isHidden())
        self.folded.emit()

    def _toggle_more(self) -> None:
        self.more.setVisible(self.more.isHidden())
        self.folded.emit()

    def _toggle_fold(self) -> None:
        self.unfold(self.details.isHidden())
        self.folded.emit()

    def _paint_icons(self) -> None:
        word, icon = self._word, self._theme.icon
        always = word.window == ALWAYS
        self.when.setIcon(icon("ph.clock", role="muted") if always else icon("ph.clock-fill", role="accent_hover"))
        self.keep.setIcon(icon("ph.push-pin", role="accent_hover"))
        self.eye.setIcon(icon("ph.eye" if word.visible else "ph.eye-slash", role="muted"))
        self.mute.setIcon(
            icon("ph.speaker-simple-slash", role="warning")
            if word.muted
            else icon("ph.speaker-simple-high", role="muted")
        )
        self.solo.setIcon(icon("ph.headphones-fill" if word.solo else "ph.headphones",
                               role="warning" if word.solo else "muted"))  # fmt: skip
        used = WordMore.used(word)
        self.more_button.setIcon(icon("ph.sliders-horizontal", role="accent_hover" if used else "muted"))
        own = is_exclusive(word)
        self.own.setIcon(icon("ph.intersect" if not own else "ph.shield", role="muted"))
        self.lock.setIcon(icon("ph.lock-simple-fill" if word.locked else "ph.lock-simple-open",
                               role="warning" if word.locked else "muted"))  # fmt: skip
        for button, tip in (
            (self.more_button, tr("Soft edge, fidelity and overlaps of this word")),
            (self.own, tr("Keeps its area to itself: its paint pushes other words away. Click to let it overlap") if own
             else tr("Lets other words' paint lie over its own. Click to keep the area to itself")),
            (self.lock, tr("Locked: this paint stays as it is. Click to unlock") if word.locked
             else tr("Lock: let this paint stay as it is")),
            (self.mute, tr("Muted: this paint is kept but ignored. Click to use it again") if word.muted
             else tr("Mute: keep this paint, but ignore it in the picture")),
            (self.solo, tr("Only this word acts. Click to let the others act again") if word.solo
             else tr("Solo: let only this word act")),
        ):  # fmt: skip
            button.setToolTip(plain_tip(tip))
            button.setAccessibleName(tip)
        self.give.setIcon(icon("ph.arrow-bend-up-right", role="muted"))
        self.wipe.setIcon(icon("ph.backspace", role="muted"))
        self.drop.setIcon(icon("ph.trash", role="muted"))
        self.fold.setIcon(icon("ph.caret-right" if self.details.isHidden() else "ph.caret-down", role="muted"))
