"""What people download: the recipe of the bundles, the desktop's metadata, the licences, the AppImage."""

from __future__ import annotations

import configparser
import importlib.metadata
import io
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy
import pytest
from PIL import Image

import resources
from app.cli import display_check
from app.window import about_dialog
from tests.packaging.test_tree import ROOT, imported, modules

sys.path.insert(0, str(ROOT / "packaging"))
from bundle import appimage, licences, recipe, smoke

LINUX = ROOT / "packaging" / "linux"
DESKTOP, MIME = LINUX / "wordbrush.desktop", LINUX / "wordbrush.xml"
METAINFO = LINUX / f"{recipe.IDENTIFIER}.metainfo.xml"
MIME_TAG = "{http://www.freedesktop.org/standards/shared-mime-info}"


# --- names and versions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "machine", "variant", "name"),
    [
        ("linux", "x86_64", "cpu", "linux-x86_64-cpu"),
        ("linux", "x86_64", "cuda", "linux-x86_64-cuda"),
        ("win32", "AMD64", "cuda", "windows-x86_64-cuda"),
        ("darwin", "arm64", "cpu", "macos-arm64-cpu"),
    ],
)
def test_the_name_of_a_bundle_says_version_system_and_variant(
    system: str, machine: str, variant: str, name: str
) -> None:
    assert recipe.bundle_name(variant, system=system, machine=machine) == f"wordbrush-{recipe.version()}-{name}"


def test_no_bundle_is_named_after_an_unknown_variant_or_system() -> None:
    with pytest.raises(ValueError, match="rocm"):
        recipe.bundle_name("rocm")
    with pytest.raises(ValueError, match="sunos"):
        recipe.bundle_name("cpu", system="sunos")


def test_the_variant_is_what_the_torch_of_the_environment_is() -> None:
    assert [recipe.variant_of(cuda) for cuda in (None, "13.0")] == ["cpu", "cuda"]


def test_changelog_and_store_metadata_name_the_version_of_the_project() -> None:
    headings = re.findall(r"^## (\S+) \((\S+)\)$", (ROOT / "packaging/CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    releases = [(item.get("version"), item.get("date")) for item in ElementTree.parse(METAINFO).iter("release")]
    assert headings == releases
    assert headings[0][0] == recipe.version()


# --- what goes in -------------------------------------------------------------------------------------------------


def test_nothing_that_the_program_imports_is_left_out() -> None:
    optional = {"matplotlib", "torchvision"}  # plots of the lab; what its own users install beside the program
    shipped = [path for path in modules("app", "canvas", "engine") if not str(path).startswith("engine/training")]
    needed = set().union(*(imported(path) for path in shipped)) - optional
    assert {name for name in needed if recipe.is_left_out(name)} == set()
    assert recipe.is_left_out("engine.training.export")
    assert not recipe.is_left_out("engine.trainings")


def test_what_only_compilers_read_is_ballast() -> None:
    names = (
        "torch/include/torch/all.h",
        "torch\\lib\\torch.lib",
        "torch/bin/protoc",
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "resources/starter/model_index.json",
    )
    assert [recipe.is_ballast(name) for name in names] == [True, True, True, False, False, False]


def test_the_spec_is_python_and_asks_the_recipe_only_for_what_it_has() -> None:
    text = (ROOT / "packaging/wordbrush.spec").read_text(encoding="utf-8")
    compile(text, "wordbrush.spec", "exec")
    asked = set(re.findall(r"(?<!/)\brecipe\.(\w+)", text))
    assert asked >= {"LEFT_OUT", "is_ballast", "info_plist"}
    assert [name for name in asked if not hasattr(recipe, name)] == []
    assert Path(ROOT / "packaging/bundle/entry.py").is_file()


def test_macos_opens_scenes_and_pictures() -> None:
    kinds = [kind for entry in recipe.info_plist()["CFBundleDocumentTypes"] for kind in entry["LSItemContentTypes"]]
    assert kinds == ["org.openraster.ora", "public.png"]


def test_a_bundle_tries_qt_by_its_own_option(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def start(command: list[str], **_: object) -> SimpleNamespace:
        asked.append(command)
        return SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(display_check.subprocess, "run", start)
    assert display_check.try_qt() == ""
    assert asked == [[sys.executable, "--try-qt"]]
    assert '"--try-qt"' in (ROOT / "packaging/bundle/entry.py").read_text(encoding="utf-8")


# --- the desktop's metadata ---------------------------------------------------------------------------------------


def desktop_entry() -> configparser.SectionProxy:
    """The menu entry's keys, as they are written."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DESKTOP, encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_menu_entry_opens_what_the_metadata_promise() -> None:
    entry, component = desktop_entry(), ElementTree.parse(METAINFO).getroot()
    assert entry["Type"] == "Application"
    assert entry["Exec"] == "wordbrush %f"
    assert resources.path("icons", f"{entry['Icon']}.svg").is_file()
    types = entry["MimeType"].rstrip(";").split(";")
    assert [item.text for item in component.iter("mediatype")] == types
    assert component.findtext("launchable") == DESKTOP.name
    assert component.findtext("id") == recipe.IDENTIFIER == METAINFO.name.removesuffix(".metainfo.xml")
    assert component.findtext("project_license") == "Apache-2.0"
    assert {item.text for item in component.iter("category")} <= set(entry["Categories"].split(";"))
    assert len(component.findtext("summary") or "") <= 70


def test_scenes_are_the_mime_type_that_the_desktop_is_told_of() -> None:
    (kind,) = ElementTree.parse(MIME).getroot().iter(f"{MIME_TAG}mime-type")
    assert kind.get("type") == "image/openraster"
    assert [glob.get("pattern") for glob in kind.iter(f"{MIME_TAG}glob")] == ["*.ora"]
    matches = [(int(str(match.get("offset"))), str(match.get("value"))) for match in kind.iter(f"{MIME_TAG}match")]
    scene = next(resources.path("examples").glob("*.ora")).read_bytes()
    for offset, value in matches:
        expected = value.replace("\\003\\004", "\x03\x04").encode()
        assert scene[offset : offset + len(expected)] == expected


def test_the_desktop_s_own_checkers_find_nothing_where_they_are_installed() -> None:
    """The checks above hold everywhere; these add what the programs know where a machine has them."""
    commands = [["desktop-file-validate", str(DESKTOP)], ["appstreamcli", "validate", "--no-net", str(METAINFO)]]
    for command in commands:
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr


# --- licences -----------------------------------------------------------------------------------------------------


def test_the_licence_of_a_file_inside_is_written_with_its_text(tmp_path: Path) -> None:
    written = licences.write(tmp_path, [numpy.__file__, str(tmp_path / "none")])
    listed = (tmp_path / licences.LIST).read_text(encoding="utf-8")
    assert [line.split(" ")[0] for line in listed.splitlines()] == ["numpy", "Python"]
    assert "BSD-3-Clause" in listed.splitlines()[0]
    (text,) = (path for path in written if path.name.startswith("numpy-"))
    assert "Redistribution and use in source and binary forms" in text.read_text(encoding="utf-8")


def stating(folder: Path, line: str) -> importlib.metadata.Distribution:
    """A distribution that carries no text and says `line` of its licence."""
    place = folder / "nobody-1.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.4\nName: nobody\nVersion: 1\n{line}\n")
    (place / "RECORD").write_text("")
    return importlib.metadata.PathDistribution(place)


@pytest.mark.parametrize("line", ["", "License: MIT"])
def test_something_without_a_licence_or_its_text_does_not_go_in(tmp_path: Path, line: str) -> None:
    with pytest.raises(licences.UnknownLicence, match="nobody 1"):
        licences.of_distribution(stating(tmp_path, line))


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("License-Expression: LGPL-3.0-only OR GPL-2.0-only", ["LGPL-3", "GPL-3"]),
        ("Classifier: License :: OSI Approved :: Apache Software License", ["Apache License"]),
    ],
)
def test_a_standard_text_stands_in_for_one_that_is_not_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, titles: list[str]
) -> None:
    monkeypatch.setattr(licences, "_gnu_text", lambda name: f"the text of {name}")
    text = licences.of_distribution(stating(tmp_path, line)).text
    assert all(title in text for title in titles)


def test_about_shows_the_licences_of_what_a_bundle_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "licences"
    shutil.copytree(resources.path("licences"), folder)
    monkeypatch.setattr(resources, "path", lambda *parts: tmp_path.joinpath(*parts))
    assert "Apache License" in about_dialog.licences()
    (folder / "inside").mkdir()
    (folder / "inside" / licences.LIST).write_text("numpy 2: BSD-3-Clause\n")
    assert "numpy 2: BSD-3-Clause" in about_dialog.licences()


# --- the AppImage -------------------------------------------------------------------------------------------------


def runtime() -> bytes:
    """The least that is a type 2 runtime: an ELF header, and two section headers at its end."""
    head = bytearray(64)
    head[:11] = b"\x7fELF\x02\x01\x01\x00AI\x02"
    struct.pack_into("<Q", head, 0x28, 64)
    struct.pack_into("<HH", head, 0x3A, 64, 2)
    return bytes(head) + bytes(128)


def test_the_runtime_is_cut_out_of_any_appimage(tmp_path: Path) -> None:
    file = tmp_path / "other.AppImage"
    for rest in (b"", b"hsqs and its content"):
        file.write_bytes(runtime() + rest)
        assert appimage.runtime_of(file) == runtime()


@pytest.mark.parametrize(
    "content",
    [b"#!/bin/sh\n", runtime().replace(b"AI\x02", b"\0\0\0"), runtime()[:-1], runtime() + b"something else"],
    ids=["script", "no AppImage", "cut short", "no squashfs"],
)
def test_what_is_no_runtime_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(appimage.CannotPack):
        appimage.runtime_of(file)


def test_the_folder_of_an_appimage_has_program_menu_entry_icons_and_metadata(tmp_path: Path) -> None:
    bundle, appdir = tmp_path / "wordbrush", tmp_path / "AppDir"
    bundle.mkdir()
    (bundle / "wordbrush").write_text("#!/bin/sh\necho started with $1\n")
    (bundle / "wordbrush").chmod(0o755)
    appimage.make_appdir(bundle, appdir, ROOT)
    done = subprocess.run([appdir / "AppRun", "a scene.ora"], capture_output=True, text=True, check=True)
    assert done.stdout == "started with a scene.ora\n"
    for name in ("wordbrush.desktop", "wordbrush.png", ".DirIcon", f"usr/share/metainfo/{METAINFO.name}"):
        assert (appdir / name).is_file()
    with Image.open(io.BytesIO((appdir / "usr/share/icons/hicolor/48x48/apps/wordbrush.png").read_bytes())) as icon:
        assert icon.size == (48, 48)
        assert icon.getchannel("A").getextrema() == (0, 255)


def test_an_archive_is_tried_out_as_the_program_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "wordbrush"
    folder.mkdir(parents=True)
    (folder / "wordbrush").write_text("#!/bin/sh\necho other\n")
    (folder / "wordbrush").chmod(0o755)
    archive = Path(shutil.make_archive(str(tmp_path / "wordbrush-1"), "gztar", folder.parent, "wordbrush"))
    with pytest.raises(smoke.DoesNotWork, match="--version said: other"):
        smoke.try_out(archive, tmp_path / "smoke")


def test_what_does_not_say_its_version_fails_the_smoke_test(tmp_path: Path) -> None:
    program = tmp_path / "other.AppImage"
    unpack = (
        "mkdir squashfs-root; printf '#!/bin/sh\\necho other' > squashfs-root/AppRun; chmod +x squashfs-root/AppRun"
    )
    program.write_text(f'#!/bin/sh\n[ "$1" = --appimage-extract ] || exit 1\n{unpack}\n')
    program.chmod(0o755)
    with pytest.raises(smoke.DoesNotWork, match="--version said: other"):
        smoke.try_out(program, tmp_path / "smoke")
    program.write_text("#!/bin/sh\necho cannot >&2; exit 3\n")
    with pytest.raises(smoke.DoesNotWork, match="status 3\ncannot"):
        smoke.try_out(program, tmp_path / "smoke")
