"""Encoders in the window: switched and blended, and compared side by side with one taken over; results compared."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.picture.split_frame import Way
from app.results.list_model import MarkedRole, ResultRole
from canvas.files import ora, png
from canvas.model.scene import Scene, Settings
from canvas.view.qimage import to_rgb


@pytest.fixture
def able() -> Settings:
    """Settings of a model with all encoders; the one with CLIP alone is there too."""
    return Settings(model="conditioned", device="cpu", steps=2, seed=5, count=3)


@pytest.fixture
def painter(make_window, able: Settings):
    """A window with an engine, on a model with both text encoders."""
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=able), engine=True, size=(1200, 950))


def box(hands):
    return hands.window.settings_panel.encoders


def weights(hands):
    return hands.window.document.scene.settings.encoders


def compare(hands) -> list:
    """Press Compare and wait for the pictures; returns the tiles."""
    hands.click(box(hands).compare)
    panel = hands.window.comparison
    assert panel.isVisible() and len(panel.tiles) == 3
    hands.qtbot.waitUntil(lambda: all(tile.shown is not None for tile in panel.tiles), timeout=60_000)
    return panel.tiles


def test_a_model_of_one_encoder_says_so_and_shows_no_controls(make_window, tiny):
    hands = make_window(Scene(prompt="a lake", settings=tiny))
    assert box(hands).note.isVisible() and "CLIP alone" in box(hands).note.text()
    assert not box(hands).compare.isVisible()
    assert not any(switch.isVisible() for switch in box(hands).switches.values())
    hands.window.document.set_settings(encoders=(("clip", 0.5), ("t5", 1.0)))
    assert "are kept" in box(hands).note.text()


def test_switches_and_sliders_blend_and_undo(painter):
    hands, switches, sliders = painter, box(painter).switches, box(painter).sliders
    assert weights(hands) is None and all(switch.isChecked() for switch in switches.values())
    hands.click(switches["t5"])
    assert dict(weights(hands)) == {"clip": 1.0, "t5": 0.0}
    assert not switches["clip"].isEnabled() and "other" in switches["clip"].toolTip()
    assert not sliders["t5"].isEnabled()
    hands.click(switches["clip"])
    assert dict(weights(hands)) == {"clip": 1.0, "t5": 0.0}, "one encoder stays on"
    hands.click(switches["t5"])
    assert weights(hands) is None, "both in full are what the model has"
    middle = sliders["clip"].height() // 2
    hands.drag(sliders["clip"], QPoint(150, middle), QPoint(90, middle), QPoint(40, middle))
    blend = dict(weights(hands))
    assert 0.05 <= blend["clip"] < 0.6 and blend["t5"] == 1.0
    hands.click(switches["clip"])
    hands.click(switches["clip"])
    assert dict(weights(hands)) == blend, "a switch brings its weight back"
    for _ in range(4):
        hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert weights(hands) is None and sliders["clip"].value == 1.0


def test_a_blend_makes_another_picture_and_is_kept(painter, tmp_path):
    painter.window.actions_table["generate.lock"].trigger()
    painter.generate()
    both = painter.window.shown.rgb
    painter.click(box(painter).switches["clip"])
    painter.generate()
    assert not np.array_equal(painter.window.shown.rgb, both)
    ora.save(tmp_path / "a.ora", painter.window.document.scene)
    assert dict(ora.load(tmp_path / "a.ora").settings.encoders) == {"clip": 0.0, "t5": 1.0}


def test_encoders_that_another_model_lacks_are_left_out(painter):
    painter.click(box(painter).switches["clip"])
    painter.window.document.set_settings(model="tiny")
    painter.generate()
    assert painter.window.shown.rgb is not None and not painter.window.banner.isVisible()


def test_compare_shows_three_labelled_pictures_of_one_seed_over_the_canvas(painter, home):
    before = painter.window.document.scene
    told: list[str] = []
    painter.window.generation.progress.connect(lambda text, _fraction: told.append(text))
    tiles = compare(painter)
    left = "under a second left"
    assert f"CLIP alone · Step 1 of 2 · {left} · 2 more waiting" in told and f"Both · Step 2 of 2 · {left}" in told
    panel = painter.window.comparison
    assert [tile.name.text() for tile in tiles] == ["CLIP alone", "T5 alone", "Both"]
    assert panel.geometry() == painter.window.view.geometry() and "5" in panel.title.text()
    pictures = [tile.shown.rgb for tile in tiles]
    assert len({picture.tobytes() for picture in pictures}) == 3
    for tile in tiles:
        assert tile.frame.isVisible() and tile.frame.width() > 100 and tile.take.isEnabled()
        assert tile.frame.size() == tiles[0].frame.size()
    assert tiles[0].geometry().right() < tiles[1].geometry().left() < tiles[2].geometry().left()
    assert painter.window.document.scene is before and painter.window.shown.rgb is None
    painter.qtbot.waitUntil(lambda: painter.window.results.model.rowCount() == 3)
    kept = [png.load_scene(path).settings for path in sorted((home / "results").glob("*.png"))]
    assert {settings.seed for settings in kept} == {5}
    assert {settings.encoders for settings in kept} == {
        (("clip", 1.0), ("t5", 0.0)), (("clip", 0.0), ("t5", 1.0)), (("clip", 1.0), ("t5", 1.0)),
    }  # fmt: skip


def test_one_of_them_is_taken_over_and_undo_gives_it_back(painter):
    tiles = compare(painter)
    rgb = tiles[1].shown.rgb
    painter.click(tiles[1].take)
    assert not painter.window.comparison.isVisible() and painter.window.shown.rgb is rgb
    assert dict(weights(painter)) == {"clip": 0.0, "t5": 1.0}
    assert painter.window.document.scene.settings.count == 3, "how many to make is no part of it"
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert weights(painter) is None and painter.window.shown.rgb is None


def test_the_third_uses_the_blend_of_the_scene(painter):
    painter.window.document.set_settings(encoders=(("clip", 0.25), ("t5", 1.0)))
    tiles = compare(painter)
    assert dict(tiles[2].shown.scene.settings.encoders) == {"clip": 0.25, "t5": 1.0}
    assert tiles[2].note.text() == "CLIP 0.25 · T5 1.00"


def test_closing_stops_what_is_left_and_the_canvas_has_the_keys(painter):
    scene = painter.window.document.scene
    painter.window.document.load(scene.replace(settings=dataclasses.replace(scene.settings, steps=200)))
    painter.executor.step_seconds = 0.05
    panel = painter.window.comparison
    painter.click(box(painter).compare)
    painter.qtbot.waitUntil(lambda: panel.tiles[0].frame.has_picture, timeout=60_000)
    painter.click(panel.close_button)
    assert not panel.isVisible() and painter.window.view.hasFocus()
    painter.qtbot.waitUntil(lambda: not painter.window.generation.running, timeout=30_000)
    assert painter.window.results.model.rowCount() == 0


def test_escape_stops_the_comparison_then_closes_it(painter):
    panel = painter.window.comparison
    scene = painter.window.document.scene
    compare(painter)
    painter.key(Qt.Key.Key_Escape, widget=panel)
    assert not panel.isVisible()
    painter.executor.step_seconds = 0.05
    painter.window.document.load(scene.replace(settings=dataclasses.replace(scene.settings, steps=200)))
    painter.click(box(painter).compare)
    painter.qtbot.waitUntil(lambda: panel.tiles[0].frame.has_picture, timeout=60_000)
    painter.key(Qt.Key.Key_Escape, widget=panel)
    painter.qtbot.waitUntil(lambda: not painter.window.generation.running, timeout=30_000)
    assert not panel.isVisible(), "nothing was made, so there is nothing to see"


def test_generate_takes_the_canvas_back(painter):
    compare(painter)
    painter.generate()
    assert not painter.window.comparison.isVisible() and painter.window.shown.rgb is not None


def test_without_a_prompt_the_banner_says_why_and_nothing_stays_open(painter):
    painter.window.document.set_prompt("")
    painter.click(box(painter).compare)
    painter.qtbot.waitUntil(painter.window.banner.isVisible, timeout=30_000)
    assert "prompt" in painter.window.banner.message.lower()
    assert not painter.window.comparison.isVisible()


def test_painting_through_the_comparison_is_not_possible(painter):
    painter.click_word("lake")
    compare(painter)
    before = painter.window.document.scene
    painter.drag(painter.window.comparison, QPoint(300, 40), QPoint(340, 60), QPoint(380, 80))
    assert painter.window.document.scene is before


def test_results_are_put_side_by_side(painter):
    panel = painter.window.comparison
    for _ in range(2):
        painter.window.document.set_settings(count=1)
        painter.generate()
    painter.qtbot.waitUntil(lambda: painter.window.results.model.rowCount() == 2)
    strip = painter.window.results
    older = strip.model.index(1).data(256)
    strip.compare_asked.emit(older)
    painter.settle()
    assert [tile.name.text() for tile in panel.tiles] == ["On the canvas", "a lake and sky"]
    assert panel.tiles[1].note.text() == f"seed {panel.tiles[1].shown.scene.settings.seed}", "what tells them apart"
    assert panel.title.text() == "Results side by side"
    painter.click(panel.ways[Way.SLIDER])
    assert panel.title.text() == "On the canvas and a lake and sky"
    painter.click(panel.ways[Way.BESIDE])
    assert panel.title.text() == "Results side by side"
    shown = panel.tiles[1].shown
    painter.click(panel.tiles[1].take)
    assert painter.window.shown.result == shown.result and not panel.isVisible()


def test_of_several_results_any_two_lie_over_each_other(painter, monkeypatch):
    monkeypatch.setattr(QMenu, "popup", lambda menu, where: None)  # the offscreen platform cannot grab the keyboard
    panel, strip = painter.window.comparison, painter.window.results
    painter.window.document.set_settings(count=1)
    for _ in range(3):
        painter.generate()
    painter.qtbot.waitUntil(lambda: strip.model.rowCount() == 3)
    first, second, third = (strip.model.index(row) for row in range(3))
    for index in (third, first, second):
        at = strip.view.visualRect(index).center()
        QTest.mouseClick(strip.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert [index.data(MarkedRole) for index in (first, second, third)] == [True] * 3
    assert painter.window.status.news == "3 results chosen: right-click one of them to compare them."
    strip._menu(first, QPoint())
    (action,) = [each for each in strip.findChildren(QMenu)[-1].actions() if each.text() == "Compare the 3 Chosen Ones"]
    action.trigger()
    painter.qtbot.waitUntil(lambda: len(panel.tiles) == 3)
    assert [tile.shown.result for tile in panel.tiles] == [
        each.data(ResultRole).path for each in (third, first, second)
    ]
    assert not any(choice.isVisible() for choice in panel.pair) and not first.data(MarkedRole)
    painter.click(panel.ways[Way.SLIDER])
    assert all(choice.isVisible() for choice in panel.pair) and panel.split.isVisible()
    pictures = [tile.shown.rgb for tile in panel.tiles]
    panel.pair[1].setCurrentIndex(2)
    panel.pair[1].activated.emit(2)
    assert [choice.currentIndex() for choice in panel.pair] == [0, 2] and panel.split.isVisible()
    seen = [to_rgb(image) for image in panel.split._images]
    assert np.array_equal(seen[0], pictures[0]) and np.array_equal(seen[1], pictures[2])
    painter.click(panel.ways[Way.BESIDE])
    assert not panel.pair[0].isVisible() and all(tile.isVisible() for tile in panel.tiles)
