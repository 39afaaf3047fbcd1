"""The experts in a model's folder: read from wordbrush.json and checked before anything is loaded."""

from __future__ import annotations

import json
import math
import shutil

import pytest

from engine import Library
from engine.errors import ModelIncomplete
from engine.models.library import own_expert
from tests.tiny import TRIO, name_experts


@pytest.fixture
def folder(tiny_ensemble_folder, tmp_path):
    return shutil.copytree(tiny_ensemble_folder, tmp_path / "trio")


def inspect(folder):
    return Library(folder.parent).inspect(folder)


def test_a_folder_says_who_its_experts_are(folder):
    facts = inspect(folder)
    assert [(own.name, own.low, own.high, own.folder) for own in facts.experts] == [
        ("high", 3.2, math.inf, folder / "experts" / "high"),
        ("base", 0.6, 3.2, None),
        ("low", 0.0, 0.6, folder / "experts" / "low"),
    ]
    assert [own.is_delta for own in facts.experts] == [True, False, False]
    assert own_expert(facts, "low") is facts.experts[2]
    assert own_expert(facts, "base") is None and own_expert(facts, "") is None


def test_most_models_bring_none(tiny_sd_folder):
    assert Library(tiny_sd_folder.parent).inspect(tiny_sd_folder).experts == ()


def test_a_part_names_the_folder_or_the_base(folder):
    entries = [
        {"name": "rough", "low": 1, "high": None, "part": "high"},
        {"name": "fine", "low": 0, "high": 1, "part": "base"},
    ]
    name_experts(folder, entries)
    assert [own.folder for own in inspect(folder).experts] == [folder / "experts" / "high", None]


def change(which, **values):
    return [{**entry, **values} if entry["name"] == which else entry for entry in TRIO]


BAD = {
    "gap": (change("base", low=0.8), 'between "low" and "base"'),
    "overlap": (change("base", low=0.4), '"low" and "base" overlap'),
    "dragged to nothing": (change("base", low=3.2, high=3.2), '"base" is left with nothing'),
    "NaN": (change("base", low=math.nan), '"base" are nan'),
    "not finite": (change("low", low=math.inf), '"low" are inf'),
    "text": (change("low", low="0"), '"low"'),
    "no bound": (change("low", low=None), '"low"'),
    "two of a name": (change("low", name="high"), 'two of its experts are named "high"'),
    "no name": (change("low", name=""), "no usable name"),
    "no folder": (change("low", part="lowest"), "experts/lowest"),
    "folder elsewhere": (change("low", part="../unet"), "'../unet'"),
    "no text as part": (change("low", part=7), "7"),
    "no list": ("high", "not a list"),
    "no entries": (["high"], "not a list"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_sense_is_refused_by_name(folder, case):
    entries, named = BAD[case]
    (folder / "wordbrush.json").write_text(json.dumps({"experts": entries}))
    with pytest.raises(ModelIncomplete) as caught:
        inspect(folder)
    assert named in caught.value.message and caught.value.hint
    assert Library(folder.parent).list()[1].problem == caught.value.message


def test_an_expert_without_its_folder_is_refused(folder):
    shutil.rmtree(folder / "experts" / "low")
    with pytest.raises(ModelIncomplete, match='expert "low" is incomplete: the folder "experts/low" is missing'):
        inspect(folder)
