"""Pictures by their names: which of them, or of their folders', has the words of a text; no torch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np

_PART = re.compile(r"[^\W_]+")
_SMALL_WORDS = "a an the and or of in on at by to from for with without under over above below is are"
_SMALL = frozenset(_SMALL_WORDS.split())


def words_of(text: str) -> list[str]:
    """Return the words of a text that names can have, in small letters, each once, without articles and the like."""
    return [word for word in dict.fromkeys(_PART.findall(text.casefold())) if word not in _SMALL]


class Names:
    """The names of pictures, as paths relative to their folder, in the order of an index's rows."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, row: int) -> str:
        return self.names[row]

    def named(self, text: str) -> np.ndarray:
        """Return the share of a text's words that stand in each name, in one number or the other: float32 `[n]`."""
        words = words_of(text)
        shares = np.zeros(len(self.names), np.float32)
        for word in words:
            forms = (word, f"{word}s", word.removesuffix("s"))
            rows = {row for form in dict.fromkeys(forms) for row in self._rows.get(form, ())}
            shares[list(rows)] += 1 / len(words)
        return shares

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        """The rows of each word; it takes a moment and is made once, so that a query looks only at its own words."""
        found: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            for word in dict.fromkeys(_PART.findall(name.rpartition(".")[0].casefold())):
                found.setdefault(word, []).append(row)
        return found
