"""Windows at work that are killed at moments of chance leave whole files, and lose five seconds of strokes at most."""

from __future__ import annotations

from pathlib import Path

from tests.soak.kills import MAY_BE_LOST, kill_windows

LIVES = [6.5, 7.5, 0.4, 1.0, 2.0, 0.1, 2.5, 0.7, 3.0, 1.5]


def test_ten_kills_lose_no_more_than_the_last_seconds(tmp_path: Path) -> None:
    tally = kill_windows(tmp_path, LIVES, beside=3)
    assert tally.wrong == []
    assert tally.kills == 10 and tally.strokes > 100 and tally.files > 10 and tally.pictures and tally.saves
    assert max(tally.first_lost) <= MAY_BE_LOST
