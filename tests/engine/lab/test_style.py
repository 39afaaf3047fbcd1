"""The style lab: what each condition hears, what its rows measure, and that it goes on where it was stopped."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.errors import UnsupportedModel
from engine.lab import style
from engine.lab.color_stats import Scale
from engine.lab.image_store import Picture, PictureStore
from engine.lab.progress import RunCancelled
from engine.lab.requests import painted_words
from engine.lab.style import CONDITIONS, LOOKS, Case, case, make_scale, row, run, score, shuffled
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import GenerateRequest, ImageReady, StyleReference
from engine.world.looks import WITHHELD
from tests.engine.lab.test_layout import ColourJudge, Oracle


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """The unit of distances from fewer renders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "make_scale", lambda: make_scale(1))
        yield


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case(index) for index in range(12)]


@pytest.fixture(scope="module")
def scale() -> Scale:
    return make_scale(1)


@pytest.fixture(scope="module")
def whole(whole_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[float]]:
    """A run that nobody stopped, and the fractions it told on its way."""
    told: list[float] = []
    result = run(
        n=2,
        model=str(whole_model),
        device="cpu",
        work=tmp_path_factory.mktemp("work"),
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    return result, told


def test_the_withheld_looks_take_turns_over_both_kinds_of_layouts(cases: list[Case]) -> None:
    assert [each.look for each in cases] == [*LOOKS, *LOOKS] and set(LOOKS) == WITHHELD
    kinds = {look: [each.layout.caption for each in cases if each.look == look] for look in LOOKS}
    assert all(len(set(captions)) == 2 for captions in kinds.values())
    free = [
        np.array_equal(each.layout.rgb, style.SETS["free"](style._LAYOUT_SEEDS + index).rgb)
        for index, each in enumerate(cases)
    ]
    assert free == [index % 2 == 1 for index in range(6)] + [index % 2 == 0 for index in range(6)]


def test_a_reference_is_another_scene_in_the_look_and_a_wrong_one_that_scene_in_another(
    cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in cases:
        assert np.mean(each.reference == each.real) < 0.5 and np.mean(each.reference == each.wrong) < 0.5
        assert np.mean(each.reference == each.layout.rgb) < 0.5
    seen: list[tuple[int, str, str]] = []

    def drawn(seed: int) -> Any:
        class Drawn:
            def in_look(self, look, grain):
                seen.append((seed, look.medium, look.light))
                return look.medium

        return Drawn()

    monkeypatch.setattr(style, "SETS", {"world": drawn, "free": drawn})
    wrongs = set()
    for index in range(36):
        seen.clear()
        made = style.case(index)
        (scene, *look), (same_scene, medium, light), (layout, *real) = seen
        assert scene == same_scene != layout and look == real == list(made.look)
        assert medium != look[0] and light != look[1] and (medium, light) in WITHHELD
        wrongs.add((*look, medium))
    assert len(wrongs) == 30, "every other look is once the wrong one"


def test_the_worlds_own_drawing_is_nearer_to_the_reference_than_plain_and_wrong_ones(
    cases: list[Case], scale: Scale
) -> None:
    judge = Oracle([each.layout for each in cases])
    judge.labels |= {each.real.tobytes(): each.layout.labels for each in cases}
    judge.labels |= {each.wrong.tobytes(): each.layout.labels for each in cases}
    made = {
        name: score(cases, [Picture(rgb=rgb, step_ms=1.0, obedience=(0.5, None)) for rgb in pictures], judge, scale)
        for name, pictures in {
            "reference": [each.real for each in cases],
            "none": [each.layout.rgb for each in cases],
            "wrong": [each.wrong for each in cases],
        }.items()
    }
    near, plain, wrong = (row(name, scores, made["none"]) for name, scores in made.items())
    assert near["distance"] < 0.8 * plain["distance"] and near["ratio_to_none_ci"][1] < 0.8
    assert wrong["distance"] > near["distance"] and wrong["ratio_to_none_ci"][1] > 0.8
    assert plain["ratio_to_none"] == 1.0 and plain["ratio_to_none_ci"] == [1.0, 1.0]
    assert near["distance_texture"] < plain["distance_texture"] and near["distance_colour"] < plain["distance_colour"]
    assert (near["obedience"], near["obedience_ratio"], near["miou"]) == (0.5, 1.0, 1.0)


def test_a_picture_whose_obedience_cannot_be_told_does_not_count(cases: list[Case], scale: Scale) -> None:
    some = cases[:3]
    judge = Oracle([each.layout for each in some])

    def scored(*values: tuple[float | None, ...]) -> style.Scores:
        pictures = [Picture(rgb=e.layout.rgb, step_ms=1.0, obedience=v) for e, v in zip(some, values, strict=True)]
        return score(some, pictures, judge, scale)

    ours, none = scored((0.2, 0.6), (None,), (0.9,)), scored((0.5,), (0.5,), ())
    found = row("wrong", ours, none)
    assert found["obedience"] == pytest.approx(0.4) and found["obedience_ratio"] == pytest.approx(0.8)
    assert found["condition"] == "wrong"
    untold = scored((), (), ())
    assert row("none", untold, untold)["obedience"] is None and row("none", untold, untold)["obedience_ratio"] is None


@torch.inference_mode()
def test_shuffled_tokens_hold_the_same_numbers_in_disorder(whole_model: Path, cases: list[Case]) -> None:
    model: Any = Library().load(str(whole_model), "cpu")
    reader, rgb = model.image, cases[0].reference
    before = reader.read(rgb)
    with pytest.raises(ZeroDivisionError), shuffled(reader):
        mixed, again = reader.read(rgb), reader.read(rgb)
        raise ZeroDivisionError
    assert mixed.shape == before.shape and torch.equal(mixed, again)
    assert torch.equal(mixed.flatten().sort().values, before.flatten().sort().values)
    # Neither the tokens' order alone nor the channels' has changed.
    for dim in (1, 2):
        kept = before.sort(dim=dim).values[0], mixed.sort(dim=dim).values[0]
        assert (kept[0] == kept[1]).float().mean() < 0.1
    assert torch.equal(reader.read(rgb), before)


def test_a_run_gives_the_contracts_object(whole: tuple[dict[str, Any], list[float]]) -> None:
    result, fractions = whole
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert (result["schema"], result["n"]) == (1, 2)
    assert [each["condition"] for each in result["rows"]] == list(CONDITIONS)
    assert [(each["look"], each["condition"]) for each in result["looks"]] == [
        (" ".join(look), condition) for look in LOOKS[:2] for condition in CONDITIONS
    ]
    for each in [*result["rows"], *result["looks"]]:
        for key in ("distance", "ratio_to_none", "obedience_ratio", "miou"):
            low, high = each[f"{key}_ci"]
            assert 0 <= low <= each[key] + 1e-9 and each[key] <= high + 1e-9
        assert 0 < each["obedience"] < 1
        assert (each["ratio_to_none"] == each["obedience_ratio"] == 1) == (each["condition"] == "none")
    for index, condition in enumerate(CONDITIONS):
        parts = [each["distance"] for each in result["looks"] if each["condition"] == condition]
        assert result["rows"][index]["distance"] == pytest.approx(np.mean(parts))
    assert result["distance_real"] > 0
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)


def test_each_condition_is_the_engines_own_picture_of_what_it_says(
    whole_model: Path, whole: tuple[dict[str, Any], list[float]]
) -> None:
    store, library, each = PictureStore(Path(whole[0]["work"])), Library(), case(1)
    kept = {condition: store.get(f"0001-{condition}") for condition in CONDITIONS}
    token_bias = {"reference": (each.reference,), "none": (), "wrong": (each.wrong,)}
    model: Any = library.load(str(whole_model), "cpu")
    for condition, picture in kept.items():
        request = GenerateRequest.of(
            id="t",
            prompt=each.layout.caption,
            steps=6,
            seed=1,
            model=str(whole_model),
            device="cpu",
            width=256,
            height=256,
            place_words=False,
            words=painted_words(each.layout, 1),
            styles=tuple(StyleReference(rgb=rgb) for rgb in token_bias.get(condition, token_bias["reference"])),
            obedience=True,
        )
        if condition == "shuffled":
            with shuffled(model.image):
                events = list(generate(request, library=library))
        else:
            events = list(generate(request, library=library))
        (ready,) = [event for event in events if isinstance(event, ImageReady)]
        assert picture is not None and np.array_equal(picture.rgb, ready.rgb)
        assert picture.obedience == ready.obedience and len(ready.obedience) == len(each.layout.items)
    pictures = [picture.rgb.tobytes() for picture in kept.values() if picture is not None]
    assert len(set(pictures)) == len(CONDITIONS)


def test_a_stopped_run_goes_on_where_it_was_and_ends_as_if_never_stopped(
    whole_model: Path, tmp_path: Path, whole: tuple[dict[str, Any], list[float]]
) -> None:
    cancel = threading.Event()

    def stop_soon(text: str, fraction: float) -> None:
        if text.startswith("layout 2 of 2") and text.endswith("reference"):
            cancel.set()

    asked: dict[str, Any] = {"n": 2, "model": str(whole_model), "device": "cpu", "judge": ColourJudge()}
    with pytest.raises(RunCancelled):
        run(**asked, work=tmp_path, progress=stop_soon, cancel=cancel)
    done = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert len(done) == 5
    result = run(**asked, work=tmp_path)
    assert all(path.stat().st_mtime_ns == when for path, when in done.items())
    assert result["rows"] == whole[0]["rows"] and result["looks"] == whole[0]["looks"]


def test_a_model_without_an_image_encoder_is_told_what_to_do(tiny_sd_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedModel, match="no image encoder") as caught:
        run(n=1, model=str(tiny_sd_folder), work=tmp_path, judge=ColourJudge())
    assert "--model" in caught.value.hint


def test_the_unit_of_distances_comes_from_every_look_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Drawn:
        def in_look(self, look, seed=0):
            seen.append((look.medium, look.light))
            return np.random.default_rng(len(seen)).integers(0, 256, (16, 16, 3)).astype(np.uint8)

    monkeypatch.setattr(style, "SETS", {"world": lambda seed: Drawn(), "free": lambda seed: Drawn()})
    assert np.all(make_scale(2).spread > 0)
    assert len(seen) == 96 and len(set(seen)) == 48 and set(seen) >= WITHHELD
