"""An amendment changes the scene and tells everybody, and undo goes past it."""

from __future__ import annotations

from canvas import edits
from canvas.document import Document
from canvas.scene import Scene


def test_undo_goes_past_an_amendment():
    document = Document(Scene(prompt="a"))
    changes = []
    document.set_prompt("b")
    document.subscribe(changes.append)
    document.amend(edits.set_settings(document.scene, seed=9))
    assert document.scene.settings.seed == 9 and changes[-1].kinds == {"settings"}
    document.undo()
    assert document.scene.prompt == "a" and not document.can_undo


def test_typing_after_an_amendment_is_a_step_of_its_own():
    document = Document(Scene(prompt="a"))
    document.set_prompt("ab")
    document.amend(edits.set_settings(document.scene, seed=9))
    document.set_prompt("abc")
    document.undo()
    assert document.scene.prompt == "ab" and document.scene.settings.seed == 9


def test_an_amendment_that_changes_nothing_tells_nothing():
    document = Document(Scene(prompt="a"))
    changes = []
    document.subscribe(changes.append)
    document.amend(document.scene.replace(prompt="a"))
    assert not changes
