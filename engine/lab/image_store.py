"""The lab's pictures: made by the engine's `generate` and cached on disk, so that a run can be resumed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
from PIL import Image, PngImagePlugin

import engine
import resources
from engine.errors import EngineError
from engine.lab.progress import RunCancelled
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import Cancelled, Failed, Finished, GenerateRequest
from resources import atomic
from resources.pictures import PictureError, read_picture

_PACKAGES = ("torch", "diffusers", "transformers", "numpy")
_MEASURES = ("lab", "bench", "training")
"""Rooms of the engine that measure or train and make no picture: a change there leaves cached pictures valid."""
_TOLD = (".md", ".png", ".jpg")
"""Files beside a model that change no picture: its card, and the pictures in that."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A generated picture, uint8 RGB `[H, W, 3]`, and the mean milliseconds that one step of it took.

    `obedience` is each painted word's, where the request asked for it; see `engine.protocol.ImageReady`. `run` names
    the run that it was made in: times are compared within one only.
    """

    rgb: np.ndarray
    step_ms: float
    obedience: tuple[float | None, ...] = ()
    run: str = ""


def fingerprint(model: Path, *settings: object) -> str:
    """A short hash of all that a picture hangs on: the model's files, engine and world code, versions, settings.

    Args:
        model: a model's folder or single file.
        settings: whatever else decides the pictures, in a form whose `str` says it all.
    """
    digest = hashlib.sha256()
    home = Path(engine.__file__).parents[1]
    for root, files in ((model, _files(model)), (home, deciding_code())):
        for path in files:
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    for package in _PACKAGES:
        digest.update(f"{package} {importlib.metadata.version(package)}\0".encode())
    for setting in settings:
        digest.update(f"{setting}\0".encode())
    return digest.hexdigest()[:16]


def deciding_code() -> list[Path]:
    """The source files that a picture hangs on: the engine's but for what only measures, and those of `resources`."""
    home = Path(engine.__file__).parent
    own = [path for path in home.rglob("*.py") if path.relative_to(home).parts[0] not in _MEASURES]
    return sorted([*own, *Path(resources.__file__).parent.rglob("*.py")])


def _files(model: Path) -> Iterable[Path]:
    if not model.is_dir():
        return [model]
    return sorted(path for path in model.rglob("*") if path.is_file() and path.suffix not in _TOLD)


def default_folder() -> Path:
    """Where pictures are cached unless the caller names a folder: the user's cache folder."""
    home = os.environ.get("WORDBRUSH_HOME")
    return (Path(home) / "cache" if home else platformdirs.user_cache_path("Wordbrush", appauthor=False)) / "lab"


class PictureStore:
    """Pictures on disk, one PNG each; a damaged one counts as missing.

    Args:
        folder: made if it is not there. Pictures of different fingerprints belong in different folders.
        run: marks what is made from now on; by default a name that no other store has.

    Raises:
        EngineError: the folder cannot be written.
    """

    def __init__(self, folder: Path, *, run: str = "") -> None:
        self.folder = folder
        self._run = run or uuid.uuid4().hex[:12]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def get(self, name: str) -> Picture | None:
        """The picture of that name, or None where it has yet to be made."""
        try:
            image = read_picture(self.folder / f"{name}.png", kinds=("PNG",))
            return Picture(
                rgb=np.asarray(image.convert("RGB")),
                step_ms=float(image.info["step_ms"]),
                obedience=tuple(json.loads(image.info["obedience"])),
                run=image.info.get("run", ""),
            )
        except (PictureError, ValueError, KeyError):
            return None

    def put(self, name: str, picture: Picture) -> None:
        """Keep a picture; it is there whole or not at all."""
        facts = PngImagePlugin.PngInfo()
        facts.add_text("step_ms", repr(picture.step_ms))
        facts.add_text("obedience", json.dumps(picture.obedience))
        facts.add_text("run", picture.run)
        path = self.folder / f"{name}.png"
        try:
            with atomic.replacing(path) as new:
                Image.fromarray(picture.rgb).save(new, format="PNG", pnginfo=facts)
        except OSError as error:
            raise self._unwritable(error) from error

    def ensure(self, name: str, make_it: Callable[[], Picture]) -> Picture:
        """The picture of that name; made and stored first where it is missing. Raises what either step raises."""
        picture = self.get(name)
        if picture is None:
            picture = replace(make_it(), run=self._run)
            self.put(name, picture)
        return picture

    def _unwritable(self, error: OSError) -> EngineError:
        return EngineError(
            f'The lab cannot keep its pictures in "{self.folder}".',
            hint="Free some space there, or name another folder to work in.",
            details=str(error),
        )


def make(request: GenerateRequest, *, library: Library, cancel: threading.Event) -> Picture:
    """Generate the one picture of a request.

    Raises:
        RunCancelled: `cancel` was set. EngineError: what the engine reported.
    """
    for event in generate(request, library=library, cancel=cancel):
        if isinstance(event, Failed):
            raise event.error
        if isinstance(event, Cancelled):
            raise RunCancelled
        if isinstance(event, Finished):
            image = event.images[0]
            return Picture(rgb=image.rgb, step_ms=event.step_ms, obedience=image.obedience)
    raise AssertionError("generate ends with exactly one final event")
