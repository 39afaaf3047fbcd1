"""The labs' pictures: made by the engine's `generate` and cached on disk, so that a run can be resumed."""

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

import resources
from engine.errors import EngineError
from engine.lab.progress import RunCancelled
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import Cancelled, Failed, Finished, GenerateRequest
from resources import atomic
from resources.pictures import PictureError, read_picture

_PACKAGES = ("torch", "diffusers", "transformers", "numpy")
_MEASURES = ("lab", "bench", "training", "farm")
"""Packages of the engine that only measure, train or deal out: changes there leave cached pictures valid."""

_ENGINE = Path(__file__).resolve().parents[1]
"""The engine's own folder."""
_DOCUMENTATION = (".md", ".png", ".jpg")
"""Files in a model's folder that affect no picture: its model card, and the pictures in it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A generated picture.

    Attributes:
        rgb: uint8 `[H, W, 3]`.
        step_ms: the mean time of its steps in milliseconds.
        obedience: each painted word's, if the request asked for it; see `engine.protocol.ImageReady`.
        run: identifies the run that made it; only times of the same run are comparable.
    """

    rgb: np.ndarray
    step_ms: float
    obedience: tuple[float | None, ...] = ()
    run: str = ""


def fingerprint(model: Path, *settings: object) -> str:
    """A short hash of all that a picture depends on: the model's files, the code, library versions, and settings.

    Args:
        model: a model's folder or single file.
        settings: all else that the pictures depend on; their `str` is hashed.
    """
    digest = hashlib.sha256()
    home = _ENGINE.parent
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
    """The source files that a picture depends on: `resources`, and the engine without what only measures or trains."""
    home = _ENGINE
    own = [path for path in home.rglob("*.py") if path.relative_to(home).parts[0] not in _MEASURES]
    return sorted([*own, *Path(resources.__file__).parent.rglob("*.py")])


def _files(model: Path) -> Iterable[Path]:
    if not model.is_dir():
        return [model]
    return sorted(path for path in model.rglob("*") if path.is_file() and path.suffix not in _DOCUMENTATION)


def default_folder() -> Path:
    """The folder where pictures are cached by default, in the user's cache."""
    home = os.environ.get("WORDBRUSH_HOME")
    return (Path(home) / "cache" if home else platformdirs.user_cache_path("Wordbrush", appauthor=False)) / "lab"


class PictureStore:
    """Pictures on disk, one PNG each; a damaged one counts as missing.

    Args:
        folder: created if it does not exist. Use a separate folder for each `fingerprint`.
        run: marks the pictures that are made from now on; by default a unique name.

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
        """The picture with that name, or None if it has not been made yet."""
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
        """Store a picture; after an interruption it is either complete or missing."""
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
        """Return the picture with that name, made and stored first if it is missing. Raises what either step raises."""
        picture = self.get(name)
        return self.keep(name, make_it()) if picture is None else picture

    def keep(self, name: str, picture: Picture) -> Picture:
        """Store a picture as one of this run, and return it so. Raises EngineError if it cannot be written."""
        picture = replace(picture, run=self._run)
        self.put(name, picture)
        return picture

    def _unwritable(self, error: OSError) -> EngineError:
        return EngineError(
            f'The lab cannot store its pictures in "{self.folder}".',
            hint="Free some space there, or choose another folder with --work.",
            details=str(error),
        )


def make(request: GenerateRequest, *, library: Library, cancel: threading.Event) -> Picture:
    """Generate the one picture of a request.

    Raises:
        RunCancelled: `cancel` was set. EngineError: the engine's error.
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
