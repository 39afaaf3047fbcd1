"""The paint weight at which strength 1 means on a model what it means on every other; kept beside it."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.weights.files import OWN_FILES, fingerprint
from engine.weights.headers import open_regular, parse_json
from resources import atomic
from resources.limits import PaintWeight, bounds

FILE_NAME = "wordbrush-calibration.json"
FILE_ENDING = ".calibration.json"
FOLDER = "calibrations"
"""In the program's data folder: of models whose own folder cannot be written."""
assert FILE_NAME in OWN_FILES, "a calibration is no change of the model"
LEAST, MOST = (float(bound) for bound in bounds(PaintWeight))
_SCHEMA = 1
_LARGEST = 1 << 16


@dataclass(frozen=True)
class Calibration:
    """What `wordbrush models check` found for a model.

    Attributes:
        paint_weight: the model's default from then on.
        inside: share of the painted words' attention inside their paint with it, 0..1. target: what was aimed for.
        unpainted: the same share without paint.
    """

    paint_weight: float
    inside: float
    target: float
    unpainted: float


def data_folder() -> Path:
    """Where calibrations lie that cannot lie beside their model: beside the folder of the user's models."""
    from engine.models.library import user_folder

    return user_folder().parent / FOLDER


def _places(model: Path) -> tuple[Path, Path]:
    beside = model / FILE_NAME if model.is_dir() else model.with_name(model.name + FILE_ENDING)
    digest = hashlib.sha256(os.fsencode(os.path.realpath(model))).hexdigest()[:32]
    return beside, data_folder() / f"{digest}.json"


def _size(model: Path) -> int:
    return sum(size for _, _, size in fingerprint(model))


def write(model: Path, found: Calibration) -> Path:
    """Keep a calibration beside its model, or where that cannot be written in the program's data folder; says where.

    Raises:
        OSError: neither can be written.
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
    """The calibration of a model; None where there is none, or the model's files are of another size by now."""
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
