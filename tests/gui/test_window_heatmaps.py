"""Heatmaps in the window: seen for the word under the pointer or the chosen one, live, and kept as paint."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.image_info.displayed_image import DisplayedImage
from app.image_info.heatmaps import Heatmaps, watched_spans
from app.image_info.report import ImageReport
from app.picture import heatmap_controller
from app.storage.opened import Opened
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.view.qimage import to_rgb

PROMPT = "a lake under a red sky, a lake"
LAKE, SKY, SECOND = (2, 6), (19, 22), (26, 30)
GREY = 128


def spot(x: int, y: int, size: tuple[int, int] = (8, 8)) -> np.ndarray:
    """A heatmap `[h, w]` that is warm about one cell."""
    ys, xs = np.mgrid[: size[1], : size[0]]
    return (0.2 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / 3)).astype(np.float32)


def made(scene: Scene, size: tuple[int, int] = (8, 8), **others) -> DisplayedImage:
    """A grey picture of the scene whose lake is at the upper left, the sky at the lower right, all else in between."""
    spans = watched_spans(scene)
    places = {LAKE: (1, 1), SKY: (6, 6)}
    maps = np.stack([spot(*places.get(span, (4, 4)), size) for span in spans])
    rgb = np.full((scene.size[1], scene.size[0], 3), GREY, np.uint8)
    return DisplayedImage(rgb, scene, findings=ImageReport(Heatmaps(scene.prompt, spans, maps)), **others)


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(heatmap_controller, "DWELL_MS", 1)
    monkeypatch.setattr(heatmap_controller, "LINGER_MS", 1)


@pytest.fixture
def painter(make_window):
    """A window with a picture whose words' places are known, and nothing painted."""
    hands = make_window(Scene(prompt=PROMPT, size=(256, 256)))
    hands.window.generation.picture.emit(made(hands.window.document.scene))
    return hands


def point_at(hands, phrase: str, number: int = 1) -> None:
    """Rest the pointer on a word of the prompt."""
    viewport = hands.window.prompt_bar.prompt.viewport()
    at = hands.word_rect(phrase, number).center().toPoint()
    for place in (at + QPoint(1, 0), at):  # the pointer may be there from before
        QTest.mouseMove(viewport, place)
    hands.qtbot.wait(30)


def point_away(hands) -> None:
    viewport = hands.window.prompt_bar.prompt.viewport()
    QTest.mouseMove(viewport, QPoint(viewport.width() - 5, viewport.height() - 3))
    hands.qtbot.wait(30)


def point_at_chip(hands, word: str, *, leave: bool = False) -> None:
    chip = hands.window.words.chip(word)
    event = QEvent(QEvent.Type.Leave) if leave else QEnterEvent(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3))
    QApplication.sendEvent(chip, event)
    hands.qtbot.wait(30)


def colour_at(hands, x: float, y: float) -> tuple[int, int, int]:
    """What is seen of a place of the picture."""
    at = hands.on_canvas(x, y)
    return tuple(to_rgb(hands.window.view.grab().toImage())[at.y(), at.x()])


def shows_lake(hands) -> bool:
    """Warm at the upper left, dusk at the lower right."""
    warm, cold = colour_at(hands, 48, 48), colour_at(hands, 220, 220)
    return max(cold) < 80 and max(warm) - min(warm) > 60


def is_plain(hands) -> bool:
    return all(colour_at(hands, *place) == (GREY,) * 3 for place in ((48, 48), (220, 220)))


def test_the_word_under_the_pointer_shows_where_it_went_in_its_colour(painter):
    assert is_plain(painter)
    point_at(painter, "lake")
    assert shows_lake(painter)
    bar = painter.window.heatmap_bar
    assert bar.isVisible() and "“lake” went here" in bar.text.text()
    point_at(painter, "sky")
    warm, cold = colour_at(painter, 208, 208), colour_at(painter, 40, 40)
    assert max(warm) - min(warm) > 60 and max(cold) < 80
    point_away(painter)
    assert is_plain(painter) and not bar.isVisible()


def test_a_chip_under_the_pointer_shows_its_word_and_a_drag_on_it_the_picture(painter):
    word = painter.click_word("lake")
    point_away(painter)
    point_at_chip(painter, word)
    assert shows_lake(painter)
    painter.window.words.chip(word).strength.value_changed.emit(1.5)
    assert not painter.window.view.heatmap_shown
    point_at_chip(painter, word, leave=True)
    point_at_chip(painter, word)
    assert painter.window.view.heatmap_shown
    point_at_chip(painter, word, leave=True)
    assert not painter.window.view.heatmap_shown


def test_a_key_shows_the_chosen_words_heatmap_all_the_time_and_is_remembered(painter, make_window):
    painter.click_word("lake")
    point_away(painter)
    action = painter.window.actions_table["view.heatmaps"]
    assert not painter.window.view.heatmap_shown
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    assert action.isChecked() and shows_lake(painter)
    painter.click_word("sky")
    point_away(painter)
    assert painter.window.view.heatmap_shown and not shows_lake(painter)
    painter.window.document.mark_saved()
    painter.window.close()
    painter.window.preferences.sync()
    again = make_window(Scene(prompt=PROMPT))
    assert again.window.actions_table["view.heatmaps"].isChecked()
    again.key(Qt.Key.Key_H, widget=again.window.view)
    assert not again.window.actions_table["view.heatmaps"].isChecked()


def test_the_key_is_a_letter_where_one_writes(painter):
    painter.window.prompt_bar.prompt.setFocus()
    painter.type("h")
    assert "h" in painter.window.document.scene.prompt.replace(PROMPT, "")
    assert not painter.window.actions_table["view.heatmaps"].isChecked()


def test_it_is_out_of_the_way_of_a_stroke_and_stays_away_until_the_next_picture_or_word(painter):
    painter.click_word("lake")
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    view = painter.window.view
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, painter.on_canvas(200, 200))
    QTest.mouseMove(view, painter.on_canvas(210, 210))
    assert not view.heatmap_shown and not painter.window.heatmap_bar.isVisible()
    seen = colour_at(painter, 48, 48)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, painter.on_canvas(210, 210))
    assert seen == (GREY,) * 3 and not view.heatmap_shown
    painter.window.generation.picture.emit(made(painter.window.document.scene, live=True))
    assert not view.heatmap_shown  # live pictures come under the brush
    painter.window.generation.picture.emit(made(painter.window.document.scene))
    assert view.heatmap_shown
    painter.stroke((20, 20), (30, 30))
    painter.click_word("sky")
    assert view.heatmap_shown


def test_the_paint_gives_way_to_the_heatmap_and_comes_back(painter):
    point_at(painter, "lake")
    bare = colour_at(painter, 220, 120)
    word = painter.click_word("sky")
    painter.window.document.fill_word(word)
    point_away(painter)
    painted = colour_at(painter, 220, 120)
    assert painted != (GREY,) * 3
    point_at(painter, "lake")
    assert colour_at(painter, 220, 120) == bare
    point_away(painter)
    assert colour_at(painter, 220, 120) == painted


@pytest.mark.parametrize("size", [(256, 128), (128, 320), (64, 64)])
def test_any_shape_of_picture(make_window, size):
    hands = make_window(Scene(prompt=PROMPT, size=size))
    hands.window.generation.picture.emit(made(hands.window.document.scene, (size[0] // 8, size[1] // 8)))
    point_at(hands, "lake")
    warm, cold = colour_at(hands, 12, 12), colour_at(hands, size[0] - 5, size[1] - 5)
    assert max(warm) - min(warm) > 60 and max(cold) < 80
    hands.window.heatmap_bar.keep.click()
    (word,) = hands.window.document.scene.words
    array = hands.window.document.scene.masks[word.id].to_array()
    assert array.shape == (size[1], size[0]) and array[10, 10] == 255 and array[-1, -1] == 0


# keeping -------------------------------------------------------------------------------------------------------------
def test_one_click_on_the_canvas_makes_a_word_of_the_prompt_paint_and_one_undo_takes_it_back(painter):
    document = painter.window.document
    before = document.scene
    point_at(painter, "lake", 2)
    painter.click(painter.window.heatmap_bar.keep)
    (word,) = document.scene.words
    assert word.span == SECOND and painter.window.view.selected_word == word.id
    array = document.scene.masks[word.id].to_array()
    assert array[144, 144] == 255 and array[10, 10] == 0 and 0.01 < array.mean() / 255 < 0.3
    assert not painter.window.view.heatmap_shown  # what was made is seen
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert document.scene == before and not document.can_undo


def test_the_chips_pin_keeps_its_word_and_replaces_its_paint(painter):
    word = painter.click_word("lake")
    painter.window.document.fill_word(word)
    chip = painter.window.words.chip(word)
    assert chip.keep.isVisible()
    painter.click(chip.keep)
    array = painter.window.document.scene.masks[word].to_array()
    assert array[40, 40] == 255 and array[200, 200] == 0
    assert next(action.text() for action in chip.menu().actions() if action.isEnabled()) == "&Keep It Where It Is"
    assert painter.window.document.undo_label == "Keep “lake” where it is"


def test_the_prompts_menu_and_the_key_keep_too(painter):
    prompt = painter.window.prompt_bar.prompt
    menu = prompt.menu_at(painter.word_rect("sky").center().toPoint())
    next(action for action in menu.actions() if action.text() == "Keep It Where It Is").trigger()
    assert [word.span for word in painter.window.document.scene.words] == [SKY]
    painter.click_word("lake")
    painter.control(Qt.Key.Key_K, shift=True, widget=painter.window.view)
    lake = next(word for word in painter.window.document.scene.words if word.span == LAKE)
    assert painter.coverage(lake.id) > 0.01


def test_a_word_that_was_pushed_out_is_kept_in(painter):
    word = painter.click_word("lake")
    painter.window.document.set_strength(word, -1.0)
    painter.window.heatmaps.keep(LAKE)
    assert painter.window.document.scene.word(word).strength == 1.0


# where there is none -------------------------------------------------------------------------------------------------
def test_a_picture_without_heatmaps_says_so_quietly(painter):
    scene = painter.window.document.scene
    painter.window.generation.picture.emit(DisplayedImage(np.full((256, 256, 3), GREY, np.uint8), scene))
    point_at(painter, "lake")
    bar = painter.window.heatmap_bar
    assert is_plain(painter) and "was not measured" in bar.text.text() and not bar.keep.isVisible()
    painter.window.heatmaps.keep(LAKE)
    assert not painter.window.document.scene.words
    assert "Keep It Where It Is" not in [
        action.text() for action in painter.window.prompt_bar.prompt.menu_at(
            painter.word_rect("lake").center().toPoint()
        ).actions()
    ]  # fmt: skip
    word = painter.click_word("lake")
    assert not painter.window.words.chip(word).keep.isVisible()


def test_a_word_that_the_picture_did_not_have_says_so_and_one_that_moved_is_still_known(painter):
    painter.window.document.set_prompt("a boat on " + PROMPT)
    point_at(painter, "boat")
    assert "was not in the prompt" in painter.window.heatmap_bar.text.text()
    point_at(painter, "lake")
    assert shows_lake(painter)


def test_without_any_picture_only_who_asks_is_told(make_window):
    hands = make_window(Scene(prompt=PROMPT))
    bar = hands.window.heatmap_bar
    point_at(hands, "lake")
    assert not bar.isVisible()
    hands.click_word("lake")
    hands.key(Qt.Key.Key_H, widget=hands.window.view)
    assert bar.isVisible() and "no picture yet" in bar.text.text()


@pytest.mark.parametrize("value", [np.nan, 0.0, np.inf])
def test_a_heatmap_of_nonsense_is_none(painter, value):
    scene = painter.window.document.scene
    spans = watched_spans(scene)
    maps = np.full((len(spans), 8, 8), value, np.float32)
    rgb = np.full((256, 256, 3), GREY, np.uint8)
    painter.window.generation.picture.emit(
        DisplayedImage(rgb, scene, findings=ImageReport(Heatmaps(PROMPT, spans, maps)))
    )
    point_at(painter, "lake")
    assert is_plain(painter)
    painter.window.heatmaps.keep(LAKE)
    assert not painter.window.document.scene.words


# with the engine -----------------------------------------------------------------------------------------------------
@pytest.fixture
def engine(make_window, tiny: Settings):
    """A window with an engine and a prompt, on a tiny model."""
    return make_window(Scene(prompt=PROMPT, size=(64, 64), settings=tiny), engine=True)


def test_the_first_picture_without_any_paint_can_be_looked_at_and_becomes_a_layout(engine):
    running = []
    engine.window.generation.heatmaps.connect(running.append)
    engine.generate()
    maps = [found for found in running if found is not None]
    assert maps and running[-1] is None and all(found.spans == maps[0].spans for found in maps)
    assert set(maps[0].spans) == {LAKE, (15, 18), SKY, SECOND}
    point_at(engine, "lake")
    assert engine.window.view.heatmap_shown
    engine.click(engine.window.heatmap_bar.keep)
    (word,) = engine.window.document.scene.words
    assert word.span == LAKE and engine.coverage(word.id) > 0


@pytest.mark.usefixtures("anywhere")
def test_it_is_live_while_the_picture_comes(engine):
    engine.executor.step_seconds = 0.02
    engine.window.document.set_settings(steps=900)
    generation = engine.window.generation
    with engine.qtbot.waitSignal(generation.heatmaps, timeout=60_000):
        engine.control(Qt.Key.Key_Return, widget=engine.window.view)
    point_at(engine, "lake")
    engine.qtbot.waitUntil(lambda: engine.window.view.heatmap_shown)
    assert "so far" in engine.window.heatmap_bar.text.text()
    with engine.qtbot.waitSignal(generation.ended, timeout=20_000):
        engine.key(Qt.Key.Key_Escape, widget=engine.window.view)
    assert not engine.window.view.heatmap_shown  # a cancelled one left no picture


def test_results_in_the_strip_have_theirs_as_long_as_the_window_lives(engine):
    engine.generate()
    first = engine.window.shown
    engine.window.document.set_prompt("a red sky")
    engine.generate()
    engine.window.gallery.look(engine.window.results.model.index(1).data(256))
    engine.settle()
    assert engine.window.shown is not first and engine.window.shown.result == first.result
    assert engine.window.shown.findings.heatmaps.prompt == PROMPT
    point_at(engine, "sky")
    assert engine.window.view.heatmap_shown


def test_another_scene_takes_the_heatmaps_away(painter):
    painter.click_word("lake")
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    assert painter.window.view.heatmap_shown
    scene, _ = edits.add_word(Scene(prompt="two birds", size=(128, 64)), (4, 9))
    painter.window.session.open(Opened(scene, DisplayedImage(np.zeros((64, 128, 3), np.uint8))), None)
    assert not painter.window.view.heatmap_shown
    assert "was not measured" in painter.window.heatmap_bar.text.text()


def test_nothing_lies_over_a_comparison_and_it_comes_back_behind_it(painter):
    painter.click_word("lake")
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    bar = painter.window.heatmap_bar
    assert bar.isVisible()
    painter.window.comparing.put_beside(painter.window.shown)
    assert painter.window.comparison.isVisible() and not bar.isVisible()
    point_at(painter, "sky")
    assert not bar.isVisible()
    painter.window.comparing.leave()
    assert bar.isVisible() and painter.window.view.heatmap_shown


def test_without_a_word_the_switch_says_what_to_do(painter):
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    assert "point at a word" in painter.window.status.news


def test_a_click_on_the_bar_of_a_word_that_was_only_pointed_at_reaches_it(painter, monkeypatch):
    monkeypatch.setattr(heatmap_controller, "LINGER_MS", 60)
    point_at(painter, "lake")
    bar = painter.window.heatmap_bar
    viewport = painter.window.prompt_bar.prompt.viewport()
    QTest.mouseMove(viewport, QPoint(viewport.width() - 5, viewport.height() - 3))
    monkeypatch.setattr(bar, "underMouse", lambda: True)
    painter.qtbot.wait(120)
    assert bar.isVisible() and painter.window.view.heatmap_shown  # as long as the pointer is on the bar
    monkeypatch.setattr(bar, "underMouse", lambda: False)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    painter.qtbot.waitUntil(lambda: not bar.isVisible())


def test_the_pointer_can_be_kept_out_of_it_and_that_is_remembered(painter, make_window):
    painter.window.actions_table["view.heatmap_pointer"].trigger()
    point_at(painter, "lake")
    assert not painter.window.view.heatmap_shown
    painter.click_word("lake")
    painter.key(Qt.Key.Key_H, widget=painter.window.view)
    assert painter.window.view.heatmap_shown
    point_at(painter, "sky")
    assert shows_lake(painter)
    painter.window.preferences.sync()
    again = make_window(Scene(prompt=PROMPT))
    assert not again.window.actions_table["view.heatmap_pointer"].isChecked()


def test_an_article_has_none_to_show_and_one_that_was_picked_only_after_the_picture_says_so(painter):
    bar = painter.window.heatmap_bar
    point_at(painter, "under")
    assert not bar.isVisible()
    painter.mark("under")
    painter.key(Qt.Key.Key_Return, widget=painter.window.prompt_bar.prompt)
    point_away(painter)
    point_at(painter, "under")
    assert "Generate again" in bar.text.text()
