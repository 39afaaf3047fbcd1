"""Draws the sheet of the starter's model card, `samples.webp`: `python -m engine.training.model_card --out FILE`.

Each column is a held-out page: made of its caption alone, with everything painted, and painted in the look of a
reference that was never trained on, which stands below.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from engine import GenerateRequest, ImageReady, PaintedWord, generate
from engine.lab.compositions import load
from engine.protocol import StyleReference
from engine.surroundings import own_process
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, render_scene

COLUMNS, SIDE = 6, 512
SHOWN = 192
"""Width and height of each picture on the sheet."""


def picture(
    prompt: str, words: tuple[PaintedWord, ...], *, model: str, seed: int, reference: np.ndarray | None = None
) -> np.ndarray:
    """Generate a picture, uint8 `[SIDE, SIDE, 3]`, optionally with a reference.

    Raises:
        EngineError: the model cannot be loaded or run.
    """
    styles = () if reference is None else (StyleReference(rgb=reference),)
    request = GenerateRequest.of(
        id="card", prompt=prompt, seed=seed, words=words, styles=styles, model=model, width=SIDE, height=SIDE
    )
    for event in generate(request):
        if isinstance(event, ImageReady):
            return event.rgb
        if error := getattr(event, "error", None):
            raise error
    raise AssertionError("a generation ends with a picture or an error")


def main(argv: list[str] | None = None) -> int:
    """Write the sheet; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.model_card", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--model", default="starter")
    parser.add_argument("--first", type=int, default=0, help="number of the first of the held-out pages")
    parser.add_argument("--out", type=Path, required=True, help="picture to write")
    arguments = parser.parse_args(argv)
    pages = load().compositions[arguments.first : arguments.first + COLUMNS]
    looks = [Look(*pair, seed) for seed, pair in enumerate(sorted(WITHHELD))][:COLUMNS]
    references = [render_scene(HELD_OUT + 80 + k).in_look(look) for k, look in enumerate(looks)]
    rows: list[list[np.ndarray]] = [[], [], [], references]
    for number, (page, reference) in enumerate(zip(pages, references, strict=True)):
        words = page.words(number, SIDE)
        rows[0].append(picture(page.caption, (), model=arguments.model, seed=number))
        rows[1].append(picture(page.caption, words, model=arguments.model, seed=number))
        rows[2].append(picture(page.caption, words, model=arguments.model, seed=number, reference=reference))
        print(f"{number + 1} of {COLUMNS}: {page.caption}", flush=True)
    sheet = Image.new("RGB", (SHOWN * COLUMNS, SHOWN * len(rows)))
    for y, row in enumerate(rows):
        for x, rgb in enumerate(row):
            sheet.paste(Image.fromarray(rgb).resize((SHOWN, SHOWN), Image.Resampling.LANCZOS), (SHOWN * x, SHOWN * y))
    sheet.save(arguments.out, quality=80, method=6)
    return 0


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
