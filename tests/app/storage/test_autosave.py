"""Autosave goes on trying where a disk was full, and says so once."""

from __future__ import annotations

import pytest

from app.storage import autosave
from app.storage.autosave import Autosave
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
