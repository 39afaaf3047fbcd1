"""The experts lab: its object, its pairing, and that it goes on where it was stopped."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import BadRequest
from engine.lab import experts, losses, step_timing
from engine.lab.experts import run
from engine.lab.image_store import PictureStore
from engine.lab.progress import RunCancelled
from engine.lab.requests import painted_words
from engine.lab.segmentation_eval import Verdict
from engine.lab.step_timing import compare_steps
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import GenerateRequest, ImageReady
from tests.engine.lab.test_layout import ColourJudge


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Few levels and groups: these tests ask what is measured, not how well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(losses, "LEVELS_PER_BIN", 1)
        patch.setattr(step_timing, "GROUPS", 2)
        patch.setattr(experts, "GROUPS", 2)
        yield


@pytest.fixture(scope="module")
def whole(whole_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[float]]:
    """A run that nobody stopped, and the fractions it told on its way."""
    told: list[float] = []
    result = run(
        n=3,
        model=str(whole_model),
        device="cpu",
        work=tmp_path_factory.mktemp("work"),
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    return result, told


def test_a_run_gives_the_contracts_object(whole: tuple[dict[str, Any], list[float]]) -> None:
    result, fractions = whole
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert (result["schema"], result["n"], result["n_world"], result["n_free"]) == (1, 3, 2, 1)
    for row in [*result["rows"], *result["experts"]]:
        assert row.keys() == {"expert", "sigma", "base_loss", "expert_loss", "delta", "delta_ci"}
        low, high = row["delta_ci"]
        assert low <= row["delta"] <= high and row["base_loss"] > 0
        assert (row["delta"] == 0) == (row["expert"] == "base") == (row["base_loss"] == row["expert_loss"])
    edges = [row["sigma"] for row in result["rows"]]
    assert all(one[1] == other[0] for one, other in pairwise(edges))
    assert [(row["expert"], row["sigma"]) for row in result["experts"]] == [
        ("low", [0.0, 0.6]),
        ("base", [0.6, 3.2]),
        ("high", [3.2, None]),
    ]
    pictures = result["pictures"]
    for name in ("base", "ensemble"):
        assert pictures[name].keys() == {"miou", "miou_ci", "recall", "recall_ci", "step_ms"}
        assert pictures[name]["step_ms"] > 0 and result["step_ms"][name] > 0
    for what in ("miou", "recall"):
        difference = pictures["ensemble"][what] - pictures["base"][what]
        low, high = pictures[f"{what}_delta_ci"]
        assert pictures[f"{what}_delta"] == pytest.approx(difference) and low <= difference <= high
    low, high = result["step_ratio_ci"]
    assert low <= result["step_ratio"] <= high
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)


def test_the_pictures_are_the_engines_own_painted_and_differ_by_the_experts(
    whole_model: Path, whole: tuple[dict[str, Any], list[float]]
) -> None:
    store = PictureStore(Path(whole[0]["work"]))
    layout = experts._layouts(2)[1]
    asked_of_all = {"model": str(whole_model), "device": "cpu", "width": 256, "height": 256, "place_words": False}
    request = GenerateRequest.of(id="t", prompt=layout.caption, steps=6, seed=1, **asked_of_all)
    asked = {"base": {"experts": ()}, "ensemble": {}}
    made = {}
    for name, fields in asked.items():
        words = painted_words(layout, 1)
        painted = request.replace(words=words, **fields)
        (ready,) = [event for event in generate(painted, library=Library()) if isinstance(event, ImageReady)]
        kept = store.get(f"0001-{name}")
        assert kept is not None and np.array_equal(kept.rgb, ready.rgb)
        made[name] = kept.rgb
    assert not np.array_equal(made["base"], made["ensemble"])


def test_a_stopped_run_goes_on_with_the_pictures_it_has(
    whole_model: Path, tmp_path: Path, whole: tuple[dict[str, Any], list[float]]
) -> None:
    cancel = threading.Event()

    def stop_soon(text: str, fraction: float) -> None:
        if text.startswith("layout 2 of 3: base"):
            cancel.set()

    asked: dict[str, Any] = {"n": 3, "model": str(whole_model), "device": "cpu", "judge": ColourJudge()}
    with pytest.raises(RunCancelled):
        run(**asked, work=tmp_path, progress=stop_soon, cancel=cancel)
    done = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert len(done) == 3
    result = run(**asked, work=tmp_path)
    assert all(path.stat().st_mtime_ns == when for path, when in done.items())
    for key in ("rows", "experts"):
        assert result[key] == whole[0][key]
    assert result["pictures"]["miou_delta"] == whole[0]["pictures"]["miou_delta"]


def test_a_model_without_experts_is_told_what_to_do(tiny_sd_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="has no experts") as caught:
        run(n=1, model=str(tiny_sd_folder), work=tmp_path, judge=ColourJudge())
    assert "--model" in caught.value.hint


def test_no_pictures_are_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="number of pictures"):
        run(n=0)


def test_differences_are_paired_by_layout() -> None:
    rng = np.random.default_rng(0)
    overlaps, found = rng.uniform(0, 0.9, 64), rng.integers(1, 4, 64)
    base = Verdict(overlaps=overlaps, found=found, named=np.full(64, 5))
    ours = Verdict(overlaps=overlaps + rng.normal(0.03, 0.01, 64), found=found + 1, named=np.full(64, 5))
    result = experts._differences(base, ours)
    low, high = result["miou_delta_ci"]
    assert 0.02 < low < result["miou_delta"] < high < 0.04 < base.miou_ci[1] - base.miou_ci[0]
    assert result["recall_delta"] == pytest.approx(0.2) and result["recall_delta_ci"] == pytest.approx([0.2, 0.2])


def test_steps_are_timed_in_turns_and_each_by_the_shorter_of_its_times(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(step_timing, "GROUPS", 6)

    @contextmanager
    def opened(request: str, *_: object, **__: object) -> Iterator[tuple[Any, str]]:
        family = SimpleNamespace(channels=4, latent_size=lambda width, height: (2, 2), device=torch.device("cpu"))
        yield family, request.name  # type: ignore[attr-defined]

    def walk(name: str, *_: object) -> np.ndarray:
        """The ensemble takes a tenth more; the machine is slow in the second half, and each time stumbles once."""
        calls.append(name)
        typical = (11.0 if name == "ensemble" else 10.0) * (3 if len(calls) > 14 else 1)
        stumble = np.zeros(4)
        stumble[len(calls) % 4] = 500.0
        return typical + stumble

    monkeypatch.setattr(step_timing, "opened", opened)
    monkeypatch.setattr(step_timing, "_walk", walk)
    requests = {
        name: SimpleNamespace(name=name, picture=SimpleNamespace(size=(16, 16), width=16, height=16))
        for name in ("base", "ensemble")
    }
    told: list[str] = []
    result = compare_steps(requests, guidance=1.0, paint_weight=1.0, library=Library(), tick=told.append)  # type: ignore[arg-type]
    assert result["step_ratio"] == pytest.approx(1.1) and result["step_ratio_ci"] == pytest.approx([1.1, 1.1])
    assert result["step_ms"].keys() == {"base", "ensemble"} and len(told) == 6
    groups = [tuple(calls[start : start + 4]) for start in range(2, len(calls), 4)]
    assert len(groups) == 6 and {group == group[::-1] for group in groups} == {True} and len(set(groups)) == 2
