"""The models dialog, used by hand: the list, use, add by a drop, remove, download with the licence first, check."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from app.library.dialog import MORE
from engine import Library
from engine.catalogue import Catalogue
from tests import separate_files
from tests.hub_server import serving
from tests.tiny_separate import CASES

Z_IMAGE = next(case for case in CASES if case.name == "z-image")


@pytest.fixture
def own(tiny_sd_folder, tmp_path) -> Path:
    return shutil.copytree(tiny_sd_folder, tmp_path / "elsewhere" / "lake")


@pytest.fixture
def opened(hands):
    hands.executor.own_catalogue = Catalogue(Library())
    hands.window.actions_table["models.show"].trigger()
    rest(hands)
    return hands.window.library.dialog


def rest(hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.library.busy, timeout=30_000)


def rows(dialog) -> dict[str, list[str]]:
    items = [dialog.list.topLevelItem(index) for index in range(dialog.list.topLevelItemCount())]
    return {item.text(0): [item.text(column) for column in range(1, 6)] for item in items}


def answer(hands, name: str, text: str) -> QMessageBox:
    hands.qtbot.waitUntil(lambda: hands.window.findChild(QMessageBox, name) is not None, timeout=30_000)
    box = hands.window.findChild(QMessageBox, name)
    hands.click(next(button for button in box.buttons() if button.text() == text))
    return box


def drop(dialog, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, none, left = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    QApplication.sendEvent(dialog, QDragEnterEvent(QPoint(50, 50), action, data, left, none))
    QApplication.sendEvent(dialog, QDropEvent(QPointF(50, 50), action, data, left, none))


def test_only_the_starter_says_in_two_lines_how_to_get_more(opened):
    assert list(rows(opened)) == ["starter"] and opened.more.isVisible() and len(MORE) == 2
    assert opened.more.text().splitlines() == list(MORE)
    assert not opened.remove.isEnabled() and opened.use.isEnabled()
    assert rows(opened)["starter"][3] == "Apache-2.0" and "ships with" in opened.detail.text()


def test_a_model_is_dropped_used_and_removed(hands, opened, own):
    drop(opened, own)
    rest(hands)
    assert rows(opened)["lake"][0] == "sd" and rows(opened)["lake"][4] == "ready" and not opened.more.isVisible()
    opened.list.setCurrentItem(opened.list.topLevelItem(1))
    assert str(own) in opened.detail.text() and "used in place" in opened.detail.text()
    hands.click(opened.use)
    assert hands.window.session.scene.settings.model == "lake"
    hands.click(opened.remove)
    box = answer(hands, "removeQuestion", "Remove")
    assert "stay where they are" in box.informativeText()
    rest(hands)
    assert list(rows(opened)) == ["starter"] and (own / "model_index.json").is_file()


def test_what_is_no_model_is_explained(hands, opened, tmp_path):
    (tmp_path / "notes.safetensors").write_bytes(b"no model")
    drop(opened, tmp_path / "notes.safetensors")
    rest(hands)
    assert list(rows(opened)) == ["starter"] and "notes.safetensors" in opened.note.text()


def test_licence_and_size_are_seen_before_a_download(hands, opened, tiny_sd_folder, monkeypatch):
    monkeypatch.delenv("WORDBRUSH_OFFLINE", raising=False)
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.add("org/pond", tiny_sd_folder)
        hands.click(opened.source)
        hands.type("org/pond", opened.source)
        hands.key(Qt.Key.Key_Return, widget=opened.source)
        box = answer(hands, "downloadQuestion", "Download")
        assert "Licence: openrail++" in box.informativeText() and "MB" in box.informativeText()
        rest(hands)
        assert rows(opened)["pond"][4] == "ready" and "is installed" in opened.note.text()
        hands.click(opened.offline)
        rest(hands)
        assert opened.offline.isChecked() and not opened.download.isEnabled() and not opened.source.isEnabled()


def test_a_slow_download_is_cancelled_and_closing_waits_for_it(hands, opened, tiny_sd_folder, monkeypatch):
    monkeypatch.delenv("WORDBRUSH_OFFLINE", raising=False)
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.add("org/pond", tiny_sd_folder)
        hub.slow, hub.piece = 20.0, 500
        opened.source.setText("org/pond")
        hands.click(opened.download)
        answer(hands, "downloadQuestion", "Download")
        hands.qtbot.waitUntil(lambda: opened.cancel.isVisible() and opened.bar.isVisible(), timeout=30_000)
        hands.click(opened.cancel)
        rest(hands)
        assert "stopped" in opened.note.text() and not opened.cancel.isVisible() and list(rows(opened)) == ["starter"]


def test_a_check_tells_what_it_found(hands, opened):
    hands.executor.measurement = {
        "model": "starter", "family": "sd", "device": "cpu", "dtype": "float32", "size": [256, 256],
        "inside": {"painted": 0.6, "unpainted": 0.1, "target": 0.6}, "paint_moves_attention": True,
        "equals_stock": True, "stock_difference": 1e-6, "step_ms": 10.0, "unpainted_step_ms": 9.0,
        "stock_step_ms": 9.0, "memory_bytes": 1000,
        "paint_weight": {"before": 1.0, "calibrated": None, "inside": None, "kept": None, "why_not": None},
    }  # fmt: skip
    hands.click(opened.check)
    rest(hands)
    assert hands.executor.measured == ["starter"] and "Paint moves attention" in opened.note.text()


def test_what_a_model_lacks_comes_by_one_button_and_a_yes(hands, tmp_path, monkeypatch):
    library = Library()
    folder = Z_IMAGE.save(tmp_path / "z-image")
    separate_files.write(library.folder, folder, Z_IMAGE.parts)
    with serving() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.repositories["Qwen/Qwen3-0.6B"] = {
            path.name: path.read_bytes() for path in (folder / "tokenizer").iterdir() if path.suffix == ".json"
        }
        hands.executor.own_catalogue = Catalogue(library)
        hands.window.actions_table["models.show"].trigger()
        rest(hands)
        dialog = hands.window.library.dialog
        (row,) = dialog.list.findItems("z_image", Qt.MatchFlag.MatchContains)
        dialog.list.setCurrentItem(row)
        assert "a tokenizer" in dialog.detail.text() and dialog.fetch.isVisible()
        hands.click(dialog.fetch)
        box = answer(hands, "downloadQuestion", "Download")
        assert "Licence:" in box.informativeText()
        rest(hands)
        assert (library.tokenizers_folder / "qwen" / "tokenizer.json").is_file()


def test_a_long_look_through_the_models_holds_up_nothing_and_is_told(hands, monkeypatch):
    looked = threading.Event()
    catalogue = Catalogue(Library())
    stock = catalogue.list
    monkeypatch.setattr(hands.executor, "models", lambda: looked.wait(30) and ())
    monkeypatch.setattr(catalogue, "list", lambda: looked.wait(30) and stock())
    hands.executor.own_catalogue = catalogue
    hands.window.start_engine()
    hands.window.actions_table["models.show"].trigger()
    dialog = hands.window.library.dialog
    assert dialog.looking.isVisible() and hands.window.library.busy
    looked.set()
    rest(hands)
    assert dialog.looking.isHidden() and list(rows(dialog)) == ["starter"]
