"""Generating in the window: picture, progress, cancel, results on disk, live, and errors that stop nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.generation.live_settings import LIVE_STEPS
from app.results.panel import ThumbnailDelegate
from canvas.files import png
from canvas.model.scene import Scene, Settings


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with an engine and a prompt, on a tiny model."""
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


def thumbnail(hands, row: int = 0):
    view = hands.window.results.view
    return ThumbnailDelegate.square(view.visualRect(hands.window.results.model.index(row)))


@pytest.mark.usefixtures("anywhere")
def test_paint_to_picture(painter):
    word = painter.click_word("lake")
    painter.stroke((16, 16), (40, 40))
    texts: list[str] = []
    previews: list[np.ndarray] = []
    painter.window.generation.progress.connect(lambda text, fraction: texts.append(text))
    painter.window.generation.preview.connect(lambda rgb, _place: previews.append(rgb))
    painter.generate()
    rgb, scene = painter.window.shown.rgb, painter.window.shown.scene
    assert rgb.shape == (64, 64, 3) and scene.masks[word] == painter.window.document.scene.masks[word]
    assert any(text.startswith("Step 3 of 3") and "left" in text for text in texts)
    assert len(previews) > 1 and previews[-2].dtype == np.uint8 and previews[-1] is None
    assert painter.window.prompt_bar.generate.isVisible() and "Done" in painter.window.prompt_bar.status.text()


def test_results_are_kept_at_16_bits_where_that_is_preferred(painter, home, tmp_path):
    painter.window.preferences.change(deep_results=True)
    painter.generate()
    shown = painter.window.shown
    assert shown.result.read_bytes()[24] == 16 and np.array_equal(png.read_all(shown.result).picture, shown.rgb)
    with painter.qtbot.waitSignal(painter.window.files.said, timeout=10_000):
        painter.window.files._export(tmp_path / "own.png", shown)
    assert (tmp_path / "own.png").read_bytes() == shown.result.read_bytes()
    painter.window.preferences.change(deep_results=False)
    painter.window.document.set_settings(seed=99)
    painter.generate()
    assert painter.window.shown.result.read_bytes()[24] == 8


def test_every_picture_is_in_the_results_folder_with_its_own_seed(painter, home):
    painter.window.document.set_settings(count=2, seed=7)
    painter.generate()
    files = sorted((home / "results").glob("*.png"))
    assert [png.load_scene(file).settings.seed for file in files] == [7, 8]
    assert "Seed: 7" in png.read_parameters(files[0])
    assert painter.window.results.model.rowCount() == 2


def test_the_picture_is_on_disk_before_the_window_hears_of_it(painter, home):
    seen = []
    painter.window.generation.picture.connect(lambda *_: seen.append(len(list((home / "results").glob("*.png")))))
    painter.generate()
    assert seen == [1]


@pytest.mark.usefixtures("anywhere")
def test_the_generate_button_turns_into_cancel_and_escape_cancels(painter, home):
    painter.executor.step_seconds = 0.02
    painter.window.document.set_settings(steps=900)
    generation = painter.window.generation
    painter.click(painter.window.prompt_bar.generate)
    painter.qtbot.waitUntil(lambda: "Step" in painter.window.prompt_bar.status.text(), timeout=60_000)
    assert painter.window.prompt_bar.cancel.isVisible() and not painter.window.prompt_bar.generate.isVisible()
    with painter.qtbot.waitSignal(generation.ended, timeout=20_000):
        painter.key(Qt.Key.Key_Escape, widget=painter.window.view)
    assert painter.window.prompt_bar.status.text() == "Cancelled"
    assert not list((home / "results").glob("*.png"))


def test_each_further_generate_takes_a_new_seed_unless_it_is_locked(painter):
    document = painter.window.document
    painter.generate()
    first = document.scene.settings.seed
    painter.generate()
    second = document.scene.settings.seed
    assert first == 0 and second != first
    painter.click(painter.window.settings_panel.findChild(object, "button.generate.lock"))
    painter.generate()
    assert document.scene.settings.seed == second


def test_the_dice_can_be_undone(painter):
    painter.click(painter.window.settings_panel.findChild(object, "button.generate.dice"))
    assert painter.window.document.scene.settings.seed != 0
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.window.document.scene.settings.seed == 0


def test_a_result_comes_back_with_its_scene_and_that_is_undone(painter):
    painter.generate()
    painter.window.document.set_prompt("something else")
    painter.double_click(painter.window.results.view.viewport(), thumbnail(painter).center())
    assert painter.window.document.scene.prompt == "a lake and sky"
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.window.document.scene.prompt == "something else"


def test_results_and_stars_survive_a_restart(painter, make_window):
    painter.generate()
    strip = painter.window.results.view.viewport()
    painter.click(strip, ThumbnailDelegate.star_rect(thumbnail(painter)).center())
    painter.window.document.mark_saved()
    painter.window.close()
    again = make_window()
    again.window.gallery.refresh()
    model = again.window.results.model
    assert model.rowCount() == 1 and model.data(model.index(0), 256).starred


def test_a_deleted_result_leaves_the_strip_and_the_folder_but_not_the_disk(painter, home):
    painter.generate()
    strip = painter.window.results.view.viewport()
    painter.click(strip, ThumbnailDelegate.delete_rect(thumbnail(painter)).center())
    assert painter.window.results.model.rowCount() == 0
    assert not list((home / "results").glob("*.png"))
    assert len(list((home / "results" / "deleted").glob("*.png"))) == 1


def test_a_result_that_vanished_is_explained(painter, home):
    painter.generate()
    next((home / "results").glob("*.png")).unlink()
    painter.click(painter.window.results.view.viewport(), thumbnail(painter).center())
    assert "cannot be read" in painter.window.banner.message
    assert painter.window.results.model.rowCount() == 0


def test_thumbnails_appear(painter):
    painter.generate()
    model = painter.window.results.model
    painter.qtbot.waitUntil(lambda: model.data(model.index(0), Qt.ItemDataRole.DecorationRole) is not None)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"prompt": "  "}, "prompt"),
        ({"size": (63, 65)}, "multiples of 8"),
        ({"model": "no-such-model"}, "no-such-model"),
        ({"device": "cuda:99"}, "cuda"),
    ],
)
def test_what_cannot_be_made_is_said_in_the_banner_and_the_next_one_works(painter, change, word):
    document = painter.window.document
    good = document.scene
    if "prompt" in change:
        document.set_prompt(change["prompt"])
    elif "size" in change:
        document.set_size(change["size"])
    else:
        document.set_settings(**change)
    painter.generate()
    banner = painter.window.banner
    assert banner.isVisible() and word in (banner.message + banner.hint).lower() and banner.hint
    assert "Traceback" not in banner.message + banner.hint
    assert not banner.copy_button.isVisible()  # the log is for what is Wordbrush's own fault
    painter.click(banner.close_button)
    assert not banner.isVisible()
    document.apply(good, "Back")
    painter.generate()
    assert painter.window.shown.rgb is not None and not banner.isVisible()


def test_a_full_disk_keeps_the_picture_on_the_canvas(painter, home):
    (home / "results").mkdir(parents=True, exist_ok=True)
    (home / "results").rmdir()
    (home / "results").write_text("a file where the folder should be")
    painter.generate()
    assert painter.window.shown.rgb is not None
    assert painter.window.banner.isVisible() and "results folder" in painter.window.banner.message


def test_steps_that_cannot_be_become_the_nearest_that_can(painter):
    slider = painter.window.settings_panel.controls["steps"]
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 10))
    editor = slider._editor
    editor.selectAll()
    painter.type("0", editor)
    painter.key(Qt.Key.Key_Return, widget=editor)
    assert slider.value == 1 and painter.window.document.scene.settings.steps == 1
    assert not painter.window.banner.isVisible()


@pytest.mark.usefixtures("anywhere")
def test_live_pictures_follow_the_brush_and_are_no_results(painter, home):
    painter.click_word("lake")
    generation = painter.window.generation
    with painter.qtbot.waitSignal(generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=painter.window.view)
    with painter.qtbot.waitSignal(generation.picture, timeout=20_000):
        painter.stroke((16, 16), (40, 40))
    assert not list((home / "results").glob("*.png"))
    painter.control(Qt.Key.Key_L, widget=painter.window.view)
    assert not generation.live.on


def test_a_live_picture_says_how_many_steps_made_it(painter):
    painter.window.document.set_settings(steps=30)
    with painter.qtbot.waitSignal(painter.window.generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=painter.window.view)
    assert painter.window.shown.scene.settings.steps == LIVE_STEPS


@pytest.mark.usefixtures("anywhere")
def test_generate_while_live_makes_a_result(painter, home):
    painter.control(Qt.Key.Key_L, widget=painter.window.view)
    generation = painter.window.generation
    with painter.qtbot.waitSignal(generation.saved, timeout=60_000):
        painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    assert len(list((home / "results").glob("*.png"))) == 1


def test_closing_in_the_middle_of_a_generation_ends_the_engine(painter):
    painter.executor.step_seconds = 0.02
    painter.window.document.set_settings(steps=900)
    painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    painter.qtbot.waitUntil(lambda: "Step" in painter.window.prompt_bar.status.text(), timeout=60_000)
    painter.window.document.mark_saved()
    painter.window.close()
    assert not painter.executor.alive


def test_settings_are_set_by_hand_and_undone(painter):
    panel = painter.window.settings_panel
    painter.click(panel.seed)
    panel.seed.selectAll()
    painter.type("42", panel.seed)
    painter.key(Qt.Key.Key_Return, widget=panel.seed)
    painter.click(panel.width_box)
    panel.width_box.selectAll()
    painter.type("128", panel.width_box)
    painter.key(Qt.Key.Key_Return, widget=panel.width_box)
    sampler = panel.controls["sampler"]
    sampler.setFocus()
    painter.key(Qt.Key.Key_Down, widget=sampler)
    scene = painter.window.document.scene
    assert scene.settings.seed == 42 and scene.size == (128, 64) and scene.settings.sampler == "dpmpp_2m_karras"
    for _ in range(3):
        painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.window.document.scene.settings.seed == 0 and panel.width_box.text() == "64"


def test_after_generate_undo_is_for_the_stroke_and_not_for_the_new_seed(painter):
    word = painter.click_word("lake")
    painter.generate()
    painter.stroke((16, 16), (40, 40))
    painter.generate()
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.coverage(word) == 0


def test_a_seed_that_was_typed_is_the_one_that_is_used(painter, home):
    painter.generate()
    panel = painter.window.settings_panel
    painter.click(panel.seed)
    panel.seed.selectAll()
    painter.type("4711", panel.seed)
    painter.key(Qt.Key.Key_Return, widget=panel.seed)
    painter.generate()
    assert any(file.stem.endswith("-4711") for file in (home / "results").glob("*.png"))


def test_a_result_that_was_brought_back_is_made_again_bit_by_bit(painter):
    painter.generate()
    first, _scene = painter.window.shown.rgb, painter.window.shown.scene
    painter.double_click(painter.window.results.view.viewport(), thumbnail(painter).center())
    painter.generate()
    assert np.array_equal(painter.window.shown.rgb, first)
