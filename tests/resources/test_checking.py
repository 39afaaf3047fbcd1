"""Values are checked by their annotations, whatever they hold."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from resources.checking import Refused, fits, read
from resources.limits import Color, Identifier, Name, Seed


@dataclass(frozen=True)
class Held:
    name: Name
    seed: Seed


def test_half_a_character_is_refused_like_any_other_value() -> None:
    assert read({"name": "a", "seed": 7}, Held, {}) == Held("a", 7)
    with pytest.raises(Refused, match="half a character"):
        read({"name": "a", "seed": "\ud800"}, Held, {})
    assert not any(fits("\ud800", kind) for kind in (Name, Identifier, Color, Seed))
