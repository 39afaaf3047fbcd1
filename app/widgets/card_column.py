"""A column of cards that scrolls, such as those of words and styles: one card for each thing, kept while it stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.helpers import named, scrolling


class Identified(Protocol):
    """Something with an id."""

    @property
    def id(self) -> str: ...


Card = TypeVar("Card", bound=QWidget)
Thing = TypeVar("Thing", bound=Identified)


class CardColumn(Generic[Card]):
    """The cards and the area in which they scroll.

    Args:
        spacing: pixels between two cards.
        above, below: widgets that stay before and after the cards.

    Attributes:
        area: the widget to place.
    """

    def __init__(self, *, spacing: int, above: Sequence[QWidget] = (), below: Sequence[QWidget] = ()) -> None:
        self._cards: dict[str, Card] = {}
        self._first = len(above)
        self._inside = named(QWidget(), "panel")
        self._inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self._inside)
        self._layout.setContentsMargins(10, 4, 10, 10)
        self._layout.setSpacing(spacing)
        for widget in (*above, *below):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self.area = scrolling(self._inside)

    @property
    def cards(self) -> Mapping[str, Card]:
        """The cards by the id of what they show."""
        return self._cards

    def arrange(self, things: Sequence[Thing], make: Callable[[Thing], Card]) -> list[Card]:
        """Return one card for each thing, in order; cards that stay are kept, so that a drag on one goes on.

        Call `make_room` once the cards have their content.
        """
        ids = {thing.id for thing in things}
        for gone in [each for each in self._cards if each not in ids]:
            card = self._cards.pop(gone)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, thing in enumerate(things, self._first):
            if thing.id not in self._cards:
                self._cards[thing.id] = make(thing)
            card = self._cards[thing.id]
            if self._layout.indexOf(card) != place:
                self._layout.insertWidget(place, card)
                card.show()  # a layout leaves out widgets that were never shown
        return [self._cards[thing.id] for thing in things]

    def make_room(self) -> None:
        """Grow with the cards at once: until the layout gets to it, new cards would be squeezed into the old height."""
        self._layout.activate()
        self._inside.setMinimumHeight(self._layout.minimumSize().height())

    def reveal(self, thing_id: str) -> None:
        """Scroll to a card."""
        card = self._cards.get(thing_id)
        if card is not None:
            self._layout.activate()  # before that a new card has no position
            self.area.ensureWidgetVisible(card, 0, 8)
