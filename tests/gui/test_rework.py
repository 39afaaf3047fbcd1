"""Working on a picture: repaint a selection or a word's paint, vary, fill, refine; each begins from what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from app.image_info.displayed_image import DisplayedImage
from app.rework.edit_dialog import EditDialog
from app.rework.editing import words_to_weigh
from app.storage.queue_entry import Waiting, packed, unpacked
from canvas.files import png
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.paint import selecting, shapes


@pytest.fixture
def painter(make_window, tiny: Settings):
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


@pytest.fixture
def with_picture(painter):
    painter.generate()
    return painter


def select(painter, box: tuple[int, int, int, int]) -> None:
    scene = painter.window.document.scene
    patch = shapes.rectangle(box[:2], box[2:], scene.size)
    painter.window.document.apply(scene.replace(selection=selecting.of_patch(patch, scene.size)), "Select")


def last(painter):
    return [request for request in painter.executor.requests if not request.live][-1]


def slide(slider, value: float) -> None:
    """As by hand: a value that is only shown is not announced."""
    slider.set_value(value)
    slider.value_changed.emit(value)


def wait(painter) -> None:
    painter.qtbot.waitUntil(lambda: not len(painter.window.session.jobs), timeout=30_000)


def test_without_a_picture_there_is_nothing_to_work_on(painter):
    table = painter.window.actions_table
    assert not any(table[f"rework.{name}"].isEnabled() for name in ("repaint", "vary", "refine"))
    select(painter, (8, 8, 40, 40))
    assert not painter.window.rework_bar.isVisible()


def test_a_selection_is_repainted_from_the_bar_with_its_strength(with_picture):
    shown, bar = with_picture.window.shown.rgb, with_picture.window.rework_bar
    select(with_picture, (8, 8, 40, 60))
    assert bar.isVisible() and bar.button.text() == "Repaint" and bar.width() >= bar.sizeHint().width()
    slide(bar.slider, 40)
    with_picture.click(bar.button)
    wait(with_picture)
    start = last(with_picture).start
    assert np.array_equal(start.rgb, shown) and start.strength == pytest.approx(0.4)
    assert start.mask[20, 20] == 255 and start.mask[4, 4] == 0
    assert with_picture.window.shown.rgb is not shown, "the result is on the canvas"


def test_the_chosen_words_paint_is_what_is_made_anew_without_a_selection(with_picture):
    document = with_picture.window.document
    word = document.add_word((2, 6))
    with_picture.window.session.choose_word(word)
    with_picture.window.actions_table["rework.repaint"].trigger()
    assert last(with_picture).start is None, "it has no paint yet"
    patch = shapes.rectangle((10, 10), (20, 20), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    with_picture.control(Qt.Key.Key_R, widget=with_picture.window.view)
    start = last(with_picture).start
    assert start.mask.sum() == 255 * 100 and start.context is not None, "a small area is worked on by itself"
    wait(with_picture)


def test_a_variation_begins_from_the_picture_with_another_seed(with_picture):
    shown, before = with_picture.window.shown.rgb, last(with_picture).picture.seed
    with_picture.window.actions_table["rework.vary"].trigger()
    request = last(with_picture)
    assert request.start.mask is None and np.array_equal(request.start.rgb, shown) and request.picture.seed != before
    assert with_picture.window.document.scene.settings.seed == before, "the scene keeps its own"
    wait(with_picture)


def test_a_picture_is_varied_by_its_own_tokens_where_the_model_reads_pictures(with_picture):
    window, bar = with_picture.window, with_picture.window.rework_bar
    noise, tokens = bar.ways.actions()
    assert bar.ways.isEnabled() and noise.isChecked() and not tokens.isEnabled()
    assert "no picture tokens" in tokens.toolTip() and bar.slider.label == "Strength"
    window.document.apply(edits.set_settings(window.document.scene, model="conditioned"), "Choose a model")
    assert tokens.isEnabled()
    tokens.trigger()
    assert tokens.isChecked() and bar.slider.label == "Likeness" and bar.strength == 1.0
    slide(bar.slider, 75)
    shown = window.shown.rgb
    with_picture.click(bar.button)
    request = last(with_picture)
    (own,) = request.conditioning.styles
    assert request.start is None and np.array_equal(own.rgb, shown) and own.strength == 0.75
    assert not window.document.scene.styles, "the scene keeps its own"
    wait(with_picture)
    begun = window.shown.begun
    assert begun.kind == "tokens" and begun.strength == 0.75 and begun.complete
    entry = Waiting(window.document.scene, kind="tokens", begun=begun)
    assert unpacked(packed(entry), entry.scene).begun.kind == "tokens"
    assert np.array_equal(unpacked(packed(entry), entry.scene).begun.rgb, shown)
    assert window.actions_table["rework.again"].isEnabled()
    window.document.apply(edits.set_settings(window.document.scene, model="tiny"), "Choose a model")
    assert noise.isChecked() and bar.slider.label == "Strength", "a model without falls back to noise"


def test_edited_words_keep_the_picture(with_picture):
    document, bar = with_picture.window.document, with_picture.window.rework_bar
    word = document.add_word((2, 6))
    patch = shapes.rectangle((10, 10), (40, 40), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    with_picture.generate()
    seed = last(with_picture).picture.seed
    document.set_prompt("a house and sky")
    assert bar.isVisible() and bar.button.text() == "Edit words"
    slide(bar.slider, 30)
    with_picture.click(bar.button)
    request = last(with_picture)
    assert request.edit.prompt == "a lake and sky" and request.edit.keep_cross == pytest.approx(0.7)
    assert request.picture.seed == seed and [each.span for each in request.text.words] == [(2, 7)], "it has the paint"
    job = next(iter(with_picture.window.session.jobs))
    again = unpacked(packed(Waiting(job.scene, kind="edit", begun=job.begun)), job.scene)
    assert again.begun.complete and again.begun.edit.words[0].span == (2, 6), "it survives a restart"
    wait(with_picture)
    assert with_picture.window.shown.begun.kind == "edit"
    document.undo()
    assert not [each for each in document.scene.words if each.span], "one step takes the paint back"


def test_words_are_edited_in_detail_without_another_prompt(with_picture):
    bar, window = with_picture.window.rework_bar, with_picture.window
    assert bar.details.isEnabled()
    bar.details.trigger()
    dialog = next(each for each in window.findChildren(EditDialog) if each.isVisible())
    assert [text for _span, text in words_to_weigh(window.document.scene)] == ["lake", "sky"]
    slide(dialog.kept, 70)
    slide(dialog.shapes, 10)
    slide(dialog.weights[1][1], 2.5)
    dialog.accept()
    edit = last(with_picture).edit
    assert (edit.prompt, edit.keep_cross, edit.keep_self) == ("a lake and sky", 0.7, 0.1)
    assert [(each.span, each.weight) for each in edit.weights] == [((11, 14), 2.5)]
    wait(with_picture)
    kept = png.read_all(window.shown.result).begun
    assert kept.complete and kept.edit.weights == (((11, 14), 2.5),)
    assert not bar.details.isEnabled() and window.actions_table["rework.again"].isEnabled()
    window.actions_table["rework.again"].trigger()
    assert last(with_picture).edit.weights == edit.weights
    wait(with_picture)


def test_a_repainted_part_keeps_to_its_shape(with_picture):
    document, bar = with_picture.window.document, with_picture.window.rework_bar
    word = document.add_word((2, 6))
    patch = shapes.rectangle((10, 10), (40, 40), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    with_picture.window.session.choose_word(word)
    bar.shapes.actions()[2].trigger()
    with_picture.window.actions_table["rework.repaint"].trigger()
    start = last(with_picture).start
    assert start.shape is not None and start.shape.inverted and start.shape.prompt == "a lake and sky"
    job = next(iter(with_picture.window.session.jobs))
    again = unpacked(packed(Waiting(job.scene, kind="repaint", begun=job.begun)), job.scene)
    assert (again.begun.shape, again.begun.shows) == ("picture", "a lake and sky"), "it survives a restart"
    wait(with_picture)
    assert with_picture.window.shown.begun.shape == "picture"
    bar.shapes.actions()[0].trigger()
    assert with_picture.window.preferences.values.rework_shape == ""


def test_refine_asks_for_twice_the_size(with_picture):
    asked_dialog(with_picture, "rework.refine").accept()
    request, before = last(with_picture), with_picture.window.shown.findings.heatmaps
    assert request.refine.scale == 2 and request.start.strength == 0
    began_from = with_picture.window.shown.result.name
    wait(with_picture)
    kept = png.read_all(with_picture.window.shown.result)
    assert "Size: 128x128" in kept.parameters and f"Init image: {began_from}" in kept.parameters
    assert kept.scene.size == (64, 64) and np.array_equal(kept.begun.rgb, request.start.rgb)
    known = with_picture.window.shown.findings.heatmaps
    assert known.maps is before.maps and known.former and not before.former, "of the picture before it, and says so"
    with_picture.window.heatmaps.hover((2, 6))
    with_picture.qtbot.waitUntil(with_picture.window.heatmap_bar.isVisible)
    assert "before the picture was refined" in with_picture.window.heatmap_bar.text.text()


def test_a_larger_canvas_is_filled_around_the_picture(with_picture):
    shown, bar = with_picture.window.shown.rgb, with_picture.window.rework_bar
    _crop(with_picture, (128, 64))
    assert bar.isVisible() and bar.button.text() == "Fill" and not bar.slider.isVisible()
    with_picture.click(bar.button)
    start = last(with_picture).start
    assert start.rgb.shape == (64, 128, 3) and start.mask[32, 2] == 255 and start.mask[32, 64] == 0
    assert np.array_equal(start.rgb[:, 56:72], shown[:, 24:40])
    wait(with_picture)


def test_undo_after_a_repaint_first_brings_the_former_picture_back(with_picture):
    window = with_picture.window
    undo, redo = (window.actions_table[f"edit.{name}"] for name in ("undo", "redo"))
    window.document.set_prompt(window.document.scene.prompt + " and sun")
    window.document.end_merge()
    first, scene = window.shown.rgb, window.document.scene
    window.actions_table["rework.vary"].trigger()
    wait(with_picture)
    second = window.shown.rgb
    assert second is not first and "New picture" in undo.text()
    window.document.set_prompt(scene.prompt + " and a boat")
    undo.trigger()  # what came later goes first
    assert window.document.scene is scene and window.shown.rgb is second
    undo.trigger()
    assert window.document.scene is scene and window.shown.rgb is first and "New picture" not in undo.text()
    redo.trigger()
    assert window.shown.rgb is second and "New picture" in undo.text()
    undo.trigger()
    undo.trigger()
    assert window.document.scene is not scene and window.shown.rgb is first
    redo.trigger()
    assert window.document.scene is scene
    redo.trigger()
    assert window.shown.rgb is second


def test_the_canvas_takes_the_size_of_a_refined_picture_as_one_step(with_picture):
    window, bar = with_picture.window, with_picture.window.rework_bar
    assert bar.grow.isHidden() and window.status.size_said == "64 × 64"
    large = np.zeros((128, 128, 3), np.uint8)
    window.generation.picture.emit(DisplayedImage(large, window.document.scene))
    assert window.status.size_said == "Picture 128 × 128 · Canvas 64 × 64"
    assert bar.grow.text() == "Canvas to 128 × 128" and "64 × 64" in bar.button.toolTip()
    before = window.document.scene
    with_picture.click(bar.grow)
    assert window.document.scene.size == (128, 128) and window.shown.rgb is large and bar.grow.isHidden()
    assert window.status.size_said == "128 × 128"
    window.document.undo()
    assert window.document.scene is before and not bar.grow.isHidden()
    for other in (np.zeros((128, 64, 3), np.uint8), np.zeros((32, 32, 3), np.uint8)):  # another shape, and smaller
        window.generation.picture.emit(DisplayedImage(other, window.document.scene))
        assert bar.grow.isHidden()


def test_what_is_larger_than_its_canvas_is_said_to_be_scaled_down(with_picture):
    window = with_picture.window
    window.generation.picture.emit(DisplayedImage(np.zeros((128, 128, 3), np.uint8), window.document.scene))
    said = "The picture has 128 × 128 pixels; the result is as large as the canvas: "
    window.actions_table["rework.vary"].trigger()
    answer(with_picture, "Scale It to 64 × 64")
    assert window.status.news == f"{said}64 × 64."
    wait(with_picture)
    window.generation.picture.emit(DisplayedImage(np.zeros((128, 128, 3), np.uint8), window.document.scene))
    _crop(with_picture, (128, 64))
    with_picture.click(window.rework_bar.button)
    assert window.status.news == f"{said}128 × 64."
    wait(with_picture)


def test_a_refined_picture_is_worked_on_at_its_own_size(with_picture):
    window, scene = with_picture.window, with_picture.window.document.scene
    large = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    select(with_picture, (8, 8, 40, 40))
    window.generation.picture.emit(DisplayedImage(large, scene))
    selected = window.document.scene
    with_picture.click(window.rework_bar.button)
    before = last(with_picture)
    assert before.start is None, "first the size is asked for"
    answer(with_picture, "Cancel")
    assert last(with_picture) is before and window.document.scene is selected
    with_picture.click(window.rework_bar.button)
    answer(with_picture, "Work at 128 × 128")
    start = last(with_picture).start
    assert np.array_equal(start.rgb, large) and window.document.scene.size == (128, 128)
    assert start.mask[20:76, 20:76].all() and not start.mask[:14].any(), "the selection is as large, too"
    wait(with_picture)
    for _ in range(2):
        window.actions_table["edit.undo"].trigger()
    assert window.document.scene is selected and window.shown.rgb is large
    dialog = asked_after(with_picture, "rework.extend", "Scale It to 64 × 64")
    assert "128 × 128" in dialog.scaled.text() and dialog.scaled.isVisible()
    dialog.reject()
    dialog = asked_after(with_picture, "rework.refine", "Work at 128 × 128")
    assert "128 × 128 pixels become 256 × 256" in dialog.becomes.text()
    dialog.reject()


def answer(painter, text: str) -> None:
    (box,) = [each for each in painter.window.findChildren(QMessageBox) if each.isVisible()]
    (button,) = [each for each in box.buttons() if each.text().replace("&", "") == text]
    painter.click(button)
    painter.window.activateWindow()


def asked_after(painter, action: str, text: str):
    painter.window.actions_table[action].trigger()
    answer(painter, text)
    dialogs = painter.window.findChildren(QDialog)
    (dialog,) = [each for each in dialogs if each.isVisible() and not isinstance(each, QMessageBox)]
    return dialog


def test_paint_at_the_edges_continues_into_an_extended_canvas_as_one_step(with_picture):
    document = with_picture.window.document
    word = document.add_word((2, 6))
    patch = shapes.rectangle((40, 30), (64, 64), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    before = document.scene
    for grows in (True, False):
        dialog = asked_dialog(with_picture, "rework.extend")
        assert dialog.grow_paint.isVisible() and dialog.grow_paint.isChecked()
        dialog.boxes["right"].setValue(32)
        dialog.grow_paint.setChecked(grows)
        dialog.accept()
        mask = document.scene.masks[word].to_array()
        assert document.scene.size == (96, 64) and mask[31:, 64:].all() == grows and mask[:, 64:].any() == grows, (
            "a lake"
        )
        assert [each.mask[:, 64:].any() for each in last(with_picture).text.words] == [grows]
        wait(with_picture)
        with_picture.window.actions_table["edit.undo"].trigger()  # the picture that fills it
        with_picture.window.actions_table["edit.undo"].trigger()
        assert document.scene is before


def _crop(painter, size: tuple[int, int]) -> None:
    painter.window.session.crop(size, (0.5, 0.5))


def test_the_bar_keeps_a_strength_for_each_of_repaint_and_vary_and_the_picture_lies_above_it(with_picture):
    bar, kept = with_picture.window.rework_bar, with_picture.window.preferences
    assert bar.isVisible() and bar.button.text() == "Vary" and bar.strength == pytest.approx(0.6)
    view = with_picture.window.view
    assert view.viewport.view_rect((0, 0, 64, 64), margin=0)[3] + view.viewport.corner[1] <= bar.y() - view.y() + 1
    slide(bar.slider, 30)
    select(with_picture, (8, 8, 40, 40))
    assert bar.button.text() == "Repaint" and bar.strength == pytest.approx(0.7)
    assert (kept.values.rework_vary, kept.values.rework_repaint) == (pytest.approx(0.3), 0.7)
    bar.target.setCurrentIndex(1)
    bar.target.activated.emit(1)
    with_picture.click(bar.button)
    request = last(with_picture)
    assert request.start.mask is None and request.start.strength == pytest.approx(0.3)
    wait(with_picture)
    with_picture.window.actions_table["view.rework_bar"].trigger()
    assert not bar.isVisible() and not kept.values.show_rework_bar


def test_a_words_menu_repaints_its_paint_with_the_context_that_was_chosen(with_picture):
    window = with_picture.window
    word, other = window.document.add_word((2, 6)), window.document.add_word((11, 14))
    patch = shapes.rectangle((10, 10), (20, 20), (64, 64))
    window.document.apply(window.document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    window.session.choose_word(other)
    window.rework_bar.context_chosen.emit("all")
    menu = window.words.chip(word).menu()
    (act,) = [each for each in menu.actions() if "epaint" in each.text().replace("&", "")]
    act.trigger()
    start = last(with_picture).start
    assert start.mask.sum() == 255 * 100 and start.context is None
    wait(with_picture)
    assert not next(
        each for each in window.words.chip(other).menu().actions() if "epaint" in each.text().replace("&", "")
    ).isEnabled()


def test_refine_asks_how_and_remembers_it(with_picture, tmp_path):
    dialog = asked_dialog(with_picture, "rework.refine")
    assert dialog.strength.value == 35 and "64 × 64 pixels become 128 × 128" in dialog.becomes.text()
    dialog.scale.setCurrentIndex(1)
    slide(dialog.strength, 0)
    assert "192 × 192" in dialog.becomes.text() and "at once" in dialog.becomes.text()
    dialog.accept()
    request = last(with_picture)
    assert (request.refine.scale, request.refine.strength, request.refine.upscaler) == (3, 0.0, "")
    wait(with_picture)
    again = asked_dialog(with_picture, "rework.refine")
    assert again.scale.currentData() == 3 and again.share == 0
    again.take(str(tmp_path / "sharp.safetensors"))
    assert again.upscaler.currentText() == "sharp"
    assert with_picture.window.preferences.values.upscalers == (str(tmp_path / "sharp.safetensors"),)
    again.reject()


def test_an_edge_is_dragged_out_and_what_is_new_is_filled(with_picture):
    dialog = asked_dialog(with_picture, "rework.extend")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    view = dialog.view
    edge, scale = view.canvas_rect(), view.picture_rect().width() / 64
    start = QPoint(round(edge.right()), round(edge.center().y()))
    with_picture.drag(view, start, start + QPoint(round(30 * scale), 0))
    assert dialog.boxes["right"].value() == pytest.approx(30, abs=1) and dialog.boxes["left"].value() == 0
    assert dialog.margins == (0, 0, 32, 0), "a width that the model can make"
    shown = with_picture.window.shown.rgb
    dialog.accept()
    start = last(with_picture).start
    assert with_picture.window.document.scene.size == (96, 64) and np.array_equal(start.rgb[:, :48], shown[:, :48])
    wait(with_picture)
    assert with_picture.window.shown.begun.kind == "extend"


def test_a_result_begins_again_from_its_start_and_a_file_makes_the_same_picture(with_picture):
    window = with_picture.window
    before = window.shown.result
    window.actions_table["rework.vary"].trigger()
    wait(with_picture)
    varied = window.shown
    assert varied.begun.name == before.name and window.actions_table["rework.again"].isEnabled()
    window.files.load(varied.result)
    with_picture.settle()
    assert window.document.scene.settings.seed == varied.scene.settings.seed
    window.actions_table["rework.again"].trigger()
    same = last(with_picture)
    assert same.picture.seed == varied.scene.settings.seed and np.array_equal(same.start.rgb, varied.begun.rgb)
    wait(with_picture)
    assert np.array_equal(window.shown.rgb, varied.rgb)
    window.actions_table["rework.again"].trigger()
    assert last(with_picture).picture.seed != same.picture.seed, "then with others"
    wait(with_picture)
    for what in ("vary", "again"):
        window.results.rework_asked.emit(window.results.model.listed[-1 if what == "vary" else 0], what)
        with_picture.settle()
        wait(with_picture)
    assert last(with_picture).start is not None


def asked_dialog(painter, action: str):
    painter.window.actions_table[action].trigger()
    (dialog,) = [each for each in painter.window.findChildren(QDialog) if each.isVisible()]
    return dialog
