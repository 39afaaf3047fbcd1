"""The preferences file: read once, field by field, and written whole; and what the window asks of it."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.paths import Paths
from app.preferences import ini
from app.preferences.values import RECENT_LIMIT, WHOLE, Purpose, Values, check, from_json, to_json
from canvas.files import atomic
from canvas.model.errors import SaveError

FILE_NAME = "preferences.json"
OLD_FILE_NAME = "settings.ini"
SET_ASIDE_NAME = "preferences.damaged.json"
LARGEST_FILE = 1_000_000  # bytes
SAVE_DELAY_MS = 500

_log = logging.getLogger(__name__)


class Preferences(QObject):
    """Typed preferences: read them from `values`, change them with `change`; a change is on disk a moment later.

    Several windows may be open: each writes what it changed itself and leaves the rest as it finds it in the file.
    """

    changed = Signal(str)  # the name of a field of `Values`
    theme_changed = Signal(str)
    recent_changed = Signal()

    def __init__(self, folders: Paths | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folders = folders or Paths.of_user()
        self.path = self.folders.config / FILE_NAME
        self._changed: set[str] = set()
        self._notices: list[tuple[str, str]] = []
        self._values = self._read(first=True)
        self._timer: QTimer | None = None

    @property
    def values(self) -> Values:
        """All values as they are now."""
        return self._values

    def change(self, **fields: Any) -> None:
        """Change values by the names of `Values`' fields; nothing happens where they are so already.

        Raises:
            AttributeError, TypeError, ValueError: there is no such field, or the value may not stand in it.
        """
        for name, value in fields.items():
            check(name, value)
        new = {name for name, value in fields.items() if getattr(self._values, name) != value}
        if not new:
            return
        self._values = dataclasses.replace(self._values, **{name: fields[name] for name in new})
        self._changed |= new
        self._save_soon()
        for name in sorted(new):
            self.changed.emit(name)
        if "theme" in new:
            self.theme_changed.emit(self._values.theme)
        if "recent" in new:
            self.recent_changed.emit()

    def sync(self) -> None:
        """Write what changed to disk now; a disk that cannot be written is logged, and the session goes on."""
        if self._timer is not None:
            self._timer.stop()
        if not self._changed:
            return
        found = dataclasses.replace(
            self._read(first=False), **{name: getattr(self._values, name) for name in self._changed}
        )
        try:
            self.folders.config.mkdir(parents=True, exist_ok=True)
            atomic.write(self.path, json.dumps(to_json(found), indent=1).encode(), private=True)
        except (OSError, SaveError) as error:
            _log.warning("The preferences could not be saved: %s", getattr(error, "details", "") or error)
            return
        self._changed.clear()

    def take_notices(self) -> list[tuple[str, str]]:
        """What was wrong with the file, once: each a sentence and a hint for the user."""
        notices, self._notices = self._notices, []
        return notices

    # files and folders -------------------------------------------------------------------------------------------
    @property
    def recent(self) -> list[Path]:
        """Files opened or saved last, newest first; those that are gone are left out."""
        return [path for path in map(Path, self._values.recent) if path.is_file()]

    def add_recent(self, path: Path) -> None:
        """Put `path` first in the list of recent files."""
        self.change(recent=_first(path, self.recent))

    def clear_recent(self) -> None:
        """Forget the recent files."""
        self.change(recent=())

    @property
    def models(self) -> list[Path]:
        """Models of the user's own, opened last first; those that are gone are left out."""
        return [path for path in map(Path, self._values.models) if path.exists()]

    def add_model(self, path: Path) -> None:
        """Remember a model, so that scenes made with it find it again."""
        self.change(models=_first(path, self.models))

    @property
    def loras(self) -> list[Path]:
        """LoRA files from folders of the user's own, opened last first; those that are gone are left out."""
        return [path for path in map(Path, self._values.loras) if path.is_file()]

    def add_lora(self, path: Path) -> None:
        """Remember a LoRA file, so that scenes made with it find it again."""
        self.change(loras=_first(path, self.loras))

    def folder_for(self, purpose: Purpose) -> Path:
        """The folder a file dialog for `purpose` opens in."""
        stored = self._values.folders.get(purpose, "")
        if stored and Path(stored).is_dir():
            return Path(stored)
        return self.folders.config.parent if self.folders.private else Path(platformdirs.user_documents_dir())

    def remember_folder(self, purpose: Purpose, folder: Path) -> None:
        """Open the next dialog for `purpose` in `folder`."""
        self.change(folders={**self._values.folders, str(purpose): str(folder)})

    # window ------------------------------------------------------------------------------------------------------
    def take_layout(self) -> tuple[bytes, bytes]:
        """`(geometry, state)` of the window to restore, empty where there is none.

        From here until `layout_held` the layout is on trial: where the program ends meanwhile, the next start goes
        without it.
        """
        if self._values.layout_on_trial:
            _log.warning("The window did not open with the layout that it had last; it opens with the first one.")
            self._notices.append(
                ("The panels are back in their default places.", "The window did not open with its last layout.")
            )
            self.change(window_geometry=b"", window_state=b"", layout_on_trial=False)
            self.sync()
        elif self._values.window_geometry or self._values.window_state:
            self.change(layout_on_trial=True)
            self.sync()  # a crash leaves no time to do it later
        return self._values.window_geometry, self._values.window_state

    def layout_held(self) -> None:
        """The window stands on the screen: its layout is good."""
        self.change(layout_on_trial=False)

    def set_layout(self, geometry: bytes, state: bytes) -> None:
        """Remember where the window and its docks are."""
        self.change(window_geometry=geometry, window_state=state, layout_on_trial=False)

    # keys --------------------------------------------------------------------------------------------------------
    def shortcut(self, action: str) -> str | None:
        """The user's own keys for an action as portable text (`Ctrl+G; F5`), None where the default rules."""
        return self._values.shortcuts.get(action)

    def set_shortcut(self, action: str, keys: str | None) -> None:
        """Give an action keys of the user's own; None returns it to the default."""
        others = {name: own for name, own in self._values.shortcuts.items() if name != action}
        self.change(shortcuts=others if keys is None else {**others, action: keys})

    # file --------------------------------------------------------------------------------------------------------
    def _read(self, *, first: bool) -> Values:
        try:
            if not self.path.is_file():  # or it is a pipe, which would keep us waiting
                return self._read_old() if first else Values()
            with self.path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError as error:
            _log.warning("The preferences could not be read, the defaults hold: %s", error)
            if first:
                self._notices.append(
                    (
                        "Your preferences could not be read. Wordbrush started with its defaults.",
                        f"Make sure that you can read “{self.path}”, then start Wordbrush again.",
                    )
                )
            return Values()
        try:
            if len(data) > LARGEST_FILE:
                raise ValueError(f"{len(data)} bytes and more")
            values, faults = from_json(json.loads(data))
        except (ValueError, RecursionError) as error:
            _log.info("%s is no JSON: %s", self.path.name, type(error).__name__)
            values, faults = Values(), [WHOLE]
        if faults and first:
            _log.warning("In %s this is damaged, its default holds: %s", self.path.name, ", ".join(faults))
            self._notices.append(self._set_aside() if WHOLE in faults else _some_damaged(faults))
        return values

    def _set_aside(self) -> tuple[str, str]:
        """Give the damaged file another name; what is said of it."""
        said = "Your preferences were damaged. Wordbrush started with its defaults."
        aside = self.path.with_name(SET_ASIDE_NAME)
        try:
            os.replace(self.path, aside)
        except OSError as error:
            _log.warning("The damaged preferences could not be set aside: %s", error)
            return said, "The damaged file is replaced as soon as you change a preference."
        return said, f"The damaged file was kept as “{aside}”."

    def _read_old(self) -> Values:
        """The plain values of the settings file of older versions, once: from here on there is a new one."""
        old = self.folders.config / OLD_FILE_NAME
        try:
            values = ini.read(old)
        except OSError:
            return Values()
        self._changed |= {
            each.name
            for each in dataclasses.fields(Values)
            if getattr(values, each.name) != getattr(Values(), each.name)
        }
        _log.info("Took over the plain values of %s.", old.name)
        return values

    def _save_soon(self) -> None:
        if QCoreApplication.instance() is None:  # nothing would ever fire
            self.sync()
            return
        if self._timer is None:
            self._timer = QTimer(self, interval=SAVE_DELAY_MS, singleShot=True)
            self._timer.timeout.connect(self.sync)
        self._timer.start()


def _some_damaged(names: list[str]) -> tuple[str, str]:
    many = f"{len(names)} preferences were damaged and were reset to their defaults."
    said = many if len(names) > 1 else "A preference was damaged and was reset to its default."
    return said, f"Set again what you miss: {', '.join(name.replace('_', ' ') for name in names)}."


def _first(path: Path, others: list[Path]) -> tuple[str, ...]:
    path = Path(path).absolute()
    return (str(path), *(str(other) for other in others if other != path))[:RECENT_LIMIT]
