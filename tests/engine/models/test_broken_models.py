"""Each way a model can be broken is a named error with a way out, and the program loads a good model after it."""

from __future__ import annotations

import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import GenerateRequest, Library, generate
from engine.errors import EngineError, ModelIncomplete, ModelNotFound, NotFinite, UnsupportedModel
from engine.protocol import Failed
from tests import separate_files
from tests.engine.models.test_single_file import configs, pair  # noqa: F401  (fixtures)
from tests.tiny_separate import CASES
from tests.tiny_transformers import save_z_image

DENOISERS = {"unet": "unet/diffusion_pytorch_model", "transformer": "transformer/diffusion_pytorch_model"}


@pytest.fixture(scope="module")
def z_image(tmp_path_factory) -> Path:
    return save_z_image(tmp_path_factory.mktemp("z") / "z")


@pytest.fixture(scope="module")
def z_image_files(tmp_path_factory) -> Path:
    """A folder with Z-Image's parts as files, and the installed model from which they have their tokenizer."""
    root = tmp_path_factory.mktemp("files")
    case = next(case for case in CASES if case.name == "z-image")
    separate_files.write(root, case.save(root / "models" / "z"), case.parts)
    return root


@pytest.fixture
def models(
    tiny_sd_folder,
    z_image,
    z_image_files,
    pair,  # noqa: F811
    configs,  # noqa: F811
    tmp_path,
    monkeypatch,
) -> Callable[[str], tuple[Path, Path, Path]]:
    """Makes a copy of a good model of a kind: (the good one, the copy, the file with the copy's denoiser)."""

    def make(kind: str) -> tuple[Path, Path, Path]:
        if kind == "file":
            copy = Path(shutil.copy(pair[1], tmp_path / "broken.safetensors"))
            return pair[1], copy, copy
        if kind == "transformer file":
            monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
            place = "diffusion_models/z_image_turbo_bf16.safetensors"
            copy = shutil.copytree(z_image_files, tmp_path / "broken") / place
            return z_image_files / place, copy, copy
        good = tiny_sd_folder if kind == "unet" else z_image
        copy = shutil.copytree(good, tmp_path / "broken")
        return good, copy, copy / f"{DENOISERS[kind]}.safetensors"

    return make


def edit(file: Path, change: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> None:
    save_file({name: tensor.contiguous() for name, tensor in change(load_file(file)).items()}, file)


def weight_of(tensors: dict[str, torch.Tensor]) -> str:
    """A matrix in the middle of the denoiser."""
    names = [name for name in sorted(tensors) if "decoder" not in name and name.endswith("weight")]
    ours = [name for name in names if not name.startswith(("first_stage", "cond_stage")) and tensors[name].ndim == 2]
    return ours[len(ours) // 2]


def missing(file: Path, _foreign: Path) -> None:
    edit(file, lambda found: {n: t for n, t in found.items() if n.startswith(("first_stage", "cond_stage"))} or {})


def misshapen(file: Path, _foreign: Path) -> None:
    edit(file, lambda found: found | {(name := weight_of(found)): found[name][:-1]})


def not_finite(file: Path, _foreign: Path) -> None:
    edit(file, lambda found: found | {(name := weight_of(found)): torch.full_like(found[name], float("nan"))})


def truncated(file: Path, _foreign: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def of_another_family(file: Path, foreign: Path) -> None:
    edit(file, lambda found: {n: t for n, t in found.items() if n.startswith("first_stage")} | load_file(foreign))


def a_lora(file: Path, _foreign: Path) -> None:
    save_file({f"unet.x.lora_{side}.weight": torch.ones(4, 4) for side in "AB"}, file)


def huge_header(file: Path, _foreign: Path) -> None:
    with file.open("wb") as out:
        out.write(struct.pack("<Q", 2 << 30))
        out.truncate(3 << 30)  # sparse: it takes no room


def a_circle(file: Path, _foreign: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def error_of(library: Library, model: Path) -> EngineError:
    request = GenerateRequest.of(
        id="1", prompt="a lake", width=64, height=64, steps=1, model=str(model), device="cpu", experts=()
    )
    last = list(generate(request, library=library))[-1]
    assert isinstance(last, Failed), "a broken model made a picture"
    return last.error


FAULTS = {
    missing: ModelIncomplete, misshapen: ModelIncomplete, not_finite: NotFinite, truncated: ModelIncomplete,
    of_another_family: ModelIncomplete, a_lora: ModelIncomplete, huge_header: ModelIncomplete,
    a_circle: ModelIncomplete,
}  # fmt: skip
OF_FILES = {
    missing: UnsupportedModel, a_lora: UnsupportedModel, a_circle: ModelNotFound
}  # fmt: skip
"""A file without anything else tells what it is instead. A transformer of a known family lacks its encoders there."""


@pytest.mark.parametrize("kind", ["unet", "transformer", "file", "transformer file"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_broken_model_is_named_and_a_good_one_loads_after_it(models, z_image, tiny_sd_folder, tmp_path, kind, fault):
    good, copy, file = models(kind)
    is_unet = not kind.startswith("transformer")
    foreign = z_image if is_unet else tiny_sd_folder
    fault(file, foreign / f"{DENOISERS['transformer' if is_unet else 'unet']}.safetensors")
    library = Library(tmp_path)
    error = error_of(library, copy)
    wanted = OF_FILES.get(fault, FAULTS[fault]) if kind.endswith("file") else FAULTS[fault]
    if (fault, kind) == (of_another_family, "transformer file"):
        wanted = UnsupportedModel  # a UNet with nothing else
    assert type(error) is wanted, (error, error.details)
    assert error.message and error.hint
    assert library.load(good, "cpu").facts.path == good


@pytest.mark.parametrize("kind", ["unet", "transformer", "file", "transformer file"])
def test_a_model_that_vanishes_while_it_is_loaded(models, tmp_path, kind):
    good, copy, file = models(kind)
    library = Library(tmp_path)
    steps = library.loading(copy, "cpu")
    while next(steps)[0] != "denoiser":
        pass
    file.unlink()
    with pytest.raises(ModelIncomplete) as caught:
        list(steps)
    assert caught.value.hint
    assert library.held(copy, "cpu") is None and library.load(good, "cpu").facts.path == good
