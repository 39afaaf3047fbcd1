"""Where ControlNets are found: beside the models, in the folders of other programs; never listed as models."""

from __future__ import annotations

import pytest

from engine.catalogue import Catalogue
from engine.errors import ModelNotFound
from engine.models import collection
from engine.models.controls.finding import find_control, find_for, folders_of, known_controls
from engine.models.file_kinds import CONTEXT, INPUT
from engine.models.library import Library
from tests.engine.models.test_library import write_header
from tests.tiny import tiny_unet
from tests.tiny_controls import save_control

WHOLE = {INPUT: [320, 4, 3, 3], CONTEXT[0]: [320, 768], "first_stage_model.x": [1], "cond_stage_model.x": [1]}


@pytest.fixture
def library(tmp_path):
    (tmp_path / "home" / "models").mkdir(parents=True)
    return Library(tmp_path / "home" / "models")


def names(library):
    return {each.name for each in known_controls(folders_of(library))}


def test_beside_the_models_and_in_their_folder(library):
    unet = tiny_unet()
    save_control(library.folder.parent / "controlnet" / "v11 scribble", unet)
    save_control(library.folder / "controlnet" / "sub" / "v11_depth", unet)
    save_control(library.folder / "my-openpose", unet)
    assert names(library) == {"v11 scribble", "v11_depth", "my-openpose"}
    assert set(Catalogue(library).controls()) == names(library)
    listed = {model.name for model in library.list()}
    assert not any("v11" in name for name in listed)
    found = find_for("pose", 32, folders_of(library), model="tiny")
    assert found.name == "my-openpose" and found.kinds == ("pose",)
    assert find_control("V11_Depth", folders_of(library)).kinds == ("depth",)
    with pytest.raises(ModelNotFound, match='"canny"') as caught:
        find_for("canny", 32, folders_of(library), model="tiny")
    assert "my-openpose" in caught.value.hint
    with pytest.raises(ModelNotFound) as caught:
        find_for("pose", 2048, folders_of(library), model="tiny")
    assert str(library.folder.parent / "controlnet") in caught.value.hint


@pytest.mark.parametrize(
    "folders", [("models/checkpoints", "models/controlnet"), ("models/Stable-diffusion", "models/ControlNet")]
)
def test_in_the_folders_of_an_added_program(library, tmp_path, folders):
    models, controls = (tmp_path / "program" / each for each in folders)
    models.mkdir(parents=True)
    write_header(models / "paint.safetensors", WHOLE)
    save_control(controls / "tiny_canny", tiny_unet())
    collection.add(library, tmp_path / "program")
    assert names(library) == {"tiny_canny"}
