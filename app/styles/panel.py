"""The dock of styles: pictures whose look is taken, one card each, a place to drop more, and some to begin with."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.language import sentence, tr
from app.styles.image_loader import brings_picture, dropped
from app.styles.mood_card import MoodCard
from app.styles.presets import StyleOffers
from app.styles.style_card import StyleCard
from app.vocabulary import called
from app.widgets.card_column import CardColumn
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import ICON_SIZE, Theme
from canvas.model.scene import Scene
from canvas.model.style import Style
from canvas.model.words import word_title
from engine.errors import BadReference
from engine.facts import ModelFacts
from resources.limits import MAX_STYLES

HINT = "Drop a picture here to use its look, not its layout."


class StylePanel(QWidget):
    """The cards. Signals carry a style's id and what was asked."""

    pictures_dropped = Signal(list)  # of style_reader.Source
    choose_asked = Signal()
    find_asked = Signal()
    failed = Signal(object)
    chosen = Signal(str)
    strength_changed = Signal(str, float)
    semantic_changed = Signal(str, float)
    area_changed = Signal(str, bool)
    word_changed = Signal(str, object)
    visible_changed = Signal(str, bool)
    clear_asked = Signal(str)
    replace_asked = Signal(str)
    move_asked = Signal(str, int)
    remove_asked = Signal(str)
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(220)
        self.setAcceptDrops(True)
        self._theme = theme
        self.cannot = named(PlainLabel(wordWrap=True), "cannotNote")
        self.cannot.hide()
        self._hint = named(PlainLabel(tr(HINT), wordWrap=True), "muted")
        for label in (self.cannot, self._hint):
            label.setContentsMargins(4, 4, 4, 4)
        self.choose = named(QPushButton(tr("Choose a picture…")), "chooseStyle")
        self.choose.setIconSize(ICON_SIZE)
        self.choose.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.choose.clicked.connect(self.choose_asked)
        self.search = named(QPushButton(tr("Find in my pictures…")), "findStyle")
        self.search.setIconSize(ICON_SIZE)
        self.search.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.search.clicked.connect(self.find_asked)
        self.offers = StyleOffers()
        self.offers.taken.connect(self.pictures_dropped)
        self.mood = MoodCard()
        self._able, self._empty = True, True
        self._cards: CardColumn[StyleCard] = CardColumn(
            spacing=8, above=(self.cannot,), below=(self._hint, self.choose, self.search, self.mood, self.offers)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._cards.area)
        self.target = named(QFrame(self), "dropTarget")
        self.target.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = named(PlainLabel(tr("Drop to use its look"), alignment=Qt.AlignmentFlag.AlignCenter), "dropTargetText")
        QVBoxLayout(self.target).addWidget(words)
        self.target.hide()
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def card(self, style_id: str) -> StyleCard | None:
        """The card of a style."""
        return self._cards.cards.get(style_id)

    def show_scene(self, scene: Scene, selected: str | None) -> None:
        """Show the styles of a scene."""
        ids = [style.id for style in scene.styles]
        cards = self._cards.arrange(scene.styles, self._make)
        words = {word.id: word_title(scene.prompt, word) for word in scene.words if not scene.masks[word.id].is_empty}
        for index, (style, card) in enumerate(zip(scene.styles, cards, strict=True)):
            card.show_style(
                style,
                selected=style.id == selected,
                painted=scene.masks[style.id].coverage if style.id in scene.masks else 0.0,
                may_move=(index > 0, index < len(ids) - 1),
                words=words,
            )
        self._empty = not ids
        self._hint.setVisible(self._empty)
        self._show_offers()
        full = len(ids) >= MAX_STYLES
        self.choose.setEnabled(not full)
        self.choose.setText(tr("Add another picture…") if ids else tr("Choose a picture…"))
        self.choose.setToolTip(
            plain_tip(
                tr("A scene holds at most {max_styles} styles: remove one first", max_styles=MAX_STYLES) if full else ""
            )
        )
        self._cards.make_room()

    def show_model(self, facts: ModelFacts | None) -> None:
        """Say where the model cannot take a look from a picture; None is a model that nobody knows."""
        self._able = facts is None or facts.takes_styles
        self.cannot.setVisible(not self._able)
        self.mood.make.setEnabled(self._able)
        self._show_offers()
        if facts is not None and not self._able:
            model = sentence(called(facts))
            if facts.styles_help:
                text = tr("{model} needs an IP-Adapter for style pictures.", model=model)
                self.cannot.setText(f"{text} {sentence(facts.styles_help)}")
            else:
                text = tr("{model} cannot use style pictures. Your styles are kept for a model that can.", model=model)
                self.cannot.setText(text)
        self._cards.make_room()

    def reveal(self, style_id: str) -> None:
        """Scroll to a style's card."""
        self._cards.reveal(style_id)

    # drops -------------------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_picture(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_target(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._show_target(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_target(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        try:
            self.pictures_dropped.emit(dropped(event.mimeData()))
        except BadReference as error:
            self.failed.emit(error)

    def _show_target(self, on: bool) -> None:
        self.target.setGeometry(self.rect().adjusted(6, 6, -6, -6))
        self.target.setVisible(on)
        self.target.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.target.setGeometry(self.rect().adjusted(6, 6, -6, -6))
        super().resizeEvent(event)

    def hideEvent(self, event: QEvent) -> None:
        self.target.hide()
        super().hideEvent(event)  # type: ignore[arg-type]

    # inside ------------------------------------------------------------------------------------------------------
    def _show_offers(self) -> None:
        on = self._empty and self._able
        if not on and self.offers.has_focus():
            self.choose.setFocus()  # it stays in the dock, and does not leave with what was taken
        self.offers.offer(on)

    def _make(self, style: Style) -> StyleCard:
        card = StyleCard(style, self._theme)
        for name in (
            "chosen", "strength_changed", "semantic_changed", "area_changed", "word_changed", "visible_changed",
            "clear_asked", "replace_asked", "move_asked", "remove_asked",
        ):  # fmt: skip
            getattr(card, name).connect(getattr(self, name))
        for slider in (card.strength, card.semantic):
            slider.released.connect(self.edit_ended)
        return card

    def _paint_icons(self) -> None:
        self.choose.setIcon(self._theme.icon("ph.image"))
        self.search.setIcon(self._theme.icon("ph.magnifying-glass"))
