"""The pictures that ship as styles: the Style dock offers them, and takes one as it takes a drop."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

import resources
from app.styles.image_loader import Source
from app.styles.presets import references
from canvas.files.image_io import style_picture
from canvas.model.scene import Scene, Settings
from engine.scoring.style_image import reference_from_image

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
NAMES = ["Autumn paper cut", "Dusk pixels", "Mint ink", "Moonlit water colour", "Neon dots", "Sepia print"]


@pytest.fixture
def painter(make_window):
    """A window with an engine, on a model that takes styles."""
    settings = Settings(model="conditioned", device="cpu", steps=2, seed=5)
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=settings), engine=True, size=(1200, 900))


def offers(hands) -> list:
    return hands.window.styles.offers.offers


def taken(hands, count: int) -> list:
    """The scene's styles, once that many were read and their cards are there."""
    scene, panel = hands.window.document, hands.window.styles
    hands.qtbot.waitUntil(lambda: len(scene.scene.styles) == count)
    hands.qtbot.waitUntil(lambda: all(panel.card(style.id).isVisible() for style in scene.scene.styles))
    return list(scene.scene.styles)


def settled(hands) -> None:
    """All that was asked for is read, and what came of it is shown."""
    hands.window.styling._reader._worker.submit(lambda: None).result(10)
    hands.qtbot.wait(20)


def test_six_small_pictures_ship():
    assert [path.stem for path in references()] == NAMES
    for path in references():
        assert path.parent == resources.path("references") and path.stat().st_size < 40_000
        with Image.open(path) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (256, 256))


def test_a_file_that_lets_the_model_take_styles_is_seen_when_one_comes_back(make_window, tiny):
    """An IP-Adapter, say: its header is read with the model's facts, and nothing else."""
    hands = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny), engine=True, size=(1200, 900))
    window, executor = hands.window, hands.executor
    hands.qtbot.waitUntil(lambda: not window.library.busy)  # the list that a start asks for has come
    before, told = window.session.facts, []
    assert before is not None and not before.takes_styles
    window.session.facts_changed.connect(told.append)
    QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    hands.qtbot.waitUntil(lambda: not window.library.busy)
    assert told == [] and window.session.facts == before, "nothing new is told"
    executor.known[before.name] = replace(before, takes_styles=True)
    QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    hands.qtbot.waitUntil(lambda: bool(told))
    assert window.session.facts.takes_styles and len(told) == 1


def test_they_are_offered_by_name_in_squares_inside_the_dock(painter):
    assert [offer.toolTip() for offer in offers(painter)] == NAMES
    panel = painter.window.styles
    boxes = []
    for offer in offers(painter):
        assert offer.isVisible() and offer.toolTip() in offer.accessibleName()
        assert offer.width() == offer.height() >= 50
        corner = offer.mapTo(panel, QPoint(0, 0))
        boxes.append(offer.rect().translated(corner))
        assert panel.rect().left() <= boxes[-1].left() and boxes[-1].right() <= panel.rect().right()
    assert not any(one.intersects(other) for index, one in enumerate(boxes) for other in boxes[:index])
    shown = offers(painter)[0].grab().toImage()
    colours = {shown.pixelColor(x, shown.height() // 2).name() for x in range(0, shown.width(), 4)}
    assert len(colours) > 3, "the picture itself is seen"


def test_a_click_takes_one_as_a_drop_does_and_undo_offers_them_again(painter):
    window = painter.window
    painter.click(offers(painter)[5])
    (style,) = taken(painter, 1)
    assert (style.name, style.picture) == ("Sepia print", style_picture(reference_from_image(references()[5])))
    assert not window.styles.offers.isVisible() and not window.banner.isVisible()
    painter.control(Qt.Key.Key_Z, widget=window.view)
    assert not window.document.scene.styles and all(offer.isVisible() for offer in offers(painter))
    painter.control(Qt.Key.Key_Z, shift=True, widget=window.view)
    assert window.document.scene.styles == (style,) and not window.styles.offers.isVisible()


def test_a_double_click_takes_one_once(painter):
    offer, middle = offers(painter)[0], QPointF(20, 20)
    painter.click(offer, middle.toPoint())
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        QApplication.sendEvent(offer, QMouseEvent(kind, middle, offer.mapToGlobal(middle), LEFT, LEFT, NONE))
    settled(painter)
    assert [style.name for style in taken(painter, 1)] == [NAMES[0]]


def test_the_keyboard_reaches_each_and_stays_in_the_dock(painter):
    window = painter.window
    window.styles.choose.setFocus()
    painter.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.styles.search
    painter.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.styles.mood.make
    for name in NAMES:
        painter.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget().toolTip() == name
    painter.key(Qt.Key.Key_Left)
    painter.key(Qt.Key.Key_Space)
    assert [style.name for style in taken(painter, 1)] == ["Neon dots"]
    assert QApplication.focusWidget() is window.styles.choose


def test_a_style_that_was_taken_changes_what_is_made(painter):
    painter.window.actions_table["generate.lock"].trigger()
    painter.generate()
    plain = painter.window.shown.rgb
    painter.click(offers(painter)[3])
    taken(painter, 1)
    painter.generate()
    assert (painter.window.shown.rgb != plain).any()


def test_a_model_that_takes_no_style_is_offered_none(make_window, tiny):
    hands = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny), size=(1200, 900))
    assert hands.window.styles.cannot.isVisible() and not hands.window.styles.offers.isVisible()
    hands.window.document.set_settings(model="no such model")
    assert hands.window.styles.offers.isVisible(), "of a model that nobody knows it is not said"


def test_a_shipped_picture_that_is_gone_is_explained(painter):
    gone = offers(painter)[0]
    painter.window.styles.offers.taken.emit([Source("gone", path=gone.path.with_name("gone.jpg"))])
    settled(painter)
    assert painter.window.banner.isVisible() and "gone" in painter.window.banner.message
    assert not painter.window.document.scene.styles and gone.isVisible()
