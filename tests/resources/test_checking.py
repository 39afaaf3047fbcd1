"""Values are checked by their annotations, whatever they hold."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from resources.checking import Refused, fits, read
from resources.limits import Color, Identifier, Name


@dataclass(frozen=True)
class Held:
    name: Name
    id: Identifier


def test_half_a_character_is_refused_like_any_other_value() -> None:
    assert read({"name": "a", "id": "w1"}, Held, {}) == Held("a", "w1")
    with pytest.raises(Refused, match="half a character"):
        read({"name": "a", "id": "\ud800"}, Held, {})
    assert not any(fits("\ud800", kind) for kind in (Name, Identifier, Color))
