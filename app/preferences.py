"""What the program remembers between starts."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from app.paths import Paths

RECENT_LIMIT = 10


class Preferences(QObject):
    """Typed access to the settings file; setters return early when nothing changed and signal what did."""

    theme_changed = Signal(str)
    recent_changed = Signal()

    def __init__(self, folders: Paths | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folders = folders or Paths.of_user()
        with contextlib.suppress(OSError):  # then they are kept for this session, and the window says so
            self.folders.config.mkdir(parents=True, exist_ok=True)
        self.path = self.folders.config / "settings.ini"
        self._store = QSettings(str(self.path), QSettings.Format.IniFormat)

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    # theme -------------------------------------------------------------------------------------------------------
    @property
    def theme(self) -> str:
        """`system`, `dark` or `light`."""
        value = str(self._store.value("theme", "system"))
        return value if value in ("system", "dark", "light") else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        if value != self.theme:
            self._store.setValue("theme", value)
            self.theme_changed.emit(value)

    # files -------------------------------------------------------------------------------------------------------
    @property
    def recent(self) -> list[Path]:
        """Files opened or saved last, newest first; those that are gone are left out."""
        return [path for path in self._paths("recent") if path.is_file()]

    def add_recent(self, path: Path) -> None:
        """Put `path` first in the list of recent files."""
        self._put_first("recent", path, self.recent)
        self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Forget the recent files."""
        self._store.setValue("recent", [])
        self.recent_changed.emit()

    @property
    def models(self) -> list[Path]:
        """Model folders of the user's own, opened last first; those that are gone are left out."""
        return [path for path in self._paths("models") if path.exists()]

    def add_model(self, path: Path) -> None:
        """Remember a model folder, so that scenes made with it find it again."""
        self._put_first("models", path, self.models)

    def _paths(self, key: str) -> list[Path]:
        stored: Any = self._store.value(key, [])
        names = [stored] if isinstance(stored, str) else list(stored or [])
        return [Path(name) for name in names if name]

    def _put_first(self, key: str, path: Path, others: list[Path]) -> None:
        path = Path(path).absolute()
        names = [str(path)] + [str(other) for other in others if other != path]
        self._store.setValue(key, names[:RECENT_LIMIT])

    def folder_for(self, purpose: str) -> Path:
        """The folder a file dialog for `purpose` (scenes, export, model) opens in."""
        stored = self._store.value(f"folders/{purpose}", "")
        if stored and Path(str(stored)).is_dir():
            return Path(str(stored))
        return self.folders.config.parent if self.folders.private else Path(platformdirs.user_documents_dir())

    def remember_folder(self, purpose: str, folder: Path) -> None:
        """Open the next dialog for `purpose` in `folder`."""
        self._store.setValue(f"folders/{purpose}", str(folder))

    # window ------------------------------------------------------------------------------------------------------
    def window_layout(self) -> tuple[QByteArray | None, QByteArray | None]:
        """`(geometry, state)` as saved by the window, None where never saved."""
        geometry, state = self._store.value("window/geometry"), self._store.value("window/state")
        return (
            geometry if isinstance(geometry, QByteArray) else None,
            state if isinstance(state, QByteArray) else None,
        )

    def set_window_layout(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember where the window and its docks are."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/state", state)

    # switches and numbers ----------------------------------------------------------------------------------------
    def flag(self, name: str, default: bool) -> bool:
        """A remembered switch."""
        value = self._store.value(f"flags/{name}", default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes")

    def set_flag(self, name: str, value: bool) -> None:
        """Remember a switch."""
        self._store.setValue(f"flags/{name}", bool(value))

    def number(self, name: str, default: float) -> float:
        """A remembered number; the default where the stored text is not one."""
        value: Any = self._store.value(f"numbers/{name}", default)
        try:
            return float(value)
        except (TypeError, ValueError):
            return default

    def set_number(self, name: str, value: float) -> None:
        """Remember a number."""
        self._store.setValue(f"numbers/{name}", float(value))

    # shortcuts ---------------------------------------------------------------------------------------------------
    def shortcut(self, action: str) -> str | None:
        """The user's own keys for an action as portable text (`Ctrl+G; F5`), None where the default rules."""
        value = self._store.value(f"shortcuts/{action}")
        if value is None:
            return None
        return "; ".join(value) if isinstance(value, list) else str(value)

    def set_shortcut(self, action: str, keys: str | None) -> None:
        """Give an action keys of the user's own; None returns it to the default."""
        if keys is None:
            self._store.remove(f"shortcuts/{action}")
        else:
            self._store.setValue(f"shortcuts/{action}", keys)
