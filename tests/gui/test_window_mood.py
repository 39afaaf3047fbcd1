"""The mood in the Style dock: made from starred results, chosen, weighed, undone, kept with the scene; or why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog

from canvas.files import ora
from canvas.model.scene import Scene, Settings
from engine.errors import BadReference


class Moods:
    """What a catalogue does with moods, without an encoder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.error, self.stopped = folder, [], None, False

    def moods(self):
        return tuple(sorted(file.stem for file in self.folder.glob("*.safetensors")))

    def make_mood(self, name, liked, usual, *, model, progress, cancel):
        self.asked.append((name, [path.name for path in liked], [path.name for path in usual], model))
        progress("Reading pictures: 1 of 2", 0.5)
        if self.error is not None:
            raise self.error
        if self.stopped:
            return None
        path = self.folder / f"{name}.safetensors"
        path.write_bytes(b"")
        return path


@pytest.fixture
def painter(make_window, tmp_path):
    settings = Settings(model="conditioned", device="cpu", steps=2)
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=settings), engine=True, size=(1200, 900))
    (tmp_path / "moods").mkdir()
    hands.executor.own_catalogue = Moods(tmp_path / "moods")
    return hands


def results(window):
    scene = window.session.scene
    made = [window.store.add(np.full((8, 8, 3), 40 * n, np.uint8), scene, seed=n, model="tiny") for n in range(3)]
    window.store.star(made[1], True)
    window.gallery.refresh()
    return [each.name for each in made]


def made(hands, monkeypatch, name="My taste"):
    monkeypatch.setattr(QInputDialog, "getText", lambda *args: (name, True))
    window = hands.window
    window.styles.mood.make.click()
    hands.qtbot.waitUntil(lambda: not window.moods.busy, timeout=20_000)


def test_a_mood_is_made_from_starred_results_and_acts_in_one_step(painter, monkeypatch, tmp_path):
    window, card = painter.window, painter.window.styles.mood
    said = []
    window.moods.said.connect(said.append)
    made(painter, monkeypatch)
    assert "star" in said[-1] and not painter.executor.own_catalogue.asked
    names = results(window)
    made(painter, monkeypatch)
    asked = painter.executor.own_catalogue.asked[-1]
    assert asked == ("My taste", [names[1]], [names[2], names[0]], "conditioned")
    assert (window.session.scene.settings.mood, window.session.scene.settings.mood_weight) == ("My taste", 1.0)
    assert card.mood.currentData() == "My taste" and not card.weight.isHidden() and card.news.isHidden()
    card.weight.value_changed.emit(-0.4)
    card.weight.value_changed.emit(-0.5)
    card.edit_ended.emit()
    assert window.session.scene.settings.mood_weight == -0.5
    file = tmp_path / "scene.ora"
    ora.save(file, window.session.scene, None)
    kept = ora.load(file).settings
    assert (kept.mood, kept.mood_weight) == ("My taste", -0.5)
    window.document.undo()
    assert window.session.scene.settings.mood_weight == 1.0
    window.document.undo()
    assert window.session.scene.settings.mood is None and card.weight.isHidden()
    window.moods.choose("My taste")
    window.generation.generate()
    painter.qtbot.waitUntil(lambda: bool(painter.executor.requests), timeout=20_000)
    assert painter.executor.requests[-1].conditioning.mood == "My taste"


def test_what_fails_is_said_and_one_that_is_stopped_changes_nothing(painter, monkeypatch):
    window, moods = painter.window, painter.executor.own_catalogue
    results(window)
    failed, said = [], []
    window.moods.failed.connect(failed.append)
    window.moods.said.connect(said.append)
    moods.error = BadReference("The reference is damaged.", hint="Leave it out.")
    made(painter, monkeypatch)
    assert failed == [moods.error] and window.styles.mood.news.isHidden()
    moods.error, moods.stopped = None, True
    made(painter, monkeypatch)
    assert said[-1] == "No mood was made." and window.session.scene.settings.mood is None


def test_a_model_that_cannot_is_asked_for_none_and_the_scene_keeps_it(make_window):
    settings = Settings(model="tiny", device="cpu", steps=2, mood="Dusk")
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=settings), engine=True)
    window = hands.window
    hands.qtbot.waitUntil(lambda: window.session.facts is not None, timeout=20_000)
    assert not window.styles.mood.make.isEnabled()
    assert window.styles.mood.mood.currentText() == "Dusk (missing)"
    window.generation.generate()
    hands.qtbot.waitUntil(lambda: bool(hands.executor.requests), timeout=20_000)
    assert hands.executor.requests[-1].conditioning.mood is None
    assert window.session.scene.settings.mood == "Dusk"
