"""Where the program keeps things on this machine; no Qt, so that the command line finds the same places."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "Wordbrush"
HOME_VARIABLE = "WORDBRUSH_HOME"
MODELS_VARIABLE = "WORDBRUSH_MODELS"
LOG_NAME = "wordbrush.log"


@dataclass(frozen=True)
class Paths:
    """The user's folders; made on demand. `WORDBRUSH_HOME` puts all of them under one folder."""

    config: Path
    results: Path
    autosave: Path
    models: Path
    log: Path  # the file
    private: bool  # True when WORDBRUSH_HOME rules: nothing outside it may be touched

    @property
    def picture_index(self) -> Path:
        """Where the indexes of folders of pictures lie, in the program's data."""
        return self.autosave.parent / "picture-index"

    @classmethod
    def of_user(cls) -> Paths:
        """The folders for this process, read from the environment now."""
        home = os.environ.get(HOME_VARIABLE)
        models = os.environ.get(MODELS_VARIABLE)
        if home:
            root = Path(home)
            own = Path(models).expanduser() if models else root / "models"
            return cls(root / "config", root / "results", root / "autosave", own, root / LOG_NAME, True)
        data = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
        return cls(
            config=Path(platformdirs.user_config_dir(APP_NAME, appauthor=False)),
            results=Path(platformdirs.user_pictures_dir()) / APP_NAME,
            autosave=data / "autosave",
            models=Path(models).expanduser() if models else data / "models",
            log=data / LOG_NAME,
            private=False,
        )


def can_keep(folder: Path) -> bool:
    """Whether files can be written into a folder, or the folder be made where it is not there yet."""
    there = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), folder)
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)


def tell_engine() -> None:
    """Lets the engine's library look where the program keeps its models; before the first one is made."""
    os.environ.setdefault(MODELS_VARIABLE, str(Paths.of_user().models))
