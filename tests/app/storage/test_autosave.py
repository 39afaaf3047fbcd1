"""Autosave goes on trying where a disk was full, and says so once."""

from __future__ import annotations

import numpy as np
import pytest

from app.image_info.displayed_image import DisplayedImage
from app.image_info.report import ImageReport, report_from
from app.image_info.scores import Score
from app.storage import autosave
from app.storage.autosave import Autosave, beginning
from canvas.files import ora
from canvas.model.document import Document
from canvas.model.errors import SaveError
from canvas.model.scene import Scene


def test_a_scene_that_no_disk_took_is_tried_again_until_one_does(tmp_path, qtbot, monkeypatch):
    document = Document(Scene(prompt="a lake"))
    saver = Autosave(tmp_path, document)
    told: list[object] = []
    saver.failed.connect(told.append)

    def try_once() -> None:
        saver.save_soon()
        with pytest.raises(SaveError):
            saver._pending.result()

    def full(*args: object, **options: object) -> None:
        raise SaveError("It could not be saved.", hint="Free some space.")

    document.set_prompt("a lake at night")
    with monkeypatch.context() as patch:
        patch.setattr(autosave.ora, "save", full)
        for _ in range(3):
            try_once()
    saver.save_soon()
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("*.ora"))))
    assert len(told) == 1
    saver.close()
    assert not list(tmp_path.glob("*.ora"))


def test_an_autosave_that_vanishes_while_it_is_listed_hides_no_other(tmp_path, qtbot, monkeypatch):
    for name in ("one", "two"):
        ora.save(tmp_path / f"{name}.ora", Scene(prompt=name))
        (tmp_path / f"{name}.json").write_text('{"title": ' + "[" * 100_000 if name == "two" else '{"title": "one"}')
    saver = Autosave(tmp_path, Document(Scene()))
    free = saver._is_free

    def taken_over(file):
        if file.stem == "two":
            file.unlink()
        return free(file)

    assert {lost.title for lost in saver.lost()} == {"one", "two"}, "a damaged note costs only the title"
    monkeypatch.setattr(saver, "_is_free", taken_over)
    assert [lost.title for lost in saver.lost()] == ["one"]
    saver.close()


def test_the_scores_of_the_picture_are_kept(tmp_path, qtbot):
    document = Document(Scene(prompt="a lake", size=(8, 8)))
    shown = DisplayedImage(np.zeros((8, 8, 3), np.uint8), findings=ImageReport(scores={"w1": Score(0.5)}))
    saver = Autosave(tmp_path, document, picture=lambda _scene: shown)
    document.set_prompt("a lake at night")
    saver.save_soon()
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("*.json"))))
    opened = ora.read_all(next(tmp_path.glob("*.ora")))
    assert report_from(opened.notes).scores == {"w1": Score(0.5)}
    saver.close()


def test_a_title_is_made_of_whole_words():
    assert beginning(" a lake\nand  sky ") == "a lake and sky" and beginning("") == ""
    assert beginning("a lake and sky", 8) == "a lake…" and beginning("a lake and sky", 6) == "a lake…"
    assert beginning("lakes", 4) == "lake…"
