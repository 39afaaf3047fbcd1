"""The noun tables: enough of them, all readable, and what a line means."""

from __future__ import annotations

import pytest

from engine.training.picture_book.errors import NounTableError
from engine.training.picture_book.nouns import PLACES, nouns, plural_of, read_table
from engine.training.picture_book.stuff import OFFERS, SYNONYMS, TEXTURES


def test_there_are_at_least_four_hundred_nouns() -> None:
    assert len(nouns()) >= 400


def test_every_noun_has_drawings_places_and_sensible_heights() -> None:
    for noun in nouns().values():
        assert noun.icons and noun.places, noun
        assert set(noun.places) <= set(PLACES), noun
        assert 0.05 <= noun.heights[0] < noun.heights[1] <= 0.8, noun


def test_no_thing_is_called_like_stuff() -> None:
    assert not set(nouns()) & set(TEXTURES)


def test_a_synonym_means_one_noun_and_is_no_name_of_another() -> None:
    seen: dict[str, str] = {}
    for noun in nouns().values():
        for word in noun.synonyms:
            assert word not in nouns(), f"{word} is a noun, and a synonym of {noun.name}"
            assert word not in seen, f"{word} is said of {noun.name} and of {seen[word]}"
            seen[word] = noun.name


def test_every_stuff_says_what_it_offers_and_every_place_is_offered() -> None:
    assert set(OFFERS) == set(TEXTURES)
    assert set(SYNONYMS) <= set(TEXTURES)
    assert {place for places in OFFERS.values() for place in places} == set(PLACES)


def test_a_line_gives_names_icons_synonyms_places_and_heights() -> None:
    table = "# ours\n## ground floor, 0.1-0.3\ncat\nwolf/wolves* = wolf !X:wolf ~x : big dog, hound @ snow, 0.2-0.5\n"
    cat, wolf = read_table(table, "animals")
    assert (cat.name, cat.plural, cat.icons, cat.places, cat.recolour) == (
        "cat",
        "cats",
        ("cat",),
        ("ground", "floor"),
        False,
    )
    assert (wolf.name, wolf.plural, wolf.recolour) == ("wolf", "wolves", True)
    assert wolf.icons == ("wolf", "!X:wolf", "~x")
    assert wolf.synonyms == ("big dog", "hound")
    assert (wolf.places, wolf.heights) == (("snow",), (0.2, 0.5))


@pytest.mark.parametrize(
    "table", ["cat\n", "## moon, 0.1-0.3\ncat\n", "## ground, 0.3-0.1\ncat\n", "## ground, high\n"]
)
def test_what_is_no_table_is_refused(table: str) -> None:
    with pytest.raises(NounTableError):
        read_table(table, "bad")


@pytest.mark.parametrize(
    ("name", "plural"),
    [("cat", "cats"), ("bus", "buses"), ("torch", "torches"), ("old man", "old men"), ("puppy", "puppies")],
)
def test_regular_plurals(name: str, plural: str) -> None:
    assert plural_of(name) == plural
