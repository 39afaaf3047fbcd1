"""The models dialog and what it asks for: all on threads of their own, each thing with a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.language import in_numbers, sentence, tr
from app.library.dialog import ModelsDialog
from app.preferences import Preferences
from app.session import Session
from app.storage.background import Background
from app.widgets.plain_text import message_box
from engine.catalogue import Catalogue, Offer, Progress
from engine.errors import EngineError
from engine.executor import Executor
from resources.sizes import size_text

Buttons = QMessageBox.StandardButton


class ModelsController(QObject):
    """Shows the models dialog and does what is asked for in it; what runs goes on while the dialog is closed."""

    used = Signal(str)  # a model's name: the scene shall use it
    changed = Signal()  # other models are installed now
    _told = Signal(str, float)  # what is being done, 0..1; from any thread
    _measured = Signal(object)  # the object of a check, or its error; from the executor's thread

    def __init__(self, window: QWidget, session: Session, executor: Executor, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._session, self._executor, self._preferences = window, session, executor, preferences
        self._disk = Background("models", self)
        self._network = Background("download", self)
        self._cancel: threading.Event | None = None
        self._dialog: ModelsDialog | None = None
        self._is_closed = False
        self._told.connect(self._tell)
        self._measured.connect(self._take_measured)

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self._disk.busy or self._network.busy or self._cancel is not None

    @property
    def dialog(self) -> ModelsDialog | None:
        """The dialog, once it was shown."""
        return self._dialog

    def close(self, timeout: float | None = None) -> bool:
        """Stop what runs, and wait for it; False where that took longer than `timeout` seconds for either thread."""
        self.stop()
        self._is_closed = True
        ended = [part.close(timeout) for part in (self._network, self._disk)]
        return all(ended)

    def show(self) -> None:
        """Open the dialog, or bring it to the front; the list is read anew."""
        if self._dialog is None:
            self._dialog = dialog = ModelsDialog(self._preferences, self._window)
            dialog.use_asked.connect(self.used)
            dialog.add_asked.connect(self.add)
            dialog.remove_asked.connect(self._ask_remove)
            dialog.check_asked.connect(self.check)
            dialog.download_asked.connect(self._look_up)
            dialog.cancel_asked.connect(self.stop)
            dialog.offline_changed.connect(self._set_offline)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self.refresh()

    def stop(self) -> None:
        """Stop the download or the check that runs."""
        if self._cancel is not None:
            self._cancel.set()

    def list_models(self) -> None:
        """Find the models to choose from, the user's own folders among them, without holding up the window."""
        opened = self._preferences.models
        self._disk.run(self._session.read_models, lambda found: self._session.take_models(found, opened), self._fail)

    def look_again(self) -> None:
        """Read what the scene's model can do, as files may have been put into the folders meanwhile."""
        if not self._disk.busy and not self._is_closed:
            self._disk.run(self._session.read_facts, self._session.take_facts, self._fail)

    def refresh(self) -> None:
        """Read the list anew."""
        self.look_again()
        catalogue = self._catalogue()
        if catalogue is not None:
            if self._dialog is not None:
                self._dialog.show_looking(True)
            self._disk.run(lambda: (catalogue.list(), catalogue.offline), self._show_list, self._fail)

    def add(self, path: Path) -> None:
        """Let a model be used where it lies."""
        catalogue = self._catalogue()
        if catalogue is not None:
            self._disk.run(lambda: catalogue.add(path), lambda names: self._renew(_added(names)), self._fail)

    def check(self, name: str) -> None:
        """Check and calibrate a model, once the pictures that wait are done."""
        if self._begin(tr("Checking “{name}”", name=name)):
            assert self._cancel is not None
            self._executor.measure(
                name, self._session.scene.settings.device, progress=self._told.emit, done=self._measured.emit,
                cancel=self._cancel,
            )  # fmt: skip

    # inside ------------------------------------------------------------------------------------------------------
    def _catalogue(self) -> Catalogue | None:
        found = self._executor.catalogue()
        if found is None:
            self._say(tr("The models of this executor cannot be changed from here."))
        return found

    def _show_list(self, found: Any) -> None:
        if self._dialog is not None:
            self._dialog.show_looking(False)
            self._dialog.show_models(found[0], offline=found[1])

    def _set_offline(self, on: bool) -> None:
        catalogue = self._catalogue()
        if catalogue is not None:
            self._disk.run(lambda: catalogue.set_offline(on), lambda _nothing: self.refresh(), self._fail)

    def _ask_remove(self, name: str, detail: str, deletes: bool) -> None:
        box = message_box(self._window)
        box.setObjectName("removeQuestion")
        box.setText(tr("Remove “{name}”?", name=name))
        box.setInformativeText(detail)
        box.setStandardButtons(Buttons.Ok | Buttons.Cancel)
        box.setDefaultButton(Buttons.Cancel)
        box.button(Buttons.Ok).setText(tr("Delete") if deletes else tr("Remove"))
        box.accepted.connect(lambda: self._remove(name))
        box.open()

    def _remove(self, name: str) -> None:
        catalogue = self._catalogue()
        if catalogue is not None:
            self._disk.run(
                lambda: catalogue.remove(name),
                lambda _done: self._renew(tr("“{name}” was removed.", name=name)),
                self._fail,
            )

    def _look_up(self, source: str) -> None:
        catalogue = self._catalogue()
        if catalogue is None or not self._begin(tr("Asking for {source}", source=source)):
            return
        cancel = self._cancel
        assert cancel is not None
        self._network.run(
            lambda: (offer := catalogue.look_up(source, cancel), catalogue.describe(offer)),
            self._ask_download,
            self._fail,
        )

    def _ask_download(self, found: tuple[Offer, str]) -> None:
        """Licence and size first: nothing comes before they were seen and agreed to."""
        offer, text = found
        self._end("")
        box = message_box(self._window)
        box.setObjectName("downloadQuestion")
        box.setText(tr("Download “{name}”?", name=offer.name))
        box.setInformativeText(text)
        box.setStandardButtons(Buttons.Ok | Buttons.Cancel)
        box.setDefaultButton(Buttons.Cancel)
        box.button(Buttons.Ok).setText(tr("Download"))
        box.accepted.connect(lambda: self._download(offer))
        box.open()

    def _download(self, offer: Offer) -> None:
        catalogue = self._catalogue()
        if catalogue is None or not self._begin(tr("Downloading “{name}”", name=offer.name)):
            return
        cancel = self._cancel
        assert cancel is not None

        def report(now: Progress) -> None:
            rate = f", {in_numbers(size_text(int(now.rate)))}/s" if now.rate else ""
            self._told.emit(
                f"{now.file}: {in_numbers(size_text(now.done))}{rate}", now.done / now.total if now.total else 0.0
            )

        self._network.run(
            lambda: catalogue.download(offer, report, cancel),
            lambda name: self._renew(tr("“{name}” is installed.", name=name)),
            self._fail,
        )

    def _take_measured(self, found: Mapping[str, Any] | EngineError) -> None:
        if isinstance(found, EngineError):
            self._fail(found)
            return
        from engine.checkup.report import text

        self._renew(text(found))

    def _begin(self, text: str) -> bool:
        if self._cancel is not None:
            self._say(tr("Wait for the running task, or cancel it first."))
            return False
        self._cancel = threading.Event()
        if self._dialog is not None:
            self._dialog.show_running(text, 0.0)
        return True

    def _end(self, text: str) -> None:
        self._cancel = None
        if self._dialog is not None:
            self._dialog.show_idle(text)

    def _renew(self, text: str) -> None:
        self._end(text)
        self.changed.emit()
        self.refresh()

    def _fail(self, error: Any) -> None:
        if self._dialog is not None:
            self._dialog.show_looking(False)
        self._end(f"{sentence(error.message)} {sentence(error.hint)}")

    def _say(self, text: str) -> None:
        if self._dialog is not None:
            self._dialog.say(text)

    def _tell(self, text: str, fraction: float) -> None:
        if self._dialog is not None and self._cancel is not None:
            self._dialog.show_running(text, fraction)


def _added(names: tuple[str, ...]) -> str:
    return (
        tr("“{value}” is in the list.", value=names[0])
        if len(names) == 1
        else tr("{count} models are in the list.", count=len(names))
    )
