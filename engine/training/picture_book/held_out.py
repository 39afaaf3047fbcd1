"""Writes the held-out compositions that the lab asks for: `python -m engine.training.picture_book.held_out --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from engine.lab.compositions import NOBODY, SIDE, Composition, Part, save
from engine.scoring.recogniser import load
from engine.training.picture_book.backdrops import SIZE
from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.captions import Mention, write_caption
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.shards import captioned_parts
from engine.training.picture_book.split import HELD_OUT
from engine.training.picture_book.sprites import SpriteStore

PAGE_SEEDS, DRAWN_SEEDS = HELD_OUT + 20_000_000, HELD_OUT + 21_000_000
"""The first seeds of the pages that are asked for, and of those that are drawn to compare with."""


def composition(scene: Scene, seed: int) -> Composition:
    """A scene as a page that can be asked for: everything large enough is in its caption."""
    numbers = captioned_parts(scene)
    parts = [scene.parts[number] for number in numbers]
    mentions = [Mention(name=part.name, colour=part.colour, group=part.group) for part in parts]
    caption, phrases = write_caption(mentions, np.random.default_rng((seed, 31)))
    owner = np.full((SIDE, SIDE), NOBODY, np.uint8)
    most = np.full((SIDE, SIDE), 0.5)
    step = SIZE // SIDE
    for number, part in enumerate(parts):
        share = part.area.reshape(SIDE, step, SIDE, step).mean((1, 3))
        owner[share > most] = number
        most = np.maximum(most, share)
    return Composition(
        caption=caption,
        phrases=tuple(phrases),
        parts=tuple(Part(part.name, part.colour, part.group >= 0) for part in parts),
        owner=owner,
    )


def main(argv: list[str] | None = None) -> int:
    """Write the file; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.held_out", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/")
    parser.add_argument("--recogniser", type=Path, required=True, help="the judge's recogniser.safetensors")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--pages", type=int, default=200, help="compositions that are asked for")
    parser.add_argument("--drawn", type=int, default=200, help="further ones, drawn for their features")
    arguments = parser.parse_args(argv)
    composer = Composer(SpriteStore(arguments.data / "sprites"), withheld=True)
    judge = load(arguments.recogniser, arguments.vae)
    pages = [composition(composer(PAGE_SEEDS + k), PAGE_SEEDS + k) for k in range(arguments.pages)]
    features = [judge.features(composer(DRAWN_SEEDS + k).rgb[None])[0] for k in range(arguments.drawn)]
    save(arguments.out, pages, np.stack(features))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
