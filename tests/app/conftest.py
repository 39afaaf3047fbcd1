"""What the command line's tests share: running it in this process or in one of its own, masks, and scene files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.cli import main
from canvas.files import ora
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask

PROMPT = "a lake and a house and a lake"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The JSON error, which is the last line of stderr."""
        return json.loads(self.err.splitlines()[-1])["error"]


Run = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own home and models, and starts in a folder of its own."""
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("WORDBRUSH_MODELS", str(tmp_path / "home" / "models"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def wordbrush(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def run(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        code = main.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run


def command(arguments: Sequence[str | Path], *, before: str = "") -> list[str]:
    """The command line of a process that runs `before` (Python) and then wordbrush with `arguments`."""
    code = f"import sys\n{before}\nfrom app.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *(str(argument) for argument in arguments)]


def environment(**changes: str) -> dict[str, str]:
    """This process's environment with the source tree in it, and `changes`."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


@pytest.fixture
def process() -> Run:
    """Runs a command in a process of its own; `before` is Python that runs there first."""

    def run(*arguments: str | Path, before: str = "", **changes: str) -> Ended:
        done = subprocess.run(
            command(arguments, before=before), env=environment(**changes), capture_output=True, text=True, timeout=240
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def render(wordbrush: Run, tiny_sd_folder: Path) -> Run:
    """Runs `wordbrush render --json` quickly: the tiny model, two steps, 64x64 where a prompt is given."""

    def run(*arguments: str | Path, **options: str | Path) -> Ended:
        given = [str(argument) for argument in arguments]
        model = [] if "--model" in given else ["--model", tiny_sd_folder]
        steps = [] if "--steps" in given else ["--steps", "2"]
        size = ["--size", "64x64"] if "--prompt" in given and "--size" not in given else []
        out = [] if "--out" in given else ["--out", "out.png"]
        return wordbrush("render", *given, *model, *steps, *size, *out, "--device", "cpu", "--json")

    return run


def save_mask(path: Path, *, size: tuple[int, int] = (64, 64), left: int = 0, right: int = 32) -> Path:
    """A grey picture that is white from column `left` to `right`."""
    array = np.zeros((size[1], size[0]), np.uint8)
    array[:, left:right] = 255
    Image.fromarray(array).save(path)
    return path


@pytest.fixture
def mask() -> Path:
    """A mask of 64x64 whose left half is painted; in the working folder."""
    return save_mask(Path("mask.png"))


def painted_scene(**settings: Any) -> Scene:
    """A scene of 64x64 whose second lake is painted on the left with strength 1.5."""
    scene = Scene(prompt=PROMPT, negative="fog", size=(64, 64), settings=Settings(steps=2, seed=5, **settings))
    scene, word_id = edits.add_word(scene, (25, 29))
    array = np.zeros((64, 64), np.uint8)
    array[:, :32] = 255
    scene = edits.set_mask(scene, word_id, TiledMask.from_array(array))
    return edits.change_word(scene, word_id, strength=1.5)


@pytest.fixture
def scene_file() -> Path:
    """A scene file in the working folder, see `painted_scene`."""
    path = Path("scene.ora")
    ora.save(path, painted_scene(), np.full((64, 64, 3), 255, np.uint8))
    return path
