"""`render --grid`: pictures over seeds, strengths, words and settings, and their contact sheet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import choices, render
from app.cli.grid_option import cells_of, parse_grid
from app.cli.output import CommandError
from app.cli.paint_option import parse_paint
from canvas.files import contact_sheet, png
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene, Settings
from tests.app.conftest import PROMPT


@pytest.fixture
def scene() -> Scene:
    scene, word = edits.add_word(Scene(prompt="a red house", size=(64, 64), settings=Settings(count=3)), (6, 11))
    return edits.fill_word(scene, word)


def test_each_axis_changes_just_its_thing_and_two_make_rows_and_columns(scene):
    cells = cells_of(scene, [parse_grid("strength:house=0.5,2"), parse_grid("seed=7,8,9")])
    assert [cell.label for cell in cells] == [f"house {a} · seed {b}" for a in ("0.5", "2") for b in (7, 8, 9)]
    assert [(cell.scene.words[0].strength, cell.scene.settings.seed) for cell in cells[2:4]] == [(0.5, 9), (2.0, 7)]
    assert all(cell.scene.settings.count == 1 for cell in cells)
    (first, second) = cells_of(scene, [parse_grid("word:house=tall tower,lake")])
    assert (first.scene.prompt, second.scene.prompt) == ("a red tall tower", "a red lake")
    assert first.scene.words[0].span == (6, 16) and first.scene.masks == scene.masks
    assert [cell.scene.settings.steps for cell in cells_of(scene, [parse_grid("steps=8,16")])] == [8, 16]


@pytest.mark.parametrize("turned", [False, True])
def test_each_cell_has_the_words_that_its_own_seed_chooses(mask, turned):
    axes = [parse_grid("steps=2,4"), parse_grid("seed=1,2,3,4")]
    axes = axes[::-1] if turned else axes
    options = {"prompt": "a {house|boat} by a lake", "file": None, "paint": [parse_paint(f"boat={mask}")], "grid": axes}
    options |= {"seed": None, "count": None, "size": (64, 64)}
    scene = render_scene(options)
    by_seed = choices.scenes_by_seed(options, scene)
    cells = cells_of(scene, axes, by_seed)
    assert len(cells) == 8 and {each.prompt for each in by_seed.values()} == {"a house by a lake", "a boat by a lake"}
    for index, cell in enumerate(cells):
        at = divmod(index, 2) if turned else divmod(index, 4)[::-1]
        seed, steps = at[0] + 1, (2, 4)[at[1]]
        own = cell.scene
        assert (own.settings.seed, own.settings.steps, own.prompt) == (seed, steps, by_seed[seed].prompt)
        assert len(own.words) == ("boat" in own.prompt) and cell.label.count(" · ") == 1
    assert cells[0].label == ("seed 1 · steps 2" if turned else "steps 2 · seed 1")


def render_scene(options) -> Scene:
    paint = choices.paint_of_first(options)
    return render.scene_of(file=None, prompt=options["prompt"], paint=paint, changes=options)


@pytest.mark.parametrize(
    "text", ["seed", "seed=", "=1", "strength=1", "seed:house=1", "word:=cat", "law=a", "word:house=a,,b"]
)
def test_what_is_no_axis_is_refused_with_the_grammar(text):
    with pytest.raises(CommandError) as refused:
        parse_grid(text)
    assert "--grid strength:PHRASE=0.5,1,2" in refused.value.hint


def test_values_that_cannot_be_are_refused(scene):
    for axes in (["seed=one"], ["strength:red=1"], ["seed=1"] * 3):
        with pytest.raises(CommandError):
            cells_of(scene, [parse_grid(axis) for axis in axes])
    for axes in (["steps=0"], ["seed=" + ",".join("1" * 11), "steps=" + ",".join("9" * 11)]):
        with pytest.raises(SceneError):
            cells_of(scene, [parse_grid(axis) for axis in axes])


def test_a_grid_is_made_and_its_sheet_carries_the_scene(render, mask):
    ended = render(
        "--prompt", PROMPT, "--paint", f"house={mask}", "--grid", "strength:house=0,1", "--grid", "seed=1,2,3"
    )
    assert ended.code == 0 and ended.result["grid"] == "out.png"
    assert [image["label"] for image in ended.result["images"]][:2] == ["house 0 · seed 1", "house 0 · seed 2"]
    assert [image["path"] for image in ended.result["images"]] == [f"out-{n}.png" for n in range(1, 7)]
    assert png.load_scene(Path("out-6.png")).settings.seed == 3
    sheet = np.asarray(Image.open("out.png"))
    left = sheet.shape[1] - 3 * 74  # of the labels of the rows
    assert 10 < left <= contact_sheet.SIDE + 20 and png.load_scene(Path("out.png")).prompt == PROMPT
    cell = np.asarray(Image.open("out-1.png"))
    assert any((sheet[top : top + 64, left : left + 64] == cell).all() for top in range(sheet.shape[0] - 64))


def test_a_sheet_stays_within_its_size_and_cuts_long_labels():
    cells = [("x" * 200, np.zeros((40, 90, 3), np.uint8)), ("", np.full((90, 40, 3), 200, np.uint8))]
    sheet = contact_sheet.draw(cells, title="t" * 500)
    assert sheet.shape == (90 + 30 + 20 + 44, 2 * 100 + 10, 3)
    wide = contact_sheet.draw([("a", np.zeros((16, 4096, 3), np.uint8))] * 9, columns=9)
    assert wide.shape[1] <= contact_sheet.MOST
