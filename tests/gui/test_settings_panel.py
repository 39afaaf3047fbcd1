"""The settings panel by keys and mouse: what is half typed harms nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt


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
