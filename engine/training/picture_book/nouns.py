"""The nouns of the picture book, read from the tables in `tables/`: their names, drawings, places and sizes.

A table has sections, `## PLACES, LOWEST-HIGHEST`, whose places and heights apply to all lines below, except to lines
with their own. A line is `NAME[/PLURAL][*] [= DRAWINGS] [: SYNONYMS] [@ PLACES[, LOWEST-HIGHEST]]`:

- `*`: its drawings may be recoloured.
- DRAWINGS: icon names, the name itself with hyphens by default. `~x` stands for x in five skin tones, `X:x` for an icon
  of one pack alone (F, N, T: see `packs.PACKS`), `!X:x` leaves one out.
- heights are shares of a picture's height, at the sizes at which a picture book would draw the things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from engine.training.picture_book.errors import NounTableError

PLACES = ("ground", "snow", "road", "floor", "table", "wall", "sky", "space", "water", "underwater")
"""Where things may stand; each is offered by some of the backdrops."""

_LINE = re.compile(r"(?P<names>[^=:@]+?)\s*(=(?P<icons>[^@]*?))?\s*(\s:\s(?P<also>[^@]*?))?\s*(@(?P<where>.*))?")

_HEAD = re.compile(r"(.+?)( (?:of|in|with) .+)")
_IS_PLURAL = re.compile(r"[^aius]s$")
_UNCOUNTED = ("cutlery", "luggage", "pasta")


@dataclass(frozen=True, kw_only=True)
class Noun:
    """One thing that can be drawn and named.

    Attributes:
        name, plural, synonyms: plain English, without an article.
        icons: its drawings, in the notation of the tables.
        category: the table that it comes from.
        places: of `PLACES`, the most likely first.
        heights: its smallest and largest height, as shares of the picture's height.
        recolour: whether its drawings may be recoloured.
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
        """Whether it can be counted with "a" or "three": sheep can, bread and scissors cannot."""
        return self.plural != self.name or self.category == "animals"


@cache
def nouns() -> dict[str, Noun]:
    """All nouns by name, in the order of the tables.

    Raises:
        NounTableError: a table breaks the notation, or two nouns have the same name.
    """
    found: dict[str, Noun] = {}
    for table in sorted(files("engine.training.picture_book").joinpath("tables").iterdir(), key=lambda file: file.name):
        if not table.name.endswith(".txt"):
            continue
        for noun in read_table(table.read_text("utf-8"), table.name.removesuffix(".txt")):
            if noun.name in found:
                raise NounTableError(f"{table.name}: {noun.name} is listed twice")
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
            raise NounTableError(f"{category}, line {number}: {line!r} is not a valid line of a noun table")
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
        raise NounTableError(f"{line}: {unknown or 'nothing'} is not a place; choose from {', '.join(PLACES)}")
    if sizes:
        try:
            low, high = (float(part) for part in sizes.split("-"))
        except ValueError:
            raise NounTableError(f"{line}: {sizes.strip()!r} is not a pair of heights") from None
        heights = (low, high)
    if not 0 < heights[0] <= heights[1] <= 1:
        raise NounTableError(f"{line}: heights must be shares of a picture's height, the lowest first")
    return places, heights


def plural_of(name: str) -> str:
    """The regular plural of a noun; irregular ones are listed in the tables."""
    head = _HEAD.fullmatch(name)
    if head is not None:  # a cup of tea, a plant in a pot
        return plural_of(head[1]) + head[2]
    if name.split()[-1] in _UNCOUNTED or _IS_PLURAL.search(name):
        return name
    if name.endswith("man"):
        return name.removesuffix("man") + "men"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name.removesuffix("y") + "ies"
    if name.endswith(("leaf", "loaf")):
        return name.removesuffix("f") + "ves"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
