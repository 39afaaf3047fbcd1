"""The real window in busy hands for minutes: nothing breaks, nothing is lost, everything can be undone."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app.generation.request_builder import request_from_scene
from canvas.model.scene import Scene, Settings
from tests.gui.conftest import Hands, home, make_window, tiny  # noqa: F401
from tests.tiny import tiny_sd_folder  # noqa: F401

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

PROMPT = "a lake under a red sky, a house on a hill, a second lake"
PHRASES = [("lake", 1), ("sky", 1), ("house", 1), ("hill", 1), ("lake", 2)]
SECONDS = 120
KEYS = [Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_Tab]


def wheel(hands: Hands, rng: random.Random) -> None:
    """Zoom about any point of the canvas."""
    view = hands.window.view
    at = QPointF(rng.randrange(view.width()), rng.randrange(view.height()))
    turn = QPoint(0, rng.choice([-120, 120]))
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), turn, *none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, event)


def one_action(hands: Hands, rng: random.Random) -> None:
    """Anything that a person may do next."""
    chance = rng.random()
    view = hands.window.view
    if chance < 0.15:
        hands.click_word(*rng.choice(PHRASES))
    elif chance < 0.5:
        points = [QPoint(rng.randrange(view.width()), rng.randrange(view.height())) for _ in range(rng.randint(2, 12))]
        hands.drag(view, *points)
    elif chance < 0.6:
        hands.control(Qt.Key.Key_Z, shift=rng.random() < 0.5, widget=view)
    elif chance < 0.75:
        hands.key(rng.choice(KEYS), widget=view)
    elif chance < 0.8:
        wheel(hands, rng)
    elif chance < 0.83:
        hands.control(rng.choice([Qt.Key.Key_0, Qt.Key.Key_1]), widget=view)
    elif chance < 0.9:
        hands.control(Qt.Key.Key_Return, widget=view)
    elif chance < 0.95:
        hands.key(Qt.Key.Key_Escape, widget=view)
    else:
        hands.window.resize(rng.randint(900, 1400), rng.randint(650, 1000))


def test_minutes_of_random_hands_break_nothing(
    make_window: Callable[..., Hands],  # noqa: F811
    tiny: Settings,  # noqa: F811
    home: Path,  # noqa: F811
) -> None:
    rng = random.Random(3)
    hands = make_window(Scene(prompt=PROMPT, size=(64, 64), settings=tiny), engine=True)
    window, began, actions, longest = hands.window, time.monotonic(), 0, 0.0
    while time.monotonic() - began < SECONDS:
        started = time.monotonic()
        one_action(hands, rng)
        QApplication.processEvents()
        longest = max(longest, time.monotonic() - started)
        actions += 1
        if rng.random() < 0.1:
            hands.qtbot.wait(rng.randint(1, 60))
        assert window.document.scene.prompt == PROMPT
        assert not window.banner.isVisible(), window.banner.message
    hands.key(Qt.Key.Key_Escape, widget=window.view)
    hands.qtbot.waitUntil(lambda: not window.generation.running, timeout=30_000)

    assert actions > 200
    assert longest < 5.0
    hands.generate()
    assert list(home.rglob("*.png")), "no picture was kept"
    while window.document.can_undo:
        hands.control(Qt.Key.Key_Z, widget=window.view)
    assert request_from_scene(window.document.scene, id="end").text.prompt == PROMPT
    assert all(mask.is_empty for mask in window.document.scene.masks.values())
