"""Bad models, full disks and exhausted memory on the command line: a typed message, and nothing lost."""

from __future__ import annotations

import contextlib
import json
import pickle
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import PROMPT

BEFORE = b"the picture that was here before"
PARTS = ("unet", "vae", "text_encoder", "tokenizer", "scheduler")


@pytest.fixture
def model(tiny_sd_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may damage."""
    return shutil.copytree(tiny_sd_folder, tmp_path / "model")


def weights_of(part: Path) -> Path:
    (path,) = part.glob("*.safetensors")
    return path


@pytest.mark.parametrize("part", PARTS)
def test_a_model_folder_with_a_part_missing(render, model, part):
    shutil.rmtree(model / part)
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete"
    assert part in ended.error["message"] and "Get the model again" in ended.error["hint"]
    assert "Traceback" not in ended.err and not Path("out.png").exists()


@pytest.mark.parametrize(
    "name", ["model_index.json", "unet/config.json", "vae/config.json", "text_encoder/config.json"]
)
def test_a_model_folder_with_a_file_missing(render, model, name):
    (model / name).unlink()
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete"
    assert Path(name).name in ended.error["message"] and "Traceback" not in ended.err


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_weights_that_are_missing_or_cut_short(render, model, part):
    path = weights_of(model / part)
    data = path.read_bytes()
    for content in (data[:-100], data[:20], b"", b"words"):
        path.write_bytes(content)
        ended = render("--prompt", PROMPT, "--model", model)
        assert ended.code == 1 and ended.error["type"] == "ModelIncomplete", content[:20]
        assert part in ended.error["message"] and "Traceback" not in ended.err
    path.unlink()
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete" and part in ended.error["message"]


class Bomb:
    """Leaves a file behind where it is unpickled."""

    def __reduce__(self):
        return (Path.touch, (Path("exploded").absolute(),))


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_a_pickle_in_place_of_safetensors_is_never_opened(render, model, part):
    path = weights_of(model / part)
    path.unlink()
    path.with_suffix(".bin").write_bytes(pickle.dumps(Bomb()))
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "UnsafeModel"
    assert part in ended.error["message"] and ".safetensors" in ended.error["hint"]
    assert "Traceback" not in ended.err and not Path("exploded").exists() and not Path("out.png").exists()


def test_a_pickle_that_is_named_safetensors_is_never_opened(render, model):
    weights_of(model / "unet").write_bytes(pickle.dumps(Bomb()))
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "ModelIncomplete" and not Path("exploded").exists()


def test_a_pickled_checkpoint_is_never_opened(render):
    Path("model.ckpt").write_bytes(pickle.dumps(Bomb()))
    ended = render("--prompt", PROMPT, "--model", "model.ckpt")
    assert ended.code == 1 and ended.error["type"] == "UnsafeModel" and not Path("exploded").exists()


def test_a_model_of_an_unknown_family(render, model):
    (model / "model_index.json").write_text(json.dumps({"_class_name": "IFPipeline"}))
    ended = render("--prompt", PROMPT, "--model", model)
    assert ended.code == 1 and ended.error["type"] == "UnsupportedModel" and "IFPipeline" in ended.error["message"]


def test_a_model_that_is_not_there(render):
    ended = render("--prompt", PROMPT, "--model", "startre")
    assert ended.code == 2 and ended.error["type"] == "ModelNotFound"
    assert "startre" in ended.error["message"] and '"starter"' in ended.error["hint"]


# --- the disk -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """The system refuses to write more than `size` bytes to any file, as it does when the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_is_full_on_save_leaves_the_old_picture_whole(render):
    Path("out.png").write_bytes(BEFORE)
    assert render("--prompt", PROMPT, "--out", "warm.png").code == 0
    with no_file_grows_beyond(1000):
        ended = render("--prompt", PROMPT, "--seed", "11")
    assert ended.code == 1 and ended.error["type"] == "SaveError" and ended.out == ""
    assert "out.png" in ended.error["message"]
    assert "disk" in ended.error["hint"] and "--seed 11" in ended.error["hint"]
    assert "Traceback" not in ended.err
    assert Path("out.png").read_bytes() == BEFORE
    assert sorted(path.name for path in Path().iterdir()) == ["out.png", "warm.png"]
    assert render("--prompt", PROMPT).code == 0, "the next one works"


def test_pictures_that_were_saved_before_the_disk_filled_are_kept(render):
    assert render("--prompt", PROMPT, "--count", "2").code == 0
    first = Path("out.png").read_bytes()
    Path("out.png").unlink()
    Path("out-1.png").unlink()
    Path("out-1.png").mkdir()  # nothing can be saved in this place
    ended = render("--prompt", PROMPT, "--count", "2")
    assert ended.code == 1 and ended.error["type"] == "SaveError" and "out-1.png" in ended.error["message"]
    assert "--seed 1:" in ended.error["hint"]
    assert Path("out.png").read_bytes() == first


def test_a_folder_that_may_not_be_written_is_found_before_the_work(render, monkeypatch):
    import os

    Path("locked").mkdir()
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "locked" and may(path, mode))
    ended = render("--prompt", PROMPT, "--out", "locked/out.png")
    assert ended.code == 1 and ended.error["type"] == "SaveError"
    assert "locked" in ended.error["message"] and "--out" in ended.error["hint"]
    assert "loading" not in ended.err and "step" not in ended.err


# --- the memory ---------------------------------------------------------------------------------------------------

_UNDER_A_LIMIT = """
import resource
from app.cli.main import main as wordbrush
def limited(size):
    with open("/proc/self/status") as status:
        used = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmSize"))
    resource.setrlimit(resource.RLIMIT_AS, (used + size, resource.RLIM_INFINITY))
common = ["render", "--prompt", "a lake", "--steps", "1", "--device", "cpu", "--model", sys.argv.pop(), "--json"]
assert wordbrush([*common, "--size", "64x64", "--out", "warm.png"]) == 0
limited(120_000_000)
codes = [wordbrush([*common, "--size", "4096x4096", "--out", "out.png"])]
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
codes.append(wordbrush([*common, "--size", "64x64", "--out", "after.png"]))
print(codes)
sys.exit(0)
"""


def test_a_device_that_runs_out_of_memory_leaves_everything_usable(process, tiny_sd_folder):
    Path("out.png").write_bytes(BEFORE)
    ended = process(tiny_sd_folder, before=_UNDER_A_LIMIT)
    assert ended.out.splitlines()[-1] == "[1, 0]", ended
    (error,) = [json.loads(line)["error"] for line in ended.err.splitlines() if line.startswith("{")]
    assert error["type"] == "DeviceOutOfMemory" and "out of memory" in error["message"]
    assert "4096x4096" in error["hint"] and "smaller model" in error["hint"]
    assert "Traceback" not in ended.err
    assert Path("out.png").read_bytes() == BEFORE
    assert Path("after.png").read_bytes() == Path("warm.png").read_bytes()


def test_a_gpu_that_runs_out_of_memory_is_told_the_same_way(render, monkeypatch):
    import torch

    from engine.models.families.sd import StableDiffusion

    def exhausted(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

    assert render("--prompt", PROMPT, "--out", "warm.png").code == 0
    with monkeypatch.context() as patch:
        patch.setattr(StableDiffusion, "denoise", exhausted)
        ended = render("--prompt", PROMPT)
    assert ended.code == 1 and ended.error["type"] == "DeviceOutOfMemory" and not Path("out.png").exists()
    assert "20.00 GiB" not in ended.err and "Traceback" not in ended.err
    assert render("--prompt", PROMPT).code == 0
    assert Path("out.png").read_bytes() == Path("warm.png").read_bytes()
