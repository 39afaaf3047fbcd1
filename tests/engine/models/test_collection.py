"""Models as files: what a list says of each, use where they lie, and removal that deletes nothing of anybody else's."""

from __future__ import annotations

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import Library
from engine.downloads import receipt
from engine.downloads.receipt import Receipt
from engine.errors import BadRequest, ModelNotFound
from engine.models import calibration, collection
from engine.models.calibration import Calibration
from engine.weights.files import fingerprint


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WORDBRUSH_MODELS", raising=False)


@pytest.fixture
def own(tiny_sd_folder, tmp_path):
    """A copy of the tiny model, outside of the library."""
    return shutil.copytree(tiny_sd_folder, tmp_path / "elsewhere" / "lake")


def by_name(library):
    return {each.info.name: each for each in collection.listed(library)}


def downloaded(own, library):
    folder = shutil.copytree(own, library.folder / "lake")
    files = {
        file.relative_to(folder).as_posix(): (file.stat().st_size, "0" * 64)
        for file in folder.rglob("*")
        if file.is_file()
    }
    receipt.write(folder, Receipt("org/lake", "c" * 40, "openrail++", files))
    return folder


def test_says_precision_licence_and_what_is_missing(own, tmp_path):
    weights = own / "unet" / "diffusion_pytorch_model.safetensors"
    save_file({name: tensor.half() for name, tensor in load_file(weights).items()}, weights)
    (own / "README.md").write_text("---\nlicense: other\nlicense_name: my-licence\ntags: [x]\n---\nlicense: not this\n")
    shutil.rmtree(own / "vae")
    (own / "text_encoder" / "model.safetensors").unlink()
    library = Library()
    shutil.copytree(own, library.folder / "mine")
    found = by_name(library)
    assert found["mine"].precision == "fp16" and found["mine"].licence == "my-licence"
    assert set(found["mine"].missing) == {"vae", "text_encoder (weights)"}
    assert found["mine"].place == "library" and found["mine"].info.problem
    starter = found["starter"]
    assert starter.licence == "Apache-2.0" and starter.place == "ships" and not starter.missing and starter.precision


def test_a_few_numbers_in_another_format_are_not_its_precision(own):
    weights = own / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = {name: tensor.to(torch.float8_e4m3fn) for name, tensor in load_file(weights).items()}
    save_file({**tensors, "scale": torch.ones(4)}, weights)
    library = Library()
    shutil.copytree(own, library.folder / "mine")
    assert by_name(library)["mine"].precision == "fp8"


def test_what_is_added_is_used_where_it_lies_and_only_forgotten(own):
    library = Library()
    assert collection.add(library, own) == ("lake",) == collection.add(library, own)
    assert Library().inspect("lake").path == own and by_name(library)["lake"].place == "added"
    removed = collection.remove(library, "lake")
    assert not removed.deleted and (own / "model_index.json").is_file()
    with pytest.raises(ModelNotFound):
        Library().inspect("lake")


def test_what_cannot_be_used_is_not_added(own):
    (own / "model_index.json").write_text("{}")
    with pytest.raises(Exception, match="not supported"):
        collection.add(Library(), own)
    assert list(by_name(Library())) == ["starter"]


def test_a_download_is_deleted_but_not_what_the_user_put_beside_it(own):
    library = Library()
    folder = downloaded(own, library)
    (folder / "notes.txt").write_text("mine")
    assert by_name(library)["lake"].source == "org/lake" and by_name(library)["lake"].licence == "openrail++"
    removed = collection.remove(library, "lake")
    assert removed.deleted and removed.freed_bytes > 10_000
    assert [path.name for path in folder.rglob("*")] == ["notes.txt"]


def test_a_model_of_the_users_own_is_deleted_only_when_told(own):
    library = Library()
    folder = shutil.copytree(own, library.folder / "lake")
    with pytest.raises(BadRequest, match="not downloaded by Wordbrush") as caught:
        collection.remove(library, "lake")
    assert "--delete-files" in caught.value.hint and folder.is_dir()
    assert collection.remove(library, "lake", delete_files=True).deleted and not folder.exists()


def test_the_starter_stays():
    with pytest.raises(BadRequest, match="ships with Wordbrush"):
        collection.remove(Library(), "starter", delete_files=True)


def test_a_receipt_cannot_name_files_outside_of_its_folder(own, tmp_path):
    library = Library()
    folder = downloaded(own, library)
    (tmp_path / "precious").write_text("mine")
    found = json.loads((folder / receipt.FILE_NAME).read_text())
    found["files"]["../../../precious"] = {"bytes": 4, "sha256": ""}
    (folder / receipt.FILE_NAME).write_text(json.dumps(found))
    with pytest.raises(BadRequest, match="not downloaded"):
        collection.remove(library, "lake")
    assert (tmp_path / "precious").is_file() and folder.is_dir()


def test_the_hub_cache_is_used_in_place(own, tmp_path, monkeypatch):
    cache = tmp_path / "hub"
    repository = cache / "models--org--lake"
    for revision in ("old", "new"):
        shutil.copytree(own, repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("new")
    text_model = cache / "models--org--words" / "snapshots" / "x"
    text_model.mkdir(parents=True)
    (text_model / "model.safetensors").write_bytes(b"x")
    assert list(by_name(Library())) == ["starter"], "a private home looks nowhere else"
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    found = by_name(Library())
    assert list(found) == ["starter", "lake"] and found["lake"].place == "hub cache"
    assert found["lake"].info.path == repository / "snapshots" / "new"
    assert list(by_name(Library(tmp_path / "none"))) == ["starter"], "a folder that is named is all there is"
    with pytest.raises(BadRequest, match="not downloaded"):
        collection.remove(Library(), "lake")
    collection.remove(Library(), "lake", delete_files=True)
    assert not repository.exists() and text_model.is_dir()


def test_a_calibration_is_the_default_paint_weight_and_no_change_of_the_model(own, tmp_path):
    before = fingerprint(own)
    kept = calibration.write(own, Calibration(1.7, 0.6, 0.6, 0.3))
    assert kept == own / calibration.FILE_NAME and fingerprint(own) == before
    assert Library().inspect(own).defaults.paint_weight == 1.7
    (own / "wordbrush.json").write_text('{"paint_weight": 0.2}')
    assert calibration.read(own) is None, "the model's files have changed since"
    assert Library().inspect(own).defaults.paint_weight == 0.2


def test_a_calibration_of_a_folder_that_cannot_be_written_lies_in_the_data_folder(own, tmp_path, monkeypatch):
    real = calibration.atomic.write_text

    def write(path, text):
        if own in path.parents:
            raise PermissionError(13, "Permission denied")
        real(path, text)

    monkeypatch.setattr(calibration.atomic, "write_text", write)
    kept = calibration.write(own, Calibration(1.7, 0.6, 0.6, 0.3))
    assert kept.parent == tmp_path / "home" / "calibrations"
    assert Library().inspect(own).defaults.paint_weight == 1.7
    calibration.forget(own)
    assert calibration.read(own) is None


@pytest.mark.parametrize("weight", ["NaN", "-1", "99", "null", '"many"'])
def test_a_calibration_that_makes_no_sense_is_none(own, weight):
    calibration.write(own, Calibration(1.7, 0.6, 0.6, 0.3))
    place = own / calibration.FILE_NAME
    place.write_text(place.read_text().replace("1.7", weight))
    assert calibration.read(own) is None
