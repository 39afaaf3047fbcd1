"""How many GPUs for how many painters: a day of requests, replayed on paper for fleets of one GPU to a thousand."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import BadRequest
from engine.lab.fleet.arrivals import CURVE, DAY, LIVE, Law, Model, Requests, draw
from engine.lab.fleet.measures import GOOD_SECONDS, LOAD
from engine.lab.fleet.serving import Fleet, Served, serve
from engine.lab.progress import Clock, Progress

FLEETS = (1, 2, 5, 10, 20, 30, 40, 50, 70, 100, 200, 500, 1000)
_HOUR = 3600.0


def run(
    *,
    n: int = 10_000,
    gpus: Sequence[int] = FLEETS,
    live_share: float = Law.live_share,
    price: float = 1.8,
    seed: int = 0,
    plots: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> dict[str, Any]:
    """Replay a day; returns the JSON object of `wordbrush lab scale` (schema 1). Nothing is generated.

    `rows` has a fleet each: its waits in seconds (asked pictures: until their first step; live ones: until they are
    there), the share of live requests that a newer one replaced, GPU hours of work, and the cost of an asked picture
    where the whole fleet is paid all day, and on until the
    last picture is made. `growth` loads each fleet alike in the peak hour, with as many painters as
    that takes. `sensitivity` changes one assumption at a time, on the smallest fleet that is enough; `needed` is by how
    much the fleet must grow for the same load.

    Args:
        n: painters of the day. gpus: sizes of the fleets.
        live_share: the share of requests that are live ones, 0..1, below 1.
        price: of a GPU's hour, in any money.
        seed: of the day.
        plots: folder for an HTML report with plots. None for no report.
        progress: `progress(text, fraction)`, called after every fleet. cancel: stops the run when it is set.

    Raises:
        BadRequest: a number is out of its range. PlotsUnavailable: `plots` is given but matplotlib is not installed.
        RunCancelled: `cancel` was set. EngineError: `plots` cannot be written.
    """
    _check(n, gpus, live_share, price)
    if plots is not None:
        from engine.lab.pages import plotting

        plotting.check(plots)
    began = time.monotonic()
    law = Law(live_share=live_share)
    changed = _changes(law)
    clock = Clock(2 * len(gpus) + len(changed) + 1, progress, cancel)
    day = draw(n, law, seed=seed)
    clock.tick(f"a day of {n} painters: {len(day)} requests", 1)
    rows = []
    for size in sorted(set(gpus)):
        rows.append(_row(day, size, serve(day, Fleet(size)), price))
        clock.tick(f"{size} GPUs", 1)
    peak = _peak(day)
    need = float(day.between(peak, peak + _HOUR).work.sum()) / _HOUR / n  # GPUs that one painter keeps busy then
    growth = []
    for size in sorted(set(gpus)):
        growth.append(_grown(size, max(1, round(LOAD * size / need)) if need else n, law, peak, seed))
        clock.tick(f"{size} GPUs with {growth[-1]['painters']} painters", 1)
    enough = next((row["gpus"] for row in rows if row["wait_p95"] <= GOOD_SECONDS), max(gpus))
    sensitivity: list[dict[str, Any]] = []
    for assumption, value, other, fleet, cost in changed:
        alike = day if other is law else draw(n, other, seed=seed)
        sensitivity.append(_changed(assumption, value, alike, dataclasses.replace(fleet, gpus=enough), price * cost))
        clock.tick(f"{assumption} {value}".rstrip(), 1)
    for row in sensitivity:
        row["needed"] = row["peak_load"] / sensitivity[0]["peak_load"] if sensitivity[0]["peak_load"] else 1.0
    result = {
        "schema": 1,
        "n": n,
        "requests": len(day),
        "pictures": int(day.pictures[day.kinds != LIVE].sum()),
        "price": price,
        "peak_hour": peak / _HOUR,
        "enough": enough,
        "rows": rows,
        "growth": growth,
        "sensitivity": sensitivity,
        "assumptions": _told(law),
        "seconds": time.monotonic() - began,
    }
    if plots is not None:
        from engine.lab.pages import scale_page

        scale_page.write(plots, result)
        result["plots"] = str(plots)
    return result


def _check(n: int, gpus: Sequence[int], live_share: float, price: float) -> None:
    for name, value, low, high in (
        ("painters", n, 1, 1_000_000),
        ("GPUs", min(gpus, default=0), 1, 100_000),
        ("GPUs", max(gpus, default=0), 1, 100_000),
        ("live requests' share", live_share, 0, 0.99),
        ("price", price, 0, 1e6),
    ):
        if not low <= value <= high:  # NaN fails the comparison
            raise BadRequest(f"{value:g} cannot be the {name}.", hint=f"Give a number from {low:g} to {high:g}.")


def _peak(day: Requests) -> float:
    """When the hour with the most work begins, in seconds since midnight."""
    hours = np.histogram(day.times, 24, (0, DAY), weights=day.work)[0]
    return float(np.argmax(hours)) * _HOUR


def _row(day: Requests, gpus: int, served: Served, price: float) -> dict[str, Any]:
    live = day.kinds == LIVE
    waits, ends = served.waits[~live], served.ends[live]
    pictures = int(day.pictures[~live].sum())
    shown = ends[~np.isnan(ends)]
    # A fleet that is too small works on after midnight, until the last one has a picture.
    paid = gpus * max(DAY, float(np.nanmax(served.ends + day.times, initial=0.0))) / _HOUR
    median, p95, p99 = _percentiles(waits)
    return {
        "gpus": gpus,
        "utilisation": served.busy / _HOUR / paid,
        "wait_median": median,
        "wait_p95": p95,
        "wait_p99": p99,
        "live_median": _percentiles(shown)[0],
        "live_p95": _percentiles(shown)[1],
        "live_replaced": 1 - len(shown) / len(ends) if len(ends) else 0.0,
        "gpu_hours": served.busy / _HOUR,
        "paid_hours": paid,
        "cost": paid * price / pictures if pictures else None,
    }


def _percentiles(values: np.ndarray) -> tuple[float, float, float]:
    if not len(values):
        return 0.0, 0.0, 0.0
    median, p95, p99 = np.percentile(values, (50, 95, 99))
    return float(median), float(p95), float(p99)


def _grown(gpus: int, painters: int, law: Law, peak: float, seed: int) -> dict[str, Any]:
    """The peak hour of so many painters, after half an hour in which the fleet comes to its usual load."""
    hour = _hour_of(painters, law, peak, seed)
    served = serve(hour, Fleet(gpus))
    counted = (hour.kinds != LIVE) & (hour.times >= peak)
    median, p95, p99 = _percentiles(served.waits[counted])
    return {"gpus": gpus, "painters": painters, "wait_median": median, "wait_p95": p95, "wait_p99": p99}


def _hour_of(painters: int, law: Law, peak: float, seed: int) -> Requests:
    return draw(painters, law, seed=seed + 1).between(peak - _HOUR / 2, peak + _HOUR)


def _changes(law: Law) -> list[tuple[str, str, Law, Fleet, float]]:
    """One assumption after another: its name, its value, the law and the fleet with it, and a factor of the price."""
    base = Fleet(1)

    def timed(factor: float) -> tuple[Model, ...]:
        return tuple(dataclasses.replace(each, step_seconds=each.step_seconds * factor) for each in law.mix)

    def of(**changes: Any) -> Law:
        return dataclasses.replace(law, **changes)

    light = tuple(dataclasses.replace(each, share=each.share * (not each.name.startswith("Flux"))) for each in law.mix)
    heavy = tuple(dataclasses.replace(each, share=float(each.name.startswith("Flux"))) for each in law.mix)
    return [
        ("as assumed", "", law, base, 1.0),
        ("step times", "x 0.5", of(mix=timed(0.5)), base, 1.0),
        ("step times", "x 2", of(mix=timed(2.0)), base, 1.0),
        ("time to think", "30 s", of(think_seconds=30.0), base, 1.0),
        ("time to think", "120 s", of(think_seconds=120.0), base, 1.0),
        ("length of sessions", "x 2", of(session_minutes=2 * law.session_minutes), base, 1.0),
        ("hours of the day", "all alike", of(curve=(1.0,) * len(CURVE)), base, 1.0),
        ("model mix", "no Flux", of(mix=light), base, 1.0),
        ("model mix", "only Flux", of(mix=heavy), base, 1.0),
        ("live share", "0", of(live_share=0.0), base, 1.0),
        ("live share", "0.9", of(live_share=0.9), base, 1.0),
        ("batches", "none", law, dataclasses.replace(base, batch=1), 1.0),
        ("batches", "free", law, dataclasses.replace(base, batch_cost=0.25), 1.0),
        ("memory", "one model, 5 s to change", law, dataclasses.replace(base, swap_seconds=5.0), 1.0),
        ("price of an hour", "x 2", law, base, 2.0),
    ]


def _changed(assumption: str, value: str, day: Requests, fleet: Fleet, price: float) -> dict[str, Any]:
    row = _row(day, fleet.gpus, serve(day, fleet), price)
    peak = _peak(day)
    return {
        "assumption": assumption,
        "value": value,
        **{key: row[key] for key in ("utilisation", "wait_median", "wait_p95", "live_p95", "cost")},
        "peak_load": float(day.between(peak, peak + _HOUR).work.sum()) / _HOUR,
    }


def _told(law: Law) -> dict[str, Any]:
    """The law in plain values, with its models' times."""
    told = {each.name: getattr(law, each.name) for each in dataclasses.fields(law) if each.name not in ("mix", "live")}
    fleet = Fleet(1)
    told |= {"batch": fleet.batch, "batch_cost": fleet.batch_cost, "curve": list(law.curve)}
    models = [*law.mix, law.live]
    return told | {"models": [{**dataclasses.asdict(each), "seconds": each.seconds} for each in models]}
