"""Takes the README's pictures of the real window: `xvfb-run -a python packaging/screenshots.py`."""

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
from PySide6.QtCore import QSize  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.main import make_application, make_window, show_window  # noqa: E402
from app.window.main_window import MainWindow  # noqa: E402
from canvas.files import ora  # noqa: E402

FOLDER = ROOT / "packaging" / "screenshots"
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


def shoot(window: MainWindow, name: str) -> None:
    """Write one picture of the window, as WebP: a quarter of a PNG's bytes, without its bands in few colours."""
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    rgb = np.ascontiguousarray(rows[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3))
    Image.fromarray(rgb).save(FOLDER / f"{name}.webp", quality=82, method=6)
    print(FOLDER / f"{name}.webp")


def main() -> None:
    """Before, during and after a generation, and where a word went."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    app = make_application()
    window = make_window(app)
    window.preferences.change(theme="dark", toured=True)
    show_window(window)
    window.resize(QSize(1400, 900))
    rest(app, 6)
    window.document.load(ora.load(EXAMPLE), None)
    rest(app, 1)
    shoot(window, "before")
    seen: list[object] = []
    window.generation.preview.connect(lambda rgb, _place: seen.append(rgb))
    window.actions_table["generate.run"].trigger()
    wait(app, lambda: len(seen) >= 9)
    shoot(window, "during")
    wait(app, lambda: not window.generation.running)
    rest(app, 1)
    shoot(window, "after")
    house = next(word for word in window.document.scene.words if word.phrase == "red house")
    window.words.hovered.emit(house.id, True)
    wait(app, lambda: window.view.heatmap_shown)
    shoot(window, "heatmap")
    window.close()
    rest(app, 0.5)


if __name__ == "__main__":
    main()
