"""The window on screens of every size and density: no text is cut, and the picture has its room."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What the window is on: the factor of the system, and the screen in pixels.
SCREENS = {"1": ((1280, 720), (3840, 2160)), "1.5": ((1920, 1080),), "2": ((3840, 2160),), "3": ((3840, 2160),)}

SHOWN = """
import os, sys
from PySide6.QtWidgets import QAbstractButton, QLabel
from app import main
from app.widgets.value_slider import ValueSlider

app = main.make_application()
window = main.make_window(app)
window.settings_panel.show_advanced(True)
window.files.load_first()
factor = float(os.environ["QT_SCALE_FACTOR"])
assert app.devicePixelRatio() == factor, app.devicePixelRatio()
for size in sys.argv[1:]:
    wide, high = (round(int(part) / factor) for part in size.split("x"))
    window.resize(wide, high)
    window.show()
    for _ in range(4):
        app.processEvents()
    assert (window.width(), window.height()) == (wide, high), (window.size(), wide, high)
    cut = []
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.wordWrap() and label.width() < label.sizeHint().width():
            cut.append(label.text())
    for button in window.findChildren(QAbstractButton):
        whole = button.fontMetrics().horizontalAdvance(button.text().replace("&", ""))
        words = not hasattr(button, "toolButtonStyle") or button.toolButtonStyle().name != "ToolButtonIconOnly"
        if button.isVisible() and words and button.width() < whole:
            cut.append(button.text())
    cut += [s.label for s in window.findChildren(ValueSlider) if s.isVisible() and s.shown_label() != s.label]
    assert not cut, (size, cut)
    view = window.view
    assert view.width() * view.height() > 0.25 * wide * high, view.size()
    picture = window.grab()
    assert (picture.width(), picture.height()) == (round(wide * factor), round(high * factor))
    if os.environ.get("WORDBRUSH_SHOTS"):
        picture.save(os.path.join(os.environ["WORDBRUSH_SHOTS"], f"{factor:g}-{size}.png"))
window.document.mark_saved()
window.generation._executor.close(1)
os._exit(0)
"""


@pytest.mark.parametrize("factor", SCREENS)
def test_no_text_is_cut_at_any_scale_of_the_screen(tmp_path, factor):
    environment = {**os.environ, "WORDBRUSH_HOME": str(tmp_path), "QT_SCALE_FACTOR": factor}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    sizes = [f"{wide}x{high}" for wide, high in SCREENS[factor]]
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, *sizes], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
