"""The layout lab: what its rows measure, and that a run can be stopped and taken up again."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadRequest, EngineError
from engine.lab import attribute_binding, layout
from engine.lab.configs import Setting
from engine.lab.contact_sheets import CELL
from engine.lab.image_store import Picture, PictureStore, fingerprint
from engine.lab.layout import run
from engine.lab.layout_metrics import Reals, measure
from engine.lab.progress import RunCancelled
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import GenerateRequest, ImageReady
from engine.world.pairs import NOUNS
from engine.world.scenes import HELD_OUT, NAMES, Render, free_scene, render_scene
from tests.tiny import tiny_pipeline


class ColourJudge:
    """Labels by colour alone: not clever, but the same every time."""

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        return (rgb.astype(np.int64).sum(3) * len(NAMES) // 766).astype(np.uint8)

    def features(self, rgb: np.ndarray) -> np.ndarray:
        cells = rgb.reshape(len(rgb), 4, 64, 4, 64, 3).mean((2, 4)) / 255
        return cells.reshape(len(rgb), -1).astype(np.float32)


class Oracle(ColourJudge):
    """Knows the true labels of some renders."""

    def __init__(self, renders: list[Render]) -> None:
        self.labels = {render.rgb.tobytes(): render.labels for render in renders}

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        return np.stack([self.labels[picture.tobytes()] for picture in rgb])


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The judge is tried on one pair of each noun: these tests ask what is measured, not how well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attribute_binding, "CHECKS", 1)
        yield


@pytest.fixture(scope="module")
def scenes() -> list[Render]:
    return [draw(HELD_OUT + seed) for seed in range(4) for draw in (render_scene, free_scene)]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of random weights and the starter's latent factor, two steps a picture; never written to."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_pipeline(factor=16).save_pretrained(folder)
    (folder / "wordbrush.json").write_text(json.dumps({"steps": 2, "paint_weight": 0.8, "guidance": 2.0}))
    return folder


@pytest.fixture
def model(shipped: Path, tmp_path: Path) -> Path:
    """The same, for tests that change it."""
    return Path(shutil.copytree(shipped, tmp_path / "own"))


@pytest.fixture(scope="module")
def whole(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[float]]:
    """A run that nobody stopped, and the fractions it told on its way."""
    told: list[float] = []
    work = tmp_path_factory.mktemp("whole")
    result = run(
        n=2,
        two=1,
        model=str(shipped),
        work=work,
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    return result, told


def fake_reals() -> Reals:
    """Features as `ColourJudge` gives them, of no renders at all."""
    return Reals(features=np.random.default_rng(0).random((8, 48), np.float32), accuracy=1.0)


RIVALS: dict[str, Any] = {"n": 2, "two": 1, "laws": ["ediffi", "hard", "dial"], "paint_weights": [0.8], "device": "cpu"}
"""Rows of every kind: no paint, a law, one that knows no strength, and the dial."""


@pytest.fixture(scope="module")
def rivals(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """A run of them that nobody stopped, and the folder of its page."""
    folder = tmp_path_factory.mktemp("rivals")
    judge = ColourJudge()
    return run(
        **RIVALS, model=str(shipped), work=folder / "work", plots=folder / "plots", judge=judge
    ), folder / "plots"


def _measured(scenes: list[Render], shown: list[Render]) -> dict[str, Any]:
    pictures = [Picture(rgb=render.rgb, step_ms=ms) for render, ms in zip(shown, range(1, 100), strict=False)]
    setting = Setting(law="default", paint_weight=1.0, default=True)
    return measure("world", setting, scenes, pictures, Oracle(scenes), fake_reals()).row


def test_pictures_that_are_the_layout_itself_score_one(scenes: list[Render]) -> None:
    row = _measured(scenes, scenes)
    assert row["miou"] == row["recall"] == 1.0
    assert row["miou_ci"] == [1.0, 1.0]
    assert row["step_ms"] == 4.5
    assert (row["set"], row["law"], row["paint_weight"], row["default"]) == ("world", "default", 1.0, True)


def test_pictures_of_other_layouts_score_low(scenes: list[Render]) -> None:
    row = _measured(scenes, [*scenes[1:], scenes[0]])
    low, high = row["miou_ci"]
    assert row["miou"] < 0.3 and row["recall"] < 0.6
    assert 0 <= low <= row["miou"] <= high < 1


def test_miou_counts_the_captions_names_equally_whatever_their_size(scenes: list[Render]) -> None:
    scene = scenes[0]
    lost = NAMES.index(scene.names[0])
    judge = Oracle([scene])
    wrong = scene.labels.copy()
    wrong[wrong == lost] = len(NAMES)
    judge.labels[scene.rgb.tobytes()] = wrong
    row = measure(
        "world",
        Setting(law="none", paint_weight=0.0),
        [scene],
        [Picture(rgb=scene.rgb, step_ms=1.0)],
        judge,
        fake_reals(),
    ).row
    share = (len(scene.names) - 1) / len(scene.names)
    assert row["miou"] == pytest.approx(share)
    assert row["recall"] == pytest.approx(share)
    assert row["kid"] is None


def test_a_run_gives_the_contracts_object(whole: tuple[dict[str, Any], list[float]]) -> None:
    result, fractions = whole
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert (result["schema"], result["n_world"], result["n_free"]) == (1, 2, 1)
    assert 0 <= result["segmenter_accuracy"] <= 1
    assert isinstance(result["kid_real"], float)
    weights = [0.0, 0.4, 0.8, 1.6, 3.2]
    assert [(row["set"], row["paint_weight"]) for row in result["rows"]] == [
        (name, weight) for name in ("world", "free") for weight in weights
    ]
    assert [row["paint_weight"] for row in result["rows"] if row["default"]] == [0.8, 0.8]
    for row in result["rows"]:
        assert row.keys() >= {"set", "law", "paint_weight", "miou", "miou_ci", "kid", "recall", "step_ms"}
        assert row["law"] == ("none" if row["paint_weight"] == 0 else "default")
        assert row["step_ms"] > 0
        # The kernel distance of a single picture does not exist.
        assert (row["kid"] is None) == (row["set"] == "free")
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)


def test_rivals_the_dial_and_pairs_are_rows_with_intervals(rivals: tuple[dict[str, Any], Path]) -> None:
    result = rivals[0]
    assert result == json.loads(json.dumps(result, allow_nan=False))
    kinds = [("none", 0.0), ("ediffi", 0.0), ("hard", 0.0), *(("default", place) for place in (0, 0.25, 0.5, 0.75, 1))]
    for name in ("world", "free"):
        rows = [row for row in result["rows"] if row["set"] == name]
        assert [(row["law"], row["fidelity"]) for row in rows] == kinds
        for row in rows:
            for key in ("miou", "miou_small", "recall", "step_ms", "step_ratio"):
                low, high = row[f"{key}_ci"]
                assert low <= row[key] <= high
            assert (row["kid_ci"] is None) == (row["kid"] is None) == (name == "free")
            assert (row["step_ratio"] == 1 and row["step_ratio_ci"] == [1, 1]) == (row["law"] == "ediffi")
            assert row["two_of_a_noun"].keys() == {"n", "right", "right_ci", "ceiling"}
    assert (result["n_two"], result["two_nouns"], result["two_left_out"]) == (1, list(NOUNS), [])
    assert result["front"]["free"] is None, "a single layout has no kernel distance"
    survey = result["front"]["world"]
    on = [row["on_front"] for row in result["rows"] if row["set"] == "world"]
    assert sum(on) == len(survey["front"]) >= 1


def test_pairs_are_painted_at_the_models_own_strength_alone(whole: tuple[dict[str, Any], list[float]]) -> None:
    store = Path(whole[0]["pictures"])
    assert {path.stem for path in store.glob("two-*")} == {"two-0000-none-0", "two-0000-default-0.8"}
    assert [row["two_of_a_noun"] is not None for row in whole[0]["rows"]] == [True, False, True, False, False] * 2


def test_the_page_stands_by_itself_and_says_what_was_found(rivals: tuple[dict[str, Any], Path]) -> None:
    result, folder = rivals
    sheets = {f"sheet-{name}-{part}.png" for name in ("world", "free", "two") for part in ("laws", "dial")}
    assert {path.name for path in folder.iterdir()} == {"index.html", "figures.json", "front.png", "laws.png", *sheets}
    assert json.loads((folder / "figures.json").read_text())["rows"] == result["rows"]
    text = (folder / "index.html").read_text()
    assert text.count('src="data:image/') == 8 and "http" not in text
    assert "do not rank the laws in general" in text and "by chance" in text
    best = max((row for row in result["rows"] if row["law"] == "ediffi"), key=lambda row: row["miou"])
    assert f"mIoU {best['miou']:.3f}" in text.partition("Every law at its best strength")[2]
    for row in result["rows"]:
        assert f"{row['miou']:.3f} <small>[{row['miou_ci'][0]:.3f}, {row['miou_ci'][1]:.3f}]</small>" in text
    with Image.open(folder / "sheet-world-dial.png") as sheet:
        assert sheet.width > 6 * CELL and sheet.height > 2 * CELL


def test_a_stopped_run_goes_on_where_it_was_and_ends_as_if_never_stopped(
    shipped: Path, tmp_path: Path, rivals: tuple[dict[str, Any], Path]
) -> None:
    cancel = threading.Event()

    def stop_soon(text: str, fraction: float) -> None:
        if text.startswith("world layout 2"):
            cancel.set()

    asked = {**RIVALS, "model": str(shipped), "work": tmp_path, "judge": ColourJudge()}
    with pytest.raises(RunCancelled):
        run(**asked, progress=stop_soon, cancel=cancel)
    done = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert 8 < len(done) < 12
    damaged = sorted(done)[0]
    damaged.write_bytes(damaged.read_bytes()[:200])
    result = run(**asked)
    for path, when in done.items():
        assert (path.stat().st_mtime_ns == when) == (path != damaged)

    def timeless(result: dict[str, Any]) -> list[dict[str, Any]]:
        return [{key: row[key] for key in row if not key.startswith("step_")} for row in result["rows"]]

    assert timeless(result) == timeless(rivals[0])
    # The damaged one was made again in the second run: the first layout's pictures do not all pair up any more.
    runs = {store.run for path in done if (store := PictureStore(path.parent).get(path.stem)) is not None}
    assert len(runs) == 2


def test_the_pictures_are_the_engines_own_and_paint_changes_them(
    shipped: Path, whole: tuple[dict[str, Any], list[float]]
) -> None:
    store = PictureStore(Path(whole[0]["pictures"]))
    bare, painted = store.get("world-0001-none-0"), store.get("world-0001-default-3.2")
    assert bare is not None and painted is not None
    scene = render_scene(layout._LAYOUT_SEEDS + 1)
    request = GenerateRequest.of(
        id="t", prompt=scene.caption, steps=2, seed=1, model=str(shipped), width=256, height=256, place_words=False
    )
    (ready,) = [event for event in generate(request, library=Library()) if isinstance(event, ImageReady)]
    assert np.array_equal(bare.rgb, ready.rgb)
    assert not np.array_equal(bare.rgb, painted.rgb)


def test_another_model_or_setting_is_another_folder(model: Path) -> None:
    before = fingerprint(model, "cpu", 256)
    assert fingerprint(model, "cpu", 256) == before
    assert fingerprint(model, "cuda:0", 256) != before
    (model / "README.md").write_text("figures of a run")
    assert fingerprint(model, "cpu", 256) == before, "what its card says decides no picture"
    (model / "wordbrush.json").write_text(json.dumps({"steps": 3}))
    assert fingerprint(model, "cpu", 256) != before


def test_what_the_engine_reports_is_raised(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="paint weight"):
        run(n=1, two=0, model=str(shipped), work=tmp_path, judge=ColourJudge(), paint_weights=[11.0])


def test_a_folder_that_cannot_be_written_is_named(shipped: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(EngineError, match="cannot store its pictures") as caught:
        run(n=1, two=0, model=str(shipped), work=blocked / "lab", judge=ColourJudge())
    assert caught.value.hint


@pytest.mark.parametrize(
    ("asked", "says"), [({"n": 0}, "number of layouts is 0"), ({"two": -1}, "two of a noun is -1")]
)
def test_numbers_that_mean_nothing_are_a_bad_request(asked: dict[str, int], says: str) -> None:
    with pytest.raises(BadRequest, match=says):
        run(**asked)


def test_an_unknown_law_is_told_before_anything_is_made(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no law"):
        run(n=1, model=str(shipped), laws=["of the jungle"], work=tmp_path / "work", judge=ColourJudge())
    assert not (tmp_path / "work").exists()
