"""The results folder: names, order, stars, deletion, full disks."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.storage.results import SHOWN_AT_MOST, Result, ResultStore, slug, spoken
from canvas.files import png
from canvas.model.errors import SaveError
from canvas.model.scene import Scene, Settings

BLACK = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(tmp_path / "results", use_trash=False)


def test_a_picture_carries_the_scene_that_makes_just_it(store):
    scene = Scene(prompt="a lake", size=(8, 8), settings=Settings(seed=3, count=4))
    result = store.add(BLACK, scene, seed=5, model="starter", guidance=4.0)
    kept = png.load_scene(result.path)
    assert kept.settings.seed == 5 and kept.settings.count == 1 and kept.prompt == "a lake"
    assert "CFG scale: 4" in png.read_parameters(result.path)


def test_names_never_collide_and_say_what_is_in_them(store):
    names = {store.add(BLACK, Scene(prompt="A Lake, at dawn!", size=(8, 8)), seed=5, model="m").name for _ in range(4)}
    assert len(names) == 4 and all("a-lake-at-dawn-5" in name for name in names)


def test_a_prompt_without_plain_letters_still_has_a_name(store):
    assert slug("湖 🏔") == ""
    assert store.add(BLACK, Scene(prompt="湖", size=(8, 8)), seed=1, model="m").path.is_file()


def test_the_list_is_newest_first_and_starred_ones_are_never_left_out(store):
    store.folder.mkdir()
    for index in range(SHOWN_AT_MOST + 5):
        path = store.folder / f"{index:04}.png"
        path.touch()
        os.utime(path, (index, index))
    store.star(Result(store.folder / "0000.png"), True)
    listed = ResultStore(store.folder, use_trash=False).list()
    assert listed[0].name == f"{SHOWN_AT_MOST + 4:04}.png"
    assert listed[-1].name == "0000.png" and listed[-1].starred and len(listed) == SHOWN_AT_MOST + 1


def test_a_star_is_taken_back(store):
    result = store.add(BLACK, Scene(prompt="x", size=(8, 8)), seed=1, model="m")
    store.star(store.star(result, True), False)
    assert not ResultStore(store.folder).list()[0].starred


def test_a_damaged_star_file_costs_only_the_stars(store):
    store.add(BLACK, Scene(prompt="x", size=(8, 8)), seed=1, model="m")
    (store.folder / "stars.json").write_text('{"not": "a list"')
    assert len(ResultStore(store.folder).list()) == 1


def test_deleting_keeps_the_file_in_another_folder_and_twice_is_no_error(store):
    result = store.add(BLACK, Scene(prompt="x", size=(8, 8)), seed=1, model="m")
    store.delete(result)
    store.delete(result)
    assert not store.list() and (store.folder / "deleted" / result.name).is_file()


def test_a_folder_that_cannot_be_made_is_a_save_error_with_a_hint(tmp_path):
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(SaveError) as caught:
        ResultStore(tmp_path / "results").add(BLACK, Scene(prompt="x", size=(8, 8)), seed=1, model="m")
    assert caught.value.hint


def test_two_windows_keep_each_others_stars(tmp_path):
    first, second = (ResultStore(tmp_path / "results", use_trash=False) for _ in range(2))
    results = [first.add(BLACK, Scene(prompt="x", size=(8, 8)), seed=seed, model="m") for seed in range(3)]
    first.star(results[0], True)
    second.star(results[1], True)
    first.star(results[2], True)
    second.star(results[0], False)
    assert {result.name for result in first.list() if result.starred} == {results[1].name, results[2].name}


def test_two_windows_at_the_same_moment_lose_no_star(tmp_path):
    folder = tmp_path / "results"
    maker = ResultStore(folder, use_trash=False)
    results = [maker.add(BLACK, Scene(prompt="x", size=(8, 8)), seed=seed, model="m") for seed in range(24)]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for half in (results[:12], results[12:]):
            pool.submit(lambda mine=half: [ResultStore(folder).star(result, True) for result in mine])
    assert all(result.starred for result in maker.list())


def test_a_folder_that_cannot_be_read_is_an_empty_list(tmp_path):
    (tmp_path / "results").write_text("in the way")
    assert ResultStore(tmp_path / "results").list() == []


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("20261121-110017-a-red-house-7", "a red house"),
        ("20261121-110017-a-red-house-7-2", "a red house"),
        ("20261121-110017-7", "20261121-110017-7"),
        ("dusk 7", "dusk 7"),
        ("a-red-house-7", "a-red-house-7"),
    ],
)
def test_a_result_is_called_by_its_prompt(stem, name):
    assert spoken(stem) == name


def test_a_picture_whose_scene_is_too_much_for_a_png_is_kept_without_it(store, monkeypatch):
    monkeypatch.setattr(png, "MAX_TEXT", 10)
    result = store.add(np.zeros((8, 8, 3), np.uint8), Scene(prompt="a lake"), seed=1, model="m", notes={"scores": "s"})
    assert png.load_scene(result.path) is None and png.read_note(result.path, "scores") == "s"
    assert "Seed: 1" in png.read_parameters(result.path)


def test_a_loop_of_links_and_deep_stars_hide_nothing(store):
    result = store.add(np.zeros((8, 8, 3), np.uint8), Scene(prompt="a lake"), seed=1, model="m")
    (store.folder / "loop.png").symlink_to(store.folder / "loop.png")
    (store.folder / "gone.png").symlink_to(store.folder / "nowhere")
    (store.folder / "stars.json").write_text("[" * 200_000)
    assert [each.path for each in store.list()] == [result.path]
