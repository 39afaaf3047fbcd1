"""The command line's `--heatmaps DIR`: one grey PNG for each painted word of each picture, named after both."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from app.cli.output import AppError, CommandError
from canvas.files import atomic
from canvas.model.errors import SaveError
from canvas.model.words import phrase_number
from canvas.paint import heatmap_mask
from engine.protocol import GenerateRequest, ImageReady

LONGEST_NAME = 60
_HINT = "Name another place with {flag}, or check that you may write there and that the disk is not full."


class NoHeatmaps(AppError):
    """The model told nothing about where its words went."""


def make_folder(folder: Path, *, flag: str = "--heatmaps") -> None:
    """Make the folder, before minutes go into a picture.

    Raises:
        CommandError: it is a file. SaveError: it cannot be made, or nothing may be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise CommandError(f'"{folder}" is a file, not a folder.', hint=f"Name a folder: {flag} DIR.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            f'The folder "{folder}" could not be made.', hint=_HINT.format(flag=flag), details=repr(error)
        ) from error
    if not os.access(folder, os.W_OK):
        raise SaveError(f'You may not write to the folder "{folder}".', hint=_HINT.format(flag=flag))


def word_names(prompt: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """A readable name for each word that no other has, in plain file name's letters: red-house, red-house-2."""
    names: list[str] = []
    for span in spans:
        text = re.sub(r"[\W_]+", "-", prompt[slice(*span)].casefold()).strip("-") or "word"
        while len(text.encode()) > LONGEST_NAME:
            text = text[:-1]
        text = text.strip("-") or "word"
        number = phrase_number(prompt, span)
        name = text if number == 1 else f"{text}-{number}"
        while name in names:
            number += 1
            name = f"{text}-{number}"
        names.append(name)
    return names


def write(folder: Path, picture: Path, image: ImageReady, request: GenerateRequest) -> list[Path]:
    """Write those of one picture, in the order of what was watched: PICTURE.WORD.png, of its size, the peak white.

    Raises:
        NoHeatmaps: the picture came without them. SaveError: a file could not be written.
    """
    if not request.text.watched:
        return []
    if image.heatmaps is None or len(image.heatmaps) != len(request.text.watched):
        raise NoHeatmaps(
            f'The model "{request.model}" cannot show where its words went.',
            hint="Leave --heatmaps out, or choose another model.",
        )
    height, width = image.rgb.shape[:2]
    paths = []
    names = word_names(request.text.prompt, request.text.watched)
    for name, values in zip(names, image.heatmaps, strict=True):
        path = folder / f"{picture.stem}.{name}.png"
        grey = np.zeros((height, width), np.uint8)
        if heatmap_mask.usable(values):  # else it went nowhere
            grey = np.rint(heatmap_mask.grown(values, (width, height)) * 255).astype(np.uint8)
        data = io.BytesIO()
        Image.fromarray(grey).save(data, "PNG")
        try:
            atomic.write(path, data.getvalue())
        except SaveError as error:
            raise SaveError(
                f'The heatmap "{path}" could not be written.',
                hint=_HINT.format(flag="--heatmaps"),
                details=error.details or error.message,
            ) from error
        paths.append(path)
    return paths
