"""The nouns of the picture book, read from the tables in `tables/`: their names, their drawings, where they may be.

A table has sections, `## PLACES, LOWEST-HIGHEST`, whose places and heights hold for all lines below unless a line has
its own. A line is `NAME[/PLURAL][*] [= DRAWINGS] [: SYNONYMS] [@ PLACES[, LOWEST-HIGHEST]]`:

- `*`: its drawings may be recoloured.
- DRAWINGS: icon names, the name itself with hyphens by default. `~x` stands for x in five skin tones, `X:x` for an icon
  of one pack alone (F, N, T, X, S: see `packs.PACKS`), `!X:x` leaves one out.
- heights are shares of a picture's height, at the sizes that a picture book would draw them in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.training.picture_book.errors import NounTableError

PLACES = ("ground", "snow", "road", "floor", "table", "wall", "sky", "space", "water", "underwater")
"""Where a thing may stand; each is offered by some of the backgrounds."""

_LINE = re.compile(r"(?P<names>[^=:@]+?)\s*(=(?P<icons>[^@]*?))?\s*(\s:\s(?P<also>[^@]*?))?\s*(@(?P<where>.*))?")


@dataclass(frozen=True, kw_only=True)
class Noun:
    """One thing that can be drawn and named.

    Attributes:
        name, plural, synonyms: plain English, without an article.
        icons: what it is drawn as, in the tables' own notation.
        category: the table that it comes from.
        places: of `PLACES`, the likeliest first.
        heights: lowest and highest share of a picture's height.
        recolour: whether its drawings may be given a colour of ours.
    """

    name: str
    plural: str
    synonyms: tuple[str, ...]
    icons: tuple[str, ...]
    category: str
    places: tuple[str, ...]
    heights: tuple[float, float]
    recolour: bool

    @property
    def counted(self) -> bool:
        """Whether one can say "a" or "three" of it: not of bread, nor of scissors, but of a sheep."""
        return self.plural != self.name or self.category == "animals"


@cache
def nouns() -> dict[str, Noun]:
    """All nouns by name, in the tables' order.

    Raises:
        NounTableError: a table is not as the notation has it, or two nouns share a name.
    """
    found: dict[str, Noun] = {}
    for table in sorted(files("engine.training.picture_book").joinpath("tables").iterdir(), key=lambda file: file.name):
        if not table.name.endswith(".txt"):
            continue
        for noun in read_table(table.read_text("utf-8"), table.name.removesuffix(".txt")):
            if noun.name in found:
                raise NounTableError(f"{table.name}: {noun.name} is there twice")
            found[noun.name] = noun
    return found


def read_table(text: str, category: str) -> list[Noun]:
    """The nouns of one table.

    Raises:
        NounTableError: a line cannot be read.
    """
    places: tuple[str, ...] = ()
    heights = (0.1, 0.3)
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if line.startswith("## "):
            places, heights = _where(line[3:], heights, f"{category}, line {number}")
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or not places:
            raise NounTableError(f"{category}, line {number}: {line!r} is no line of a noun table")
        name, _, plural = match["names"].replace("*", "").strip().partition("/")
        also = tuple(word.strip() for word in (match["also"] or "").split(",") if word.strip())
        icons = tuple((match["icons"] or "").split()) or (name.lower().replace(" ", "-"),)
        own, sizes = _where(match["where"], heights, f"{category}, line {number}") if match["where"] else ((), heights)
        found.append(
            Noun(
                name=name.strip(),
                plural=plural.strip() or plural_of(name.strip()),
                synonyms=also,
                icons=icons,
                category=category,
                places=own or places,
                heights=sizes,
                recolour="*" in match["names"],
            )
        )
    return found


def _where(text: str, heights: tuple[float, float], line: str) -> tuple[tuple[str, ...], tuple[float, float]]:
    named, _, sizes = text.partition(",")
    places = tuple(named.split())
    unknown = [place for place in places if place not in PLACES]
    if unknown or not places:
        raise NounTableError(f"{line}: {unknown or 'nothing'} is no place; there are {', '.join(PLACES)}")
    if sizes:
        try:
            low, high = (float(part) for part in sizes.split("-"))
        except ValueError:
            raise NounTableError(f"{line}: {sizes.strip()!r} are no two heights") from None
        heights = (low, high)
    if not 0 < heights[0] <= heights[1] <= 1:
        raise NounTableError(f"{line}: heights are shares of a picture, lowest first")
    return places, heights


def plural_of(name: str) -> str:
    """The regular plural of a noun; irregular ones stand in the tables."""
    if name.endswith("man"):
        return name.removesuffix("man") + "men"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name.removesuffix("y") + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
