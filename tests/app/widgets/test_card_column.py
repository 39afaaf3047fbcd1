"""The column of cards: one card for each thing, in order, kept while its thing stays."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel

from app.widgets.card_column import CardColumn


@dataclass(frozen=True)
class Thing:
    id: str


def things(ids):
    return [Thing(each) for each in ids]


def made(thing):
    card = QLabel(thing.id)
    card.setFixedHeight(40)
    return card


def in_order(column):
    layout = column.area.widget().layout()
    widgets = [layout.itemAt(index).widget() for index in range(layout.count())]
    return [widget.text() for widget in widgets if widget is not None]


def test_cards_come_between_the_fixed_widgets_in_the_order_of_their_things(qtbot):
    column = CardColumn(spacing=4, above=[QLabel("note")], below=[QLabel("hint")])
    qtbot.addWidget(column.area)
    column.arrange(things("abc"), made)
    assert in_order(column) == ["note", "a", "b", "c", "hint"]
    column.arrange(things("cab"), made)
    assert in_order(column) == ["note", "c", "a", "b", "hint"]


def test_a_card_is_kept_while_its_thing_stays_and_goes_with_it(qtbot):
    column = CardColumn(spacing=4)
    qtbot.addWidget(column.area)
    first, second = column.arrange(things("ab"), made)
    third, kept = column.arrange(things("cb"), made)
    assert kept is second and third is column.cards["c"] and set(column.cards) == {"b", "c"}
    assert in_order(column) == ["c", "b"] and first.isHidden()


def test_the_column_has_room_for_new_cards_at_once_and_scrolls_to_one(qtbot):
    column = CardColumn(spacing=4)
    qtbot.addWidget(column.area)
    column.area.resize(200, 100)
    column.area.show()
    column.arrange(things("abcdef"), made)
    column.make_room()
    assert column.area.widget().minimumHeight() >= 6 * 40 + 5 * 4
    column.reveal("f")
    qtbot.waitUntil(lambda: column.area.verticalScrollBar().value() > 0)
    column.reveal("of nothing")  # no card: nothing happens
