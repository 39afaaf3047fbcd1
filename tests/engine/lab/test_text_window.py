"""The text window lab: its pairs, which steps read which prompt, what its rows say, and that it can be taken up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadRequest
from engine.lab import text_window
from engine.lab.image_store import PictureStore
from engine.lab.progress import RunCancelled
from engine.lab.prompt_pairs import FEWEST_NAMES, Pair, make_pairs
from engine.lab.text_window import SHARES, crossing, first_steps, row, run
from engine.world.scenes import NAMES
from tests.engine.lab.test_layout import ColourJudge


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return make_pairs(6)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Three shares instead of eleven."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_window, "SHARES", (0.0, 0.5, 1.0))
        yield


@pytest.fixture(scope="module")
def whole(whole_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[float], Path]:
    """A run that nobody stopped, the fractions it told on its way, and the folder of its page."""
    told: list[float] = []
    folder = tmp_path_factory.mktemp("whole")
    result = run(
        n=2,
        model=str(whole_model),
        device="cpu",
        work=folder / "work",
        plots=folder / "plots",
        judge=ColourJudge(),
        progress=lambda text, fraction: told.append(fraction),
    )
    return result, told, folder / "plots"


def test_each_prompt_of_a_pair_has_names_to_itself(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert min(len(pair.only_a), len(pair.only_b)) >= FEWEST_NAMES
        assert not set(pair.only_a) & set(pair.only_b)
        assert {NAMES[index] for index in pair.only_a} == set(pair.a.names) - set(pair.b.names)
    assert len({pair.a.caption for pair in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("swap", "share", "first"),
    [
        ("first", 0.0, ("a", 20)),
        ("last", 0.0, ("a", 20)),
        ("first", 1.0, ("b", 20)),
        ("last", 1.0, ("b", 20)),
        ("first", 0.3, ("b", 6)),
        ("last", 0.3, ("a", 14)),
    ],
)
def test_the_steps_are_shared_out_between_the_prompts(swap: str, share: float, first: tuple[str, int]) -> None:
    assert first_steps(swap, share, 20) == first


def test_of_the_shares_only_the_two_ends_are_the_same_walk_for_both_swaps() -> None:
    walks = [first_steps(swap, share, 20) for swap in ("first", "last") for share in SHARES]
    assert len(set(walks)) == len(walks) - 2


def test_a_row_counts_the_names_that_only_one_prompt_has(pairs: list[Pair]) -> None:
    of_a = row("first", 0.0, pairs, [pair.a.labels for pair in pairs])
    assert (of_a["recall_a"], of_a["recall_a_ci"]) == (1.0, [1.0, 1.0]) and of_a["recall_b"] == 0.0
    half = row("last", 0.5, pairs, [(pair.a if k % 2 else pair.b).labels for k, pair in enumerate(pairs)])
    for letter in ("a", "b"):
        low, high = half[f"recall_{letter}_ci"]
        assert 0 <= low < half[f"recall_{letter}"] < high <= 1
    assert (half["swap"], half["share"]) == ("last", 0.5)


def test_the_crossing_is_where_the_other_prompt_takes_over() -> None:
    rows = [
        {"swap": swap, "share": share, "recall_a": a, "recall_b": 1 - a}
        for swap, values in (("first", (0.9, 0.6, 0.2)), ("last", (0.9, 0.8, 0.7)))
        for share, a in zip((0.0, 0.5, 1.0), values, strict=True)
    ]
    assert crossing(rows, "first") == pytest.approx(0.625)
    assert crossing(rows, "last") is None


def test_a_run_gives_the_contracts_object(whole: tuple[dict[str, Any], list[float], Path]) -> None:
    result, fractions, _ = whole
    assert result == json.loads(json.dumps(result, allow_nan=False))
    assert (result["schema"], result["n"]) == (1, 2)
    assert [(each["swap"], each["share"]) for each in result["rows"]] == [
        (swap, share) for swap in ("first", "last") for share in (0.0, 0.5, 1.0)
    ]
    for each in result["rows"]:
        assert each.keys() == {"swap", "share", "recall_a", "recall_a_ci", "recall_b", "recall_b_ci"}
    own = {
        (each["swap"], each["share"]): {k: each[k] for k in each if k.startswith("recall")} for each in result["rows"]
    }
    assert own["first", 0.0] == own["last", 0.0] and own["first", 1.0] == own["last", 1.0]
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)


def test_the_pictures_of_a_pair_begin_alike_and_read_what_they_should(
    whole: tuple[dict[str, Any], list[float], Path],
) -> None:
    store = PictureStore(Path(whole[0]["work"]))
    names = ("0000-a-6", "0000-b-6", "0000-a-3", "0000-b-3")
    pictures = [store.get(name) for name in names]
    assert all(picture is not None for picture in pictures)
    assert len({picture.rgb.tobytes() for picture in pictures if picture is not None}) == 4
    assert len(list(Path(whole[0]["work"]).glob("*.png"))) == 8


def test_the_page_shows_the_plot_and_the_pictures(whole: tuple[dict[str, Any], list[float], Path]) -> None:
    result, _, folder = whole
    assert {path.name for path in folder.iterdir()} == {
        "index.html",
        "figures.json",
        "window.png",
        "sheet-first.png",
        "sheet-last.png",
    }
    assert json.loads((folder / "figures.json").read_text())["rows"] == result["rows"]
    text = (folder / "index.html").read_text()
    assert text.count('src="data:image/png;base64,') == 3 and "Swapped in the first steps" in text


def test_a_stopped_run_goes_on_where_it_was_and_ends_as_if_never_stopped(
    whole_model: Path, tmp_path: Path, whole: tuple[dict[str, Any], list[float], Path]
) -> None:
    cancel = threading.Event()

    def stop_soon(text: str, fraction: float) -> None:
        if text.startswith("pair 2 of 2"):
            cancel.set()

    asked: dict[str, Any] = {"n": 2, "model": str(whole_model), "device": "cpu", "judge": ColourJudge()}
    with pytest.raises(RunCancelled):
        run(**asked, work=tmp_path, progress=stop_soon, cancel=cancel)
    done = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    assert len(done) == 5
    result = run(**asked, work=tmp_path)
    assert all(path.stat().st_mtime_ns == when for path, when in done.items())
    assert result["rows"] == whole[0]["rows"]


def test_no_pairs_are_a_bad_request() -> None:
    with pytest.raises(BadRequest, match="number of pairs"):
        run(n=0)


def test_plots_that_cannot_be_are_told_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadRequest, match="it is a file"):
        run(n=1, model="no such model", plots=tmp_path / "file")
