"""Dabs: round, soft as asked, placed to the fraction of a pixel, and cheap."""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np
import pytest

from canvas.model.errors import SceneError
from canvas.paint import brush
from canvas.paint.brush import Brush, make_dab, prepare_dabs, quantised


@pytest.mark.parametrize("hardness", [0.0, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("diameter", [1.0, 3.0, 17.5, 64.0, 65.0, 300.0, 1024.0])
@pytest.mark.parametrize("place", [(0.0, 0.0), (10.5, 7.25), (-3.3, 4.9)])
def test_a_dab_agrees_with_its_formula_around_its_rounded_centre(
    diameter: float, hardness: float, place: tuple[float, float]
) -> None:
    dab = make_dab(*place, diameter, hardness)
    grain = 1.0 if diameter < 2 else 0.25 if diameter <= 64 else 0.5
    offset = 0.5 if diameter < 2 else 0.0
    x, y = (math.floor((v - offset) / grain + 0.5) * grain + offset for v in place)
    assert abs(x - place[0]) <= grain / 2 and abs(y - place[1]) <= grain / 2
    h, w = dab.coverage.shape
    distance = np.hypot(np.arange(w) + dab.x + 0.5 - x, (np.arange(h) + dab.y + 0.5 - y)[:, None])
    outer, inner = diameter / 2 + 0.5, max(0.0, min(hardness * diameter / 2, diameter / 2 - 0.5))
    t = np.clip((outer - distance) / (outer - inner), 0, 1)
    expected = t * t * (3 - 2 * t) if outer - inner > 1.001 else t
    assert np.abs(dab.coverage - expected * 255).max() <= 1.0
    assert dab.coverage[0].max() == dab.coverage[:, 0].max() == 0, "nothing is cut off"


def test_the_smallest_brush_is_exactly_one_pixel() -> None:
    for place in ((4.0, 9.0), (4.5, 9.5), (4.99, 9.99)):
        dab = make_dab(*place, 1.0, 0.8)
        painted = [(dab.x + int(x), dab.y + int(y)) for y, x in np.argwhere(dab.coverage)]
        assert painted == [(4, 9)] and dab.coverage.max() == 255


def test_a_hard_dab_covers_the_area_of_its_disc() -> None:
    for diameter in (5.0, 20.0, 128.0, 1000.0):
        area = make_dab(0.2, 0.7, diameter, 1.0).coverage.astype(float).sum() / 255
        assert area == pytest.approx(math.pi * diameter**2 / 4, rel=0.02)


def test_softer_dabs_cover_less_and_all_are_full_in_the_middle() -> None:
    sums = [int(make_dab(0, 0, 100, hardness).coverage.sum(dtype=np.int64)) for hardness in (0.0, 0.3, 0.6, 1.0)]
    assert sums == sorted(sums)
    assert make_dab(0, 0, 100, 0.0).coverage.max() >= 254


def test_drawn_diameters_are_within_one_percent_and_in_range() -> None:
    for diameter in np.geomspace(1, 1024, 300):
        assert abs(quantised(float(diameter)) - diameter) <= max(0.0625, 0.005 * diameter)
    assert quantised(0.2) == 1.0 and quantised(5000) == 1024.0


def test_dabs_are_kept_and_cannot_be_written_to() -> None:
    first, second = make_dab(5, 5, 200, 0.5), make_dab(9, 2, 200, 0.5)
    assert first.coverage is second.coverage
    with pytest.raises(ValueError, match="read-only"):
        first.coverage[0, 0] = 1


@pytest.mark.parametrize(
    "values", [{"diameter": 0.5}, {"diameter": 1025}, {"hardness": -0.1}, {"opacity": float("nan")}]
)
def test_a_brush_out_of_range_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(SceneError) as caught:
        Brush(**values)  # type: ignore[arg-type]
    assert caught.value.hint


def test_the_rim_of_a_row_of_dabs_is_within_half_a_pixel_of_a_true_capsule() -> None:
    stroker = Brush()
    for diameter in (4.0, 16.0, 64.0, 256.0, 1024.0):
        chord, radius = stroker.spacing(diameter), diameter / 2
        assert radius - math.sqrt(radius**2 - chord**2 / 4) <= 0.26


def test_dabs_kept_stay_within_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brush, "_CACHE_BYTES", 200_000)
    for diameter in range(20, 300, 3):
        make_dab(0, 0, float(diameter), 0.33)
    assert brush._cache_bytes == sum(raster.nbytes for raster in brush._cache.values())
    assert brush._cache_bytes <= 200_000


def test_a_large_brushs_dabs_are_made_ahead(monkeypatch):
    made = []
    falloff = brush._falloff
    monkeypatch.setattr(brush, "_falloff", lambda *a: made.append(a) or falloff(*a))
    monkeypatch.setattr(brush, "_cache", OrderedDict())
    chosen = Brush(diameter=700, hardness=0.35)
    steps = prepare_dabs(chosen)
    assert [len(made) for _ in steps] == [1, 2, 3, 4]
    for x, y in ((10, 10), (10.5, 10), (10, 10.5), (33.5, 80.5)):
        make_dab(x, y, chosen.diameter, chosen.hardness)
    assert len(made) == 4
    assert not list(prepare_dabs(Brush(diameter=64)))
