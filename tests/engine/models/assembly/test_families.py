"""Separate files as ComfyUI keeps them make the same latents as the diffusers folder of the same model."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine import GenerateRequest, Library, generate
from engine.protocol import Finished
from tests import separate_files as files
from tests.tiny_separate import CASES, Case


def write(case: Case, root: Path) -> tuple[Path, Path]:
    """The diffusers folder of a case, and its transformer's file in a folder of ComfyUI's kind."""
    folder = case.save(root / "models" / case.name)
    written = files.write(root / "ComfyUI" / "models", folder, case.parts)
    if case.name == "anima":
        # Its file has the part that reads the text in it.
        conditioner = {f"net.llm_adapter.{name}": each for name, each in files.load(folder, "text_conditioner").items()}
        whole = files.anima(files.load(folder, "transformer")) | conditioner
        files.save(written["transformer"], whole)
    return folder, written["transformer"]


def write_by_diffusers_names(case: Case, root: Path, folder: Path) -> Path:
    """The transformer's file again, its tensors called as in the folder, after a word that training programs add."""
    prefixes = ("", "transformer.", "model.diffusion_model.")
    prefix = prefixes[[each.name for each in CASES].index(case.name) % len(prefixes)]
    for part in ("transformer", "transformer_2"):
        if part in case.parts:
            tensors = {f"{prefix}{name}": each for name, each in files.load(folder, part).items()}
            files.save(root / case.parts[part][0], tensors)
    if case.name == "anima":
        files.save(root / "text_encoders/conditioner.safetensors", files.load(folder, "text_conditioner"))
    return root / case.parts["transformer"][0]


def latents(library: Library, model: Path, case: Case, monkeypatch: pytest.MonkeyPatch) -> torch.Tensor:
    family = library.load(model, "cpu")
    found: list[torch.Tensor] = []
    decode = family.decode
    monkeypatch.setattr(family, "decode", lambda each: found.append(each) or decode(each))
    request = GenerateRequest.of(
        id="1", prompt="a cat by a lake", negative="sky", width=96, height=64, steps=2, seed=3, sampler="euler",
        guidance=case.guidance, model=str(model), device="cpu",
    )  # fmt: skip
    events = list(generate(request, library=library))
    assert isinstance(events[-1], Finished), getattr(getattr(events[-1], "error", None), "details", events[-1])
    return found[-1]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_files_make_the_folders_latents(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, file = write(case, tmp_path)
    library = Library(tmp_path / "models")
    ours, wanted = library.inspect(file), library.inspect(folder)
    assert ours.is_assembled and ours.family == wanted.family
    assert (ours.defaults, ours.multiple, ours.latents) == (wanted.defaults, wanted.multiple, wanted.latents)
    made = [latents(library, model, case, monkeypatch) for model in (folder, file)]
    assert torch.equal(*made)
    again = write_by_diffusers_names(case, tmp_path / "ComfyUI/models", folder)
    other = library.inspect(again)
    assert (other.family, other.defaults, other.latents) == (ours.family, ours.defaults, ours.latents)
    assert other.config == ours.config  # it is the same files that it is put together with
    assert torch.equal(latents(library, again, case, monkeypatch), made[0])
