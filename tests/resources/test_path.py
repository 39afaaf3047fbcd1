"""Shipped files are found where the package lies, and are what they say."""

from __future__ import annotations

import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image

import resources


def test_path_leads_into_the_package_wherever_the_program_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resources.path("icons", "wordbrush.svg")
    monkeypatch.chdir(tmp_path)
    assert resources.path("icons", "wordbrush.svg") == before
    assert before.is_absolute() and before.is_file()
    assert resources.path() == Path(resources.__file__).resolve().parent


def test_the_icon_is_drawn_without_fonts_and_its_picture_has_a_clear_ground() -> None:
    drawing = ElementTree.parse(resources.path("icons", "wordbrush.svg"))
    assert not [element for element in drawing.iter() if element.tag.endswith("}text")]
    with Image.open(resources.path("icons", "wordbrush.png")) as icon:
        assert (icon.size, icon.mode) == ((256, 256), "RGBA")
        assert icon.getpixel((0, 0))[3] == 0
        assert icon.getpixel((128, 20))[3] == 255


def test_the_licences_name_every_package_the_project_depends_on() -> None:
    text = resources.path("licences", "third-party.txt").read_text(encoding="utf-8").lower()
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    for line in project["project"]["dependencies"]:
        name = line.split(">")[0].split("-")[0].lower()
        assert name in text, f"{name} is not named"
