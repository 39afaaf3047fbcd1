"""The fleet on paper: the queue's theory in its limits, the law of arrivals, and the command's figures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import scale
from engine.lab.fleet.arrivals import DAY, LIVE, Law, Requests, draw
from engine.lab.fleet.serving import Fleet, erlang_c, mean_wait, serve
from engine.lab.tables import table


def _poisson(count: int, rate: float, work: np.ndarray, seed: int = 1) -> Requests:
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.exponential(1 / rate, count))
    ones = np.ones(count, np.int64)
    return Requests(times, ones, work, np.arange(count), ones)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (8, 6.0), (40, 35.0)])
def test_one_kind_without_batches_waits_as_erlang_says(servers, load):
    """M/M/N: the share who wait, and the mean wait. Of correlated waits, the tolerance is four standard errors."""
    count = 60_000
    work = np.random.default_rng(2).exponential(1.0, count)
    waits = serve(_poisson(count, load, work), Fleet(servers, batch=1)).waits
    blocks = waits.reshape(20, -1)
    error = blocks.mean(1).std(ddof=1) / math.sqrt(20)
    assert waits.mean() == pytest.approx(mean_wait(servers, load, 1.0), abs=4 * error)
    shares = (blocks > 0).mean(1)
    assert shares.mean() == pytest.approx(erlang_c(servers, load), abs=4 * shares.std(ddof=1) / math.sqrt(20))


def test_equal_work_on_one_gpu_waits_as_pollaczek_and_khinchine_say():
    """M/D/1: half of what exponential work waits."""
    waits = serve(_poisson(60_000, 0.5, np.ones(60_000)), Fleet(1, batch=1)).waits
    assert waits.mean() == pytest.approx(0.5 / (2 * 0.5), rel=0.06)


def test_erlangs_formula_has_its_known_values():
    assert erlang_c(1, 0.3) == pytest.approx(0.3)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert erlang_c(1000, 900.0) < 0.001 and erlang_c(3, 3.0) == 1.0
    assert mean_wait(2, 5.0, 1.0) == math.inf


def test_a_batch_takes_what_its_pictures_add_and_only_the_same_kind():
    at_once = Requests(
        np.zeros(5), np.array([1, 2, 2, 2, 1]), np.array([1.0, 2, 2, 2, 1]), np.arange(5), np.ones(5, np.int64)
    )
    served = serve(at_once, Fleet(1, batch=3, batch_cost=0.5))
    # The first is served at once, alone; then the three of kind 2 in 2 * (1 + 2 * 0.5) s, then the last.
    assert served.ends.tolist() == [1.0, 5.0, 5.0, 5.0, 6.0] and served.busy == 6.0


def test_live_requests_come_first_and_only_each_painters_newest():
    requests = Requests(
        np.array([0.0, 0.1, 0.2, 0.3, 0.4]),
        np.array([1, 1, LIVE, LIVE, LIVE]),
        np.ones(5),
        np.array([1, 2, 3, 3, 4]),
        np.ones(5, np.int64),
    )
    served = serve(requests, Fleet(1, batch=1))
    assert np.isnan(served.waits).tolist() == [False, False, True, False, False]
    assert served.ends[[0, 3, 4, 1]].tolist() == pytest.approx([1.0, 1.7, 2.6, 3.9])


def test_a_model_that_must_be_brought_in_costs_its_time():
    requests = Requests(np.zeros(3), np.array([1, 2, 1]), np.ones(3), np.arange(3), np.ones(3, np.int64))
    served = serve(requests, Fleet(1, batch=1, swap_seconds=5.0))
    assert served.ends.tolist() == [6.0, 12.0, 18.0] and served.swaps == 2
    later = Requests(np.array([0.0, 0.0, 7.0]), requests.kinds, requests.work, requests.painters, requests.pictures)
    two = serve(later, Fleet(2, batch=1, swap_seconds=5.0))
    assert two.swaps == 0 and two.ends.tolist() == [6.0, 6.0, 1.0]


def test_a_day_has_the_shares_that_its_law_says():
    law = Law()
    day = draw(3000, law, seed=3)
    assert np.all(np.diff(day.times) >= 0) and day.times[0] >= 0 and day.times[-1] < DAY
    live = day.kinds == LIVE
    assert live.mean() == pytest.approx(law.live_share, abs=0.02)
    mean_minutes = law.session_minutes * math.exp(law.spread**2 / 2)
    assert (~live).sum() / 3000 == pytest.approx(law.sessions * mean_minutes * 60 / law.think_seconds, rel=0.08)
    assert day.pictures[~live].mean() == pytest.approx(1 + 3 * law.several, abs=0.02)
    hours = np.histogram(day.times, 24, (0, DAY))[0]
    assert hours[18:22].min() > 3 * hours[2:5].max()
    assert len(day.between(0, 3600)) == hours[0]


def test_the_command_measures_fleets_growth_and_what_carries_the_result(tmp_path):
    seen = []
    result = scale.run(n=150, gpus=[1, 2], plots=tmp_path, progress=lambda text, fraction: seen.append(fraction))
    page = (tmp_path / "index.html").read_text()
    assert "What is assumed" in page and "live share" in page and (tmp_path / "scale.png").stat().st_size > 5000
    assert "GPUs" in table(result) and "x fleet" in table(result)
    rows = result["rows"]
    assert result["schema"] == 1 and result["n"] == 150 and [row["gpus"] for row in rows] == [1, 2]
    assert rows[0]["wait_p95"] >= rows[1]["wait_p95"] and rows[0]["utilisation"] > rows[1]["utilisation"]
    for row in rows:
        assert row["wait_median"] <= row["wait_p95"] <= row["wait_p99"]
        assert row["cost"] == pytest.approx(row["paid_hours"] * result["price"] / result["pictures"])
        assert row["paid_hours"] >= 24 * row["gpus"] and row["gpu_hours"] <= row["paid_hours"]
    assert [row["gpus"] for row in result["growth"]] == [1, 2]
    assert {row["assumption"] for row in result["sensitivity"]} >= {"as assumed", "step times", "live share"}
    assert seen == sorted(seen) and seen[-1] == 1.0
    for wrong in ({"n": 0}, {"gpus": [0]}, {"price": -1.0}, {"live_share": 1.0}):
        with pytest.raises(BadRequest):
            scale.run(**{"n": 5, **wrong})
