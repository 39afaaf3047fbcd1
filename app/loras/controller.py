"""LoRA files between their list and the document: added, weighed, bound to a word, switched off, removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.language import sentence, tr
from app.listed import ListController
from app.loras.panel import LORAS, LoraPanel
from app.loras.picker import LoraPicker
from app.loras.rows import choices_of, rows_of, short
from app.preferences import Preferences, Purpose
from app.session import Session
from canvas.model import edits, loras
from canvas.model.scene import Scene
from canvas.model.words import Span
from engine.catalogue import Catalogue
from engine.errors import EngineError
from engine.executor import Executor
from engine.facts import LoraFile


class LoraController(ListController):
    """Every change is one step of the document, and the list shows what the document says.

    What files say of themselves is read on a thread; where the executor's disk is not to be seen, nothing is known of
    them, and names go out as they are.
    """

    def __init__(
        self, window: QWidget, session: Session, executor: Executor, preferences: Preferences, panel: LoraPanel
    ) -> None:
        super().__init__(
            window, session, executor, preferences, thread="loras", purpose=Purpose.LORA,
            kinds=frozenset({"all", "settings", "prompt", "words", "masks"}),
        )  # fmt: skip
        self._panel = panel
        self._described: dict[str, LoraFile] = {}
        self._asked: set[str] = set()
        self._model = ""
        panel.add_asked.connect(self.choose)
        panel.files_dropped.connect(self.add_files)
        panel.weight_changed.connect(self._weigh)
        panel.on_changed.connect(self._switch)
        panel.word_changed.connect(self._bind)
        panel.trigger_asked.connect(self._call)
        panel.few_steps_asked.connect(self._hurry)
        panel.remove_asked.connect(lambda index: self._edit("Remove", index, lambda s: loras.remove(s, index)))
        panel.edit_ended.connect(self._document.end_merge)
        session.facts_changed.connect(lambda _facts: self._follow_model())
        session.models_changed.connect(lambda _models: self._ask_again())
        self._follow_model()

    # adding ------------------------------------------------------------------------------------------------------
    def choose(self) -> LoraPicker:
        """Show the files that can be called by name, and let one from anywhere be opened."""
        picker = LoraPicker(self._window)
        picker.chosen.connect(lambda file: self._add(file.name))
        picker.browse_asked.connect(self._browse)
        open_now = [picker]
        picker.finished.connect(lambda _result: open_now.clear())  # it is gone before its list may come
        catalogue, model = self._executor.catalogue(), self._model
        self._ask_again()

        def show(files: tuple[LoraFile, ...]) -> None:
            for each in open_now:
                each.show_files(files)

        if catalogue is None:
            show(())
        else:
            self._disk.run(lambda: catalogue.loras(model), show, self.failed.emit)
        picker.open()
        return picker

    def add_files(self, paths: list[Path]) -> None:
        """Add files, once they were found to be LoRAs; what else they are is said."""
        for path in paths:
            self._add_file(path)

    def _add_file(self, path: Path) -> None:
        catalogue, model = self._executor.catalogue(), self._model
        if catalogue is None:
            self._add(str(path))
            return

        def read() -> tuple[str, LoraFile]:
            found = catalogue.lora(str(path), model)
            return catalogue.lora_name(path, model) or str(path), found

        def take(found: tuple[str, LoraFile]) -> None:
            name, file = found
            self._described[name] = file
            self._asked.add(name)
            if name == str(path):
                self._preferences.add_lora(path)
            self._add(name)

        self._disk.run(read, take, self.failed.emit)

    def _add(self, file: str) -> None:
        self._apply(f"Add the LoRA “{short(file)}”", lambda scene: loras.add(scene, file))

    def _browse(self) -> None:
        self._open(tr("Open LoRA Files"), kinds=tr("LoRA files"), suffixes=LORAS)

    # edits -------------------------------------------------------------------------------------------------------
    def _weigh(self, index: int, weight: float) -> None:
        self._edit("Weight of", index, lambda scene: loras.change(scene, index, weight=weight), key="weight")

    def _switch(self, index: int, on: bool) -> None:
        self._edit("Use" if on else "Switch off", index, lambda scene: loras.change(scene, index, on=on))

    def _bind(self, index: int, span: Span | None) -> None:
        if span is not None and span[0] < 0:
            return  # the word that is gone, which it is for already
        if span is None:
            self._edit("Whole picture for", index, lambda scene: loras.change(scene, index, word=None))
            return
        word = ""

        def change(scene: Scene) -> Scene:
            nonlocal word
            scene, word = loras.bind(scene, index, span)
            return scene

        self._edit("One word for", index, change)
        if word:
            self._session.choose_word(word)

    def _call(self, words: str) -> None:
        self._apply(f"Write “{words}”", lambda scene: loras.call(scene, words))

    def _hurry(self, index: int) -> None:
        entry = loras.entries(self._document.scene)[index]
        found = self._described.get(entry.choice.file)
        if found is not None and (few := found.few_steps):
            self._apply(
                f"Few steps for “{short(entry.choice.file)}”",
                lambda scene: edits.set_settings(scene, **few.settings),
            )

    def _edit(self, verb: str, index: int, change: Callable[[Scene], Scene], *, key: str = "") -> None:
        found = loras.entries(self._document.scene)
        if index < len(found):
            name = short(found[index].choice.file)
            self._apply(f"{verb} “{name}”", change, merge=f"lora {key}:{index}" if key else None)

    # what is shown -----------------------------------------------------------------------------------------------
    def _follow_model(self) -> None:
        self._model = self._session.scene.settings.model
        self._ask_again()

    def _ask_again(self) -> None:
        """Other folders may count now: what is known of files is read anew."""
        self._asked.clear()
        self._show()

    def _show(self) -> None:
        scene = self._document.scene
        rows = rows_of(scene, self._described, self._session.facts)
        self._panel.show_rows(rows, choices_of(scene) if rows else ())
        for file in {entry.choice.file for entry in loras.entries(scene)} - self._asked:
            self._ask(file)

    def _ask(self, file: str) -> None:
        catalogue, model = self._executor.catalogue(), self._model
        if catalogue is None:
            return
        self._asked.add(file)

        def take(found: LoraFile) -> None:
            if self._described.get(file) != found:
                self._described[file] = found
                self._show()

        self._disk.run(lambda: _read(catalogue, file, model), take, self.failed.emit)


def _read(catalogue: Catalogue, file: str, model: str) -> LoraFile:
    try:
        return catalogue.lora(file, model)
    except EngineError as error:
        return LoraFile(short(file), Path(file), problem=f"{sentence(error.message)} {sentence(error.hint)}".strip())
