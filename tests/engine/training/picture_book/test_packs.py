"""Finding a noun's drawings in packs whose names for one thing differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.training.picture_book.errors import PackError
from engine.training.picture_book.nouns import read_table
from engine.training.picture_book.packs import PACKS, Drawing, Icons, drawings, install

BODY = '<circle cx="8" cy="8" r="7" fill="red"/>'


def _icons(key: str, *names: str, aliases: dict[str, str] | None = None) -> Icons:
    pack = next(pack for pack in PACKS if pack.key == key)
    parents = {name: {"parent": parent} for name, parent in (aliases or {}).items()}
    return Icons(pack, {"icons": {name: {"body": BODY} for name in names}, "aliases": parents, "width": 32})


def test_packs_are_pinned_and_none_is_share_alike() -> None:
    for pack in PACKS:
        assert all(part.isdigit() for part in pack.version.split(".")), pack
        assert pack.licence in {"MIT", "Apache-2.0", "CC-BY-4.0"}, pack


def test_a_name_finds_its_drawing() -> None:
    assert _icons("F", "old-key").find("old-key") == [Drawing("F", "old-key")]
    assert _icons("F", "dog").find("cat") == []


def test_a_tilde_finds_the_five_skin_tones() -> None:
    fluent = _icons("F", "boy", "boy-dark", "boy-light")
    noto = _icons("N", "boy-dark-skin-tone")
    assert fluent.find("~boy") == [Drawing("F", "boy-light", "light"), Drawing("F", "boy-dark", "dark")]
    assert noto.find("~boy") == [Drawing("N", "boy-dark-skin-tone", "dark")]


def test_drawings_of_one_pack_alone_and_those_that_are_left_out() -> None:
    packs = {"F": _icons("F", "cat"), "T": _icons("T", "cat", "catside")}
    (cat,) = read_table("## ground, 0.1-0.3\ncat = cat T:catside !T:cat\n", "animals")
    assert drawings(cat, packs) == [Drawing("F", "cat"), Drawing("T", "catside")]


def test_a_missing_icon_that_the_table_names_is_an_error() -> None:
    (cat,) = read_table("## ground, 0.1-0.3\ncat = T:tomcat\n", "animals")
    with pytest.raises(PackError, match="tomcat"):
        drawings(cat, {"T": _icons("T", "cat")})


def test_an_alias_is_drawn_as_its_parent_in_the_packs_own_box() -> None:
    svg = _icons("N", "cat", aliases={"kitty": "cat"}).svg("kitty")
    assert BODY in svg and 'viewBox="0 0 32 16"' in svg


def test_another_version_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "node_modules" / "@iconify-json" / PACKS[0].name
    root.mkdir(parents=True)
    (root / "package.json").write_text(json.dumps({"version": "0.0.1"}))
    (root / "icons.json").write_text("{}")
    with pytest.raises(PackError, match=r"0\.0\.1"):
        Icons.load(PACKS[0], tmp_path)


def test_without_npm_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PackError, match="npm"):
        install(tmp_path / "out")
