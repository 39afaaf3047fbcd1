"""wordbrush doctor: everything that a report of a problem needs, and problems with what to do about them."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from app import paths
from app.cli import display_check, doctor
from engine.models.architectures import architectures


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt is not started each time; one test of its own does that."""
    monkeypatch.setattr(display_check, "try_qt", lambda: "")


def problems() -> str:
    return json.dumps(doctor.examine()["problems"])


def test_finds_versions_devices_models_folders_and_qt(wordbrush, tiny_sd_folder):
    shutil.copytree(tiny_sd_folder, Path(os.environ["WORDBRUSH_MODELS"]) / "mine")
    ended = wordbrush("doctor", "--json")
    assert ended.code == 0, ended.err
    found = ended.result
    assert found["schema"] == 1
    assert {"wordbrush", "python", "system", *doctor.PACKAGES} == found["versions"].keys()
    assert all(found["versions"].values())
    (cpu,) = [device for device in found["devices"] if device["device"] == "cpu"]
    assert cpu["memory_bytes"] > cpu["free_bytes"] > 0 and cpu["threads"] >= 1 and cpu["name"]
    assert cpu["compile"]["automatic"] is False and cpu["compile"]["possible"] is (cpu["compile"]["lacking"] is None)
    models = {model["name"]: model for model in found["models"]}
    assert {"starter", "mine"} == models.keys()
    assert models["mine"]["family"] == "sd" and models["mine"]["size_bytes"] > 10_000 and not models["mine"]["problem"]
    home = os.environ["WORDBRUSH_HOME"]
    for folder in found["folders"]:
        assert folder["path"].startswith(home) and folder["writable"] and folder["free_bytes"] > 0
    assert [folder["name"] for folder in found["folders"]] == ["config", "results", "autosave", "models"]
    assert found["qt"] == {"platform": "offscreen", "missing_libraries": [], "works": True, "fault": ""}
    assert found["offline"] is True
    assert found["log"] == {"path": f"{home}/wordbrush.log", "size_bytes": None}


def test_says_the_same_to_people(wordbrush):
    ended = wordbrush("doctor")
    assert ended.code == 0
    for part in (
        "Versions",
        "torch ",
        "Devices",
        "cpu",
        "Models",
        "starter",
        "Paths",
        "autosave",
        "wordbrush.log (none yet)",
        "Qt platform",
    ):
        assert part in ended.out


def test_changes_nothing(wordbrush):
    before = sorted(Path(os.environ["WORDBRUSH_HOME"]).parent.rglob("*"))
    wordbrush("doctor", "--json")
    assert sorted(Path(os.environ["WORDBRUSH_HOME"]).parent.rglob("*")) == before


def test_a_damaged_model_is_a_problem_with_its_place(tiny_sd_folder):
    model = shutil.copytree(tiny_sd_folder, Path(os.environ["WORDBRUSH_MODELS"]) / "mine")
    shutil.rmtree(model / "vae")
    assert "vae is incomplete" in problems() and str(model) in problems()


def test_a_folder_that_takes_no_files_is_a_problem(monkeypatch, tmp_path):
    blocker = tmp_path / "a file"
    blocker.write_text("")
    monkeypatch.setenv("WORDBRUSH_HOME", str(blocker / "home"))
    found = doctor.examine()
    assert not any(folder["writable"] for folder in found["folders"][:3])
    assert "cannot be written to" in json.dumps(found["problems"])
    assert "NO" in doctor.text(found) and "cannot be written to" in doctor.text(found)


def test_a_disk_that_is_nearly_full_is_a_problem(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 5, 5))
    assert "nearly full: 5 bytes left" in problems()


def test_libraries_that_may_use_the_network_are_a_problem(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    found = doctor.examine()
    assert found["offline"] is False and "HF_HUB_OFFLINE" in json.dumps(found["problems"])


def test_works_where_torch_and_packages_are_missing(monkeypatch):
    def missing(name: str) -> str:
        raise doctor.PackageNotFoundError(name)

    def broken(name: str) -> None:
        raise ImportError(f"no module named {name}")

    monkeypatch.setattr(doctor, "installed", missing)
    monkeypatch.setattr(doctor.importlib, "import_module", broken)
    found = doctor.examine()
    assert found["versions"]["torch"] is None and [device["device"] for device in found["devices"]] == ["cpu"]
    assert "torch does not work" in json.dumps(found["problems"])
    assert "torch missing" in doctor.text(found)


def test_libraries_that_qt_lacks_are_named(monkeypatch, tmp_path):
    ldd = tmp_path / "ldd"
    ldd.write_text("#!/bin/sh\nprintf '\\tlibxcb-cursor.so.0 => not found\\n\\tlibc.so.6 => /lib/libc.so.6 (0x1)\\n'\n")
    ldd.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = doctor.examine()["qt"]
    assert found["missing_libraries"] == ["libxcb-cursor.so.0"] and not found["works"]
    assert "libxcb-cursor.so.0" in problems()


def test_a_library_that_does_not_load_stops_the_window_before_qt_does(monkeypatch, tmp_path):
    damaged = tmp_path / "libqoffscreen.so"
    damaged.write_bytes(b"no library")
    monkeypatch.setattr(display_check, "plugins", lambda name: [damaged])
    with pytest.raises(display_check.NoWindow, match="lacks") as caught:
        display_check.check()
    assert "wordbrush doctor" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"QT_QPA_PLATFORM": "offscreen:size=1x1;xcb", "DISPLAY": ":0"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "", "DISPLAY": ":0", "WAYLAND_DISPLAY": ""}, "xcb"),
        ({"QT_QPA_PLATFORM": "", "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}, ""),
    ],
)
def test_the_platform_is_the_one_that_qt_would_take(monkeypatch, changes, expected):
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    assert display_check.platform() == expected


def test_qt_really_starts_here(monkeypatch):
    monkeypatch.undo()
    assert display_check.try_qt() == ""
    monkeypatch.setenv("QT_QPA_PLATFORM", "nothing-like-that")
    assert display_check.try_qt() != ""


def test_the_engine_looks_for_models_where_the_window_keeps_them(monkeypatch, tmp_path):
    from engine.models.user_folder import user_folder

    monkeypatch.delenv("WORDBRUSH_MODELS")
    paths.tell_engine()
    assert user_folder() == tmp_path / "home" / "models" == paths.Paths.of_user().models
    monkeypatch.setenv("WORDBRUSH_MODELS", str(tmp_path / "elsewhere"))
    paths.tell_engine()
    assert user_folder() == tmp_path / "elsewhere" == paths.Paths.of_user().models


def test_prints_how_each_model_would_use_the_memory_and_why(wordbrush, tiny_sd_folder):
    shutil.copytree(tiny_sd_folder, Path(os.environ["WORDBRUSH_MODELS"]) / "mine")
    found = {model["name"]: model["memory"] for model in wordbrush("doctor", "--json").result["models"]}
    for plan in found.values():
        assert plan["device"] == "cpu" and plan["way"] == "cpu" and plan["precision"] == "float32"
        assert plan["needs_bytes"] > 0 and plan["reason"].startswith("It runs on the CPU")
        assert plan["reason"].endswith("free.") and (plan["eight_bits"], plan["sequential"]) == (False, False)
    assert found["starter"]["needs_bytes"] > found["mine"]["needs_bytes"]
    assert "Memory" in wordbrush("doctor").out


def test_families_are_told_with_what_each_can_do(wordbrush):
    ended = wordbrush("doctor", "--families", "--json")
    assert ended.code == 0, ended.err
    assert ended.result["schema"] == 1
    families = {family["name"]: family for family in ended.result["families"]}
    assert families.keys() == architectures().keys()
    assert families["flux"]["attention"] == "joint" and families["anima"]["attention"] == "cross"
    named = {"paint", "negative", "heatmaps", "lora", "source", "selection", "styles", "experts"}
    for family in families.values():
        assert family["available"] and not family["why"] and named <= family["features"].keys()
        assert all(family["features"][name] for name in ("paint", "heatmaps", "source", "selection", "experts"))
    assert families["sdxl"]["features"]["separation"] and not families["flux"]["features"]["separation"]
    told = wordbrush("doctor", "--families").out
    assert "qwen_image21" in told and "gradient steps" in told


def test_a_family_that_the_installed_diffusers_lacks_says_which_one_has_it(wordbrush, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.40.1")
    families = {family["name"]: family for family in wordbrush("doctor", "--families", "--json").result["families"]}
    assert [name for name, family in families.items() if not family["available"]] == ["anima", "qwen_image21"]
    assert "0.42 or newer; 0.40.1 is installed" in families["anima"]["why"]
