"""The book lab: sizes, what counts as recognised and as three, its rows, and a whole run on a tiny model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import book
from engine.lab.book import (
    COUNTED,
    counts_right,
    few_ratio,
    is_named,
    rows,
    run,
    scenes,
    size_of,
    stuff_overlaps,
    things_of,
    three_of,
)
from engine.lab.tables import table
from engine.models.library import Library
from engine.world.objects import THINGS
from engine.world.scenes import HELD_OUT, NAMES
from tests.engine.lab.test_layout import ColourJudge

LAYOUTS = scenes(HELD_OUT + 77, 10)


def test_sizes_are_those_on_a_page():
    area = np.zeros((256, 256), bool)
    area[10:40, 100:120] = True
    assert size_of(area) == 60
    sizes = [{size for _, _, size in things_of(LAYOUTS[which::2])} for which in (0, 1)]
    assert sizes == [{"64+"}, {"40-64"}]
    assert all(item.name in THINGS for _, item, _ in things_of(LAYOUTS))


def test_a_thing_is_named_where_most_of_its_area_is_called_so():
    _, item, _ = next(iter(things_of(LAYOUTS)))
    labels = np.full(item.area.shape, NAMES.index("grass"))
    assert not is_named(item, labels)
    ys, xs = np.nonzero(item.area)
    half = len(ys) // 2 + 1
    labels[ys[:half], xs[:half]] = NAMES.index(item.name)
    assert is_named(item, labels)


def test_rows_count_things_where_they_were_painted_and_anywhere():
    real = [layout.labels for layout in LAYOUTS]
    turned = [layout.labels[::-1] for layout in LAYOUTS]
    found = {(row["set"], row["size"]): row for row in rows(LAYOUTS, {"painted": turned, "unpainted": turned})}
    large = found["painted", "64+"], found["unpainted", "64+"]
    assert large[0]["things"] == large[1]["things"] > 3
    assert large[0]["recognised"] < 0.5 and large[1]["recognised"] == 1.0
    assert rows(LAYOUTS, {"painted": real})[1]["recognised"] == 1.0
    assert rows([], {"painted": []})[0]["recognised"] is None
    assert stuff_overlaps(LAYOUTS, real).min() == 1.0 and stuff_overlaps(LAYOUTS, turned).max() < 1.0


def test_three_are_three_patches_one_in_each_place():
    for seed in range(12):
        three = three_of(seed, COUNTED.values())
        assert three.prompt[slice(*three.span)] == f"three {COUNTED[three.noun]}"
        alone = three_of(seed, ())
        assert alone.prompt[slice(*alone.span)] == three.noun and np.array_equal(alone.areas, three.areas)
        assert np.sum(three.areas, axis=0).max() == 1 and all(area.mean() > 0.02 for area in three.areas)
        number = NAMES.index(three.noun)
        labels = np.where(np.any(three.areas, axis=0), number, 0)
        assert counts_right(three.noun, three.areas, labels)
        missing = np.where(three.areas[1], 0, labels)
        assert not counts_right(three.noun, three.areas, missing)
        more = labels.copy()
        more[-40:-4, :40] = number
        assert not counts_right(three.noun, three.areas, more)
        joined = labels.copy()
        row = np.flatnonzero(three.areas[0].any(1))[10]
        joined[row : row + 60, 20:230] = number
        assert not counts_right(three.noun, three.areas, joined)
        assert (three.words(4)[0].mask > 0).sum() == np.any(three.areas, axis=0).sum()


def test_few_steps_are_compared_by_what_is_recognised():
    real = [layout.labels for layout in LAYOUTS]
    none = [np.zeros_like(layout.labels) for layout in LAYOUTS]
    assert few_ratio(LAYOUTS, {"few": real, "painted": real})["ratio"] == 1.0
    half = few_ratio(LAYOUTS, {"few": [*real[:5], *none[5:]], "painted": real})
    assert 0 < half["ratio"] < 1 and half["ratio_ci"][0] < half["ratio"] < half["ratio_ci"][1]


def test_a_run_has_what_the_contract_names(whole_model, tmp_path, monkeypatch):
    monkeypatch.setattr(book, "_CHECKED", 3)
    monkeypatch.setattr(book, "able_nouns", lambda judge: ("house",))
    said = []
    result = run(
        n=2, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge(),
        progress=lambda text, fraction: said.append((text, fraction)),
    )  # fmt: skip
    assert [(row["set"], row["size"]) for row in result["rows"]] == [
        ("painted", "40-64"), ("painted", "64+"), ("unpainted", "40-64"), ("unpainted", "64+")
    ]  # fmt: skip
    assert {"nouns", "judge_accuracy", "stuff_miou", "two_of_a_noun", "counting"} <= set(result)
    assert result["few_steps"] is None and said[-1][1] == pytest.approx(1.0)
    text = table(result)
    assert "recognised" in text and "two of a noun" in text and "counting" in text
    again = run(n=2, model=str(whole_model), device="cpu", work=tmp_path, judge=ColourJudge())
    assert again["rows"] == result["rows"]  # from the pictures that were kept
    with pytest.raises(BadRequest, match="number of layouts"):
        run(n=0)


def test_few_steps_are_the_model_s_own():
    library = Library()
    facts = library.inspect("starter")
    asked = book._few(library, facts.path, facts.fast.lora)
    assert (asked["steps"], asked["guidance"]) == (4, 1.0)
    assert [Path(lora.file).name for lora in asked["loras"]] == [f"{facts.fast.lora}.safetensors"]
