"""The set-up script: what it installs and in which order, when it asks, when it does nothing."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import stat
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


class Terminal(io.StringIO):
    """A stdin or stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def dev() -> ModuleType:
    """packaging/dev.py as a module; it is a script, so it is not importable by name."""
    spec = importlib.util.spec_from_file_location("wordbrush_dev", ROOT / "packaging" / "dev.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def manager(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package manager that only writes down how it was called; returns that file."""
    log, bin_dir = tmp_path / "calls", tmp_path / "bin"
    bin_dir.mkdir()
    for name in ("apt-get", "sudo"):
        script(bin_dir / name, f'echo "{name} $*" >> "{log}"')
    log.touch()
    monkeypatch.setenv("PATH", f"{bin_dir}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(dev, "package_manager", lambda: "apt")
    return log


def script(path: Path, body: str) -> None:
    """Writes an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def pins() -> dict[str, str]:
    """Package -> version of constraints.txt, names as pip compares them."""
    lines = (ROOT / "packaging/constraints.txt").read_text().splitlines()
    pairs = (line.partition("==") for line in lines if line and not line.startswith("#"))
    return {name.lower().replace("_", "-"): version for name, _, version in pairs}


# --- what is installed -------------------------------------------------------------------------------------------


def test_torch_is_installed_first_alone_and_exactly_as_pinned(dev: ModuleType) -> None:
    first, *rest = dev.pip_commands(["test"], "https://example.org/cpu")
    assert first[-1] == "torch==2.13.0"
    assert first[-3:-1] == ["--extra-index-url", "https://example.org/cpu"]
    assert not any("--extra-index-url" in command for command in rest)
    assert all("--constraint" in command for command in [first, *rest])


def test_the_project_comes_last_with_its_extras_and_without_a_build_environment(dev: ModuleType) -> None:
    last = dev.pip_commands(["test"])[-1]
    assert last[-2:] == ["--editable", f"{ROOT}[test]"]
    assert "--no-build-isolation" in last
    assert dev.pip_commands([])[-1][-1] == str(ROOT)


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    pinned = pins()
    for requirement in map(Requirement, wanted):
        name = requirement.name.lower().replace("_", "-")
        assert name in pinned, f"{name} is not pinned"
        assert requirement.specifier.contains(pinned[name]), f"{name} {pinned[name]} against {requirement}"


# --- the stamp ---------------------------------------------------------------------------------------------------


def test_an_environment_without_a_whole_stamp_is_not_ready(dev: ModuleType, tmp_path: Path) -> None:
    assert not dev.is_ready([], tmp_path)
    (tmp_path / dev.STAMP).write_text('{"inputs": ')
    assert not dev.is_ready([], tmp_path)
    (tmp_path / dev.STAMP).write_text("[]")
    assert not dev.is_ready([], tmp_path)


def test_a_stamp_vouches_for_its_extras_and_fewer(dev: ModuleType, tmp_path: Path) -> None:
    dev.write_stamp(["test"], tmp_path)
    assert dev.is_ready([], tmp_path) and dev.is_ready(["test"], tmp_path)
    dev.write_stamp([], tmp_path)
    assert dev.is_ready([], tmp_path) and not dev.is_ready(["test"], tmp_path)


def test_a_changed_pin_means_installing_again(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "constraints.txt"
    shutil.copy(dev.CONSTRAINTS, copy)
    monkeypatch.setattr(dev, "CONSTRAINTS", copy)
    dev.write_stamp([], tmp_path)
    assert dev.is_ready([], tmp_path)
    copy.write_text(copy.read_text() + "more==1\n")
    assert not dev.is_ready([], tmp_path)


def test_a_failed_install_leaves_no_stamp(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.write_stamp(["test"], tmp_path)
    script(tmp_path / "bin" / "python", "exit 3")
    monkeypatch.setattr(dev, "venv_python", lambda venv: tmp_path / "bin" / "python")
    with pytest.raises(SystemExit):
        dev.install(["test"], tmp_path)
    assert not (tmp_path / dev.STAMP).exists()


@pytest.mark.alone
def test_a_second_start_hands_over_in_under_a_second_with_a_clean_stdout(dev: ModuleType, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "packaging").mkdir(parents=True)
    for name in ("pyproject.toml", "packaging/dev.py", "packaging/constraints.txt"):
        shutil.copy(ROOT / name, tree / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tree / ".venv")], check=True)
    script(tree / ".venv/bin/wordbrush", 'echo "started $*"; exit 5')
    stamp = "import sys; sys.path.insert(0, 'packaging'); import dev; dev.write_stamp([])"
    subprocess.run([sys.executable, "-c", stamp], cwd=tree, check=True)

    began = time.monotonic()
    command = [sys.executable, str(tree / "packaging/dev.py"), "run", "a scene.ora", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    seconds = time.monotonic() - began
    assert (done.stdout, done.returncode) == ("started a scene.ora --json\n", 5)
    assert seconds < 1.0


# --- Python ------------------------------------------------------------------------------------------------------


def test_an_old_python_looks_for_a_newer_one(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "python3.13", "exit 1")
    script(tmp_path / "python3.12", "echo 3 12")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (*sys.version_info[:2], 999))
    monkeypatch.setattr(dev, "python_version", lambda python: (99, 0) if python.endswith("3.12") else ())
    assert dev.find_python() == str(tmp_path / "python3.12")


def test_without_any_new_enough_python_it_says_so(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (99, 1))
    with pytest.raises(SystemExit):
        dev.find_python()
    assert "Python 99.1 or newer is needed" in capsys.readouterr().err


def test_a_python_that_does_not_start_has_no_version(dev: ModuleType, tmp_path: Path) -> None:
    script(tmp_path / "python", "exit 1")
    assert dev.python_version(str(tmp_path / "python")) == ()
    assert dev.python_version(str(tmp_path / "nowhere")) == ()
    assert dev.python_version(sys.executable) == sys.version_info[:2]


# --- the system's libraries --------------------------------------------------------------------------------------


def test_a_library_a_file_and_a_program_are_found_or_missing(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [dev.Need("libc.so.6", "libc6", "glibc", "glibc"), dev.Need("sh", "dash", "bash", "bash")]
    gone = [dev.Need("libno-such-thing.so.1", "a", "b", "c"), dev.Need("no-such-program", "a", "b", "c")]
    gone.append(dev.Need("xorg/modules/no_such_drv.so", "a", "b", "c"))
    assert dev.missing([*here, *gone]) == gone
    monkeypatch.setattr(dev, "LIBRARY_FOLDERS", (tmp_path,))
    (tmp_path / "xorg" / "modules").mkdir(parents=True)
    (tmp_path / "xorg" / "modules" / "no_such_drv.so").touch()
    assert dev.missing([*here, *gone]) == gone[:2]


def test_elsewhere_than_on_linux_qt_brings_its_own(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert dev.missing([dev.Need("libno-such-thing.so.1", "a", "b", "c")]) == []


def test_every_library_names_its_package_for_every_manager(dev: ModuleType) -> None:
    for need in [*dev.LIBRARIES, dev.GIT, *dev.SCREEN]:
        assert all(getattr(need, name) for name in dev.MANAGERS)


def test_commands_take_sudo_only_where_we_are_not_root(dev: ModuleType) -> None:
    assert dev.install_commands("apt", ["libegl1"], root=True) == [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "--no-install-recommends", "libegl1"],
    ]
    assert dev.install_commands("pacman", ["libglvnd"], root=False) == [
        ["sudo", "pacman", "-S", "--needed", "--noconfirm", "libglvnd"]
    ]


def test_root_without_a_terminal_installs(dev: ModuleType, manager: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "is_root", lambda: True)
    monkeypatch.setattr(dev, "at_terminal", lambda: False)
    assert dev.install_packages(["libegl1", "libgl1"], "for the window")
    assert manager.read_text().splitlines() == [
        "apt-get update -qq",
        "apt-get install -y --no-install-recommends libegl1 libgl1",
    ]


def test_others_without_a_terminal_are_told_the_command(
    dev: ModuleType, manager: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(dev, "at_terminal", lambda: False)
    assert not dev.install_packages(["libegl1"], "for the window")
    assert "sudo apt-get install -y --no-install-recommends libegl1" in capsys.readouterr().err
    assert manager.read_text() == ""


@pytest.mark.parametrize(("answer", "installed"), [("\n", True), ("y\n", True), ("n\n", False)])
def test_at_a_terminal_it_asks_first(
    dev: ModuleType, manager: Path, monkeypatch: pytest.MonkeyPatch, answer: str, installed: bool
) -> None:
    monkeypatch.setattr(dev, "is_root", lambda: False)
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", Terminal())
    # the child processes need a real stdout to write to
    with open(os.devnull, "w") as sink:
        monkeypatch.setattr(dev, "OUTPUT", sink)
        assert dev.install_packages(["libegl1"], "for the window") is installed
    assert bool(manager.read_text()) is installed


def test_the_tests_do_not_start_without_what_qt_imports(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = dev.Need("libno-such-thing.so.1", "a", "b", "c", to_import=True)
    monkeypatch.setattr(dev, "LIBRARIES", (lost,))
    monkeypatch.setattr(dev, "install_packages", lambda packages, why: False)
    with pytest.raises(SystemExit):
        dev.ensure_libraries(for_tests=True)


def test_the_program_starts_without_them_and_says_what_is_missing(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = dev.Need("libno-such-thing.so.1", "a", "b", "c", to_import=True)
    monkeypatch.setattr(dev, "LIBRARIES", (lost,))
    monkeypatch.setattr(dev, "install_packages", lambda packages, why: False)
    dev.ensure_libraries(for_tests=False)
    assert "libno-such-thing.so.1" in capsys.readouterr().err


# --- the command line --------------------------------------------------------------------------------------------


def test_verbs_become_commands(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "cores", lambda: 2)
    python = str(dev.venv_python())
    assert dev.command_for("run", ["--version"]) == [str(Path(python).with_name("wordbrush")), "--version"]
    assert dev.command_for("test", ["-k", "masks"]) == [
        *(python, "-m", "pytest"), *("-n", "2", "--dist", "loadfile"), *("-k", "masks"),
    ]  # fmt: skip
    assert dev.command_for("soak", [])[:5] == [python, "-m", "pytest", "-m", "soak"]


@pytest.mark.parametrize(
    ("arguments", "cores", "number"),
    [
        ([], 1, 1), ([], 2, 2), (["-q", "-x"], 2, 2), ([], 64, 4), (["-n0"], 2, 1), (["-n", "3"], 2, 1),
        (["--pdb"], 2, 1), (["tests/packaging/test_dev.py::test_verbs_become_commands"], 2, 1), (["tests/gui"], 2, 1),
    ],
)  # fmt: skip
def test_the_whole_suite_runs_beside_itself_and_named_files_do_not(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], cores: int, number: int
) -> None:
    monkeypatch.setattr(dev, "cores", lambda: cores)
    assert dev.workers(arguments) == number
    assert ("--dist" in dev.command_for("test", arguments)) is (number > 1)


def test_workers_share_the_cores(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "cores", lambda: 5)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    dev.share_cores(2)
    assert (os.environ["OMP_NUM_THREADS"], os.environ["MKL_NUM_THREADS"]) == ("2", "7")


def test_an_unknown_verb_is_bad_use(dev: ModuleType) -> None:
    assert dev.main(["fly"]) == 2
    assert dev.main([]) == 2
    assert dev.main(["--help"]) == 0


def test_ci_runs_the_command_that_the_readme_names() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "python3 packaging/dev.py test" in run.read_text()
    assert "python3 packaging/dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
