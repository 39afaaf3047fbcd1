"""Writes the picture sheet of the starter's model card: pictures with their captions."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from engine import GenerateRequest, ImageReady, PaintedWord, generate
from engine.protocol import StyleReference
from engine.surroundings import own_process
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene

COLUMNS = 6


def picture(render: Render, *, model: str, painted: bool, seed: int, reference: np.ndarray | None = None) -> np.ndarray:
    """Generate a layout's caption with the model, with or without its areas painted, optionally with a reference.

    Returns uint8 `[H, W, 3]`.

    Raises:
        EngineError: the model cannot be loaded or run.
    """
    words = tuple(
        PaintedWord(span=span, mask=mask, revision=(seed, span)) for _, span, mask in render.words() if painted
    )
    styles = () if reference is None else (StyleReference(rgb=reference),)
    request = GenerateRequest.of(id="card", prompt=render.caption, seed=seed, words=words, styles=styles, model=model)
    for event in generate(request):
        if isinstance(event, ImageReady):
            return event.rgb
        error = getattr(event, "error", None)
        if error is not None:
            raise error
    raise AssertionError("a generation ends with a picture or an error")


def main(argv: list[str] | None = None) -> int:
    """Write the sheet: held-out landscapes and free layouts, and below each the pictures without and with paint.

    The last rows are references in looks that were never trained on, and below each the landscape generated with it.
    """
    parser = argparse.ArgumentParser(prog="python -m engine.training.model_card", description=__doc__)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--out", type=Path, required=True, help="PNG to write")
    arguments = parser.parse_args(argv)
    rows = []
    for make, first in ((render_scene, HELD_OUT + 40), (free_scene, HELD_OUT + 60)):
        renders = [make(first + k) for k in range(COLUMNS)]
        rows.append([render.rgb for render in renders])
        rows += [
            [picture(r, model=arguments.model, painted=painted, seed=k) for k, r in enumerate(renders)]
            for painted in (False, True)
        ]
    looks = [Look(*pair, seed) for seed, pair in enumerate(sorted(WITHHELD))][:COLUMNS]
    references = [render_scene(HELD_OUT + 80 + k).in_look(look) for k, look in enumerate(looks)]
    scenes = [render_scene(HELD_OUT + 40 + k) for k in range(COLUMNS)]
    rows.append(references)
    rows.append(
        [
            picture(scene, model=arguments.model, painted=True, seed=k, reference=reference)
            for k, (scene, reference) in enumerate(zip(scenes, references, strict=True))
        ]
    )
    sheet = Image.fromarray(np.concatenate([np.concatenate(row, 1) for row in rows], 0))
    sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS).quantize(160).save(
        arguments.out, optimize=True
    )
    return 0


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
