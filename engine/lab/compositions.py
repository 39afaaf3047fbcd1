"""The picture book's held-out compositions: captions and where everything is. No training saw them; they ship."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

import resources
from engine.errors import ModelNotFound
from engine.protocol import PaintedWord

SIDE = 128
"""Width and height of the stored areas; a picture of 512 pixels has four for each of them, both ways."""

NOBODY = 255
"""Owner of what belongs to no part."""


@dataclass(frozen=True)
class Part:
    """One thing of a page, or all areas of one stuff: its name, its colour word or "", and whether it is a thing."""

    name: str
    colour: str
    thing: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Composition:
    """One page.

    Attributes:
        caption: says what is there, never where.
        phrases: `(start, end, parts)` of each noun phrase: half-open code points, and the numbers of what it means.
        parts: what is there.
        owner: the number of the part that each place belongs to, or `NOBODY`: uint8 `[SIDE, SIDE]`.
    """

    caption: str
    phrases: tuple[tuple[int, int, tuple[int, ...]], ...]
    parts: tuple[Part, ...]
    owner: np.ndarray

    def area(self, number: int, size: int) -> np.ndarray:
        """Where a part is: bool `[size, size]`; `size` is a multiple of `SIDE`."""
        return grown(self.owner == number, size)

    def words(self, index: int, size: int) -> tuple[PaintedWord, ...]:
        """All phrases, painted exactly; `index` keeps the masks' revisions of different pages apart."""
        found = []
        for start, end, numbers in self.phrases:
            mask = grown(np.isin(self.owner, numbers), size) * np.uint8(255)
            found.append(PaintedWord(span=(start, end), mask=mask, revision=("page", index, start)))
        return tuple(found)

    def labels(self, names: Sequence[str], size: int) -> np.ndarray:
        """The name at each place: int64 `[size, size]`, indices into `names`, -1 for none of them."""
        known = [names.index(part.name) if part.name in names else -1 for part in self.parts]
        table = np.full(NOBODY + 1, -1)
        table[: len(known)] = known
        return grown(table[self.owner], size)


def grown(areas: np.ndarray, size: int) -> np.ndarray:
    """What is stored at `SIDE`, at a picture's size: `[SIDE, SIDE]` -> `[size, size]`."""
    return np.kron(areas, np.ones((size // SIDE,) * 2, areas.dtype))


def save(file: Path, compositions: Sequence[Composition], features: np.ndarray) -> None:
    """Write compositions, and the judge's features `[n, D]` of other held-out ones, drawn."""
    facts = [
        {"caption": each.caption, "phrases": each.phrases, "parts": [asdict(part) for part in each.parts]}
        for each in compositions
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        file,
        owners=np.stack([each.owner for each in compositions]),
        facts=np.frombuffer(json.dumps(facts).encode(), np.uint8),
        features=features.astype(np.float16),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class HeldOut:
    """What a file holds: compositions, and the judge's features of other ones, float32 `[n, D]`."""

    compositions: tuple[Composition, ...]
    features: np.ndarray


def load(file: Path | None = None) -> HeldOut:
    """Read a file, by default the one that ships.

    Raises:
        ModelNotFound: there is none.
    """
    path = file or resources.path("compositions.npz")
    if not path.is_file():
        raise ModelNotFound("The pages that the lab asks for are not installed.", hint="Reinstall Wordbrush.")
    with np.load(path) as stored:
        facts = json.loads(stored["facts"].tobytes())
        owners, features = stored["owners"], stored["features"].astype(np.float32)
    return HeldOut(compositions=tuple(_pages(facts, owners)), features=features)


def _pages(facts: list[dict[str, object]], owners: np.ndarray) -> Iterator[Composition]:
    for fact, owner in zip(facts, owners, strict=True):
        yield Composition(
            caption=str(fact["caption"]),
            phrases=tuple((start, end, tuple(numbers)) for start, end, numbers in fact["phrases"]),  # type: ignore[attr-defined]
            parts=tuple(Part(**part) for part in fact["parts"]),  # type: ignore[attr-defined]
            owner=owner,
        )
