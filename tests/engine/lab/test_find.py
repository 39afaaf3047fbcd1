"""The find lab: what its rows measure, and a whole run on a few pictures."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import find
from engine.lab.find import by_picture, by_word, run, timed
from engine.lab.tables import table
from engine.world.scenes import NAMES


def test_what_is_found_is_held_against_what_all_pictures_show():
    shows = np.zeros((20, len(NAMES)), bool)
    shows[:5, 0] = True
    assert by_word(np.arange(20.0)[::-1], shows, 0) == (1.0, 0.25)
    assert by_word(np.arange(20.0), shows, 0) == (0.0, 0.25)
    found, chance = by_picture(np.arange(20.0)[::-1], shows, 0)
    assert (found, chance) == (0.4, pytest.approx(4 / 19))


def test_an_index_is_timed_and_its_file_goes(tmp_path):
    row = timed(300, 8, tmp_path, queries=5)
    assert row["pictures"] == 300 and row["query_ms"] > 0 and row["disk_mb"] > 300 * 8 * 2 / 1e6
    assert not [*tmp_path.iterdir()]


def test_a_run_has_a_row_for_each_search(monkeypatch):
    monkeypatch.setattr(find, "SIZES", ((50, 8),))
    result = run(n=20, device="cpu")
    assert [each["search"] for each in result["rows"]] == ["word", "picture"] and result["words_by"] == "seen"
    assert result["rows"][0]["recall"] > 2 * result["rows"][0]["chance"]
    assert "ms/query" in table(result)
    with pytest.raises(BadRequest, match="number of pictures"):
        run(n=5)
