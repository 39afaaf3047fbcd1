"""Start-up in the right order: the window is on screen before torch is imported."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.storage import opened
from canvas.files import ora
from canvas.model import edits
from canvas.model.scene import Scene

ROOT = Path(__file__).parents[2]

SHOWN = """
import sys
from app import main
app = main.make_application()
window = main.make_window(app)
main.show_window(window)
app.processEvents()
assert window.isVisible()
heavy = {"torch", "diffusers", "transformers"} & set(sys.modules)
assert not heavy or window.generation._executor.own._thread.is_alive(), heavy
window.generation._executor.close(1)
import os
os._exit(0)
"""

BUILT = """
import sys
from app import main
app = main.make_application()
window = main.make_window(app)
window.open_first(None)
window.show()
app.processEvents()
assert not {"torch", "diffusers", "transformers"} & set(sys.modules)
window.close()
"""

WHOLE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app import main
QTimer.singleShot(0, lambda: None)
app = main.make_application()

def leave():
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    assert sys.getswitchinterval() < 0.001
    window.close()

QTimer.singleShot(300, leave)
sys.exit(main.run(sys.argv[1] if len(sys.argv) > 1 else None))
"""


def start(code: str, home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WORDBRUSH_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", code, *args], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(("cores", "said"), [(2, "1"), (16, "None")])
def test_on_few_cores_qt_draws_without_threads_of_its_own(home, cores, said):
    code = f"import os; os.cpu_count = lambda: {cores}; import app.main; print(os.environ.get('QT_NO_GUI_THREADPOOL'))"
    environment = {name: value for name, value in os.environ.items() if name != "QT_NO_GUI_THREADPOOL"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.stdout.split() == [said], run.stderr


def test_the_window_is_painted_before_torch_is_imported(home):
    run = start(BUILT, home)
    assert run.returncode == 0, run.stderr


def test_the_engine_starts_after_the_window_is_shown(home):
    run = start(SHOWN, home)
    assert run.returncode == 0, run.stderr


def test_the_program_runs_and_ends_with_0(home):
    run = start(WHOLE, home)
    assert run.returncode == 0, run.stderr


def test_a_file_that_is_not_there_opens_the_window_all_the_same(home):
    run = start(WHOLE, home, "/no/such/file.ora")
    assert run.returncode == 0, run.stderr


KILLED = """
import os, signal, sys
from PySide6.QtCore import QTimer
from app import main
app = main.make_application()

def work():
    window = next(w for w in app.topLevelWidgets() if w.objectName() == "mainWindow")
    window.document.set_prompt("not saved yet")
    os.kill(os.getpid(), signal.SIGTERM)

QTimer.singleShot(300, work)
sys.exit(main.run())
"""


def test_told_to_end_by_the_system_unsaved_work_is_kept_and_nothing_is_asked(home):
    run = start(KILLED, home)
    assert run.returncode == 0, run.stderr
    assert len(list((home / "autosave").glob("*.ora"))) == 1


def test_at_start_the_brushs_keys_act_at_once(make_window):
    hands = make_window(Scene(prompt="a lake"))
    assert hands.window.view.hasFocus()
    before = hands.window.view.brush.diameter
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_BracketRight)
    assert hands.window.view.brush.diameter > before


def test_where_nothing_is_written_yet_one_writes_at_once(make_window):
    hands = make_window()
    assert hands.window.prompt_bar.prompt.hasFocus()
    hands.type("a lake")
    assert hands.window.document.scene.prompt == "a lake"


def test_a_new_scene_is_written_at_once_too(make_window):
    hands = make_window(Scene(prompt="a lake"))
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    assert hands.window.prompt_bar.prompt.hasFocus()


def test_what_is_pressed_and_typed_while_the_first_file_is_read_is_not_lost(make_window, tmp_path, monkeypatch):
    path = tmp_path / "lake.ora"
    scene, _word = edits.add_word(Scene(prompt="a lake", size=(64, 64)), (2, 6))
    ora.save(path, scene)
    hands = make_window()
    window = hands.window
    window.hide()
    may_read, read = threading.Event(), opened.read
    monkeypatch.setattr(opened, "read", lambda path: may_read.wait(20) and read(path))
    window.open_first(path)
    window.show()
    hands.qtbot.waitUntil(lambda: window.windowHandle().isExposed())
    handle = window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=window.view.mapTo(window, window.view.rect().center()))
    may_read.set()
    hands.qtbot.waitUntil(lambda: window.document.path == path)
    hands.settle()
    assert window.document.undo_label.startswith("Paint")
