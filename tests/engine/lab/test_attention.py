"""The attention lab on tiny joint-attention models: what it measures, says and refuses."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from app.cli.main import main
from engine import Library
from engine.attention.transformer_control import PLACEMENT
from engine.errors import BadRequest, UnsupportedModel
from engine.lab import attention
from engine.lab.progress import RunCancelled
from engine.lab.tables import table
from engine.models.families.transformer import TransformerFamily
from tests.tiny_qwen_image import save_qwen_image
from tests.tiny_qwen_image21 import save_qwen_image21
from tests.tiny_transformers import save_flux


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    for save in (save_flux, save_qwen_image, save_qwen_image21):
        own = folder / save.__name__.removeprefix("save_")
        save(own)
        (own / "wordbrush.json").write_text('{"size": [64, 64], "paint_weight": 3.0, "steps": 2}')
    return folder


def test_variants_and_ways_are_measured_and_shown(models: Path) -> None:
    told: list[tuple[str, float]] = []
    found = attention.run(
        model=str(models / "flux"), n=2, device="cpu", progress=lambda *news: told.append(news), library=Library(models)
    )
    rows = {row["placement"]: row for row in found["rows"]}
    assert list(rows) == ["none", "image", "both", "double", "second", "both-second"]
    assert [row["layers"] for row in rows.values()] == [0, 3, 3, 1, 2, 2]
    assert all(0 < row["obedience"] < 1 and row["seen"] is None and row["step_ms"] > 0 for row in rows.values())
    measured = {round(row["obedience"], 9) for row in rows.values()}
    assert len(measured) == 6, "no two variants paint alike"
    inside = {name: row["inside"] for name, row in rows.items()}
    assert inside["image"] > max(inside["second"], inside["double"]) and inside["double"] > inside["none"] + 0.01
    daam, concepts = found["heatmaps"]
    assert (daam["way"], concepts["way"]) == ("daam", "concepts")
    for way in (daam, concepts):
        assert 0 < way["share"] < 1 and 0 <= way["pointing"] <= 1 and way["look_ms"] > 0
        assert min(way[f"lift_at_{moment:g}"] for moment in attention.TIMES) > 0
        assert 0.3 < way["lift"] < 3, "random weights know no words: about what chance gives"
    assert daam["share"] != concepts["share"]
    assert told[-1][1] == pytest.approx(1.0) and PLACEMENT.get() is None
    shown = table(found)
    assert "both-second" in shown and "heatmaps:" in shown and "concepts" in shown and "x chance" in shown


def test_without_single_blocks_there_is_no_variant_of_double_ones_and_known_names_are_looked_for(
    models: Path, capsys
) -> None:
    manifest = models / "qwen_image" / "wordbrush.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "names": ["house", "tree"]}))
    command = ["lab", "attention", "--model", str(models / "qwen_image"), "--n", "1", "--device", "cpu", "--json"]
    assert main(command) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row["placement"] for row in rows] == ["none", "image", "both", "second", "both-second"]
    assert all(row["seen"] is None or 0 <= row["seen"] <= 1 for row in rows), "houses and trees are looked for"


def test_the_command_needs_a_model_and_offers_no_folder_of_pictures(capsys) -> None:
    assert main(["lab", "attention"]) == 2 and "--model" in capsys.readouterr().err
    assert main(["lab", "attention", "--model", "x", "--work", "here"]) == 2


def test_what_cannot_be_measured_is_told(models: Path) -> None:
    for name in ("starter", str(models / "qwen_image21")):
        with pytest.raises(UnsupportedModel, match="joint attention") as caught:
            attention.run(model=name, n=1, device="cpu", library=Library(models))
        assert "Flux" in caught.value.hint
    with pytest.raises(BadRequest):
        attention.run(model="starter", n=0)


def test_it_stops_where_asked_and_leaves_the_model_as_it_was(models: Path) -> None:
    cancel, library = threading.Event(), Library(models)

    def progress(text: str, fraction: float) -> None:
        if text.startswith("both"):
            cancel.set()

    with pytest.raises(RunCancelled):
        attention.run(model=str(models / "flux"), n=1, device="cpu", library=library, progress=progress, cancel=cancel)
    family = library.load(models / "flux", "cpu")
    assert isinstance(family, TransformerFamily) and family.brief is None and PLACEMENT.get() is None
