"""The written session of the long checks says what the player knows, and has every tool in it."""

from __future__ import annotations

import pytest

from app.actions import TABLE
from tests.soak.player import Player, read

ACTIONS = {each.name for each in TABLE}
WORKS = {"generate.run", "generate.live", "rework.repaint", "rework.vary", "colour.clear", "edit.undo"}


def test_every_line_is_something_that_the_player_can_do() -> None:
    lines = read()
    assert lines[-1].at // 60 == 19
    for line in lines:
        assert line.given in ACTIONS if line.what == "-" else hasattr(Player, f"_{line.what}"), line


def test_every_tool_and_way_of_working_has_its_place() -> None:
    done = {line.given for line in read() if line.what == "-"}
    tools = {name for name in ACTIONS if name.startswith("tool.")} | {"brush.paint", "brush.erase"}
    assert not (tools | WORKS) - done
    kinds = {
        "pen",
        "rubber",
        "mouse",
        "grid",
        "colour",
        "save",
        "open",
        "export",
        "cancel",
        "pictures",
        "fill",
        "refine",
        "redo",
    }
    assert not kinds - {line.what for line in read()}


def test_a_line_out_of_its_time_is_told(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("00:10 wait\n00:05 wait\n")
    with pytest.raises(ValueError, match="00:05"):
        read(tmp_path / "a.txt")
