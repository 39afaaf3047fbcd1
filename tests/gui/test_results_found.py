"""Results are searched, noted, deleted and put back, and two of them lie over each other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from app.image_info.displayed_image import DisplayedImage
from app.picture.split_frame import Way, difference
from canvas.files.png_prompt import prompt_of
from canvas.model.scene import Scene

PROMPTS = ("a red house by a lake", "a green tree", "a red tree at dusk, with many more words than a file name holds")


@pytest.fixture
def gallery(hands):
    """A window with three results, newest first: the last prompt."""
    window = hands.window
    for number, prompt in enumerate(PROMPTS):
        rgb = np.full((16, 16, 3), 60 * number, np.uint8)
        window.gallery.add(window.store.add(rgb, Scene(prompt=prompt, size=(16, 16)), seed=number, model="tiny"))
    return hands


def listed(hands) -> list[str]:
    return [prompt_of(result.path) for result in hands.window.results.model.listed]


def test_the_search_finds_all_words_in_prompt_or_note_and_stars_alone(gallery):
    results = gallery.window.results
    field = results.search.field
    gallery.click(field)
    gallery.type("red tree", field)
    gallery.qtbot.waitUntil(lambda: listed(gallery) == [PROMPTS[2]], timeout=5000)
    assert results.search.found.text() == "1 of 3"
    field.setText("name holds")  # only in the prompt
    gallery.qtbot.waitUntil(lambda: listed(gallery) == [PROMPTS[2]], timeout=5000)
    field.setText("for grandmother")
    gallery.qtbot.waitUntil(lambda: not listed(gallery), timeout=5000)
    gallery.key(Qt.Key.Key_Escape, widget=field)
    gallery.qtbot.waitUntil(lambda: len(listed(gallery)) == 3, timeout=5000)
    tree = results.model.listed[1]
    results.note_written.emit(tree, "  for Grandmother\n")
    results.star_asked.emit(results.model.listed[1], True)
    results.search.starred.setChecked(True)
    assert listed(gallery) == [PROMPTS[1]]
    results.search.starred.setChecked(False)
    field.setText("for grandmother")
    gallery.qtbot.waitUntil(lambda: listed(gallery) == [PROMPTS[1]], timeout=5000)
    (kept,) = [each for each in gallery.window.store.list() if each.note]
    assert kept.note == "for Grandmother" and kept.starred and kept.path == tree.path


def test_a_new_result_comes_into_sight_wherever_the_strip_was_scrolled_to(gallery):
    window, view = gallery.window, gallery.window.results.view
    view.setFixedWidth(150)
    bar = view.horizontalScrollBar()
    gallery.qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(bar.maximum())
    rgb = np.zeros((16, 16, 3), np.uint8)
    window.gallery.add(window.store.add(rgb, Scene(prompt="a lake", size=(16, 16)), seed=9, model="tiny"))
    gallery.settle()
    assert bar.value() == 0 and view.indexAt(QPoint(60, 40)).row() == 0


def test_a_note_is_written_in_a_dialog(gallery):
    panel = gallery.window.results
    panel._ask_note(panel.model.listed[0])
    (dialog,) = panel.findChildren(QInputDialog)
    assert dialog.isVisible()
    dialog.setTextValue("twilight")
    dialog.accept()
    assert panel.model.listed[0].note == "twilight"


def test_what_was_deleted_is_put_back_with_its_star(gallery):
    panel, store = gallery.window.results, gallery.window.store
    panel.star_asked.emit(panel.model.listed[1], True)
    for _ in range(2):
        panel.delete_asked.emit(panel.model.listed[1])
    assert listed(gallery) == [PROMPTS[2]] and len(store.list()) == 1
    for _ in range(2):
        gallery.window.actions_table["results.put_back"].trigger()
    assert sorted(listed(gallery)) == sorted(PROMPTS) and sum(each.starred for each in store.list()) == 1
    assert not panel.can_put_back
    gallery.window.actions_table["results.put_back"].trigger()
    assert "Nothing has been deleted" in gallery.window.status.news


def test_two_results_lie_over_each_other_and_the_handle_uncovers_one(gallery):
    window = gallery.window
    window.generation.picture.emit(DisplayedImage(np.full((64, 64, 3), 255, np.uint8), window.document.scene))
    window.gallery.compare(window.results.model.listed[0])
    view = window.comparison
    gallery.qtbot.waitUntil(lambda: len(view.tiles) == 2 and not view.isHidden())
    gallery.click(view.ways[Way.SLIDER])
    split, box = view.split, view.split.box()
    assert split.isVisible() and not view.tiles[0].isVisible()

    def seen(x: float) -> int:
        return split.grab().toImage().pixelColor(round(box.left() + x * box.width()), round(box.top() + 5)).red()

    assert (seen(0.25), seen(0.75)) == (255, 120)
    at = QPoint(round(box.left() + 0.1 * box.width()), round(box.center().y()))
    QTest.mousePress(split, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseRelease(split, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert seen(0.25) == 120 and split.share == pytest.approx(0.1, abs=0.01)
    gallery.key(Qt.Key.Key_End, widget=split)
    assert seen(0.75) == 255
    gallery.click(view.ways[Way.DIFFERENCE])
    assert "52.9 %" in split.note and seen(0.5) == 255
    window.gallery.compare(window.results.model.listed[1])  # a third: which two are compared can be chosen
    gallery.qtbot.waitUntil(lambda: len(view.tiles) == 3)
    assert split.isVisible() and all(choice.isVisible() and choice.count() == 3 for choice in view.pair)
    assert [choice.currentText()[:1] for choice in view.pair] == ["1", "2"] and "52.9 %" in split.note
    gallery.key(Qt.Key.Key_Down, widget=view.pair[1])
    assert "76.5 %" in split.note
    gallery.click(view.ways[Way.BESIDE])
    assert not split.isVisible() and all(tile.isVisible() for tile in view.tiles)


def test_the_difference_is_black_where_pictures_are_the_same():
    first = np.zeros((8, 8, 3), np.uint8)
    second = first.copy()
    second[:4, :4] = 20
    apart, mean = difference(first, second)
    assert (apart[:4, :4] == 80).all() and not apart[4:].any() and mean == pytest.approx(20 / 255 / 4)
    assert difference(first, np.zeros((16, 16, 3), np.uint8))[1] == 0
