"""Folders of diffusers' modular pipelines: found, inspected and described as other models are."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import UnsupportedModel
from engine.models import architectures, families
from engine.models.details import _missing
from engine.models.listing import find_models, looks_like_a_model
from engine.weights.files import read_index
from tests.tiny_cross_transformers import save_anima


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_anima(tmp_path_factory.mktemp("modular") / "anima-tiny")


def test_it_is_found_and_inspected(folder: Path) -> None:
    assert looks_like_a_model(folder) and folder in find_models(folder.parent).values()
    facts = families.inspect(folder)
    assert (facts.family, facts.multiple, facts.defaults.guidance, facts.defaults.steps) == ("anima", 16, 4.0, 30)
    families.check_weights(facts)
    assert read_index(folder)["_class_name"] == "AnimaModularPipeline"


def test_what_is_missing_is_named(folder: Path, tmp_path: Path) -> None:
    assert _missing(folder) == ()
    other = save_anima(tmp_path / "broken")
    (other / "text_conditioner" / "diffusion_pytorch_model.safetensors").unlink()
    assert _missing(other) == ("text_conditioner (weights)",)


def test_an_older_diffusers_is_told_which_version_has_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(architectures.importlib.metadata, "version", lambda name: "0.38.0")
    with pytest.raises(UnsupportedModel, match=r"0\.42") as caught:
        families.inspect(folder)
    assert "diffusers>=0.42" in caught.value.hint
