"""Compositions by seed: drawings placed on a backdrop, with the exact area of each thing and of all stuff."""

from __future__ import annotations

import numpy as np

from engine.training.picture_book.backdrops import BackdropPool, draw_backdrop
from engine.training.picture_book.canvas import Canvas, Scene
from engine.training.picture_book.colours import COLOURS
from engine.training.picture_book.nouns import Noun, nouns
from engine.training.picture_book.split import HELD_OUT, pair_is_withheld, withheld_drawings
from engine.training.picture_book.sprites import Sprite, SpriteStore
from engine.training.picture_book.styles import DEFAULT_PACK, style_of

FREE_SHARE = 1 / 3
"""The share of scenes in which things stand anywhere, at any size."""

_GROUP_SHARE, _GROUP = 0.22, (2, 3, 4, 5)
"""How often a scene has several things of one noun, and how many."""

_COUNTS = ((1, 0.2), (2, 0.28), (3, 0.24), (4, 0.16), (5, 0.12))
"""How many nouns a scene has, with probabilities."""

_CROWD = ((5, 0.25), (6, 0.25), (7, 0.25), (8, 0.25))
"""The same of crowded scenes."""

_NATURAL = frozenset({"animals", "buildings", "food", "plants"})
_COLOURED, _UNNATURAL = 0.7, 0.4
"""How often things that may be recoloured are, and those of `_NATURAL` categories, which have colours of their own."""

_CROWD_COLOURED = 0.75
"""How often the things of crowded scenes are, whatever they are."""


class Composer:
    """Composes scenes.

    Args:
        pool: the backdrops of training scenes; without it, as for held-out seeds, each scene draws a new one.
        withheld: whether to allow drawings and pairs that are withheld from training, as held-out seeds do.
        crowded: whether scenes have more and smaller things, most of them in any of the colours, even a blue cow: for
            the judge, which is to know things by their shape.
    """

    def __init__(
        self, sprites: SpriteStore, pool: BackdropPool | None = None, *, withheld: bool = False, crowded: bool = False
    ) -> None:
        self.sprites, self.pool, self.withheld, self.crowded = sprites, pool, withheld, crowded
        self.nouns = [noun for noun in nouns().values() if noun.name in sprites.of]
        self.drawings: dict[str, list[Sprite]] = {}
        for noun in self.nouns:
            drawn = sprites.of[noun.name]
            kept = frozenset() if withheld else withheld_drawings(drawn)
            self.drawings[noun.name] = _one_figure([sprite for sprite in drawn if sprite.key not in kept])

    def __call__(self, seed: int) -> Scene:
        """Compose the scene of a seed, in the plain look, from drawings of one pack if the seed's style names one.

        Raises:
            ValueError: the seed is held out and `withheld` is false, or the other way round.
        """
        if (seed >= HELD_OUT) != self.withheld:
            raise ValueError(f"seed {seed} is {'held out' if seed >= HELD_OUT else 'not held out'}")
        rng = np.random.default_rng((seed, 22))
        free = bool(rng.random() < FREE_SHARE)
        # The noun is chosen before the backdrop; otherwise things for tables would be much rarer than animals.
        first = self._any(self.nouns, rng)
        if self.pool is None or self.withheld:
            backdrop = draw_backdrop(seed)
        else:
            backdrop = self.pool.pick(rng, "" if free else str(rng.choice(first.places)))
        if rng.random() < 0.5:
            backdrop = backdrop.mirrored()
        canvas = Canvas(backdrop, rng)
        self._fill(canvas, rng, first, style_of(seed).pack, free=free)
        return canvas.finish()

    @staticmethod
    def _any(choice: list[Noun], rng: np.random.Generator) -> Noun:
        return choice[int(rng.integers(len(choice)))]

    def _fill(self, canvas: Canvas, rng: np.random.Generator, first: Noun, pack: str, *, free: bool) -> None:
        counts, shares = zip(*(_CROWD if self.crowded else _COUNTS), strict=True)
        kinds = int(rng.choice(counts, p=shares))
        offered = canvas.places
        fitting = self.nouns if free else [noun for noun in self.nouns if offered & set(noun.places)]
        if not fitting:
            return
        chosen: list[Noun] = []
        for turn in range(kinds):
            noun = first if turn == 0 and first in fitting else self._any(fitting, rng)
            if noun in chosen or (not self.withheld and any(pair_is_withheld(noun.name, each.name) for each in chosen)):
                continue
            chosen.append(noun)
        group_of = int(rng.integers(len(chosen))) if chosen and rng.random() < _GROUP_SHARE else -1
        for index, noun in enumerate(chosen):
            many = int(rng.choice(_GROUP)) if index == group_of else 1
            drawn = self.drawings[noun.name]
            drawn = [sprite for sprite in drawn if sprite.pack == pack] or drawn
            # Several things of a noun mostly share a drawing, as in a flock; otherwise each has another one.
            alike = many > 1 and rng.random() < 0.7
            two_colours = many == 2 and noun.recolour and rng.random() < 0.6
            sprite, colour = drawn[int(rng.integers(len(drawn)))], self._colour(noun, rng)
            for k in range(many):
                if k and not alike:
                    sprite = drawn[int(rng.integers(len(drawn)))]
                if k and two_colours:
                    colour = str(rng.choice([each for each in COLOURS if each != colour]))
                shrunk = 0.75 if many > 1 or self.crowded else 1.0
                canvas.put(noun, sprite, self.sprites.image(sprite), colour, index, free=free, scale=shrunk)

    def _colour(self, noun: Noun, rng: np.random.Generator) -> str:
        share = _UNNATURAL if noun.category in _NATURAL else _COLOURED
        share = _CROWD_COLOURED if self.crowded else share
        may = noun.recolour or self.crowded
        return str(rng.choice(list(COLOURS))) if may and rng.random() < share else ""


def _one_figure(drawn: list[Sprite]) -> list[Sprite]:
    """Drawings without the default pack's other figures: in its hand a word means one drawing, in all skin tones."""
    figures = [sprite.figure for sprite in drawn if sprite.pack == DEFAULT_PACK]
    return [sprite for sprite in drawn if sprite.pack != DEFAULT_PACK or sprite.figure == figures[0]]
