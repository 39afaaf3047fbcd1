"""A model's calibrated paint weight, at which strength 1 acts as it does on other models; saved with the model."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.user_folder import user_folder
from engine.weights.files import OWN_FILES, fingerprint
from engine.weights.headers import open_regular, parse_json
from resources import atomic
from resources.limits import PaintWeight, bounds

FILE_NAME = "wordbrush-calibration.json"
FILE_ENDING = ".calibration.json"
FOLDER = "calibrations"
"""In the program's data folder: calibrations of models whose own folder cannot be written to."""
assert FILE_NAME in OWN_FILES, "a calibration must not make a model look changed"
LEAST, MOST = (float(bound) for bound in bounds(PaintWeight))
_SCHEMA = 1
_LARGEST = 1 << 16


@dataclass(frozen=True)
class Calibration:
    """What `wordbrush models check` found for a model.

    Attributes:
        paint_weight: the model's default paint weight from then on.
        inside: the share of the painted words' attention that lies in their paint with it, 0..1. target: the share
            that was aimed for. unpainted: the same share without paint.
    """

    paint_weight: float
    inside: float
    target: float
    unpainted: float


def data_folder() -> Path:
    """Return the folder for calibrations that cannot be saved with their model; it is next to the models folder."""
    return user_folder().parent / FOLDER


def _places(model: Path) -> tuple[Path, Path]:
    beside = model / FILE_NAME if model.is_dir() else model.with_name(model.name + FILE_ENDING)
    digest = hashlib.sha256(os.fsencode(os.path.realpath(model))).hexdigest()[:32]
    return beside, data_folder() / f"{digest}.json"


def _size(model: Path) -> int:
    return sum(size for _, _, size in fingerprint(model))


def write(model: Path, found: Calibration) -> Path:
    """Save a calibration with its model or, if that folder cannot be written to, in the data folder; returns its path.

    Raises:
        OSError: neither place can be written to.
    """
    text = json.dumps(
        {
            "schema": _SCHEMA,
            "paint_weight": found.paint_weight,
            "inside": found.inside,
            "target": found.target,
            "unpainted": found.unpainted,
            "model_bytes": _size(model),
        },
        indent=1,
    )
    beside, elsewhere = _places(model)
    try:
        atomic.write_text(beside, text)
        return beside
    except OSError:
        elsewhere.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_text(elsewhere, text)
        return elsewhere


def read(model: Path) -> Calibration | None:
    """Return the calibration of a model; None if there is none, or if the size of the model's files has changed."""
    for place in reversed(_places(model)):
        try:
            with open_regular(place) as file:
                found = _calibration(parse_json(file.read(_LARGEST), depth=4), _size(model))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if found is not None:
            return found
    return None


def forget(model: Path) -> None:
    """Remove the calibration of a model, wherever it is. Raises OSError."""
    for place in _places(model):
        place.unlink(missing_ok=True)


def _calibration(found: Any, size: int) -> Calibration | None:
    if found["model_bytes"] != size:
        return None
    values = [float(found[name]) for name in ("paint_weight", "inside", "target", "unpainted")]
    if not all(map(math.isfinite, values)) or not LEAST <= values[0] <= MOST:
        return None
    return Calibration(*values)
