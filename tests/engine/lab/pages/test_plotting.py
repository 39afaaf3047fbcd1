"""Whether plots can be drawn is told before anything is generated; looks differ in more than their colour."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from engine.attention.laws import LAWS
from engine.errors import BadRequest, EngineError
from engine.lab import layout, text_window
from engine.lab.pages import plotting
from engine.lab.pages.plotting import PlotsUnavailable, check, look_of


def test_a_new_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    check(tmp_path / "new" / "plots")
    assert list((tmp_path / "new" / "plots").iterdir()) == []


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    check(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_a_bad_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadRequest, match="it is a file") as caught:
        check(tmp_path / "file")
    assert "--plots" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="cannot be written") as caught:
        check(tmp_path / "file" / "plots")
    assert "--plots" in caught.value.hint and caught.value.details


@pytest.mark.parametrize("lab", [layout, text_window])
def test_without_matplotlib_both_labs_say_how_to_install_it_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lab
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(plotting.importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name))
    with pytest.raises(PlotsUnavailable) as caught:
        lab.run(n=1, model="no such model", plots=tmp_path / "plots")
    assert caught.value.hint.endswith("-m pip install matplotlib") and sys.executable in caught.value.hint
    assert not (tmp_path / "plots").exists()


def test_every_published_law_has_a_colour_and_a_mark_of_its_own() -> None:
    looks = {law: look_of(law) for law in [*LAWS, "dial"]}
    assert len({(look.mark, look.colour) for look in looks.values()}) == len(looks) - 1, "ours and its dial are one"
    marks = [look_of(law).mark for law in LAWS]
    assert len(set(marks)) == len(marks), "the mark alone tells laws apart"
    assert look_of("of the jungle") == look_of("another")
