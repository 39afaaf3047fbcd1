"""LoRA files found by name in the folders of painters' programs, and what they say of themselves; without torch."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.catalogue import Catalogue
from engine.errors import ModelNotFound, UnsafeModel
from engine.models.adapters.notes import find_adapter
from engine.models.library import Library


def save(file, **notes):
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file({"lora_unet_x.lora_down.weight": np.zeros((1, 1), np.float32)}, file, metadata=notes or None)
    return file


@pytest.fixture
def library(tmp_path):
    """A library with a ComfyUI and an A1111 beside it; no file in them is a whole model."""
    comfy, webui = tmp_path / "ComfyUI", tmp_path / "webui"
    for folder in (comfy / "models/checkpoints", webui / "models/Stable-diffusion"):
        folder.mkdir(parents=True)
    save(comfy / "models/loras/hats/red hat.safetensors", ss_output_name="hat_v2")
    save(webui / "models/Lora/Boots.safetensors", **{"modelspec.trigger_phrase": "big boots, mud"})
    library = Library(tmp_path / "own" / "models")
    library.folder.mkdir(parents=True)
    (library.folder / ".models.json").write_text(json.dumps({"paths": [str(comfy), str(webui)]}))
    save(library.adapters_folder / "moon.safetensors", ss_base_model_version="sdxl_base_v1-0")
    return library


def test_the_lora_folders_of_added_programs_are_looked_into(library):
    found = {each.name: each for each in Catalogue(library).loras()}
    assert sorted(found) == ["Boots", "moon", "red hat"]
    assert found["Boots"].triggers == ("big boots", "mud") and found["moon"].base == "sdxl_base_v1-0"
    folders = library.folders_of("loras")
    for name in ("red hat", "RED HAT.safetensors", "hat_v2"):
        assert find_adapter(name, folders).name == "red hat.safetensors"
    with pytest.raises(ModelNotFound, match='no LoRA "sun"'):
        find_adapter("sun", folders)


def test_the_lora_folder_beside_a_model_s_own_folder_counts_for_that_model(library, tmp_path):
    model = save(tmp_path / "elsewhere/models/checkpoints/painter.safetensors")
    save(tmp_path / "elsewhere/models/loras/near.safetensors")
    assert "near" not in [each.name for each in Catalogue(library).loras()]
    assert find_adapter("near", library.folders_of("loras", model)).stem == "near"


def test_the_folders_in_a_list_of_folders_count(library, tmp_path):
    save(tmp_path / "big disk/lora/far.safetensors")
    (tmp_path / "ComfyUI" / "extra_model_paths.yaml").write_text(
        f"other:\n  base_path: {tmp_path}/big disk\n  checkpoints: .\n  loras: lora\n  embeddings: words\n"
    )
    (tmp_path / "big disk" / "words").mkdir()
    assert find_adapter("far", library.folders_of("loras")).stem == "far"
    assert tmp_path / "big disk" / "words" in library.folders_of("embeddings")


def test_a_pickle_of_that_name_is_refused_with_the_reason_and_a_damaged_file_is_listed_with_its_fault(library):
    (library.adapters_folder / "old.pt").write_bytes(b"\x80\x02")
    with pytest.raises(UnsafeModel, match="pickle"):
        find_adapter("old", library.folders_of("loras"))
    (library.adapters_folder / "cut.safetensors").write_bytes(b"\x08")
    (cut,) = [each for each in Catalogue(library).loras() if each.name == "cut"]
    assert "damaged" in cut.problem


def test_a_window_may_ask_for_trigger_words_without_torch():
    code = "import sys, engine.catalogue, engine.models.adapters.notes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
