"""What a prompt mentions: names and their other words, with colours and numbers, and not what it denies."""

from __future__ import annotations

import pytest

from engine.placing.mentions import SEVERAL, mentions

WORDS = {
    "house": "house",
    "home": "house",
    "sailing boat": "sailing boat",
    "boat": "sailing boat",
    "balloon": "balloon",
    "balloons": "balloon",
    "hot air balloon": "hot air balloon",
    "blue sky": "blue sky",
    "sky": "blue sky",
    "grapes": "grapes",
    "tree": "tree",
    "trees": "tree",
    "picture": "picture",
    "orange": "orange",
    "fly": "fly",
    "birds": "bird",
}


def found(prompt: str) -> list[tuple[str, str, int]]:
    return [(prompt[slice(*each.span)], each.name, each.count) for each in mentions(prompt, WORDS, {"orange", "red"})]


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("a red house by a Boat", [("red house", "house", 1), ("Boat", "sailing boat", 1)]),
        ("two red balloons in a blue sky", [("red balloons", "balloon", 2), ("blue sky", "blue sky", 1)]),
        ("a hot air balloon", [("hot air balloon", "hot air balloon", 1)]),
        ("balloons", [("balloons", "balloon", SEVERAL)]),
        ("grapes", [("grapes", "grapes", 1)]),
        ("five grapes", [("grapes", "grapes", 5)]),
        ("a house without trees, no balloons", [("house", "house", 1)]),
        ("a picture of a house", [("house", "house", 1)]),
        ("a picture on a house", [("picture", "picture", 1), ("house", "house", 1)]),
        ("a red balloon and a balloon", [("red balloon", "balloon", 1), ("balloon", "balloon", 1)]),
        ("birds fly by a house", [("birds", "bird", SEVERAL), ("house", "house", 1)]),
        ("two children fly a balloon", [("balloon", "balloon", 1)]),
        ("a fly on a house", [("fly", "fly", 1), ("house", "house", 1)]),
        ("a fly", [("fly", "fly", 1)]),
        ("a house under an orange tree", [("house", "house", 1), ("orange tree", "tree", 1)]),
        ("house tree", [("house", "house", 1), ("tree", "tree", 1)]),
        ("an orange", [("orange", "orange", 1)]),
        ("an orange on a house", [("orange", "orange", 1), ("house", "house", 1)]),
        ("an orange balloon", [("orange balloon", "balloon", 1)]),
        ("two orange and red balloons", [("orange", "orange", 2), ("red balloons", "balloon", SEVERAL)]),
        ("a cat", []),
        ("", []),
    ],
)
def test_names_are_found_with_what_belongs_to_them(prompt, wanted):
    assert found(prompt) == wanted
