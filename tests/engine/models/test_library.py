"""The library: what is installed, how it is named, and what stays in memory."""

from __future__ import annotations

import json
import math
import os
import shutil
import struct
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import Library, load_model
from engine.errors import DeviceUnavailable, ModelNotFound, UnsupportedModel
from engine.models import listing
from engine.models.file_kinds import CONTEXT, INPUT
from engine.models.user_folder import user_folder


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


def write_header(path: Path, shapes: dict[str, list[int]], **metadata: str) -> Path:
    """A safetensors file of zeros in 16 bits with tensors of these shapes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        entries[name] = {"dtype": "F16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    header = json.dumps(entries).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + end)
    return path


def test_each_odd_neighbour_is_listed_with_its_own_problem(folder, tiny_sd_folder, monkeypatch):
    parts = {"first_stage_model.x": [1], "cond_stage_model.x": [1]}
    write_header(folder / "odd.safetensors", {CONTEXT[0]: [], INPUT: [4], **parts})
    shutil.copytree(tiny_sd_folder, folder / "null")
    t5 = folder / "null" / "text_encoder_2"
    t5.mkdir()
    (t5 / "config.json").write_text('{"architectures": null}')
    shutil.copytree(tiny_sd_folder, folder / "deep")
    (folder / "deep" / "model_index.json").write_text("[" * 100_000)
    shutil.copytree(tiny_sd_folder, folder / "bomb")
    unet = json.loads((folder / "bomb" / "unet" / "config.json").read_text())
    (folder / "bomb" / "unet" / "config.json").write_text(json.dumps({**unet, "layers_per_block": 10**9}))
    shutil.copytree(tiny_sd_folder, folder / "pipe")
    (folder / "pipe" / "vae" / "config.json").unlink()
    os.mkfifo(folder / "pipe" / "vae" / "config.json")
    shutil.copytree(tiny_sd_folder, folder / "huge")
    with (folder / "huge" / "vae" / "config.json").open("ab") as file:
        file.truncate(90 << 20)
    (folder / "zero.safetensors").symlink_to("/dev/zero")
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    monkeypatch.setattr(listing, "fingerprint", refuse_of("broken"))
    problems = {model.name: model.problem for model in Library(folder).list()}
    assert "not a single-file model" in problems["odd"] and "Permission denied" in problems["broken"]
    assert problems["My model"] == "" and problems["null"] == ""
    assert "model_index.json" in problems["deep"] and "layers_per_block" in problems["bomb"]
    assert "config.json cannot be read" in problems["pipe"] and "config.json cannot be read" in problems["huge"]
    assert not [name for name in problems if name.startswith("circle/circle")]


def refuse_of(name: str):
    whole = listing.fingerprint

    def refuse(path):
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return whole(path)

    return refuse


def test_an_entry_that_nobody_foresaw_does_not_hide_the_others(folder, monkeypatch):
    inspect = listing.families.inspect

    def fail(path, *more):
        if path.name == "broken":
            raise ZeroDivisionError
        return inspect(path, *more)

    monkeypatch.setattr(listing.families, "inspect", fail)
    models = {model.name: model for model in Library(folder).list()}
    assert "cannot be understood" in models["broken"].problem and not models["My model"].problem


def test_lists_subfolders_and_endings_in_any_case(folder, tiny_sd_folder):
    shutil.copytree(tiny_sd_folder, folder / "landscapes" / "lakes" / "Calm")
    write_header(folder / "a.SAFETENSORS", {"x": [1]})
    write_header(folder / "landscapes" / "b.sft", {"x": [1]})
    (folder / "OLD.CKPT").write_bytes(b"pickle")
    library = Library(folder)
    models = {model.name: model for model in library.list()}
    assert {"landscapes/lakes/Calm", "a", "landscapes/b", "OLD"} <= set(models)
    assert "pickle" in models["OLD"].problem
    assert library.resolve("landscapes/lakes/Calm") == library.resolve("Calm") == folder / "landscapes/lakes/Calm"


def test_a_model_in_the_hubs_cache_is_named_by_its_repository(folder, tiny_sd_folder):
    cache = folder / "models--some-org--lake-model"
    snapshot = cache / "snapshots" / ("c0ffee" * 6)
    snapshot.mkdir(parents=True)
    (cache / "blobs").mkdir()
    for file in (file for file in tiny_sd_folder.rglob("*") if file.is_file()):
        blob = cache / "blobs" / str(abs(hash(file)))
        shutil.copy(file, blob)
        place = snapshot / file.relative_to(tiny_sd_folder)
        place.parent.mkdir(exist_ok=True)
        place.symlink_to(blob)
    library = Library(folder)
    assert "lake-model" in [model.name for model in library.list() if not model.problem]
    assert library.inspect("lake-model").name == library.inspect(snapshot).name == "lake-model"


def test_a_linked_file_keeps_the_name_of_its_link(tmp_path):
    write_header(tmp_path / "blobs" / "deadbeef", {"x": [1]})
    (tmp_path / "Lake.safetensors").symlink_to(tmp_path / "blobs" / "deadbeef")
    assert Library(tmp_path / "none").resolve(tmp_path / "Lake.safetensors").stem == "Lake"


def test_checks_a_path_without_raising(folder, tmp_path):
    library = Library(folder)
    mine = library.check(folder / "My model")
    assert mine.usable and mine.facts.name == "My model"
    (folder / "My model" / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    lacking = library.check("My model")
    assert not lacking.usable and "vae" in str(lacking.error) and lacking.facts.family == "sd"
    nothing = library.check(folder)
    assert type(nothing.error) is ModelNotFound and '"My model"' in nothing.error.hint
    assert folder / "My model" in nothing.inside
    (tmp_path / "empty").mkdir()
    assert "model_index.json" in library.check(tmp_path / "empty").error.hint
    assert type(library.check(tmp_path / "not there").error) is ModelNotFound
    assert type(library.check(folder / "notes.txt").error) is UnsupportedModel


def test_checking_needs_no_torch(tiny_sd_folder):
    code = f"""
import sys
from pathlib import Path
from engine.models.library import Library
assert Library(Path("none")).check(Path({str(tiny_sd_folder)!r})).usable
print("torch" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


NOT_NAMES = ["~nobody-of-that-name/x", "x" * 10_000, "a\0b", "//host/share/model", "/dev/zero", "", "\ud800"]


@pytest.mark.parametrize("name", NOT_NAMES)
def test_what_a_scene_names_is_never_looked_up_as_a_path(folder, name, monkeypatch):
    library = Library(folder, paths=lambda: [folder / "My model"])
    looked: list[str] = []
    real = os.stat

    def stat(path, *args, **kwargs):
        looked.append(os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else "")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", stat)
    with pytest.raises(ModelNotFound):
        library.resolve(name)
    assert all(path.startswith((str(folder), "")) and (not name or name not in path) for path in looked)


@pytest.mark.parametrize("name", NOT_NAMES)
def test_an_odd_path_is_refused_in_words(folder, name):
    with pytest.raises((ModelNotFound, UnsupportedModel)):
        Library(folder).inspect(name)


def test_a_text_is_a_path_only_where_the_user_opened_it(folder, tiny_sd_folder):
    library = Library(folder, paths=lambda: [str(tiny_sd_folder)])
    assert library.resolve(str(tiny_sd_folder)) == tiny_sd_folder
    with pytest.raises(ModelNotFound):
        library.resolve(str(folder / "My model"))
    assert library.resolve(folder / "My model") == folder / "My model"


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


def test_a_model_that_was_trained_on_in_place_is_read_anew(folder):
    library = Library(folder)
    first = library.load("My model", "cpu")
    assert library.load("My model", "cpu") is first
    file = folder / "My model" / "unet" / "diffusion_pytorch_model.safetensors"
    weights = {name: tensor + 1 for name, tensor in load_file(file).items()}
    save_file(weights, file, metadata={"format": "pt"})
    os.utime(file, ns=(1, 1))
    assert library.held(folder / "My model", "cpu") is None
    second = library.load("My model", "cpu")
    assert second is not first
    assert torch.equal(second.unet.conv_in.bias, weights["conv_in.bias"])
    assert library.held(folder / "My model", "cpu") is second


def test_weights_do_not_lie_in_the_file_that_may_be_overwritten(folder):
    family = Library(folder).load("My model", "cpu")
    before = {name: tensor.clone() for name, tensor in family.unet.state_dict().items()}
    for file in (folder / "My model").rglob("*.safetensors"):
        with file.open("r+b") as handle:
            handle.truncate(16)  # a mapped page beyond this would end the process
    after = family.unet.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    family.encode("a lake", "")
    family.decode(torch.zeros(1, 4, 8, 8))


def test_large_files_are_read_in_pieces_between_which_loading_can_stop(folder, monkeypatch):
    from engine.weights import loading

    monkeypatch.setattr(loading, "_LARGE", 1)
    monkeypatch.setattr(loading, "_PIECE", 1 << 16)
    steps = list(Library(folder).loading("My model", "cpu"))
    denoiser = [fraction for what, fraction in steps if what == "denoiser"]
    assert len(denoiser) > 2 and denoiser == sorted(denoiser) and denoiser[-1] <= 0.85


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
