"""ImageReport are kept by picture, and the oldest go first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.image_info.heatmaps import Heatmaps
from app.image_info.report import NOTHING, ImageReport, ImageReportStore, notes_of, report_from, report_of
from app.image_info.scores import Score
from canvas.files import png
from canvas.model import edits
from canvas.model.scene import Scene
from engine.protocol import GenerateRequest, ImageReady


def found(size: int) -> ImageReport:
    return ImageReport(Heatmaps("a", ((0, 1),), np.ones((1, size, size), np.float32)))


def test_a_picture_that_nobody_knows_has_none():
    assert ImageReportStore().of(None) is None and ImageReportStore().of(Path("a.png")) is None


def test_the_oldest_go_first_and_the_newest_always_stays():
    store = ImageReportStore(limit=10_000)
    for name in ("a", "b", "c"):
        store.keep(Path(name), found(32))  # 4096 bytes each
    assert store.of(Path("a")) is None and store.of(Path("c")).heatmaps is not None
    store.keep(Path("d"), found(200))
    assert store.of(Path("d")).heatmaps is not None and store.of(Path("c")) is None


def test_they_are_made_of_what_the_engine_says():
    scene, word = edits.add_word(Scene("a cat", size=(8, 8)), (2, 5))
    scene = edits.fill_word(scene, word)
    request = GenerateRequest.of(id="r", prompt=scene.prompt, watched=((2, 5),))
    rgb, maps = np.zeros((8, 8, 3), np.uint8), np.ones((1, 2, 2), np.float32)
    event = ImageReady(request_id="r", image=0, seed=1, rgb=rgb, obedience=(0.25,), seen=(0.5,), heatmaps=maps)
    made = report_of(request, scene, event)
    assert made.scores == {word: Score(0.25, 0.5)} and made.bytes == maps.nbytes
    assert made.heatmaps.of("a cat", (2, 5)) is not None
    bare = report_of(request, scene, ImageReady(request_id="r", image=0, seed=1, rgb=rgb))
    assert bare.heatmaps is None and bare.scores == {} and bare.bytes == 0


def test_scores_come_back_out_of_the_pictures_file():
    scores = {"a": Score(0.25, None), "b": Score(None, 0.5, pushed=True)}
    rgb = np.zeros((8, 8, 3), np.uint8)
    held = png.read_all(png.to_bytes(rgb, notes=notes_of(ImageReport(found(8).heatmaps, scores))), "a.png")
    assert report_from(held.notes).scores == scores and report_from(held.notes).heatmaps is None
    assert report_from(png.read_all(png.to_bytes(rgb, notes=notes_of(NOTHING)), "a.png").notes) is NOTHING


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no json",
        "[1]",
        '{"a": 1, "b": {"obedience": "much", "seen": true}, "c": {}}',
        '{"a": {"obedience": NaN}}',
        "[" * 100_000,
    ],
)
def test_damaged_scores_are_no_scores(note):
    assert report_from({"scores": note}) is NOTHING


def test_scores_beyond_their_range_are_held_in_it():
    assert report_from({"scores": '{"a": {"obedience": 9, "seen": -1}}'}).scores == {"a": Score(1.0, 0.0)}
