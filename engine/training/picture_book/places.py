"""Writes where the picture book's things stand, for words that nobody paints: `places.json` in the model's folder.

`python -m engine.training.picture_book.places --data DIR --out MODEL`
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from engine.facts import PLACES
from engine.placing.table import BACK, FAR, GROUND, OUTLINE, outline_rows
from engine.training.picture_book.colours import COLOURS
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.sprites import SpriteStore, squared
from engine.training.picture_book.stuff import OFFERS, TEXTURES
from engine.training.picture_book.styles import DEFAULT_PACK
from engine.training.picture_book.vocabulary import synonyms
from engine.world.textures import FARS, SKIES
from resources import atomic

_BEHIND = frozenset({*SKIES, "space", "deep sea", "wall"})
_SETTINGS = {
    "ground": ["blue sky", "grass"],
    "snow": ["cloudy sky", "snow"],
    "road": ["blue sky", "grass", "road"],
    "floor": ["wall", "floor"],
    "table": ["wall", "table"],
    "wall": ["wall", "floor"],
    "sky": ["blue sky"],
    "space": ["space"],
    "water": ["blue sky", "sea"],
    "underwater": ["deep sea", "sand"],
    "seabed": ["deep sea", "sand"],
}
_ON_THE_SEABED = frozenset({"coral", "lobster"})
"""What does not float: it stands on the sand first, and in the water where there is none."""

_COLOUR = 0.025
"""The strength of a colour's word beside its noun's: with 0.1 houses lose their doors, without any they stay beige."""

_COVERED = 0.35
"""The opacity from which on a place of an outline is a thing's."""


def table(sprites: SpriteStore) -> dict[str, dict[str, Any]]:
    """What `places.json` says, see `engine.placing.table`; the outlines are of the default pack's drawings."""
    words: dict[str, list[str]] = {}
    for word, name in synonyms().items():
        words.setdefault(name, []).append(word)
    things = {}
    for noun in nouns().values():
        drawn = sprites.of.get(noun.name, [])
        if not drawn:
            continue
        drawing = min(drawn, key=lambda sprite: sprite.pack != DEFAULT_PACK)
        shape = squared(sprites.image(drawing), OUTLINE)[..., 3] > _COVERED
        things[noun.name] = {
            "words": [noun.name, *words.get(noun.name, [])],
            "on": ["seabed"] * (noun.name in _ON_THE_SEABED) + list(noun.places),
            "height": list(noun.heights),
            "outline": outline_rows(shape),
        }
    stuff = {
        name: {
            "words": [name, *words.get(name, [])],
            "band": BACK if name in _BEHIND else FAR if name in FARS else GROUND,
            "offers": list(OFFERS[name]) + ["seabed"] * (name == "sand"),
        }
        for name in TEXTURES
    }
    colours = dict.fromkeys(COLOURS, _COLOUR)
    return {"things": things, "stuff": stuff, "settings": _SETTINGS, "colours": colours}


def main(argv: list[str] | None = None) -> int:
    """Write the file; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.places", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/")
    parser.add_argument("--out", type=Path, required=True, help="the model's folder")
    arguments = parser.parse_args(argv)
    with atomic.replacing(arguments.out / PLACES) as new:
        new.write_text(json.dumps(table(SpriteStore(arguments.data / "sprites"))) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
