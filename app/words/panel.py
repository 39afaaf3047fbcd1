"""The dock of painted words: one row each, a hint where there is none yet, and a way out for those that are gone."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from app.image_info.scores import Reading
from app.language import tr
from app.vocabulary import names_something
from app.widgets.card_column import CardColumn
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme
from app.words.list_order import ListOrder
from app.words.offered_nouns import OfferedNouns
from app.words.reattach import replacement
from app.words.score_widgets import WholeScore
from app.words.search import WordSearch
from app.words.style_menu import style_menu
from app.words.word_card import WordCard
from canvas.model.scene import Scene, Word, acting_ids
from canvas.model.words import Span, word_spans, word_title

HINT = (
    "Click a word in the prompt, then paint where it should be.\n\n"
    "To paint a phrase, select it and press Enter.\n\n"
    "Or generate first, then point at a word to see where it went and keep it there."
)
LEAST = 112  # pixels of the list, three words high: what stands above it makes way first


class WordsPanel(QWidget):
    """The chips. Signals carry a word's id and what was asked."""

    chosen = Signal(str)
    strength_changed = Signal(str, float)
    visible_changed = Signal(str, bool)
    muted_changed = Signal(str, bool)
    solo_changed = Signal(str, bool)
    locked_changed = Signal(str, bool)
    exclusive_changed = Signal(str, bool)
    color_changed = Signal(str, str)
    value_changed = Signal(str, str, object)
    give_asked = Signal(str, int, int)  # for the paint of a word: the span of other text
    copy_asked = Signal(str, int, int)
    swap_asked = Signal(str, int, int)
    moved = Signal(str, str)  # a word, and before which one it was put; "" for the end
    window_changed = Signal(str, float, float)
    clear_asked = Signal(str)
    attach_asked = Signal(str)
    use_asked = Signal(str, int, int)  # for the paint of a word that is gone: the span of other text
    drop_asked = Signal(str)
    keep_asked = Signal(str)
    repaint_asked = Signal(str)  # the word whose paint is made anew in the picture
    style_bound = Signal(str, object)  # a style, and the word whose paint it follows from now on, or None
    style_asked = Signal(str)  # a new picture is wanted for the paint of a word
    hovered = Signal(str, bool)
    drop_gone_asked = Signal()
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(220)
        self._theme = theme
        self._may_attach = False
        self._scene = Scene()
        self._stood: dict[str, tuple[str, Span]] = {}  # the last prompt that had the word, and where
        self._hint = named(PlainLabel(tr(HINT), wordWrap=True), "muted")
        self._hint.setContentsMargins(4, 6, 4, 6)
        self.offered = OfferedNouns()
        self._chips: CardColumn[WordCard] = CardColumn(spacing=4, below=(self._hint, self.offered))
        self.search = WordSearch(self._chips)
        self._order = ListOrder(self, self._chips)
        self._order.moved.connect(self.moved)
        # Under the list and not in it: in sight however many words there are.
        self.drop_gone = named(QPushButton(tr("Remove words not in the prompt")), "dropGone")
        self.drop_gone.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.drop_gone.clicked.connect(self.drop_gone_asked)
        self.drop_gone.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 0, 10, 10)
        foot.addWidget(self.drop_gone)
        self.whole = WholeScore(theme)
        self.whole.hide()
        foot.addWidget(self.whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.search)
        column.addWidget(self._chips.area)
        self._chips.area.setMinimumHeight(LEAST)
        column.addLayout(foot)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def chip(self, word_id: str) -> WordCard | None:
        """The chip of a word."""
        return self._chips.cards.get(word_id)

    def show_scene(self, scene: Scene, selected: str | None) -> None:
        """Show the words of a scene."""
        acting = acting_ids(scene)
        self._scene = scene
        chips = self._chips.arrange(scene.words, self._make)
        for word, chip in zip(scene.words, chips, strict=True):
            chip.show_word(
                word,
                title=word_title(scene.prompt, word),
                selected=word.id == selected,
                coverage=scene.masks[word.id].coverage,
                acts=word.id in acting,
                rule=scene.settings.overlap,
            )
            self._show_instead(scene, word, chip)
        self.search.look([word_title(scene.prompt, word) for word in scene.words], chips, selected)
        self._hint.setVisible(not scene.words)
        self.offered.setVisible(not scene.words)
        lost = sum(word.span is None for word in scene.words)
        self.drop_gone.setVisible(lost > 1)
        self.drop_gone.setToolTip(
            plain_tip(
                tr(
                    "Remove the {lost} words that are no longer in the prompt, with their paint. Undo brings them back",
                    lost=lost,
                )
            )
        )
        self._chips.make_room()

    def take_note(self, scene: Scene) -> None:
        """Know a scene that differs in nothing that the words show: their menus ask for it."""
        self._scene = scene

    def _takers(self, word_id: str) -> list[tuple[Span, str]]:
        """What else of the prompt can have a word's paint: its other words, and the phrases that are painted."""
        scene = self._scene
        painted = {word.span: word_title(scene.prompt, word) for word in scene.words if word.span is not None}
        own = scene.word(word_id).span if scene.has_word(word_id) else None
        plain = [span for span in word_spans(scene.prompt) if names_something(scene.prompt[slice(*span)])]
        names = painted | {span: scene.prompt[slice(*span)] for span in plain if span not in painted}
        return [(span, names[span]) for span in sorted(names) if span != own]

    def _styles(self, word_id: str, parent: QWidget) -> QMenu:
        return style_menu(self._scene, word_id, parent, bind=self.style_bound.emit, choose=self.style_asked.emit)

    def _paint_icons(self) -> None:
        self.drop_gone.setIcon(self._theme.icon("ph.x", role="muted"))

    def forget(self) -> None:
        """Another scene comes: its words are others, though they may have the same ids."""
        self._stood.clear()

    def allow_attach(self, able: bool) -> None:
        """Whether text is marked in the prompt that a word whose own is gone could be attached to."""
        self._may_attach = able
        for chip in self._chips.cards.values():
            chip.allow_attach(able)

    def show_reading(self, reading: Reading) -> None:
        """Show how well the picture that is shown keeps to the paint."""
        for word_id, chip in self._chips.cards.items():
            chip.score.show_score(reading.words.get(word_id))
        self.whole.show_reading(reading)
        self._chips.make_room()

    def allow_keep(self, word_ids: set[str]) -> None:
        """Which words the picture that is shown has a place for."""
        for word_id, chip in self._chips.cards.items():
            chip.allow_keep(word_id in word_ids)

    def reveal(self, word_id: str) -> None:
        """Scroll to a word's chip."""
        self._chips.reveal(word_id)

    def _show_instead(self, scene: Scene, word: Word, chip: WordCard) -> None:
        """Offer what was written in a gone word's place, where that has no paint of its own."""
        if word.span is not None:
            self._stood[word.id] = (scene.prompt, word.span)
            chip.offer(None, "")
            return
        instead = replacement(*self._stood[word.id], scene.prompt) if word.id in self._stood else None
        if instead is None or any(other.span == instead for other in scene.words):
            chip.offer(None, "")
            return
        if chip.offer(instead, scene.prompt[slice(*instead)]):
            QTimer.singleShot(0, self, lambda: self.reveal(word.id))  # once the chip has its new height

    def _make(self, word: Word) -> WordCard:
        chip = WordCard(word, self._theme)
        chip.chosen.connect(self.chosen)
        chip.strength_changed.connect(self.strength_changed)
        chip.visible_changed.connect(self.visible_changed)
        chip.muted_changed.connect(self.muted_changed)
        chip.solo_changed.connect(self.solo_changed)
        chip.locked_changed.connect(self.locked_changed)
        chip.exclusive_changed.connect(self.exclusive_changed)
        chip.color_changed.connect(self.color_changed)
        chip.value_changed.connect(self.value_changed)
        chip.more.released.connect(self.edit_ended)
        chip.give_asked.connect(self.give_asked)
        chip.copy_asked.connect(self.copy_asked)
        chip.swap_asked.connect(self.swap_asked)
        chip.drag_began.connect(self._order.drag)
        chip.folded.connect(self._chips.make_room)
        chip.choices, chip.styles = self._takers, self._styles
        chip.strength.released.connect(self.edit_ended)
        chip.window_changed.connect(self.window_changed)
        chip.window_row.released.connect(self.edit_ended)
        chip.attach_asked.connect(self.attach_asked)
        chip.use_asked.connect(self.use_asked)
        chip.allow_attach(self._may_attach)
        chip.clear_asked.connect(self.clear_asked)
        chip.drop_asked.connect(self.drop_asked)
        chip.keep_asked.connect(self.keep_asked)
        chip.repaint_asked.connect(self.repaint_asked)
        chip.hovered.connect(self.hovered)
        return chip
