"""Where the user's own models lie."""

from __future__ import annotations

import os
from pathlib import Path


def user_folder() -> Path:
    """Return the user's models folder: `WORDBRUSH_MODELS`, else `models` in the program's data folder.

    `WORDBRUSH_HOME` moves the data folder and everything else that the program saves into one place.
    """
    if named := os.environ.get("WORDBRUSH_MODELS"):
        return Path(named).expanduser()
    if home := os.environ.get("WORDBRUSH_HOME"):
        return Path(home).expanduser() / "models"
    import platformdirs

    return Path(platformdirs.user_data_dir("Wordbrush", appauthor=False)) / "models"
