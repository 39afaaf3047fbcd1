"""The settings panel by keys and mouse: what is half typed harms nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.generation.request_builder import request_from_scene
from canvas.model.scene import Scene, Settings
from engine.facts import FastWay, FewSteps
from resources.settings import specs


def test_a_side_that_was_emptied_keeps_its_length_when_the_other_is_typed(hands):
    panel = hands.window.settings_panel
    width, height = hands.window.document.scene.size
    hands.click(panel.height_box)
    panel.height_box.selectAll()
    hands.key(Qt.Key.Key_Delete, widget=panel.height_box)
    hands.click(panel.width_box)
    for text, expected in ((str(width), width), ("96", 96)):
        panel.width_box.selectAll()
        hands.type(text, panel.width_box)
        hands.key(Qt.Key.Key_Return, widget=panel.width_box)
        assert hands.window.document.scene.size == (expected, height)
        assert panel.height_box.text() == str(height)


def set_side(hands, box, text: str, *, leave: bool = False) -> None:
    hands.click(box)
    box.selectAll()
    hands.type(text, box)
    if leave:
        hands.click(hands.window.settings_panel.seed)
    else:
        hands.key(Qt.Key.Key_Return, widget=box)


@pytest.mark.parametrize("leave", [False, True], ids=["enter", "leaving"])
def test_a_size_that_the_model_cannot_make_becomes_the_nearest_and_says_so(hands, leave):
    panel = hands.window.settings_panel
    set_side(hands, panel.width_box, "100", leave=leave)
    assert hands.window.document.scene.size == (96, 512) and panel.width_box.text() == "96"
    note = panel.size_note
    assert note.isVisible() and "Width 100 became 96." in note.text() and "multiples of 16" in note.text()
    set_side(hands, panel.height_box, "320", leave=leave)
    assert hands.window.document.scene.size == (96, 320) and not note.isVisible()
    set_side(hands, panel.height_box, "321", leave=leave)
    assert panel.height_box.text() == "320" and note.isVisible() and "Height 321 became 320." in note.text()


def test_each_model_has_steps_of_its_own(make_window, tiny: Settings):
    hands = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny))
    step = hands.window.session.facts.multiple
    assert step < 16
    set_side(hands, hands.window.settings_panel.width_box, str(64 + step))
    assert hands.window.document.scene.size == (64 + step, 64)
    assert not hands.window.settings_panel.size_note.isVisible()


def test_a_size_of_a_file_stays_until_somebody_types(make_window):
    hands = make_window(Scene(prompt="a lake", size=(100, 256)))
    panel = hands.window.settings_panel
    hands.click(panel.width_box)
    hands.key(Qt.Key.Key_Return, widget=panel.width_box)
    hands.click(panel.height_box)
    hands.click(panel.seed)
    assert hands.window.document.scene.size == (100, 256)
    set_side(hands, panel.height_box, "128")
    assert hands.window.document.scene.size == (96, 128) and "Width 100 became 96." in panel.size_note.text()


@pytest.mark.parametrize("text", ["0", "9000"])
def test_what_no_canvas_can_be_is_still_refused(hands, text):
    panel = hands.window.settings_panel
    set_side(hands, panel.width_box, text)
    assert hands.window.banner.isVisible() and "8192" in hands.window.banner.hint
    assert panel.width_box.text() == "512" and not panel.size_note.isVisible()


def test_what_is_declared_for_the_panel_is_in_it_and_sets_the_scene(hands):
    panel, document = hands.window.settings_panel, hands.window.document
    assert set(panel.controls) == {spec.name for spec in specs().values() if spec.section}
    slider = panel.controls["guidance_rescale"]
    assert slider.isVisibleTo(panel) and slider.value == 0.0 and "contrast" in slider.toolTip()

    slider.setFocus()
    hands.key(Qt.Key.Key_Right, widget=slider)
    assert document.scene.settings.guidance_rescale == slider.value == 0.05
    document.set_settings(guidance_rescale=0.7)
    assert slider.value == 0.7


def test_a_switch_sets_the_scene_in_one_step_and_is_off_limits_where_the_model_cannot(hands):
    panel, document, session = hands.window.settings_panel, hands.window.document, hands.window.session
    panel.show_advanced(True)
    switch = panel.controls["structured"]
    assert not switch.isChecked() and switch.text() == "Keep attributes together" and "red house" in switch.toolTip()
    switch.click()
    assert document.scene.settings.structured
    document.undo()
    assert not document.scene.settings.structured and not switch.isChecked()
    document.redo()
    panel.show_model(replace(session.facts, structured=False))
    assert not switch.isEnabled() and "cannot" in switch.toolTip() and switch.isChecked()
    facts = replace(session.facts, structured=False)
    assert request_from_scene(document.scene, id="a").conditioning.structured
    assert not request_from_scene(document.scene, id="a", facts=facts).conditioning.structured


def test_the_quick_way_that_a_model_brings_is_set_in_one_step(hands, monkeypatch):
    panel, document, session = hands.window.settings_panel, hands.window.document, hands.window.session
    panel.show_advanced(True)
    panel.show_model(replace(session.facts, fast=None))
    assert not panel.fast.isVisible()
    quick = replace(session.facts, fast=FastWay("quick-lcm", FewSteps(4, "lcm", 1.0)))
    monkeypatch.setattr(type(session), "facts", quick)
    panel.show_model(quick)
    assert panel.fast.isVisible() and panel.fast.text() == "4 steps, fast"
    before = document.scene.settings
    panel.fast.click()
    panel.fast.click()  # it is not there twice
    settings = document.scene.settings
    assert (settings.steps, settings.sampler, settings.guidance) == (4, "lcm", 1.0)
    assert [lora.file for lora in settings.loras] == ["quick-lcm"]
    document.undo()
    assert document.scene.settings == before
