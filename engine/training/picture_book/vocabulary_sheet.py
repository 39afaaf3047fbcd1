"""Lets the model draw each of its names: `python -m engine.training.picture_book.vocabulary_sheet --model DIR`.

The sheet, `vocabulary.webp` in the model's folder, is what the palette shows.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from engine import GenerateRequest, ImageReady, PaintedWord, generate
from engine.models.library import Library
from engine.surroundings import own_process
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.vocabulary import names
from resources import atomic

SIDE, ACROSS = 64, 24
"""Pixels of a picture on the sheet, each way, and pictures in a row."""

MADE = 256
"""Pixels at which a picture is made, each way."""

_BEHIND = {
    "ground": "grass", "snow": "snow", "road": "road", "floor": "floor", "table": "table", "wall": "wall",
    "sky": "blue sky", "space": "space", "water": "sea", "underwater": "deep sea",
}  # fmt: skip


def request_for(name: str, model: str) -> GenerateRequest:
    """A name in the middle of what it belongs on or in; stuff everywhere."""
    noun = nouns().get(name)
    y, x = (np.mgrid[0:MADE, 0:MADE] + 0.5) / MADE - 0.5
    inside = np.hypot(x, y) < (0.42 if noun else 1.0)
    behind = _BEHIND[noun.places[0]] if noun else ""
    prompt = f"{name} on {behind}" if behind else name
    spans = [((0, len(name)), inside)]
    if behind:
        spans.append(((len(prompt) - len(behind), len(prompt)), ~inside))
    words = tuple(PaintedWord(span=span, mask=mask * np.uint8(255)) for span, mask in spans)
    return GenerateRequest.of(id=name, prompt=prompt, words=words, width=MADE, height=MADE, seed=1, model=model)


def main(argv: list[str] | None = None) -> int:
    """Draw the sheet; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.vocabulary_sheet", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--model", type=Path, required=True, help="the model's folder")
    arguments = parser.parse_args(argv)
    library, known = Library(), names()
    sheet = np.full((-(-len(known) // ACROSS) * SIDE, ACROSS * SIDE, 3), 255, np.uint8)
    for number, name in enumerate(known):
        for event in generate(request_for(name, str(arguments.model)), library=library):
            if error := getattr(event, "error", None):
                raise error
            if isinstance(event, ImageReady):
                small = Image.fromarray(event.rgb).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
                y, x = (SIDE * each for each in divmod(number, ACROSS))
                sheet[y : y + SIDE, x : x + SIDE] = np.asarray(small)
        print(f"{number + 1} of {len(known)}: {name}", flush=True)
    with atomic.replacing(arguments.model / "vocabulary.webp") as new:
        Image.fromarray(sheet).save(new, format="WEBP", quality=80, method=6)
    return 0


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
