"""Takes the pictures of the real window in `packaging/screenshots`, of all states or of those named:

`xvfb-run -a python packaging/screenshots.py [STATE...]`. Each state begins in a window of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["WORDBRUSH_HOME"] = tempfile.mkdtemp(prefix="wordbrush-")

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QPoint, QSize, Qt  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from app.main import make_application, make_window, show_window  # noqa: E402
from app.picture.split_frame import Way  # noqa: E402
from app.preferences import Preferences  # noqa: E402
from app.rework.grid_axes import STRENGTHS  # noqa: E402
from app.rework.grid_dialog import GridDialog  # noqa: E402
from app.window.main_window import MainWindow  # noqa: E402
from app.window.preferences_dialog import PreferencesDialog  # noqa: E402
from canvas.files import ora  # noqa: E402

FOLDER = ROOT / "packaging" / "screenshots"
MAIN = ("before", "during", "after", "heatmap")
SHIPPED = {True: (1120, 66), False: (860, 54)}
"""Width and quality of the README's pictures and of the others, which together are to stay small."""
LARGE, SMALL = QSize(1400, 900), QSize(1280, 760)
EXAMPLE = ROOT / "resources" / "examples" / "1 Red house by the lake.ora"


def wait(app: QApplication, until: Callable[[], bool], seconds: float = 120) -> None:
    """Let the window live until something is so.

    Raises:
        TimeoutError: it did not come.
    """
    end = time.monotonic() + seconds
    while not until():
        app.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there in time")
        time.sleep(0.005)


def rest(app: QApplication, seconds: float) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    wait(app, lambda: time.monotonic() > end)


def shoot(widget: QWidget, name: str) -> None:
    """Write one picture of the window, as WebP: a quarter of a PNG's bytes, without its bands in few colours."""
    grabbed = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(grabbed.constBits(), np.uint8).reshape(grabbed.height(), grabbed.bytesPerLine())
    rgb = np.ascontiguousarray(rows[:, : grabbed.width() * 3].reshape(grabbed.height(), grabbed.width(), 3))
    width, quality = SHIPPED[name in MAIN]
    picture = Image.fromarray(rgb)
    picture.thumbnail((width, width), Image.Resampling.LANCZOS)
    picture.save(FOLDER / f"{name}.webp", quality=quality, method=6)
    print(FOLDER / f"{name}.webp", flush=True)


class Stage:
    """A window of its own, and what a person does in it."""

    def __init__(self, app: QApplication, *, theme: str = "dark", language: str = "en", size: QSize = SMALL) -> None:
        self.app = app
        settings = Preferences()
        settings.change(theme=theme, language=language, toured=True)
        settings.sync()
        self.window = make_window(app)
        show_window(self.window)
        self.window.resize(size)
        rest(app, 2)
        wait(app, lambda: self.window.session.facts is not None)

    def load(self) -> MainWindow:
        """Open the first example, without its picture."""
        self.window.document.load(ora.load(EXAMPLE), None)
        rest(self.app, 1)
        return self.window

    def act(self, name: str) -> None:
        """What a menu's entry or a key does."""
        self.window.actions_table[name].trigger()

    def make(self) -> None:
        """Make a picture, and wait for it."""
        self.act("generate.run")
        self.finish()

    def finish(self) -> None:
        """Wait until all that waits is made."""
        wait(self.app, lambda: not self.window.generation.running and not len(self.window.session.jobs))
        rest(self.app, 1)

    def stroke(self, *points: tuple[float, float]) -> None:
        """Drag over the picture, through points that are shares of its sides."""
        view = self.window.view
        size = view.viewport.picture
        spots = [view.viewport.to_view(x * size[0], y * size[1]) for x, y in points]
        first, last = (QPoint(round(x), round(y)) for x, y in (spots[0], spots[-1]))
        QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
        for x, y in spots[1:]:
            QTest.mouseMove(view, QPoint(round(x), round(y)))
            rest(self.app, 0.05)
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last)

    def close(self) -> None:
        """End it without a question."""
        self.window.document.mark_saved()
        self.window.close()
        rest(self.app, 1)


def picture_book(app: QApplication) -> None:
    """Before, during and after a generation, and where a word went: those that the README shows."""
    stage = Stage(app, size=LARGE)
    window = stage.load()
    shoot(window, "before")
    seen: list[object] = []
    window.generation.preview.connect(lambda rgb, _place: seen.append(rgb))
    stage.act("generate.run")
    wait(app, lambda: len(seen) >= 9)
    shoot(window, "during")
    stage.finish()
    shoot(window, "after")
    house = next(word for word in window.document.scene.words if word.phrase == "red house")
    window.words.hovered.emit(house.id, True)
    wait(app, lambda: window.view.heatmap_shown)
    shoot(window, "heatmap")
    stage.close()


def tour(app: QApplication) -> None:
    """The first start: the tour over an example."""
    stage = Stage(app)
    stage.act("help.tour")
    rest(app, 2)
    balloon = stage.window.tour.balloon
    assert balloon is not None
    balloon.next_asked.emit()
    rest(app, 0.5)
    shoot(stage.window, "tour")
    stage.close()


def live(app: QApplication) -> None:
    """Live mode, while a word is painted."""
    stage = Stage(app)
    window = stage.load()
    seen: list[object] = []
    window.generation.picture.connect(seen.append)
    window.generation.preview.connect(lambda rgb, _place: seen.append(rgb))
    stage.act("generate.live")
    rest(app, 12)
    stage.stroke((0.2, 0.25), (0.4, 0.2), (0.6, 0.22))
    rest(app, 6)
    shoot(window, "live")
    stage.act("generate.live")
    stage.finish()
    stage.close()


def compare(app: QApplication) -> None:
    """Two pictures over each other, and the handle between them."""
    stage = Stage(app)
    window = stage.load()
    stage.make()
    window.setting.change(seed=window.session.scene.settings.seed + 7)
    stage.make()
    window.gallery.compare(window.results.model.listed[1])
    wait(app, lambda: len(window.comparison.tiles) == 2 and not window.comparison.isHidden())
    window.comparison.ways[Way.SLIDER].click()
    rest(app, 1)
    shoot(window, "compare")
    stage.close()


def grid(app: QApplication) -> None:
    """The dialog that asks for a grid."""
    stage = Stage(app)
    window = stage.load()
    house = next(word for word in window.document.scene.words if word.phrase == "red house")
    window.session.choose_word(house.id)
    stage.act("generate.grid")
    dialog = window.findChild(GridDialog)
    assert dialog is not None
    wait(app, dialog.isVisible)
    dialog.columns.choose(next(way for way in dialog.ways if way.over == STRENGTHS))
    dialog.accept()
    rest(app, 2)
    stage.finish()
    window.titles["Results"].fold(False)
    rest(app, 1)
    window.gallery.look(window.results.model.listed[0])
    rest(app, 1)
    shoot(window, "grid")
    stage.close()


def colours(app: QApplication) -> None:
    """Colours under the words, from which a picture begins."""
    stage = Stage(app)
    window = stage.load()
    stage.make()
    stage.act("colour.from_picture")
    stage.act("view.overlays")
    rest(app, 1)
    stage.act("colour.paint")
    stage.stroke((0.1, 0.75), (0.5, 0.8), (0.9, 0.74))
    rest(app, 1)
    shoot(window, "colours")
    stage.close()


def queue(app: QApplication) -> None:
    """The queue, while the first of its pictures is made."""
    stage = Stage(app)
    window = stage.load()
    for _ in range(4):
        stage.act("generate.run")
        window.setting.change(seed=window.session.scene.settings.seed + 1)
    window.queueing.button.click()
    rest(app, 3)
    shoot(window, "queue")
    stage.finish()
    stage.close()


def preferences(app: QApplication) -> None:
    """The page of preferences."""
    stage = Stage(app)
    stage.act("edit.preferences")
    dialog = stage.window.findChild(PreferencesDialog)
    assert dialog is not None
    wait(app, dialog.isVisible)
    rest(app, 0.5)
    shoot(dialog, "preferences")
    dialog.close()
    stage.close()


def contrast(app: QApplication) -> None:
    """The theme of high contrast."""
    stage = Stage(app, theme="contrast")
    stage.load()
    stage.make()
    stage.act("view.overlays")
    rest(app, 0.5)
    shoot(stage.window, "contrast")
    stage.close()


def german(app: QApplication) -> None:
    """The window in German, in the light theme."""
    stage = Stage(app, theme="light", language="de")
    stage.load()
    stage.make()
    shoot(stage.window, "german")
    stage.close()


STATES = (picture_book, tour, live, compare, grid, colours, queue, preferences, contrast, german)


def main(names: list[str]) -> None:
    """Take them all, or those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = make_application()
    for state in STATES:
        if not names or state.__name__ in names:
            state(app)


if __name__ == "__main__":
    main(sys.argv[1:])
