"""The table of model families in the page about models says what the program's records say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.models.architectures import architectures

PAGE = Path(__file__).resolve().parents[2] / "engine" / "models" / "README.md"
ROW = re.compile(r"^\| [^|]+ \| `(\w+)` \|(.+)\|$", re.M)
ROWS = {name: [cell.strip() for cell in cells.split("|")] for name, cells in ROW.findall(PAGE.read_text("utf-8"))}


def test_every_family_has_its_row_and_no_other():
    assert sorted(ROWS) == sorted(architectures())


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_true(name: str):
    known, row = architectures()[name], ROWS[name]
    can = (known.can.negative, known.can.separation, known.can.gradient_steps, known.can.regions, known.loras)
    assert row[:5] == ["yes" if each else "no" for each in can]
    assert row[5] == known.since
