"""Paints the words of a prompt that nobody painted, as a picture book would have them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.attention.parts import pieces_of
from engine.placing.mentions import Mention, mentions
from engine.placing.stuff import place_stuff
from engine.placing.table import BACK, FAR, GROUND, Stuff, Table, Thing, table_of
from engine.placing.things import STANDING, Box, outlined, spots_for
from engine.protocol import PaintedWord
from resources.phrases import Span

_LEAST = 0.01
"""The share of the picture from which on it is worth to say what nobody said."""


@dataclass(frozen=True, eq=False)
class Placed:
    """What was placed.

    Attributes:
        words: of the prompt with `addition` at its end.
        addition: what the prompt leaves unsaid and the picture needs: ", blue sky".
    """

    words: tuple[PaintedWord, ...] = ()
    addition: str = ""


def place_words(
    folder: Path, prompt: str, painted: Sequence[PaintedWord], *, size: tuple[int, int], seed: int, cell: int
) -> Placed:
    """Paint for the words that have none, on models with a table of places; nothing on others.

    Stuff fills what no stuff is painted on, with a sky or a ground that nobody mentioned; things stand where they may,
    beside the painted ones. The same seed gives the same places, as long as the paint and the other words are the same.

    Args:
        folder: the model's. painted: the words that have paint. size: (width, height) in pixels.
        cell: pixels of a cell of the latents, along a side.

    Raises:
        ModelIncomplete: the table cannot be read.
    """
    table = table_of(folder) if folder.is_dir() else None
    said = () if table is None else mentions(prompt, table.words)
    if table is None or not said:
        return Placed()
    with_paint = [word for word in painted if word.mask.any()]
    return _Page(table, said, with_paint, size, seed, cell).placed(prompt)


class _Page:
    def __init__(
        self,
        table: Table,
        said: Sequence[Mention],
        painted: Sequence[PaintedWord],
        size: tuple[int, int],
        seed: int,
        cell: int,
    ) -> None:
        self.table, self.known, self.size, self.seed, self.cell = table, table.known, size, seed, cell
        self.said = said
        self.wanted = [each for each in said if not any(_meet(each, word) for word in painted)]
        self.areas: dict[str, np.ndarray] = {}
        self.taken: list[Box] = []
        self.crowd = sum(each.count for each in said if isinstance(self.known[each.name], Thing))
        self.stuff = np.zeros(size[::-1], bool)
        for word in painted:
            if word.strength <= 0:
                continue
            meant = next((self.known[each.name] for each in said if _meet(each, word)), None)
            there = word.mask > 127
            if isinstance(meant, Stuff):
                self.stuff |= there
                self._offer(meant, there)
            else:
                self.taken += [_box_of(piece) for piece in pieces_of(word.mask)]

    def placed(self, prompt: str) -> Placed:
        """All that is placed: stuff first, then things from the largest."""
        stuff, addition = self._stuff(prompt)
        return Placed((*stuff, *self._things()), addition)

    def _stuff(self, prompt: str) -> tuple[list[PaintedWord], str]:
        """What is mentioned and what is left unsaid, and that in words."""
        spans: list[tuple[str, Span | None]] = [(each.name, each.span) for each in self.wanted]
        spans += [(name, None) for name in self._unsaid()]
        wanted = [(span, name, own) for name, span in spans if isinstance(own := self.known[name], Stuff)]
        areas = place_stuff([own for *_, own in wanted], self.stuff, np.random.default_rng((self.seed, 41)))
        words, addition = [], ""
        for (span, name, own), there in zip(wanted, areas, strict=True):
            if not there.any() or (span is None and there.mean() < _LEAST):
                continue
            if span is None:
                addition += f", {name}"
                end = len(prompt) + len(addition)
                span = end - len(name), end
            self._offer(own, there)
            words.append(PaintedWord(span=span, mask=there * np.uint8(255)))
        return words, addition

    def _things(self) -> Iterator[PaintedWord]:
        things = [(each, own) for each in self.wanted if isinstance(own := self.known[each.name], Thing)]
        met = Counter[str]()
        for each, own in sorted(things, key=lambda pair: -pair[1].height[1]):
            # By name, so that a thing stays where it is when other words change.
            rng = np.random.default_rng((self.seed, 43, zlib.crc32(each.name.encode()), met[each.name]))
            met[each.name] += 1
            boxes = spots_for(
                own, each.count, areas=self.areas, taken=self.taken, crowd=self.crowd, cell=self.cell, size=self.size,
                rng=rng,
            )  # fmt: skip
            yield PaintedWord(span=each.span, mask=np.max([outlined(own, box, self.size) for box in boxes], 0))

    def _unsaid(self) -> list[str]:
        """The back and the ground that a page of these words has, where the prompt mentions none."""
        stuff = [own for each in self.said if isinstance(own := self.known[each.name], Stuff)]
        things = [own for each in self.said if isinstance(own := self.known[each.name], Thing)]
        backs = [each for each in stuff if each.band == BACK]
        has_ground = any(each.band == GROUND or (each.band == FAR and each.offers) for each in stuff)
        needs_ground = any(each.on[0] in STANDING for each in things) or any(each.band == FAR for each in stuff)
        grounds = [place for each in stuff if each.band != BACK for place in each.offers]
        firsts = [each.on[0] for each in things]
        wet = [place for place in firsts if place == "underwater"]
        places = [*grounds, *wet, *(place for place in firsts if place in STANDING), *firsts, "ground"]
        setting = next((self.table.settings[place] for place in places if place in self.table.settings), ())
        found, scenery = [], {place for each in backs for place in each.offers}
        for name in setting:
            own = self.known[name]
            assert isinstance(own, Stuff), "checked when it was read"
            if own.band == BACK:
                fits = not backs or bool(scenery & set(own.offers))
                if not backs:
                    found.append(name)
            elif not has_ground and needs_ground and fits:
                found.append(name)
        return found

    def _offer(self, stuff: Stuff, there: np.ndarray) -> None:
        for place in stuff.offers if there.any() else ():
            self.areas[place] = self.areas.get(place, False) | there


def _meet(mention: Mention, word: PaintedWord) -> bool:
    return mention.span[0] < word.span[1] and word.span[0] < mention.span[1]


def _box_of(mask: np.ndarray) -> Box:
    (top, bottom), (left, right) = (
        (int(at[0]), int(at[-1]) + 1) for at in map(np.flatnonzero, (mask.any(1), mask.any(0)))
    )
    return left, top, right, bottom
