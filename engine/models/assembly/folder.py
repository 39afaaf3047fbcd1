"""The folder of config files and tokenizers that is written for a model put together from separate files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import ModelIncomplete
from engine.models.assembly.tokenizers import Files


def place() -> Path:
    """Return where such folders lie: in the program's cache; `WORDBRUSH_HOME` moves it."""
    if home := os.environ.get("WORDBRUSH_HOME"):
        return Path(home).expanduser() / "cache" / "configs"
    import platformdirs

    return platformdirs.user_cache_path("Wordbrush", appauthor=False) / "configs"


def write(configs: Mapping[str, Mapping[str, Any]], tokenizers: Mapping[str, Files]) -> Path:
    """Return a folder with these files, written if there is none yet; one with other contents has another name.

    Args:
        configs: by their paths in the folder ("vae/config.json"). tokenizers: the files of each, by part.

    Raises:
        ModelIncomplete: it cannot be written.
    """
    texts = {name: json.dumps(config, indent=1, sort_keys=True).encode() for name, config in configs.items()}
    files: dict[str, bytes | Path] = dict(texts)
    for part, found in tokenizers.items():
        files |= {f"{part}/{name}": each for name, each in found.items()}
    folder = place() / _name(files)
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
        try:
            for name, each in files.items():
                (beside / name).parent.mkdir(exist_ok=True)
                if isinstance(each, Path):
                    shutil.copyfile(each, beside / name)
                else:
                    (beside / name).write_bytes(each)
            os.replace(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        if not folder.is_dir():  # else another process was faster
            raise ModelIncomplete(
                f"The config files of a model of separate files cannot be written: {error.strerror or error}.",
                hint=f"Make sure that you may write to {folder.parent}.",
                details=str(error),
            ) from error
    return folder


def _name(files: Mapping[str, bytes | Path]) -> str:
    found = hashlib.sha256()
    for name, each in sorted(files.items(), key=lambda item: item[0]):
        if isinstance(each, Path):
            stamp = each.stat()
            each = f"{each}:{stamp.st_mtime_ns}:{stamp.st_size}".encode()
        found.update(f"{name}\0{len(each)}\0".encode() + each)
    return found.hexdigest()[:20]
