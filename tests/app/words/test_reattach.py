"""What was written in place of a painted word, from the prompt before and after."""

from __future__ import annotations

import pytest

from app.words.reattach import replacement

BEFORE = "a red house by the lake, a house"


@pytest.mark.parametrize(
    ("phrase", "after", "found"),
    [
        ("house", "a red castle by the lake, a house", "castle"),
        ("red house", "a white castle by the lake, a house", "white castle"),
        ("red house", "a castle by the lake, a house", "castle"),
        ("house", "a red hous by the lake, a house", "hous"),
        ("house", "a red houseboat by the lake, a house", "houseboat"),
        ("house", "a red  by the lake, a house", None),
        ("red house", "an old castle by the lake, a house", "old castle"),
        ("lake", "a red house by the sea", "sea"),
        ("house", "two dogs under a bright moon in winter", None),
        ("house", "", None),
        ("house", "so a red castle by the lake", "castle"),
        ("house", "a red castle", "castle"),
    ],
)
def test_what_stands_in_the_place_is_found(phrase, after, found):
    start = BEFORE.index(phrase)
    span = replacement(BEFORE, (start, start + len(phrase)), after)
    assert (after[slice(*span)] if span else None) == found
