"""Makes a mood from pictures: the mean of what is liked, and of what is usual."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import resources
from engine.errors import BadReference, BadRequest
from engine.scoring.style_image import reference_from_image
from engine.taste.encoders import LookReader, encoder_of
from engine.taste.mood import Mood, check_name

if TYPE_CHECKING:
    from engine.models.library import Library

MOST = 500
"""Liked pictures, and usual ones, of which a mood is made at most."""
_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})

Progress = Callable[[str, float], None]
Picture = Path | np.ndarray


class MoodCancelled(Exception):
    """Making a mood was stopped."""


def make_mood(
    name: str,
    liked: Sequence[Picture],
    usual: Sequence[Picture] = (),
    *,
    model: str,
    library: Library,
    device: str = "auto",
    progress: Progress = lambda _text, _done: None,
    cancel: threading.Event | None = None,
) -> Mood:
    """Make a mood for a model, and for all others with the same image encoder; `write_mood` keeps it.

    Args:
        name: what it is called. liked: files, or uint8 RGB `[h, w, 3]`; 1 to 500, and 5 or more say clearly what they
            have in common. usual: what they are compared with, such as the pictures without a star; by default the six
            references that ship.
        model: a name in the library or a path. device: auto, cpu, cuda, cuda:N or mps.
        progress: `progress(text, fraction)`, before each picture. cancel: stops it when it is set.

    Raises:
        BadRequest: the name or the number of pictures is out of range. BadReference: a liked picture cannot be read
            (of the usual ones it is left out). UnsupportedModel, ModelNotFound and others: see `encoder_of`.
        MoodCancelled: `cancel` was set.
    """
    name = check_name(name)
    if not 1 <= len(liked) <= MOST:
        many = "There are no pictures to make a mood from." if not liked else f"There are {len(liked)} pictures."
        raise BadRequest(many, hint=f"Give 1 to {MOST} pictures that you like; five or more work best.")
    progress("Loading the image encoder", 0.0)
    encoder = encoder_of(library.inspect(model), library)
    reader = LookReader(encoder, device)
    others = [*usual][:MOST] or sorted(resources.path("references").glob("*.jpg"))
    total, done = len(liked) + len(others), 0
    sums, counts = [], []
    for part, forgiving in ((liked, False), (others, True)):
        found, count = None, 0
        for picture in part:
            if cancel is not None and cancel.is_set():
                raise MoodCancelled
            progress(f"Reading pictures: {done + 1} of {total}", done / total)
            done += 1
            try:
                rgb = picture if isinstance(picture, np.ndarray) else reference_from_image(picture)
            except BadReference:
                if forgiving:
                    continue
                raise
            states = reader.read(rgb)
            found = states.double() if found is None else found + states
            count += 1
        if found is None:
            raise BadReference(
                "None of the pictures to compare with can be read.", hint="Leave them out, or name others."
            )
        sums.append((found / count).float())
        counts.append(count)
    progress("Done", 1.0)
    return Mood(name=name, encoder=encoder.digest, liked=sums[0], usual=sums[1], counts=(counts[0], counts[1]))


def pictures_in(paths: Sequence[Path]) -> list[Path]:
    """Return the picture files among files and folders, those of a folder by their names.

    Raises:
        BadRequest: one is not there, or a folder has no pictures.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in _ENDINGS and each.is_file())
            if not inside:
                raise BadRequest(f'The folder "{path}" has no pictures.', hint="Name another folder, or pictures.")
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise BadRequest(f'There is no file "{path}".', hint="Check the path of the picture.")
    return found
