"""The group of control pictures in the settings: a card for each, ways to add some, and a place to drop them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.controls.control_card import ControlCard
from app.language import tr
from app.widgets.card_list import CardList
from app.widgets.helpers import named
from app.widgets.plain_text import plain_tip
from app.widgets.theme import ICON_SIZE, Theme
from canvas.model.control import Control
from resources.limits import MAX_CONTROLS

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif")


class ControlPanel(CardList):
    """The cards. Signals carry the place of a picture in the list, and what was asked."""

    add_asked = Signal()
    sketch_asked = Signal()
    changed = Signal(int, str, object)
    remove_asked = Signal(int)
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(PICTURES, parent)
        self._theme = theme
        self.cards: list[ControlCard] = []
        self.add = named(QPushButton(tr("Control picture…")), "addControl")
        self.sketch = named(QPushButton(tr("From paint")), "sketchControl")
        self.add.clicked.connect(self.add_asked)
        self.sketch.clicked.connect(self.sketch_asked)
        self.sketch.setToolTip(plain_tip(tr("Follow the outlines of the paint, like a sketch")))
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button, stretch in ((self.add, 3), (self.sketch, 2)):
            button.setIconSize(ICON_SIZE)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button, stretch)
        self.column.addLayout(buttons)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_controls(self, controls: Sequence[Control], models: Sequence[str], *, painted: bool) -> None:
        """Show these pictures; cards stay where they are, so that a drag on one goes on."""
        self.fit(self.cards, len(controls), self._make)
        for card, each in zip(self.cards, controls, strict=True):
            card.show_control(each, models)
        full = len(controls) >= MAX_CONTROLS
        self.add.setEnabled(not full)
        self.sketch.setEnabled(painted and not full)
        self.add.setToolTip(
            plain_tip(
                tr("A scene holds at most {max_controls} control pictures: remove one first", max_controls=MAX_CONTROLS)
                if full
                else tr("A picture whose shapes the result follows, through a ControlNet. Drop one here, or choose one")
            )
        )

    def _make(self, index: int) -> ControlCard:
        card = ControlCard(self._theme)
        card.changed.connect(lambda field, value: self.changed.emit(index, field, value))
        card.remove_asked.connect(lambda: self.remove_asked.emit(index))
        card.edit_ended.connect(self.edit_ended)
        return card

    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("ph.plus"))
