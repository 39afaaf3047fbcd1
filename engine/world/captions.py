"""Captions of the procedural world in plain English, with the position of each name in the text."""

from __future__ import annotations

import numpy as np

COUNTABLE = {
    "castle",
    "tree",
    "boat",
    "tent",
    "house",
    "balloon",
    "cloud",
    "lake",
    "forest",
    "desert",
    "sunset",
    "rainbow",
    "kite",
    "palm",
    "church",
    "mushroom",
    "sheep",
    "city",
    "aurora",
}
DEFINITE = {"sun", "moon"}
OPENINGS = ("a painting of", "a picture of", "a landscape with", "an illustration of", "a drawing of", "a view of")
JOINERS = (", ", ", ", " and ", " with ", " by ", " under ", " near ", " behind ", " in ", " on ", " over ")
FILLERS = ("beautiful", "little", "old", "bright", "quiet", "wide", "pretty", "lovely", "small", "big")


def write_caption(phrases: list[str], rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Join phrases to a caption with random conjunctions, which do not depend on the layout.

    Returns:
        the caption, and for each phrase, in the given order, its half-open span in code points.
    """
    text = ""
    if rng.random() < 0.25:
        text = str(rng.choice(OPENINGS)) + " "
    plain = rng.random() < 0.4
    spans = []
    for index, phrase in enumerate(phrases):
        if index:
            last = index == len(phrases) - 1
            text += (" and " if last and rng.random() < 0.5 else ", ") if plain else str(rng.choice(JOINERS))
        text += _article(phrase, rng)
        if rng.random() < 0.06:
            text += str(rng.choice(FILLERS)) + " "
        spans.append((len(text), len(text) + len(phrase)))
        text += phrase
    return text, spans


def _article(phrase: str, rng: np.random.Generator) -> str:
    noun = phrase.split()[-1]
    if rng.random() < 0.35:
        return ""
    if noun in DEFINITE or rng.random() < 0.2:
        return "the "
    if noun in COUNTABLE or noun == "sky":
        return "an " if phrase[0] in "aeiou" else "a "
    return ""
