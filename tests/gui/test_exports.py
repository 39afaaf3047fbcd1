"""Many results are exported under names of one's own, and a word is cut out of its picture."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.image_info.displayed_image import DisplayedImage
from app.image_info.heatmaps import Heatmaps
from app.image_info.report import ImageReport
from app.results.export_dialog import ExportDialog
from app.storage.exporting import Export, check_template, export, name_of
from app.storage.results import ResultStore
from canvas.files import deep_png, reading
from canvas.model.errors import MaskError, SaveError
from canvas.model.scene import Scene
from canvas.paint.cutout import cut_out
from canvas.paint.heatmap_mask import KEPT_SHARE, grown
from canvas.paint.parting import Found
from resources.guided_filter import guided
from tests.gui.dialogs import answer_dialog

DATE = datetime(2026, 3, 4)


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    store = ResultStore(tmp_path / "results", use_trash=False)
    for number, prompt in enumerate(("a lake", "a lake", "湖")):
        store.add(
            np.full((16, 16, 3), 80 * number, np.uint8), Scene(prompt=prompt, size=(16, 16)), seed=4, model="tiny"
        )
    return store


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{n}-{prompt}-{seed}", "007-a-red-house-5"),
        ("{date} {prompt}", "2026-03-04 a-red-house"),
        ("../x/{seed}", "x5"),
        ("{prompt}" * 30, ("a-red-house" * 30)[:120]),
    ],
)
def test_names_are_made_from_a_template_and_stay_in_their_folder(template, name):
    assert name_of(template, prompt="A red House!", seed=5, number=7, date=DATE) == name


@pytest.mark.parametrize("template", ["{author}", "{n", "", " . ", "n}"])
def test_a_template_that_cannot_be_says_what_there_is(template):
    with pytest.raises(SaveError):
        check_template(template)


@pytest.mark.parametrize("metadata", [True, False])
def test_a_result_of_16_bits_is_exported_with_them(tmp_path, metadata):
    store, scene = ResultStore(tmp_path / "results", use_trash=False), Scene(prompt="a lake", size=(16, 16))
    made = store.add(np.full((16, 16, 3), 12_345, np.uint16), scene, seed=4, model="tiny")
    how = Export(tmp_path, "{n}", ".png", metadata)
    ((written,), lost) = export([made], how, cancel=threading.Event(), tell=lambda _done: None)
    assert written.read_bytes()[24] == 16 and not lost
    held = reading.read_all(written)
    assert (held.picture == 12_345 >> 8).all() and (held.scene is not None) == metadata
    cut_off = made.path.read_bytes()[:-20]
    assert deep_png.copied(cut_off, texts=False) is None


@pytest.mark.parametrize("ending", [".png", ".webp", ".jpg"])
def test_pictures_keep_their_scene_and_no_file_is_replaced(store, tmp_path, ending):
    told: list[int] = []
    folder = tmp_path / "out"
    folder.mkdir()
    results = store.list()
    results[1].path.unlink()  # another program took it
    written, lost = export(results, Export(folder, "{prompt}", ending), cancel=threading.Event(), tell=told.append)
    assert {path.name for path in written} <= {f"a-lake{ending}", f"picture{ending}"} and lost == [results[1]]
    again, _lost = export(
        results, Export(folder, "{prompt}", ending, metadata=False), cancel=threading.Event(), tell=told.append
    )
    assert len({*written, *again}) == 4 and told == [1, 3, 1, 3]
    assert reading.read_all(written[0]).scene.settings.seed == 4
    assert reading.read_all(again[0]).scene is None


def test_the_dialog_shows_the_first_name_and_the_export_can_be_stopped(hands, tmp_path):
    window = hands.window
    for number in range(3):
        rgb = np.full((16, 16, 3), number, np.uint8)
        window.gallery.add(window.store.add(rgb, Scene(prompt="a hill", size=(16, 16)), seed=number, model="tiny"))
    window.results.star_asked.emit(window.results.model.listed[0], True)
    hands.click(window.results.search.export)
    dialog = window.findChild(ExportDialog)
    ok = dialog.buttons.buttons()[0]
    dialog.template.setText("{what}")
    assert not ok.isEnabled() and "{what}" in dialog.note.text()
    dialog.template.setText("{n} {prompt}")
    dialog.kind.setCurrentIndex(1)
    dialog.folder.setText(str(tmp_path / "nowhere"))
    assert not ok.isEnabled()
    (tmp_path / "out").mkdir()
    dialog.folder.setText(str(tmp_path / "out"))
    assert ok.isEnabled() and "001 a-hill.webp" in dialog.note.text()
    dialog.which.setCurrentIndex(1)
    with hands.qtbot.waitSignal(window.exporting.said, check_params_cb=lambda text: text.startswith("Exported")):
        dialog.accept()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["001 a-hill.webp"]
    window.exporting.write(window.results.model.listed, Export(tmp_path / "out"))
    assert window.results.search.export.text() == "Stop exporting"
    with hands.qtbot.waitSignal(window.exporting.said, check_params_cb=lambda text: text.startswith("Exported")):
        hands.click(window.results.search.export)
    assert window.results.search.export.text() == "Export…"


def disc() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture of a disc with noise, where it is, and a heatmap `[16, 16]` that knows it roughly, and shifted."""
    ys, xs = np.mgrid[0:128, 0:128]
    inside = np.hypot(xs - 64, ys - 60) < 34
    noise = np.random.default_rng(3).normal(0, 4, (128, 128, 3))
    rgb = np.where(inside[..., None], (200, 60, 40), (60, 120, 200)) + noise
    ys, xs = np.mgrid[0:16, 0:16]
    heat = np.exp(-((xs - 7.8) ** 2 + (ys - 7.3) ** 2) / 22).astype(np.float32)
    return np.clip(rgb, 0, 255).astype(np.uint8), inside, heat


def overlap(alpha: np.ndarray, inside: np.ndarray) -> float:
    mine = alpha > 127
    return float((mine & inside).sum() / (mine | inside).sum())


def test_a_cut_out_has_the_edges_of_the_picture():
    rgb, inside, heat = disc()
    alpha = cut_out(heat, rgb)
    flat = cut_out(heat, np.full_like(rgb, 128))  # a picture without edges leaves the heatmap's own
    assert alpha.shape == (128, 128) and alpha.dtype == np.uint8
    assert overlap(alpha, inside) > 0.98 and overlap(flat, inside) < 0.92
    narrow = cut_out(heat**6, rgb)  # it neither vanishes nor takes the picture
    assert 0.5 < (narrow > 127).mean() / (grown(heat**6, (128, 128)) > KEPT_SHARE).mean() < 2
    large = cut_out(heat, np.repeat(np.repeat(rgb, 10, 0), 10, 1))
    assert overlap(large[5::10, 5::10], inside) > 0.97


@pytest.mark.parametrize("painted", [False, True])
def test_a_thing_with_a_narrow_peak_is_whole_beside_the_other_words(painted):
    rgb, inside, heat = disc()
    peak, around = heat**6 + 0.02, (1.05 - heat) * 0.3
    paint = (inside * 255).astype(np.uint8)[::2, ::2] if painted else None
    assert overlap(cut_out(peak, rgb), inside) < 0.5  # the heatmap alone says no more
    assert overlap(cut_out(peak, rgb, paint=paint, others=[Found(around)]), inside) > 0.95
    rest = cut_out(around, rgb, others=[Found(peak, paint)])
    assert overlap(rest, ~inside) > 0.95


def test_a_cut_out_of_nothing_or_of_everything_is_refused():
    rgb = np.full((64, 64, 3), 90, np.uint8)
    everywhere, speck = np.linspace(0.5, 1, 4096).reshape(64, 64), np.zeros((64, 64))
    speck[30, 30] = 1
    for values, said in ((everywhere, "whole picture"), (speck, "almost nothing")):
        with pytest.raises(MaskError, match=said) as refused:
            cut_out(values, rgb)
        assert "as a layer" in refused.value.hint


def test_the_guided_filter_keeps_a_map_that_is_its_guide_and_means_over_what_has_no_edges():
    step = np.zeros((20, 20), np.float32)
    step[:, 10:] = 1
    assert np.abs(guided(step, np.dstack([step] * 3), 2, 1e-6) - step).max() < 0.01
    values = np.random.default_rng(0).random((20, 20)).astype(np.float32)
    assert guided(values, np.full((20, 20, 3), 0.5), 2).std() < values.std() / 3


def test_the_chosen_word_is_cut_out_of_the_picture_to_a_file(hands, tmp_path):
    rgb, inside, heat = disc()
    window = hands.window
    hands.click_word("lake")
    window.actions_table["word.cut_out"].trigger()
    assert "no picture" in window.status.news
    maps = Heatmaps(window.document.scene.prompt, ((2, 6),), heat[None])
    spread = Heatmaps(window.document.scene.prompt, ((2, 6),), np.ones_like(heat)[None])
    window.generation.picture.emit(DisplayedImage(rgb, window.document.scene, findings=ImageReport(heatmaps=spread)))
    window.actions_table["word.cut_out"].trigger()
    assert window.status.news == "“lake” is spread over the whole picture."
    window.generation.picture.emit(DisplayedImage(rgb, window.document.scene, findings=ImageReport(heatmaps=maps)))
    window.actions_table["word.cut_out"].trigger()
    with hands.qtbot.waitSignal(window.cutting.said, timeout=10_000):
        answer_dialog(hands, tmp_path / "lake")
    with Image.open(tmp_path / "lake.png") as image:
        assert image.mode == "RGBA"
        found = np.asarray(image)
    assert (found[..., :3] == rgb).all() and overlap(found[..., 3], inside) > 0.95
