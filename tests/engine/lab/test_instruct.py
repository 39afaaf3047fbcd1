"""The lab of instructions: its cases, what counts as followed, the pairs that are drawn, and a run."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from engine.errors import BadRequest, UnsupportedModel
from engine.lab import instruct
from engine.lab.image_store import Picture
from engine.lab.instruct import CONDITIONS, case, condition_request, outside
from engine.lab.instructed import drawn, followed
from engine.lab.tables import table
from engine.models.library import Library
from engine.world.instructions import KINDS, drawn_pair
from engine.world.scenes import NAMES, render_scene
from tests.engine.lab.test_layout import ColourJudge
from tests.tiny_instruct import save_adapter


@pytest.mark.parametrize("index", range(len(KINDS)))
def test_cases_change_the_caption_where_the_instruction_says(index):
    each = case(index)
    asked, layout = each.asked, each.asked.layout
    assert asked.kind == KINDS[index] and asked.text[slice(*asked.span)] == asked.text.split()[-1]
    assert [asked.caption[slice(*word.span)] for word in each.after] == [
        next(
            (f"{colour} {name}" if colour else name for item, name, colour in asked.changed if item is own), own.phrase
        )
        for own in layout.items
    ]
    assert (asked.caption == layout.caption) is (asked.kind == "drawing")


def test_followed_is_what_is_seen_in_the_area():
    each = case(KINDS.index("night")).asked
    before = each.layout.rgb
    labels = each.layout.labels.copy()
    assert not followed(each, before, before, labels)
    for item, name, _ in each.changed:
        labels[item.area] = NAMES.index(name)
    assert followed(each, before, before, labels)
    drawing = case(KINDS.index("drawing")).asked
    plain = drawing.layout.rgb
    assert followed(drawing, plain, drawn(drawing.layout, 3), labels) and not followed(drawing, plain, plain, labels)


def test_a_colour_is_judged_among_those_of_its_noun():
    rng = np.random.default_rng(4)
    pairs = (drawn_pair(render_scene(seed), "colour", rng) for seed in range(40, 60))
    pair = next(each for each in pairs if each is not None)
    assert pair.text.startswith("make the ") and pair.area.any() and pair.area.mean() < 0.5
    assert np.array_equal(pair.before[~pair.area], pair.after[~pair.area])
    assert not np.array_equal(pair.before, pair.after)


def test_requests_of_the_conditions():
    each, defaults = case(0), Library().inspect("starter").defaults
    rgb = each.asked.layout.rgb
    asked = {
        name: condition_request(0, each, name, rgb, model="starter", device="cpu", defaults=defaults)
        for name in CONDITIONS
    }
    assert asked["picture"].instruct is None and asked["picture"].text.words
    assert asked["instructed"].instruct.mask is None and asked["instructed"].text.prompt == "make it night"
    assert np.array_equal(asked["pinned"].instruct.mask > 0, each.asked.area)
    assert asked["from picture"].start.strength < 1 and asked["words edited"].edit.prompt == each.asked.layout.caption
    moved = rgb.copy()
    moved[~each.asked.area] ^= 2
    far = outside([each], [Picture(rgb=moved, step_ms=1.0)], [Picture(rgb=rgb, step_ms=1.0)])
    assert far.tolist() == [2.0]


def test_a_run_has_a_row_for_each_condition(whole_model, tmp_path):
    with pytest.raises(UnsupportedModel, match="follow instructions"):
        instruct.run(n=1, model=str(whole_model), work=tmp_path, judge=ColourJudge())
    with pytest.raises(BadRequest):
        instruct.run(n=0)
    folder = shutil.copytree(whole_model, tmp_path / "told")
    save_adapter(folder / "instruct")
    result = instruct.run(n=1, model=str(folder), device="cpu", work=tmp_path, judge=ColourJudge())
    assert [row["condition"] for row in result["rows"]] == list(CONDITIONS)
    assert result["by_kind"]["picture"].keys() == {"night"} and "pinned" in table(result)
