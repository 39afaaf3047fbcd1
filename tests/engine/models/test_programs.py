"""Model folders of ComfyUI, Forge and A1111 are read in place: their models are listed, and nothing else of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import resources
from engine import Library
from engine.errors import BadRequest, ModelNotFound
from engine.models import collection, programs
from engine.models.file_kinds import CONTEXT, INPUT
from tests.engine.models.test_library import write_header

BARE = {INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 768]}
WHOLE = BARE | {"first_stage_model.x": [1], "cond_stage_model.x": [1]}
CLIP = {"text_model.embeddings.token_embedding.weight": [49408, 768]}
VAE = {"decoder.conv_in.weight": [512, 4, 3, 3]}
LORA = {"lora_unet_x.lora_down.weight": [4, 4]}


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WORDBRUSH_MODELS", raising=False)


def put(root: Path, files: dict[str, dict[str, list[int]]]) -> Path:
    for name, shapes in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        write_header(root / name, shapes)
    return root


COMFY = {
    "models/checkpoints/lake.safetensors": WHOLE,
    "models/checkpoints/sub/pond.safetensors": WHOLE,
    "models/diffusion_models/sd/bare.safetensors": BARE,
    "models/clip/clip_l.safetensors": CLIP,
    "models/vae/sd/mse.safetensors": VAE,
    "models/loras/style.safetensors": LORA,
    "models/controlnet/depth.safetensors": LORA,
    "output/picture.safetensors": LORA,
}
FORGE = {
    "models/Stable-diffusion/lake.safetensors": WHOLE,
    "models/Stable-diffusion/lake.vae.safetensors": VAE,
    "models/Stable-diffusion/flat/sd/bare.safetensors": BARE,
    "models/text_encoder/clip_l.safetensors": CLIP,
    "models/VAE/mse.safetensors": VAE,
    "models/Lora/style.safetensors": LORA,
    "models/ESRGAN/large.safetensors": LORA,
}


def installed(library: Library) -> dict[str, str]:
    return {info.name: info.problem for info in library.list() if info.name != "starter"}


@pytest.mark.parametrize(
    ("files", "inside", "names"),
    [
        (COMFY, "", {"lake", "sub/pond", "sd/bare"}),
        (COMFY, "models", {"lake", "sub/pond", "sd/bare"}),
        (COMFY, "models/checkpoints", {"lake", "sub/pond"}),
        ({f"ComfyUI/{name}": shapes for name, shapes in COMFY.items()}, "", {"lake", "sub/pond", "sd/bare"}),
        (FORGE, "", {"lake", "flat/sd/bare"}),
        ({f"webui/{name}": shapes for name, shapes in FORGE.items()}, "", {"lake", "flat/sd/bare"}),
    ],
    ids=["comfyui", "its models", "one folder", "portable", "forge", "forge portable"],
)
def test_the_models_of_a_program_are_listed_and_nothing_else(tmp_path, files, inside, names):
    root = put(tmp_path / "program", files) / inside
    library = Library()
    assert set(collection.add(library, root)) == names
    assert installed(library) == dict.fromkeys(names, "")
    assert {info.path.is_relative_to(root) for info in library.list()[1:]} == {True}, "nothing is copied"


def test_what_comes_later_is_listed_and_the_whole_is_taken_off_again(tmp_path):
    root = put(tmp_path / "comfy", COMFY)
    library = Library()
    collection.add(library, root)
    put(root, {"models/unet/late.safetensors": BARE})
    assert installed(library)["late"] == ""
    details = {each.info.name: each for each in collection.listed(library)}
    assert details["late"].program == root and details["late"].place == "added"
    with pytest.raises(BadRequest, match="added as a whole") as caught:
        collection.remove(library, "late")
    assert str(root) in caught.value.hint
    removed = collection.remove(library, str(root))
    assert not removed.deleted and installed(library) == {} and (root / "models/unet/late.safetensors").is_file()


def test_two_models_of_one_name_can_both_be_named(tmp_path):
    put(tmp_path / "comfy", {"models/checkpoints/lake.safetensors": WHOLE})
    put(tmp_path / "forge", {"models/Stable-diffusion/lake.safetensors": WHOLE})
    library = Library()
    collection.add(library, tmp_path / "comfy")
    collection.add(library, tmp_path / "forge")
    other = tmp_path / "forge/models/Stable-diffusion/lake.safetensors"
    assert set(installed(library)) == {"lake", str(other)}
    assert library.resolve(str(other)) == other


def test_extra_model_paths_are_read_as_comfyui_reads_them(tmp_path):
    put(tmp_path / "webui", FORGE)
    put(
        tmp_path / "big disk", {"first/one.safetensors": WHOLE, "second/two.safetensors": BARE, "l/a.safetensors": LORA}
    )
    put(tmp_path / "last", {"one.safetensors": WHOLE})
    (tmp_path / "comfy").mkdir()
    settings = tmp_path / "comfy" / "extra_model_paths.yaml"
    settings.write_text(
        f"""#Rename this to extra_model_paths.yaml
late:
    checkpoints: {tmp_path / "last"}
a111:
    base_path: ../webui
    checkpoints: models/Stable-diffusion
    vae: models/VAE
    text_encoders: models/text_encoder
    loras: |
         models/Lora
         models/LyCORIS
mine:
    base_path: {tmp_path / "big disk"}/
    is_default: true
    checkpoints: first/
    unet: |
        second
        not there
    loras: l
empty:
"""
    )
    library = Library()
    names = collection.add(library, settings)
    found = {name: library.resolve(name) for name in names}
    assert found["one"] == tmp_path / "big disk/first/one.safetensors", "the default section comes first"
    assert set(names) == {"one", "two", "lake", "flat/sd/bare", str(tmp_path / "last/one.safetensors")}
    assert set(installed(library).values()) == {""}
    # Its parts lie in the folders of another program, which the same file names.
    facts = library.inspect("two")
    assert facts.files == {
        "text_encoder": tmp_path / "webui/models/text_encoder/clip_l.safetensors",
        "vae": tmp_path / "webui/models/VAE/mse.safetensors",
    }
    assert facts.config == resources.path("models", "sd15")


def test_a_comfyui_folder_brings_its_own_extra_paths(tmp_path):
    root = put(tmp_path / "comfy", COMFY)
    put(tmp_path / "more", {"checkpoints/sea.safetensors": WHOLE})
    (root / "extra_model_paths.yaml").write_text(f"x:\n  base_path: {tmp_path}\n  checkpoints: more/checkpoints\n")
    assert "sea" in collection.add(Library(), root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "a: [1, 2]\n",
        "a: {b: c",
        "!!python/object/apply:os.system ['true']\n",
        "[" * 20_000,
        "a:\n  checkpoints: x\n" + "# long\n" * 20_000,
        "a:\n  checkpoints: |\n" + "    .\n    ..\n" * 1,
    ],
    ids=["empty", "list", "numbers", "cut short", "code", "deep", "long", "no models"],
)
def test_a_list_of_folders_that_cannot_be_read_is_refused_in_words(tmp_path, text):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "extra_model_paths.yaml").write_text(text)
    library = Library()
    with pytest.raises((BadRequest, ModelNotFound)) as caught:
        collection.add(library, folder / "extra_model_paths.yaml")
    assert caught.value.hint and installed(library) == {}


def test_a_list_that_is_broken_later_hides_no_other_model(tmp_path):
    put(tmp_path / "comfy", {"models/checkpoints/lake.safetensors": WHOLE})
    put(tmp_path / "more", {"checkpoints/sea.safetensors": WHOLE})
    settings = tmp_path / "paths.yaml"
    settings.write_text(f"x:\n  checkpoints: {tmp_path}/more/checkpoints\n")
    library = Library()
    collection.add(library, settings)
    collection.add(library, tmp_path / "comfy")
    settings.write_text("{")
    found = installed(library)
    assert found["lake"] == "" and "not a model file" in found["paths.yaml"]
    collection.remove(library, "paths.yaml")
    assert list(installed(library)) == ["lake"]


def test_a_link_from_one_folder_of_models_to_the_other_lists_them_once(tmp_path):
    root = put(tmp_path / "comfy", {"models/unet/bare.safetensors": BARE})
    os.symlink(root / "models/unet", root / "models/diffusion_models")
    os.symlink(root, root / "models/unet/again")
    assert collection.add(Library(), root) == ("bare",)


def test_folders_that_are_no_programs(tmp_path, tiny_sd_folder):
    for path in (tiny_sd_folder, tiny_sd_folder / "unet", tmp_path / "none", tmp_path):
        assert programs.read(path) is None
    put(tmp_path / "empty", {"models/loras/a.safetensors": LORA})
    with pytest.raises(ModelNotFound):
        collection.add(Library(), tmp_path / "empty")
    (tmp_path / "bare" / "models" / "checkpoints").mkdir(parents=True)
    with pytest.raises(ModelNotFound, match="no models in the folders"):
        collection.add(Library(), tmp_path / "bare")
