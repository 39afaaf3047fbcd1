"""The fidelity dial in the settings dock, what it says, and its pieces under the fold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt

from canvas.model.fidelity import FidelityPieces
from canvas.model.scene import Scene, Settings


def box(hands):
    return hands.window.settings_panel.fidelity


def fidelity(hands):
    return hands.window.document.scene.settings.fidelity


def test_the_dial_sets_the_scenes_fidelity_and_says_what_that_is(hands):
    dial = box(hands).dial
    assert fidelity(hands) is None and dial.value is None and dial.text().startswith("auto")
    hands.drag(dial, QPoint(4, 14), QPoint(dial.width() // 3, 14), QPoint(dial.width() - 1, 14))
    assert fidelity(hands) == 1.0
    for word in ("rest", "apart", "steps"):
        assert word in box(hands).note.text()
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert fidelity(hands) is None and dial.value is None  # a whole drag is one step
    hands.window.document.set_settings(fidelity=0.0)
    assert "nothing is forced" in box(hands).note.text()
    hands.double_click(dial, QPoint(20, 14))
    assert fidelity(hands) is None


def test_each_piece_is_set_alone_under_the_fold_beginning_with_what_the_dial_gave(hands):
    panel = box(hands)
    hands.window.document.set_settings(fidelity=1.0)
    assert not panel.pieces.isVisible()
    hands.click(panel.fold)
    assert panel.pieces.isVisible()
    assert (panel.containment.value, panel.separation.value, panel.gradient.value) == (1.0, 1.0, 5.0)
    panel.gradient.setFocus()
    hands.key(Qt.Key.Key_Left, widget=panel.gradient)
    assert fidelity(hands) == FidelityPieces(1.0, 1.0, 4) and isinstance(fidelity(hands).gradient_steps, int)
    hands.key(Qt.Key.Key_Left, widget=panel.separation)
    assert fidelity(hands) == FidelityPieces(1.0, 0.95, 4)
    assert panel.dial.value is None and panel.dial.text() == "by hand" and "95%" in panel.note.text()
    hands.drag(panel.dial, QPoint(2, 14), QPoint(30, 14), QPoint(panel.dial.width() // 2, 14))
    assert isinstance(fidelity(hands), float) and panel.gradient.value == 0.0


def test_it_reaches_the_engine_and_is_kept(make_window, tiny: Settings):
    from app.generation.request_builder import request_from_scene
    from engine.protocol import Fidelity

    scene = Scene(prompt="a lake", settings=Settings(fidelity=FidelityPieces(0.5, 0.25, 2)))
    asked = request_from_scene(scene, id="r").conditioning.fidelity
    assert asked == Fidelity(containment=0.5, separation=0.25, gradient_steps=2)
    assert request_from_scene(Scene(prompt="a", settings=Settings(fidelity=0.5)), id="r").conditioning.fidelity == 0.5
    assert request_from_scene(Scene(prompt="a"), id="r").conditioning.fidelity is None


def test_what_the_dial_says_brings_no_torch():
    code = "import sys; import app.window.main_window; sys.exit('torch' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=120).returncode == 0
