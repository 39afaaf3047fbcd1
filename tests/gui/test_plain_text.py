"""A scene full of HTML, shown in the whole window: nothing is read as HTML, loaded or laid out for minutes."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from canvas.files import ora
from canvas.files.image_io import style_picture
from canvas.model import edits
from canvas.model.scene import Scene, Settings

TAG = "<img src=/etc/passwd>"
TABLES = "<table><tr><td>" * 400
TEXTS = (TAG, TABLES[:3000], "<a href=x>link</a>")


def nasty() -> Scene:
    prompt = f"a lake, {TAG} and {TEXTS[2]} {TABLES}"
    scene = Scene(prompt, TAG, size=(64, 64), settings=Settings(model=TAG, device="cpu"))
    for text in (TAG, TEXTS[2]):
        at = prompt.index(text)
        scene, word = edits.add_word(scene, (at, at + len(text)))
        scene = edits.fill_word(scene, word)
    scene, lost = edits.add_word(scene, (2, 6))
    word = scene.word(lost)
    scene = scene.with_word(word.__class__(lost, TAG, None, color=word.color, pattern=word.pattern))
    for text in TEXTS:
        scene, style = edits.add_style(scene, text, style_picture(np.zeros((8, 8, 3), np.uint8)))
        scene = edits.set_style_area(scene, style, True)
    return scene


def seen(window: QWidget) -> list[str]:
    """What Qt would draw as HTML and what of it is not ours."""
    bad = []
    for label in window.findChildren(QLabel):
        rich = label.textFormat() != Qt.TextFormat.PlainText and "<" in label.text()
        if rich and any(text in label.text() for text in ("<img", "<table")):
            bad.append(f"label {label.objectName()}: {label.text()[:80]}")
    for thing in [window, *window.findChildren(QWidget), *window.findChildren(QAction)]:
        if any(text in thing.toolTip() for text in ("<img", "<table", "<a href")):
            bad.append(f"tip of {thing.objectName()}: {thing.toolTip()[:80]}")
    return bad


def test_nothing_of_a_scene_is_drawn_as_html(make_window, tmp_path) -> None:
    begun = time.monotonic()
    ora.save(tmp_path / f"{TEXTS[2].replace('/', '')}.ora", nasty(), picture=np.zeros((64, 64, 3), np.uint8))
    hands = make_window(nasty())
    window = hands.window
    hands.drop(next(tmp_path.glob("*.ora")))
    window.document.clear_word(window.document.scene.words[0].id)
    window.document.set_strength(window.document.scene.words[0].id, 1.5)
    QApplication.processEvents()
    assert [style.name for style in window.document.scene.styles] == list(TEXTS)
    assert seen(window) == []
    assert time.monotonic() - begun < 60
