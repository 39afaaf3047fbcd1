"""The library: what is installed, how it is named, and what stays in memory."""

from __future__ import annotations

import json
import shutil
import struct
import weakref
from pathlib import Path

import pytest

from engine import Library, load_model
from engine.errors import DeviceUnavailable, ModelNotFound
from engine.models.architectures.sd import ARCHITECTURE
from engine.models.library import user_folder

_CONTEXT_KEY, _INPUT_KEY = ARCHITECTURE.single_file[0][0]


@pytest.fixture
def folder(tiny_sd_folder, tmp_path):
    shutil.copytree(tiny_sd_folder, tmp_path / "models" / "My model")
    (tmp_path / "models" / "broken").mkdir()
    (tmp_path / "models" / "broken" / "model_index.json").write_text("{}")
    (tmp_path / "models" / "old.ckpt").write_bytes(b"pickle")
    (tmp_path / "models" / "notes.txt").write_text("no model")
    return tmp_path / "models"


def test_lists_the_starter_first_and_says_what_cannot_be_used(folder):
    models = Library(folder).list()
    assert [model.name for model in models] == ["starter", "broken", "My model", "old"]
    mine = models[2]
    assert mine.family == "sd" and not mine.problem
    assert mine.size_bytes == sum(file.stat().st_size for file in mine.path.rglob("*") if file.is_file())
    assert models[1].problem and models[3].problem and not models[3].family


def test_what_cannot_be_read_or_makes_no_sense_is_listed_with_its_problem(folder, monkeypatch):
    shapes = {_CONTEXT_KEY: [], _INPUT_KEY: "4"}
    entries = {key: {"dtype": "F32", "shape": shape, "data_offsets": [0, 4]} for key, shape in shapes.items()}
    header = json.dumps(entries).encode()
    (folder / "odd.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    rglob = Path.rglob

    def refuse(path, pattern):
        if path.name == "broken":
            raise PermissionError(13, "Permission denied")
        return rglob(path, pattern)

    monkeypatch.setattr(Path, "rglob", refuse)
    problems = {model.name: model.problem for model in Library(folder).list()}
    assert "not a single-file model" in problems["odd"] and "Permission denied" in problems["broken"]
    assert problems["My model"] == ""


def test_a_folder_that_is_not_there_holds_only_the_starter(tmp_path):
    assert [model.name for model in Library(tmp_path / "none").list()] == ["starter"]


def test_resolves_names_and_paths(folder, tiny_sd_folder):
    library = Library(folder)
    assert library.resolve("My model") == folder / "My model"
    assert library.resolve("old") == folder / "old.ckpt"
    assert library.resolve(tiny_sd_folder) == library.resolve(str(tiny_sd_folder)) == tiny_sd_folder
    assert library.resolve("starter").name == "starter"


def test_an_unknown_name_hints_at_the_near_and_the_installed(folder):
    with pytest.raises(ModelNotFound) as caught:
        Library(folder).resolve("My modl")
    assert 'Did you mean "My model"' in caught.value.hint and "starter" in caught.value.hint


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("WORDBRUSH_HOME", raising=False)
    monkeypatch.setenv("WORDBRUSH_MODELS", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.delenv("WORDBRUSH_MODELS")
    assert user_folder().parts[-2:] == ("Wordbrush", "models")
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "models"


def test_models_stay_in_memory_until_released_or_crowded_out(folder, tiny_sd_folder):
    library = Library(folder, keep=1)
    first = library.load("My model", "cpu")
    assert library.load(folder / "My model", "cpu") is first
    other = library.load(tiny_sd_folder, "cpu")
    assert library.load(tiny_sd_folder, "cpu") is other
    assert library.load("My model", "cpu") is not first
    library.release()
    assert library.load(tiny_sd_folder, "cpu") is not other


def test_a_released_model_gives_its_memory_back(tiny_sd_folder, tmp_path):
    library = Library(tmp_path)
    unet = weakref.ref(library.load(tiny_sd_folder, "cpu").unet)
    library.release()
    assert unet() is None


def test_a_device_that_is_not_there_is_refused(tiny_sd_folder, tmp_path):
    with pytest.raises(DeviceUnavailable) as caught:
        Library(tmp_path).load(tiny_sd_folder, "cuda:99")
    assert "cpu" in caught.value.hint


def test_load_model_gives_a_researcher_the_family(tiny_sd_folder):
    family = load_model(tiny_sd_folder, "cpu")
    assert load_model(tiny_sd_folder, "cpu") is family
    context = family.encode("a lake", "")
    assert context.rows.shape == (2, 77, 32)
