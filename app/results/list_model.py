"""The results as a list that Qt's views can show, with thumbnails that a thread of its own reads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from app.language import tr
from app.storage.results import Result
from app.storage.worker import Worker
from app.widgets.plain_text import plain_tip
from canvas.files.image_io import read_thumbnail
from canvas.model.errors import SceneFileError
from canvas.view.qimage import from_rgb

THUMBNAIL = 112
KEPT_THUMBNAILS = 600
HOW = (
    "Click: look at it (your scene does not change)\nDouble-click or Enter: open its scene (undo brings yours back)\n"
    "Ctrl+click two or more: compare them, by a right click"
)
MOST_COMPARED = 4  # side by side
ResultRole = int(Qt.ItemDataRole.UserRole)
ShownRole = ResultRole + 1
MarkedRole = ResultRole + 2

Index = QModelIndex | QPersistentModelIndex


def thumbnail_of(path: Path) -> QImage:
    """A picture scaled to the strip's size, cut square from its middle; null where the file cannot be read."""
    try:
        return from_rgb(read_thumbnail(path, 2 * THUMBNAIL))  # sharp on screens of double density too
    except SceneFileError:
        return QImage()


class ResultsModel(QAbstractListModel):
    """The results, and their thumbnails as a thread of its own reads them."""

    _read = Signal(str, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: list[Result] = []  # those that are shown
        self._all: list[Result] = []
        self._prompts: dict[Path, str] = {}
        self._wanted, self._starred_only = "", False
        self._shown: Path | None = None
        self._marked: list[Path] = []  # chosen to be compared, in that order
        self._thumbnails: OrderedDict[Path, QImage] = OrderedDict()
        self._asked: set[Path] = set()
        self._worker = Worker("thumbnails")
        self._read.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._results):
            return None
        result = self._results[index.row()]
        if role == ResultRole:
            return result
        if role == ShownRole:
            return result.path == self._shown
        if role == MarkedRole:
            return result.path in self._marked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            marks = [tr("starred")] * result.starred + [tr("on the canvas")] * (result.path == self._shown)
            marks += [tr("chosen to compare")] * (result.path in self._marked)
            return ", ".join([result.path.stem, *marks])
        if role == Qt.ItemDataRole.ToolTipRole:
            note = f"“{result.note}”\n" if result.note else ""
            return plain_tip(f"{result.path.stem}\n{note}{tr(HOW)}")
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(result.path)
        return None

    def show(self, results: list[Result]) -> None:
        """Show another list."""
        self.beginResetModel()
        self._all = list(results)
        self._results = [result for result in self._all if self._fits(result)]
        self.endResetModel()

    @property
    def count(self) -> int:
        """How many results there are, found by the search or not."""
        return len(self._all)

    @property
    def listed(self) -> list[Result]:
        """Those that are shown."""
        return list(self._results)

    @property
    def without_prompt(self) -> list[Path]:
        """The pictures whose prompt was not told yet."""
        return [result.path for result in self._all if result.path not in self._prompts]

    def find(self, text: str, starred: bool) -> None:
        """Show only the results that have all words of a text in prompt, note or name, and with `starred` a star."""
        if (text, starred) != (self._wanted, self._starred_only):
            self._wanted, self._starred_only = text, starred
            self.show(self._all)

    def take_prompts(self, prompts: Mapping[Path, str]) -> None:
        """What pictures were made from, to be searched."""
        self._prompts.update(prompts)
        if self._wanted:
            self.show(self._all)

    def _fits(self, result: Result) -> bool:
        if self._starred_only and not result.starred:
            return False
        words = self._wanted.casefold().split()
        text = f"{self._prompts.get(result.path, '')} {result.note} {result.path.stem}".casefold()
        return all(word in text for word in words)

    @property
    def marked_results(self) -> tuple[Result, ...]:
        """Those that were chosen to be compared, in the order in which they were; what was deleted is none of them."""
        by_path = {result.path: result for result in self._all}
        return tuple(by_path[path] for path in self._marked if path in by_path)

    def toggle_mark(self, path: Path, *, most: int) -> int:
        """Choose a result to be compared, or no longer; of more than `most` the first goes. Returns how many are."""
        if path in self._marked:
            self._marked.remove(path)
        else:
            self._marked = [*[result.path for result in self.marked_results], path][-most:]
        self._show_again()
        return len(self._marked)

    def clear_marks(self) -> None:
        """No result is chosen any more."""
        if self._marked:
            self._marked.clear()
            self._show_again()

    def _show_again(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(max(0, len(self._results) - 1)))

    def mark_shown(self, path: Path | None) -> QModelIndex:
        """Which result is on the canvas, None for none of them; where it is in the list, invalid where it is not."""
        before, self._shown = self._shown, path
        found = QModelIndex()
        for row, result in enumerate(self._results):
            if result.path in (before, path):
                self.dataChanged.emit(self.index(row), self.index(row))
            if result.path == path:
                found = self.index(row)
        return found

    def prepend(self, result: Result) -> None:
        """A new result came."""
        self._all.insert(0, result)
        if self._fits(result):
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._results.insert(0, result)
            self.endInsertRows()

    def replace(self, result: Result) -> None:
        """A result's star or note changed; a search shows it on until it is changed."""
        self._all = [result if other.path == result.path else other for other in self._all]
        for row, other in enumerate(self._results):
            if other.path == result.path:
                self._results[row] = result
                self.dataChanged.emit(self.index(row), self.index(row))

    def remove(self, result: Result) -> None:
        """A result was deleted."""
        self._all = [other for other in self._all if other.path != result.path]
        rows = [row for row, other in enumerate(self._results) if other.path == result.path]
        for row in rows:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._results[row]
            self.endRemoveRows()

    def close(self, timeout: float | None = None) -> bool:
        """Stop reading and wait for the thread; False where that took longer than `timeout` seconds."""
        return self._worker.close(timeout, drop=True)

    def _thumbnail(self, path: Path) -> QImage | None:
        image = self._thumbnails.get(path)
        if image is None and path not in self._asked:
            self._asked.add(path)
            self._worker.submit(lambda: self._read.emit(str(path), thumbnail_of(path)))
        return image

    def _take(self, name: str, image: QImage) -> None:
        path = Path(name)
        self._thumbnails[path] = image
        while len(self._thumbnails) > KEPT_THUMBNAILS:
            self._asked.discard(self._thumbnails.popitem(last=False)[0])
        for row, result in enumerate(self._results):
            if result.path == path:
                self.dataChanged.emit(self.index(row), self.index(row))
                return
