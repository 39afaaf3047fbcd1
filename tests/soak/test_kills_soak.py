"""Three hundred windows at work, killed at moments of chance."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.soak.kills import MAY_BE_LOST, kill_windows
from tests.soak.recorder import UNTIL, record, share_of

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

KILLS, BESIDE = 300, 2


def test_hundreds_of_kills_lose_no_more_than_the_last_seconds(tmp_path: Path) -> None:
    rng = random.Random(11)
    kills = share_of(KILLS)
    lives = [round(rng.choice([rng.uniform(0, 1), rng.uniform(0, 4), rng.uniform(4, 9)]), 2) for _ in range(kills)]
    tally = kill_windows(tmp_path, lives, beside=BESIDE, pause=0.1, until=UNTIL)
    record(
        "kills",
        asked=KILLS,
        run=tally.kills,
        strokes=tally.strokes,
        pictures=tally.pictures,
        saves=tally.saves,
        files_opened=tally.files,
        oldest_stroke_lost_s={"largest": max(tally.first_lost), "of_each": tally.first_lost},
        wrong=tally.wrong,
    )
    assert tally.wrong == []
    assert 0 < tally.kills <= kills and max(tally.first_lost) <= MAY_BE_LOST
