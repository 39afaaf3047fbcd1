"""Pages that are drawn by rule: two of a noun in two colours, three of a noun, and the page of the red house."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.protocol import PaintedWord
from engine.world.palette import COLOURS

PAGE = 512
"""Width and height of a page in pixels."""

PAIRED = {
    "balloon": "sky", "kite": "sky", "butterfly": "sky", "bird": "sky", "plane": "sky",
    "house": "ground", "tent": "ground", "car": "ground", "umbrella": "ground", "apple": "ground", "chair": "ground",
    "mushroom": "ground", "tulip": "ground", "cat": "ground", "truck": "ground", "present": "ground",
}  # fmt: skip
"""Things that come in colours, and where they are painted."""

COUNTED = {
    "balloon": "balloons", "kite": "kites", "bird": "birds", "star": "stars", "cloud": "clouds",
    "house": "houses", "tent": "tents", "cat": "cats", "dog": "dogs", "tree": "trees", "mushroom": "mushrooms",
    "sunflower": "sunflowers", "apple": "apples", "rabbit": "rabbits", "penguin": "penguins", "car": "cars",
}  # fmt: skip
"""What is counted, and its plural."""

_HIGH = frozenset(name for name, place in PAIRED.items() if place == "sky") | {"star", "cloud"}
_SKIES, _GROUNDS = ("blue sky", "cloudy sky"), ("grass", "sand", "snow")


@dataclass(frozen=True)
class Asked:
    """A thing or stuff that a page asks for: its name, its colour word or "", and where: bool `[PAGE, PAGE]`."""

    name: str
    colour: str
    area: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class PageLayout:
    """A page: its prompt, and what it asks for, each with the half-open span of the phrase that it is painted with."""

    prompt: str
    asked: tuple[tuple[tuple[int, int], Asked], ...]

    def words(self, index: int) -> tuple[PaintedWord, ...]:
        """All phrases, painted; `index` keeps the masks' revisions of different pages apart."""
        masks: dict[tuple[int, int], np.ndarray] = {}
        for span, each in self.asked:
            masks[span] = masks.get(span, np.zeros((PAGE, PAGE), bool)) | each.area
        return tuple(
            PaintedWord(span=span, mask=mask * np.uint8(255), revision=("page", index, self.prompt, span))
            for span, mask in masks.items()
        )

    def things(self) -> Iterator[Asked]:
        """What is asked for in front of sky and ground."""
        return (each for _, each in self.asked if each.name not in _SKIES + _GROUNDS)


def ellipse(centre: tuple[float, float], height: float, width: float) -> np.ndarray:
    """An area bool `[PAGE, PAGE]`: centre (x, y), height and width as shares of the page."""
    y, x = (np.mgrid[0:PAGE, 0:PAGE] + 0.5) / PAGE
    return np.asarray(((y - centre[1]) / height) ** 2 + ((x - centre[0]) / width) ** 2 <= 0.25)


def two_of(seed: int) -> PageLayout:
    """Two things of a noun in two colours, in the left and in the right half."""
    rng = np.random.default_rng((seed, 40))
    noun = str(rng.choice(list(PAIRED)))
    first, second = (str(each) for each in rng.choice(list(COLOURS), 2, replace=False))
    areas = _row(rng, noun, 2, rng.uniform(0.24, 0.32))
    phrases = [("a ", f"{first} {noun}"), (" and a ", f"{second} {noun}")]
    return _page(rng, phrases, [[Asked(noun, first, areas[0])], [Asked(noun, second, areas[1])]])


def three_of(seed: int) -> PageLayout:
    """Three of a noun, painted as three areas of one phrase."""
    rng = np.random.default_rng((seed, 41))
    noun = str(rng.choice(list(COUNTED)))
    areas = _row(rng, noun, 3, rng.uniform(0.18, 0.24))
    return _page(rng, [("", f"three {COUNTED[noun]}")], [[Asked(noun, "", area) for area in areas]])


def _row(rng: np.random.Generator, noun: str, count: int, size: float) -> list[np.ndarray]:
    low, high = (0.25, 0.45) if noun in _HIGH else (0.6, 0.78)
    places = ((k + 0.5 + rng.uniform(-0.08, 0.08)) / count for k in range(count))
    return [ellipse((x, rng.uniform(low, high)), size, size) for x in places]


def _page(
    rng: np.random.Generator, phrases: Sequence[tuple[str, str]], things: Sequence[Sequence[Asked]]
) -> PageLayout:
    """A page of phrases and what each asks for, in front of a sky and a ground."""
    sky, ground = str(rng.choice(_SKIES)), str(rng.choice(_GROUNDS))
    line = int(PAGE * rng.uniform(0.48, 0.56))
    rows = np.arange(PAGE)[:, None] < line
    free = ~np.any([each.area for group in things for each in group], axis=0)
    phrases = [*phrases, (" on ", ground), (" under ", sky)]
    below, above = (np.broadcast_to(half, (PAGE, PAGE)) & free for half in (~rows, rows))
    groups = [*things, [Asked(ground, "", below)], [Asked(sky, "", above)]]
    return _of_phrases(phrases, groups)


def _of_phrases(phrases: Sequence[tuple[str, str]], groups: Sequence[Sequence[Asked]]) -> PageLayout:
    """A page whose prompt is the phrases in a row, each with what stands before it, and what each of them asks for."""
    prompt, asked = "", []
    for (before, phrase), group in zip(phrases, groups, strict=True):
        prompt += before + phrase
        asked += [((len(prompt) - len(phrase), len(prompt)), each) for each in group]
    return PageLayout(prompt=prompt, asked=tuple(asked))


def the_page() -> PageLayout:
    """A red house on a hill by a lake under a rainbow, with a white boat and two balloons."""
    y, x = (np.mgrid[0:PAGE, 0:PAGE] + 0.5) / PAGE
    line = 0.56 + 0.03 * np.sin(5 * x)
    house, boat = ellipse((0.27, 0.42), 0.3, 0.28), ellipse((0.72, 0.72), 0.22, 0.22)
    balloons = ellipse((0.5, 0.27), 0.2, 0.14), ellipse((0.64, 0.38), 0.2, 0.14)
    far = np.hypot(x - 0.42, 0.9 * (y - 0.62))
    things = house | boat | balloons[0] | balloons[1]
    hill = (y > line - 0.22 * np.exp(-(((x - 0.25) / 0.24) ** 2))) & (y < 0.62 + 0.02 * np.sin(7 * x)) & ~things
    lake = (y >= 0.62 + 0.02 * np.sin(7 * x)) & ~things
    rainbow = (far > 0.42) & (far < 0.53) & ~things & ~hill & ~lake
    sky = ~(things | hill | lake | rainbow)
    phrases = [
        ("a ", "red house"), (" on a ", "hill"), (" by a ", "lake"), (" under a ", "rainbow"),
        (" with a ", "white boat"), (" and ", "two balloons"), (" under ", "blue sky"),
    ]  # fmt: skip
    groups = [
        [Asked("house", "red", house)],
        [Asked("hills", "", hill)],
        [Asked("lake", "", lake)],
        [Asked("rainbow", "", rainbow)],
        [Asked("sailing boat", "white", boat)],
        [Asked("balloon", "", area) for area in balloons],
        [Asked("blue sky", "", sky)],
    ]
    return _of_phrases(phrases, groups)
