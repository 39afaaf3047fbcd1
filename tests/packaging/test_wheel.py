"""What `pip install .` gives: a wheel that holds everything, and renders from another folder with what is inside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
PROMPT = "a red house on a green hill under a blue sky"


def run(*command: str | Path, cwd: Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """Runs a command in an environment that knows nothing of the source tree; failing is a failed test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by pip from a copy of the files under version control."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in names:
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run(*pip, "--wheel-dir", out, tree, cwd=out)
    (built,) = out.glob("wordbrush-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment with the wheel in it, over the dependencies that are already here; its bin folder."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    python = home / "bin" / "python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).stdout.strip()
    # A path named in a .pth file gives its packages, but its own .pth files are not read: so no editable install.
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index"]
    run(*install, wheel, cwd=home)
    return python.parent


def test_the_wheel_holds_what_ships_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"app", "canvas", "engine", "resources", "wordbrush-0.1.0.dist-info"}
    assert not [name for name in names if "__pycache__" in name]
    for name in (
        "resources/starter/model_index.json",
        "resources/icons/wordbrush.svg",
        "resources/icons/wordbrush.png",
    ):
        assert name in names
    assert [name for name in names if name.startswith("resources/starter/unet/") and name.endswith(".safetensors")]
    assert len([name for name in names if name.startswith("resources/examples/") and name.endswith(".ora")]) >= 3
    assert any(name.endswith("licenses/resources/licences/Apache-2.0.txt") for name in names)


def test_every_shipped_file_of_the_tree_is_in_the_wheel(wheel: Path) -> None:
    listing = ["git", "ls-files", "-z", "app", "canvas", "engine", "resources"]
    page = "README.md"  # of a package: it is for who works on the source
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    assert [
        name
        for name in tracked
        if name
        and (ROOT / name).is_file()
        and name not in inside
        and not (name.endswith(page) and not name.startswith("resources"))
    ] == []


def test_the_installed_program_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert "0.1.0" in run(installed / "wordbrush", "--version", cwd=tmp_path).stdout


def test_it_runs_on_its_own_files_and_not_on_the_tree(installed: Path, tmp_path: Path) -> None:
    code = "import app, canvas, engine, resources as r; [print(m.__file__) for m in (app, canvas, engine, r)]"
    for line in run(installed / "python", "-c", code, cwd=tmp_path).stdout.split():
        assert Path(line).is_relative_to(installed.parent)


@pytest.mark.timeout(300)
def test_it_renders_with_the_starter_from_another_folder(installed: Path, tmp_path: Path) -> None:
    mask = np.zeros((512, 512), np.uint8)
    mask[96:192, 32:128] = 255
    Image.fromarray(mask).save(tmp_path / "house.png")
    options = ["--paint", "house=house.png:1.5", "--steps", "4", "--seed", "7", "--device", "cpu", "--json"]
    done = run(
        installed / "wordbrush",
        "render",
        "--prompt",
        PROMPT,
        "--out",
        "picture.png",
        *options,
        cwd=tmp_path,
        timeout=280,
    )
    answer = json.loads(done.stdout)
    assert answer["schema"] == 1
    assert answer["model"] == "starter"
    assert [word["phrase"] for word in answer["words"]] == ["house"]
    with Image.open(tmp_path / "picture.png") as picture:
        assert picture.size == (512, 512)
        assert np.asarray(picture.convert("RGB")).std() > 8, "the picture is flat"
