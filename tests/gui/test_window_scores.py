"""Scores in the window: on the chips and for the picture, stale after changes, and one click against what strays."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.image_info.displayed_image import DisplayedImage
from app.image_info.report import ImageReport
from app.image_info.scores import Score, Verdict
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask
from canvas.view.qimage import to_rgb
from engine import LocalExecutor
from tests.gui.dialogs import answer_dialog


def painted(size=(64, 64), settings: Settings | None = None) -> Scene:
    """A lake and a sky, both all over the canvas."""
    scene = Scene(prompt="a lake and sky", size=size, settings=settings or Settings(seed=7))
    for span in ((2, 6), (11, 14)):
        scene, word = edits.add_word(scene, span)
        scene = edits.fill_word(scene, word)
    return scene


GOOD, LOW = Score(0.9, 0.8), Score(0.1, 0.0)


def picture(scene: Scene, lake: Score = GOOD, sky: Score = LOW, **others) -> DisplayedImage:
    rgb = np.full((*scene.size[::-1], 3), 90, np.uint8)
    return DisplayedImage(rgb, scene, findings=ImageReport(scores={"w1": lake, "w2": sky}), **others)


@pytest.fixture
def painter(make_window):
    """A window with a picture whose lake obeys and whose sky strays."""
    hands = make_window(painted())
    hands.window.generation.picture.emit(picture(hands.window.document.scene))
    return hands


def lights(hands):
    return [hands.window.words.chip(word).score for word in ("w1", "w2")]


def verdicts(hands) -> list[Verdict]:
    return [light.verdict for light in lights(hands)]


def said(hands) -> tuple[str, str]:
    """What the dock and the status bar say of the whole picture, empty for nothing."""
    whole, label = hands.window.words.whole, hands.window.status.score
    return (whole.line.text() if whole.isVisible() else "", label.text() if label.isVisible() else "")


def test_each_word_has_one_light_and_a_weak_one_is_told_without_its_colour(painter):
    lake, sky = lights(painter)
    assert verdicts(painter) == [Verdict.GOOD, Verdict.WEAK]
    grey = [to_rgb(light.grab().toImage()).astype(float).mean(axis=2) for light in (lake, sky)]
    assert np.abs(grey[0] - grey[1]).mean() > 4  # another shape, not only another colour
    assert "where you painted it" in lake.toolTip() and "Raise its strength" in sky.toolTip()
    assert not any("%" in light.toolTip() for light in (lake, sky)) and sky.accessibleName() == sky.toolTip()


def test_the_whole_picture_is_told_above_the_button_and_in_the_status_bar(painter):
    assert said(painter) == ("1 word may be missing",) * 2 and painter.window.words.whole.boost.isVisible()
    painter.window.generation.picture.emit(picture(painter.window.document.scene, sky=GOOD))
    assert said(painter) == ("2 words in place",) * 2 and not painter.window.words.whole.boost.isVisible()


@pytest.mark.parametrize("score", [Score(1.0, 0.0), Score(0.1, 0.3), Score(0.95), Score(0.2)])
def test_where_the_signs_differ_or_say_too_little_nothing_is_lit(painter, score):
    painter.window.generation.picture.emit(picture(painter.window.document.scene, score, score))
    assert verdicts(painter) == [Verdict.UNSURE] * 2 and said(painter) == ("", "")
    assert not any(light.toolTip() for light in lights(painter))
    blank = to_rgb(lights(painter)[0].grab().toImage())
    assert (blank == blank[0, 0]).all()


def test_where_nobody_recognises_anything_attention_alone_offers_the_boost_and_lights_nothing(painter):
    scene = painter.window.document.scene
    painter.window.generation.picture.emit(picture(scene, Score(0.9), Score(0.05)))
    assert verdicts(painter) == [Verdict.UNSURE] * 2
    assert said(painter) == ("1 word drew little attention",) * 2
    boost = painter.window.words.whole.boost
    assert boost.isVisible() and "attention alone" in boost.toolTip()
    painter.click(boost)
    assert [word.strength for word in painter.window.document.scene.words] == [1.0, 1.5]
    painter.window.generation.picture.emit(picture(painter.window.document.scene, Score(0.9), Score(0.6)))
    assert said(painter) == ("", "") and not boost.isVisible()


def test_without_scores_there_is_nothing(painter):
    painter.window.generation.picture.emit(
        DisplayedImage(np.zeros((64, 64, 3), np.uint8), painter.window.document.scene)
    )
    assert verdicts(painter) == [Verdict.UNSURE] * 2 and said(painter) == ("", "")


def test_a_light_goes_out_when_its_word_changes_and_undo_lights_it_again(painter):
    painter.window.document.clear_word("w2")
    assert verdicts(painter) == [Verdict.GOOD, Verdict.UNSURE]
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert verdicts(painter) == [Verdict.GOOD, Verdict.WEAK]


def test_a_stroke_puts_the_light_of_its_word_out(painter):
    painter.window.view.set_selected_word("w2")
    painter.window.view.use_eraser()
    painter.stroke((10, 10), (30, 30))
    assert verdicts(painter) == [Verdict.GOOD, Verdict.UNSURE]


def test_an_exported_picture_brings_its_scores_back_in_another_window(painter, make_window, tmp_path):
    painter.control(Qt.Key.Key_E, widget=painter.window.view)
    answer_dialog(painter, tmp_path / "out.png")
    other = make_window()
    other.control(Qt.Key.Key_O, widget=other.window.view)
    answer_dialog(other, tmp_path / "out.png")
    other.qtbot.waitUntil(lambda: other.window.words.chip("w1") is not None)
    assert verdicts(other) == [Verdict.GOOD, Verdict.WEAK]
    other.window.document.clear_word("w2")
    assert verdicts(other) == [Verdict.GOOD, Verdict.UNSURE]


def test_a_result_that_is_looked_at_shows_its_own(painter):
    scene = painter.window.document.scene
    painter.window.on_canvas.look(picture(scene, LOW, GOOD))
    assert verdicts(painter) == [Verdict.WEAK, Verdict.GOOD]
    painter.window.on_canvas.go_back()
    assert verdicts(painter) == [Verdict.GOOD, Verdict.WEAK]


# strengthening -------------------------------------------------------------------------------------------------------
@pytest.fixture
def runs(painter, monkeypatch):
    """What is generated, as (seed, strengths)."""
    made = []

    def generate(*, locked):
        scene = painter.window.document.scene
        made.append((scene.settings.seed, [word.strength for word in scene.words]))

    monkeypatch.setattr(painter.window.generation, "generate", generate)
    return made


def test_what_strays_is_stronger_and_the_same_seed_runs_again(painter, runs):
    button = painter.window.words.whole.boost
    assert "“sky” 1.00 → 1.50" in button.toolTip() and "at most 2.00" in button.toolTip()
    painter.window.session.seed_used = 7  # as after Generate, which else draws another
    before = painter.window.document.scene
    painter.click(button)
    assert runs == [(7, [1.0, 1.5])]
    assert painter.window.words.chip("w2").strength.value == 1.5
    assert "“sky” 1.00 → 1.50" in painter.window.status.news
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.window.document.scene == before and not painter.window.document.can_undo


def test_it_runs_with_the_seed_of_the_picture_that_is_shown(painter, runs):
    scene = painter.window.document.scene
    painter.window.document.set_settings(seed=99)
    painter.window.on_canvas.look(picture(edits.set_settings(scene, seed=8)))
    painter.window.actions_table["word.strengthen"].trigger()
    assert runs == [(8, [1.0, 1.5])]


def test_at_the_limit_it_says_so_and_runs_nothing(painter, runs):
    painter.window.document.set_strength("w2", 2.0)
    painter.window.generation.picture.emit(picture(painter.window.document.scene))
    painter.click(painter.window.words.whole.boost)
    assert runs == [] and "at the limit" in painter.window.status.news


def test_where_nothing_strays_it_says_so(painter, runs):
    painter.window.generation.picture.emit(picture(painter.window.document.scene, sky=Score(0.9, 0.9)))
    painter.window.actions_table["word.strengthen"].trigger()
    assert runs == [] and painter.window.status.news.startswith("No word is known to be weak")


def test_before_any_picture_and_after_changes_it_says_what_to_do(painter, runs):
    painter.window.document.clear_word("w1")
    painter.window.actions_table["word.strengthen"].trigger()
    assert runs == [] and "generate first" in painter.window.status.news
    painter.window.generation.picture.emit(DisplayedImage())
    painter.window.actions_table["word.strengthen"].trigger()
    assert runs == [] and "not measured" in painter.window.status.news


def test_sixty_four_words_at_their_limits(make_window):
    prompt = " ".join(f"thing{index}" for index in range(64))
    scene, at = Scene(prompt=prompt, size=(64, 64)), 0
    for index, name in enumerate(prompt.split()):
        scene, word = edits.add_word(scene, (at, at + len(name)))
        scene = edits.change_word(edits.fill_word(scene, word), word, strength=2.0 if index % 2 else -2.0)
        at += len(name) + 1
    hands = make_window(edits.set_settings(scene, fidelity=1.0))
    scores = {word.id: Score(0.0, 0.0) for word in scene.words}
    hands.window.generation.picture.emit(
        DisplayedImage(np.zeros((64, 64, 3), np.uint8), scene, findings=ImageReport(scores=scores))
    )
    hands.window.actions_table["word.strengthen"].trigger()
    said = hands.window.status.news
    assert "at the limit" in said and "60 more" in said and "fidelity" in said
    assert not hands.window.document.can_undo


# with the engine -----------------------------------------------------------------------------------------------------
def test_a_real_run_measures_and_strengthens(make_window, real_tiny: Settings):
    hands = make_window(painted(settings=real_tiny), engine=True, executor=LocalExecutor())
    hands.generate()
    scores = hands.window.shown.findings.scores
    assert set(scores) == {"w1", "w2"} and all(0 <= score.obedience <= 1 for score in scores.values())
    seed = hands.window.document.scene.settings.seed
    hands.window.generation.picture.emit(picture(hands.window.document.scene))
    with hands.qtbot.waitSignal(hands.window.generation.ended, timeout=60_000):
        hands.click(hands.window.words.whole.boost)
    made_by = hands.window.shown.scene
    assert made_by.settings.seed == seed and made_by.word("w2").strength == 1.5


def test_areas_of_one_pixel_the_same_area_twice_and_everything_at_the_dials_end(make_window, real_tiny: Settings):
    scene = painted(settings=real_tiny)
    scene, word = edits.add_word(scene, (7, 10))
    array = np.zeros((64, 64), np.uint8)
    array[3, 5] = 255
    scene = edits.set_mask(scene, word, TiledMask.from_array(array))
    scene = edits.change_word(edits.change_word(scene, "w1", strength=2.0), "w2", strength=-2.0)
    hands = make_window(edits.set_settings(scene, fidelity=1.0), engine=True, executor=LocalExecutor())
    errors = []
    hands.window.generation.failed.connect(errors.append)
    hands.generate()
    assert errors == [] and hands.window.shown.rgb is not None
    for score in hands.window.shown.findings.scores.values():
        assert all(value is None or 0 <= value <= 1 for value in (score.obedience, score.seen))
    heatmaps = hands.window.shown.findings.heatmaps
    assert np.isfinite(heatmaps.maps).all()
    for each in hands.window.document.scene.words:
        hands.window.heatmaps.keep(each.span)
        assert hands.window.document.scene.masks[each.id].to_array().any()
