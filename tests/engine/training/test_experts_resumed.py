"""Training experts that was cut off goes on to the same result; what cannot go on is said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.models import expert_loading as loading
from engine.models.families import inspect, load
from engine.training import checkpoint_io, expert_trainer, experts
from engine.training.expert_trainer import ExpertTrainer
from tests.engine.training.outputs import digests, finish


@pytest.fixture(autouse=True)
def judged_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expert_trainer, "_JUDGED", 1)


# --- cut off, and going on ------------------------------------------------------------------------------------------


class PowerCut(BaseException):
    """The machine is gone: nobody catches it."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(3):
        rgb = np.random.default_rng(number).integers(0, 255, (64, 80, 3), np.uint8)
        Image.fromarray(rgb).save(folder / f"{number}.png")
        (folder / f"{number}.txt").write_text("a lake and sky")
    return folder


def train(model: Path, pictures: Path, folder: Path, *more: str) -> int:
    """Runs the command; `folder` is its work folder, and "out" therein its output."""
    arguments = ["--from", str(model), "--data", str(pictures), "--out", str(folder / "out"), "--work", str(folder)]
    arguments += ["--device", "cpu", "--size", "64x64", "--batch", "2", "--steps", "8", "--rank", "2", "--every", "0"]
    return experts.main([*arguments, *more])


@pytest.fixture(scope="module")
def done(tiny_sd_folder: Path, pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that was not cut off; shared, so never write to it."""
    folder = tmp_path_factory.mktemp("runs") / "done"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expert_trainer, "_JUDGED", 1)
        assert train(tiny_sd_folder, pictures, folder) == 0
    return folder


@pytest.fixture
def whole(done: Path) -> dict[str, str]:
    """What a run that was not cut off writes."""
    return digests(done / "out")


@pytest.fixture
def command(tiny_sd_folder: Path, pictures: Path, tmp_path: Path):
    """Runs the command in the folder "run"."""
    return lambda *more: train(tiny_sd_folder, pictures, tmp_path / "run", *more)


@pytest.fixture
def copied(done: Path, tmp_path: Path) -> Path:
    """The folder "run", in which a run came to its end."""
    return shutil.copytree(done, tmp_path / "run")


def cut_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, calls: int, matches=lambda *_: True) -> None:
    real, count = getattr(owner, name), 0

    def cut(*arguments, **named):
        nonlocal count
        if matches(*arguments):
            count += 1
            if count > calls:
                if name == "save":
                    arguments[1].write_bytes(b"half of a file")
                raise PowerCut
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, cut)


def is_checkpoint(path: Path, *_: object) -> bool:
    return path.suffix == ".half" and path.parent.name == "experts" and path.is_file()


def is_expert(path: Path, *_: object) -> bool:
    return path.suffix == ".half" and path.is_dir()


CUTS = {
    "in the first step": (ExpertTrainer, "_draw", 0, None),
    "in a later step": (ExpertTrainer, "_draw", 8, None),
    "before a checkpoint is in place": (Path, "replace", 4, is_checkpoint),
    "in the middle of writing one": (torch, "save", 3, None),
    "while experts are moved to their places": (Path, "replace", 1, is_expert),
}


@pytest.mark.parametrize("case", CUTS)
def test_cut_off_at_any_moment_it_comes_to_the_same_result(command, whole, tmp_path, monkeypatch, case) -> None:
    owner, name, calls, matches = CUTS[case]
    with monkeypatch.context() as patch:
        cut_after(patch, owner, name, calls, matches or (lambda *_: True))
        with pytest.raises(PowerCut):
            command()
    assert not (tmp_path / "run" / "out" / "wordbrush.json").exists(), "it was cut off"
    assert command("--resume") == 0
    assert digests(tmp_path / "run" / "out") == whole


def test_the_result_does_not_depend_on_how_often_is_saved(command, whole, tmp_path) -> None:
    assert command("--every", "9999") == 0
    assert digests(tmp_path / "run" / "out") == whole


def test_a_finished_run_is_written_again_without_any_step(command, copied, whole, monkeypatch) -> None:
    cut_after(monkeypatch, ExpertTrainer, "_draw", 0)
    shutil.rmtree(copied / "out")
    assert command("--resume") == 0
    assert digests(copied / "out") == whole


def test_after_a_damaged_checkpoint_the_one_before_it_goes_on(command, copied, whole, capsys) -> None:
    newest = copied / "experts" / "high.pt"
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    assert checkpoint_io.read(newest) is None, "one bit is enough"
    # one step further back
    early = checkpoint_io.read(copied / "experts" / "high.before.pt")
    assert early["step"] == 2 and not early["done"]
    shutil.rmtree(copied / "out")
    assert command("--resume") == 0
    said = capsys.readouterr().out
    assert "high.pt is damaged" in said and "from step 2, saved in high.before.pt" in said
    assert digests(copied / "out") == whole
    assert (copied / "experts" / "high.damaged").read_bytes() == bytes(data), "nothing is thrown away"


def test_where_all_are_damaged_it_is_said_and_nothing_is_lost(command, copied, capsys) -> None:
    for name in ("low.pt", "low.before.pt"):
        file = copied / "experts" / name
        file.write_bytes(file.read_bytes()[:-100])
    before = digests(copied)
    assert command("--resume") == 1
    said = capsys.readouterr().err
    assert "checkpoints of low" in said and "Delete low.pt and low.before.pt" in said and "Traceback" not in said
    assert before.items() <= digests(copied).items()


def test_checkpoints_of_other_settings_are_refused(command, copied, capsys) -> None:
    before = digests(copied)
    assert command("--resume", "--seed", "5", "--steps", "9") == 2
    assert "steps was 8, now 9; seed was 0, now 5" in capsys.readouterr().err
    assert digests(copied) == before


def test_without_resume_it_begins_anew(command, copied, whole) -> None:
    assert command("--seed", "5") == 0
    anew = digests(copied / "out")
    assert anew.keys() == whole.keys()
    assert all(anew[name] != whole[name] for name in whole if name.endswith(".safetensors"))


def test_whole_denoisers_are_written_where_asked_and_take_the_place_of_deltas(
    command, copied, tmp_path, tiny_sd_folder
) -> None:
    assert command("--whole") == 0
    model = shutil.copytree(tiny_sd_folder, tmp_path / "model")
    shutil.copytree(copied / "out", model, dirs_exist_ok=True)
    facts = inspect(model)
    assert [(expert.name, expert.is_delta) for expert in facts.experts] == [
        (name, False) for name in ("high", "middle", "low")
    ]
    base = finish(load(facts, torch.device("cpu")))
    loaded = finish(loading.load(facts.experts[0], base, outside=False))
    assert not torch.equal(loaded.unet.conv_in.weight, base.unet.conv_in.weight)


# --- what is said when it cannot go on ------------------------------------------------------------------------------


BAD = {
    "no number": (["--rank", "0"], "--rank is 0"),
    "NaN": (["--rate", "nan"], "--rate is nan"),
    "depth": (["--depth", "9"], "depth of the tree is 9"),
    "no model": (["--from", "nowhere"], 'no model at "nowhere"'),
    "no folder": (["--data", "nowhere"], 'no folder "nowhere"'),
    "no size": (["--size", "big"], '"big" is not a size'),
    "odd size": (["--size", "60x64"], "cannot make 60x64"),
    "no device": (["--device", "cuda:77"], '"cuda:77" is not available'),
}


FAILED = ("no model", "no device")


@pytest.mark.parametrize("case", BAD)
def test_bad_use_is_said_with_a_hint_and_without_a_traceback(command, capsys, case: str) -> None:
    more, said = BAD[case]
    code = command(*more)
    problem = capsys.readouterr().err.strip().splitlines()
    assert (
        code == (1 if case in FAILED else 2)
        and said in problem[-2]
        and problem[-1]
        and "Traceback" not in "".join(problem)
    )


def test_a_defect_is_shown_in_full_where_asked(command, monkeypatch, capsys) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(ExpertTrainer, "train", broken)
    assert command() == 1
    assert "ZeroDivisionError: oh" in capsys.readouterr().err
    monkeypatch.setenv("WORDBRUSH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        command()
