"""The first run: five balloons, and from the launch to one's own painted picture in at most six clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QToolButton

from app.window.tour import BRUSH, GENERATE, KEEP, PROMPT, WORD
from canvas.model.scene import Scene
from tests.gui.conftest import Hands


class Counting(Hands):
    """Hands that count their clicks and drags."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(hands.window, hands.qtbot, hands.executor)
        self.clicks = 0

    def click(self, widget, at=None) -> None:
        self.clicks += 1
        super().click(widget, at)

    def drag(self, widget, *points: QPoint) -> None:
        self.clicks += 1
        super().drag(widget, *points)


@pytest.fixture
def first(make_window):
    """A first launch, as the program does it."""
    hands = make_window(newcomer=True, size=(1400, 900), engine=True)
    hands.window.open_first(None)
    hands.window.offer_recovery()
    hands.settle()
    hands.qtbot.waitUntil(lambda: bool(hands.window.session.scene.prompt) and hands.window.tour.on)
    return hands


def test_the_first_balloon_waits_for_the_example_that_it_speaks_of(make_window):
    hands = make_window(newcomer=True, size=(1400, 900))
    hands.window.open_first(None)
    hands.window.offer_recovery()
    assert hands.window.files.busy and not hands.window.tour.on
    hands.qtbot.waitUntil(lambda: hands.window.tour.on)
    assert hands.window.session.scene.prompt


def pointed_at(window) -> QRect:
    """Where the balloon's tip is, as a small square just beyond it."""
    balloon = window.tour.balloon
    place, tip = balloon.geometry(), balloon._tip
    spot = {
        Qt.Edge.TopEdge: QPoint(place.left() + tip, place.top() - 2),
        Qt.Edge.BottomEdge: QPoint(place.left() + tip, place.bottom() + 2),
        Qt.Edge.LeftEdge: QPoint(place.left() - 2, place.top() + tip),
    }[balloon._side]
    return QRect(spot - QPoint(2, 2), spot + QPoint(2, 2))


def lies_in(window, widget, spot: QRect) -> bool:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).intersects(spot)


def test_from_the_launch_to_the_first_own_picture_in_at_most_six_clicks(first):
    hands, window, tour = Counting(first), first.window, first.window.tour
    before = window.document.scene
    brush = window.tools.findChild(QToolButton, "button.brush.paint")
    assert tour.at == PROMPT and lies_in(window, window.prompt_bar.prompt, pointed_at(window))
    hands.click(tour.balloon.next)
    assert tour.at == WORD and lies_in(window, window.prompt_bar.prompt, pointed_at(window))
    hands.click_word("lake")
    assert tour.at == BRUSH and lies_in(window, brush, pointed_at(window))
    hands.stroke((40, 40), (80, 60))
    assert tour.at == GENERATE and lies_in(window, window.prompt_bar.generate, pointed_at(window))
    with hands.qtbot.waitSignal(window.generation.picture, timeout=30_000):
        hands.click(window.prompt_bar.generate)
    hands.qtbot.waitUntil(lambda: tour.at == KEEP)
    assert lies_in(window, window.titles["Results"], pointed_at(window))
    assert tour.balloon.next.text() == "Done" and "Ctrl+S" in tour.balloon.text.text()
    assert not lies_in(window, window.results, tour.balloon.geometry()), "the first own result is to be seen"
    hands.stroke((40, 40), (80, 60))
    assert not tour.on, "who goes on working has read the last one"
    assert window.shown.rgb is not None
    assert window.document.scene.masks != before.masks, "the picture is of one's own paint"
    assert hands.clicks <= 6


def test_the_tour_is_shown_once_can_be_skipped_and_help_shows_it_again(first, make_window):
    window = first.window
    first.click(window.tour.balloon.close_button)
    assert not window.tour.on
    window.document.mark_saved()
    window.close()
    again = make_window(newcomer=True).window
    again.open_first(None)
    again.offer_recovery()
    assert not again.tour.on
    again.actions_table["help.tour"].trigger()
    first.qtbot.waitUntil(lambda: again.tour.on)
    assert again.tour.at == PROMPT and "red house" in again.session.scene.prompt  # nothing was written
    Hands(again, first.qtbot, None).settle()
    again.tour.balloon.close_button.setFocus()
    Hands(again, first.qtbot, None).key(Qt.Key.Key_Escape, widget=again.tour.balloon)
    assert not again.tour.on and again.view.hasFocus()


def test_who_began_something_keeps_it_and_balloons_stay_in_the_window(make_window):
    hands = make_window(Scene(prompt="a lake under a red sky"), size=(1280, 720))
    window = hands.window
    window.actions_table["help.tour"].trigger()
    for at in range(5):
        hands.qtbot.wait(10)
        balloon = window.tour.balloon
        assert window.tour.at == at and window.session.scene.prompt == "a lake under a red sky"
        assert window.rect().contains(balloon.geometry()), at
        assert balloon.text.height() >= balloon.text.heightForWidth(balloon.text.width()), "no text is cut"
        hands.click(balloon.next)
    assert not window.tour.on


def test_what_is_empty_says_what_to_do_next(make_window):
    hands = make_window(Scene(prompt=""))
    window = hands.window
    said = " ".join(label.text() for label in window.words.findChildren(QLabel) if label.isVisible())
    assert "prompt" in said.lower()
    said = " ".join(label.text() for label in window.results.findChildren(QLabel) if label.isVisible())
    assert "Generate" in said
    assert "Drop a picture" in " ".join(label.text() for label in window.styles.findChildren(QLabel))
