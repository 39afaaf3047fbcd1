"""Control pictures between their group and the document: added, changed, removed; one undo step for each change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.controls.panel import PICTURES, ControlPanel
from app.language import tr
from app.listed import ListController
from app.preferences import Preferences, Purpose
from app.session import Session
from canvas.files.image_io import control_picture, read_rgb
from canvas.model import edits
from canvas.model.control import Control
from canvas.model.scene import acting_words
from canvas.paint.outline import outlines
from engine.executor import Executor

_DRAGGED = ("strength", "window")
_VERBS = {
    "kind": "Kind of",
    "prepare": "Use of",
    "model": "ControlNet of",
    "strength": "Strength of",
    "window": "Steps of",
}


class ControlsController(ListController):
    """The group shows what the document says; pictures and the list of ControlNets are read on a thread."""

    def __init__(
        self, window: QWidget, session: Session, executor: Executor, preferences: Preferences, panel: ControlPanel
    ) -> None:
        super().__init__(
            window, session, executor, preferences, thread="controls", purpose=Purpose.CONTROL,
            kinds=frozenset({"all", "controls", "words", "masks"}),
        )  # fmt: skip
        self._panel = panel
        self._models: tuple[str, ...] = ()
        self._asked = False
        panel.add_asked.connect(self.choose)
        panel.sketch_asked.connect(self._sketch)
        panel.files_dropped.connect(self.add_files)
        panel.changed.connect(self._change)
        panel.remove_asked.connect(self._remove)
        panel.edit_ended.connect(self._document.end_merge)
        session.models_changed.connect(lambda _models: self._ask_again())
        self._show()

    def choose(self) -> None:
        """Let pictures be opened."""
        self._open(tr("Choose Control Pictures"), kinds=tr("Pictures"), suffixes=PICTURES)

    def add_files(self, paths: list[Path]) -> None:
        """Add pictures, each once it was read."""
        for path in paths:
            name = "".join(c if c.isprintable() else " " for c in path.stem).strip() or tr("Picture")
            self._disk.run(lambda path=path: control_picture(read_rgb(path)), self._taker(name), self.failed.emit)  # type: ignore[misc]

    def _sketch(self) -> None:
        scene = self._document.scene
        self._disk.run(
            lambda: control_picture(outlines(scene)), self._taker(tr("Outlines of the paint")), self.failed.emit
        )

    def _taker(self, name: str) -> Callable[[bytes], None]:
        def take(picture: bytes) -> None:
            self._apply(f"Add “{name}”", lambda scene: edits.add_control(scene, Control(name, picture)))

        return take

    def _change(self, index: int, field: str, value: object) -> None:
        scene = self._document.scene
        if index < len(scene.controls):
            label = f"{_VERBS[field]} “{scene.controls[index].name}”"
            merge = f"control {field}:{index}" if field in _DRAGGED else None
            self._apply(label, lambda scene: edits.change_control(scene, index, **{field: value}), merge=merge)

    def _remove(self, index: int) -> None:
        scene = self._document.scene
        if index < len(scene.controls):
            name = scene.controls[index].name
            self._apply(f"Remove “{name}”", lambda scene: edits.remove_control(scene, index))

    def _ask_again(self) -> None:
        self._asked = False
        self._show()

    def _show(self) -> None:
        scene = self._document.scene
        self._panel.show_controls(scene.controls, self._models, painted=bool(acting_words(scene)))
        if scene.controls and not self._asked:
            self._asked = True
            catalogue = self._executor.catalogue()
            if catalogue is not None:
                self._disk.run(catalogue.controls, self._list, self.failed.emit)

    def _list(self, models: tuple[str, ...]) -> None:
        if models != self._models:
            self._models = models
            self._show()
