"""Finding pictures of the world: by words that the recogniser sees, by names of files, by a picture."""

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadReference, BadRequest
from engine.facts import STARTER
from engine.models.library import Library
from engine.retrieval import readers, spaces
from engine.retrieval.finder import Finder, best, words_of
from engine.retrieval.naming import Names
from engine.retrieval.spaces import SEEN_NAMES
from engine.world.scenes import HELD_OUT, render_scene
from tests.colour_recogniser import COLOURS, landscape, recogniser_of_colours

SCENES = range(HELD_OUT + 60, HELD_OUT + 68)
WIDTH = 2 * 128 + len(COLOURS)


@pytest.fixture(scope="module", autouse=True)
def judge():
    judge = recogniser_of_colours()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "recogniser", lambda: judge)
        patch.setattr(spaces, "judged_names", lambda: judge.names)
        yield judge


@pytest.fixture(scope="module")
def renders():
    return {f"p{number}.png": render_scene(seed) for number, seed in enumerate(SCENES)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, renders):
    folder = tmp_path_factory.mktemp("pictures")
    for name, render in renders.items():
        Image.fromarray(render.rgb).save(folder / name)
    Image.fromarray(landscape()[0]).save(folder / "view.png")
    (folder / "Old Dragons").mkdir()
    Image.new("RGB", (64, 64), "teal").save(folder / "Old Dragons" / "a.png")
    return folder


@pytest.fixture(scope="module")
def finder(tmp_path_factory, folder):
    finder = Finder(Library(), tmp_path_factory.mktemp("home"), device="cpu")
    finder.refresh(folder)
    return finder


def test_the_starter_finds_words_by_the_names_that_are_seen(finder, folder, judge):
    assert finder.space().words == SEEN_NAMES and finder.space().width == WIDTH
    shares = {}
    for file in folder.glob("*.png"):
        with Image.open(file) as opened:
            square = np.array(opened.convert("RGB").resize((512, 512), Image.Resampling.BOX))
        labels = judge.predict(square[None]).ravel()
        shares[file.name] = np.bincount(labels, minlength=len(judge.names)) / labels.size
    for said, name in (("some houses", "house"), ("a meadow", "grass"), ("the sky", "sky")):
        index = judge.names.index(name)
        largest = max(shares, key=lambda each: shares[each][index])
        found = finder.by_text(said, folder, count=3)
        assert largest in [each.path.name for each in found], name


def test_words_that_it_does_not_know_are_found_in_names_of_files_and_folders(finder, folder):
    found = finder.by_text("a dragon", folder)
    assert [(each.path.relative_to(folder).as_posix(), each.named) for each in found] == [("Old Dragons/a.png", 1.0)]
    assert finder.by_text("zeppelin", folder) == []


def test_a_picture_finds_itself_first_and_not_where_it_is_the_file_asked_for(finder, folder, renders):
    rgb = renders["p3.png"].rgb
    found = finder.by_picture(rgb, folder, count=2)
    assert found[0].path.name == "p3.png" and found[1].score < found[0].score == pytest.approx(1, abs=0.01)
    others = finder.by_picture(folder / "p3.png", folder, count=50)
    assert len(others) == len(renders) + 1 and "p3.png" not in [each.path.name for each in others]


def test_a_picture_that_was_deleted_is_not_shown(finder, folder, tmp_path):
    Image.new("RGB", (64, 64), "red").save(tmp_path / "red.png")
    Image.new("RGB", (64, 64), "blue").save(tmp_path / "blue.png")
    assert finder.refresh(tmp_path).pictures == 2 == finder.indexed(tmp_path)
    (tmp_path / "red.png").unlink()
    found = finder.by_picture(np.full((8, 8, 3), (250, 0, 0), np.uint8), tmp_path)
    assert [each.path.name for each in found] == ["blue.png"]


def test_a_folder_that_was_never_read_has_nothing(finder, tmp_path):
    assert finder.by_text("tree", tmp_path) == [] and finder.indexed(tmp_path) == 0


def test_bad_queries_are_refused_in_words(finder, folder, tmp_path):
    with pytest.raises(BadRequest, match="nothing to search for"):
        finder.by_text("of the", folder)
    with pytest.raises(BadRequest, match="number of pictures"):
        finder.by_text("tree", folder, count=0)
    (tmp_path / "no.png").write_text("no picture")
    with pytest.raises(BadReference):
        finder.by_picture(tmp_path / "no.png", folder)


def test_names_count_words_in_one_number_or_the_other():
    names = Names(["trees/old_oak.png", "Tree 1.jpg", "house.png"])
    assert names.named("an old tree").tolist() == [1.0, 0.5, 0.0]
    assert words_of("The tree, the TREE and it") == ["tree", "it"]
    assert best(np.array([0.1, 0.9, 0.5]), 2) == [1, 2] and best(np.array([0.1]), 5) == [0]


def test_only_so_many_indexes_are_kept(tmp_path, folder, monkeypatch):
    monkeypatch.setattr("engine.retrieval.finder.MOST_INDEXES", 2)
    finder = Finder(Library(), tmp_path / "home", device="cpu")
    finder._held = (finder.space(STARTER).key, _Zeros())
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
        Image.new("RGB", (8, 8)).save(tmp_path / name / "x.png")
        finder.refresh(tmp_path / name)
    finder._tidy()
    assert len(list((tmp_path / "home").iterdir())) == 2


class _Zeros:
    def pictures(self, rgbs):
        return np.ones((len(rgbs), WIDTH), np.float32)
