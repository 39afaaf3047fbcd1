"""Paints the words of a prompt that nobody painted, as a picture book would have them."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from engine.attention.parts import pieces_of
from engine.placing.mentions import Mention, mentions
from engine.placing.relations import IN_FRONT, Relation, candidates, relations
from engine.placing.stuff import place_stuff
from engine.placing.table import BACK, FAR, GROUND, Stuff, Table, Thing, table_of
from engine.placing.things import STANDING, Box, box_of, outlined, spots_at, spots_for
from engine.protocol import PaintedWord

_LEAST = 0.01
"""The share of the picture from which on it is worth to say what nobody said."""

_WORD = re.compile(r"[^\W_]+")

_SMALLER = 0.8
"""How long what is on, in or before another thing may be, of that one's longer side."""


@dataclass(frozen=True, eq=False)
class Placed:
    """What was placed.

    Attributes:
        words: of the prompt with `addition` at its end.
        addition: what the prompt leaves unsaid and the picture needs: ", blue sky".
        varies: whether another seed gives other places.
    """

    words: tuple[PaintedWord, ...] = ()
    addition: str = ""
    varies: bool = False


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
    said = () if table is None else mentions(prompt, table.words, table.colours)
    if table is None or not said:
        return Placed()
    with_paint = [word for word in painted if word.mask.any()]
    return _Page(table, prompt, said, with_paint, size, seed, cell).placed()


class _Page:
    def __init__(
        self,
        table: Table,
        prompt: str,
        said: Sequence[Mention],
        painted: Sequence[PaintedWord],
        size: tuple[int, int],
        seed: int,
        cell: int,
    ) -> None:
        self.table, self.known, self.size, self.seed, self.cell = table, table.known, size, seed, cell
        self.prompt = prompt
        self.said = said
        self.wanted = [each for each in said if not any(each.meets(word.span) for word in painted)]
        self.related = {each: how for each, how in zip(said, relations(prompt, said), strict=True) if how is not None}
        self.own: dict[Mention, np.ndarray] = {}
        self.strengths: dict[Mention, float] = {}
        self.boxes: dict[Mention, list[Box]] = {}
        self.areas: dict[str, np.ndarray] = {}
        self.taken: list[Box] = []
        self.crowd = sum(each.count for each in said if isinstance(self.known[each.name], Thing))
        self.stuff = np.zeros(size[::-1], bool)
        for word in painted:
            if word.strength <= 0:
                continue
            meant = next((each for each in said if each.meets(word.span)), None)
            own, there = None if meant is None else self.known[meant.name], word.mask > 127
            if isinstance(own, Stuff):
                self.stuff |= there
                self._offer(own, there)
            boxes = [] if isinstance(own, Stuff) else [box_of(piece) for piece in pieces_of(word.mask)]
            self.taken += boxes
            if meant is not None:
                self.own[meant], self.boxes[meant] = there, boxes
                self.strengths[meant] = word.strength

    def placed(self) -> Placed:
        """All that is placed: stuff first, then things from the largest."""
        stuff, addition = self._stuff()
        things = list(self._things())
        drawn = self._drawn()
        stuff = [replace(word, mask=np.where(drawn, 0, word.mask).astype(np.uint8)) for word in stuff]
        return Placed((*stuff, *things, *self._colours()), addition, varies=bool(stuff or things))

    def _drawn(self) -> np.ndarray:
        """Where things are so far, bool `[H, W]`: what they hide is none of the stuff behind them."""
        things = [there for each, there in self.own.items() if isinstance(self.known[each.name], Thing)]
        return np.any([np.zeros_like(self.stuff), *things], 0)

    def _stuff(self) -> tuple[list[PaintedWord], str]:
        """What is mentioned and what is left unsaid, and that in words."""
        names: list[tuple[str, Mention | None]] = [(each.name, each) for each in self.wanted]
        names += [(name, None) for name in self._unsaid()]
        wanted = [(said, name, own) for name, said in names if isinstance(own := self.known[name], Stuff)]
        areas = place_stuff([own for *_, own in wanted], self.stuff, np.random.default_rng((self.seed, 41)))
        words, addition, drawn = [], "", self._drawn()
        for (said, name, own), there in zip(wanted, areas, strict=True):
            seen = there & ~drawn
            if not seen.any() or (said is None and seen.mean() < _LEAST):
                continue
            if said is None:
                addition += f", {name}"
                end = len(self.prompt) + len(addition)
                span = end - len(name), end
            else:
                span, self.own[said] = said.span, there
            self._offer(own, there)
            words.append(PaintedWord(span=span, mask=there * np.uint8(255)))
        return words, addition

    def _things(self) -> Iterator[PaintedWord]:
        met = Counter[str]()
        masks: dict[Mention, np.ndarray] = {}
        for each in self._in_order():
            own = self.known[each.name]
            assert isinstance(own, Thing), "stuff is placed already"
            # By name, so that a thing stays where it is when other words change.
            rng = np.random.default_rng((self.seed, 43, zlib.crc32(each.name.encode()), met[each.name]))
            met[each.name] += 1
            boxes = self._boxes(each, own, rng)
            self.boxes[each] = boxes
            masks[each] = np.max([outlined(own, box, self.size) for box in boxes], 0)
        for each, how in self.related.items():
            behind, before = (self.said[how.other], each) if how.kind in IN_FRONT else (each, self.said[how.other])
            if how.kind in (*IN_FRONT, "behind") and behind in masks and before in masks:
                masks[behind] = np.where(masks[before] > 0, 0, masks[behind]).astype(np.uint8)
        for each, mask in masks.items():
            self.own[each] = mask > 0
            yield PaintedWord(span=each.span, mask=mask)

    def _colours(self) -> Iterator[PaintedWord]:
        """The words for colours once more, where their things are: "red" in "red house" is easily not heard."""
        for each, there in self.own.items():
            for word in _WORD.finditer(self.prompt, *each.span) if isinstance(self.known[each.name], Thing) else ():
                strength = self.table.colours.get(word[0].casefold(), 0.0) * self.strengths.get(each, 1.0)
                if strength:
                    yield PaintedWord(span=word.span(), mask=there * np.uint8(255), strength=strength)

    def _in_order(self) -> list[Mention]:
        """The things that are to be placed: from the largest, but what stands to another comes after it."""
        things = [(own, each) for each in self.wanted if isinstance(own := self.known[each.name], Thing)]
        left = [each for _, each in sorted(things, key=lambda pair: -pair[0].height[1])]
        found: list[Mention] = []
        while left:
            free = (
                each for each in left if each not in self.related or self.said[self.related[each].other] not in left
            )
            found.append(next(free))  # there is one, as what follows in the prompt stands to nothing before it
            left.remove(found[-1])
        return found

    def _boxes(self, said: Mention, thing: Thing, rng: np.random.Generator) -> list[Box]:
        """Where a thing is: by what the prompt says of it and another, else where such things are."""
        how, areas = self.related.get(said), self.areas
        other = None if how is None else self.said[how.other]
        if how is not None and other is not None:
            own = self.known[other.name]
            boxes = self.boxes.get(other, [])
            if isinstance(own, Thing) and boxes and self._may_be(how, thing, own):
                found = spots_at(
                    thing, said.count, partial(_feet, how.kind, boxes, own.outline),
                    taken=[box for box in self.taken if how.kind == "beside" or box not in boxes],
                    longest=max(self._room(how.kind, box) for box in boxes),
                    crowd=self.crowd, cell=self.cell, size=self.size, rng=rng,
                )  # fmt: skip
                self.taken += found
                return found
            fitting = [place for place in thing.on if isinstance(own, Stuff) and place in own.offers]
            if how.kind in ("on", "in") and fitting and other in self.own:
                areas = dict.fromkeys(fitting, self.own[other])
        return spots_for(
            thing, said.count, areas=areas, taken=self.taken, crowd=self.crowd, cell=self.cell, size=self.size, rng=rng
        )

    def _room(self, kind: str, box: Box) -> float:
        """How long something may be that stands so to a thing in a box, in pixels."""
        if kind in IN_FRONT:
            return _SMALLER * max(box[2] - box[0], box[3] - box[1])
        return max(box[0], self.size[0] - box[2]) if kind == "beside" else max(self.size)

    @staticmethod
    def _may_be(how: Relation, thing: Thing, other: Thing) -> bool:
        """Whether things can stand so to each other: what flies is not beside what stands, nor a cow below the sun."""
        stands, other_stands = (each.on[0] in STANDING for each in (thing, other))
        if how.kind == "under":
            return other_stands or not stands
        return how.kind not in ("beside", "before") or stands == other_stands

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


def _feet(kind: str, boxes: Sequence[Box], outline: np.ndarray, wide: int, high: int) -> Iterator[tuple[int, int]]:
    """Where something may stand to one of several boxes, see `candidates`."""
    for box in boxes:
        yield from candidates(kind, wide, high, box, outline)
