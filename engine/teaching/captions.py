"""Captions for pictures of a word that is taught: short sentences with the word alone in them, of words models know."""

from __future__ import annotations

import numpy as np

from engine.facts import ModelFacts

FREE = (
    *("a {}", "the {}", "a photo of a {}", "a photo of the {}", "a picture of a {}", "a good photo of a {}"),
    *("a close-up photo of a {}", "a bright photo of the {}", "a painting of a {}", "a rendering of a {}"),
)
"""A choice of those of Textual Inversion (arXiv 2208.01618, appendix)."""

KNOWN = ("a {}", "the {}", "a picture of a {}", "a painting of a {}", "a drawing of a {}", "an illustration of a {}")
"""For models that know only a few words, such as the starter."""


def caption(word: str, facts: ModelFacts, rng: np.random.Generator) -> str:
    """A caption of a picture that shows `word`."""
    choices = KNOWN if facts.names else FREE
    return choices[int(rng.integers(len(choices)))].format(word)


def plain(word: str) -> str:
    """The shortest caption, which samples and class pictures are made from."""
    return KNOWN[0].format(word)
