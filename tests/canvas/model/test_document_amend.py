"""An amendment changes the scene and tells everybody, and undo goes past it."""

from __future__ import annotations

from canvas.model import edits
from canvas.model.document import Beside, Document
from canvas.model.scene import Scene


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


def test_an_amended_setting_stays_through_undo_and_redo_of_what_did_not_change_it():
    document = Document(Scene(prompt="a"))
    for text in ("b", "c", "d"):
        document.apply(edits.set_prompt(document.scene, text), "Edit")
    document.undo()
    document.amend(edits.set_settings(document.scene, seed=9))
    document.redo()
    assert (document.scene.prompt, document.scene.settings.seed) == ("d", 9)
    for _ in range(3):
        document.undo()
    assert (document.scene.prompt, document.scene.settings.seed) == ("a", 9)


def test_undo_of_a_step_that_changed_the_setting_itself_brings_the_old_one_back():
    document = Document(Scene(prompt="a"))
    document.set_settings(seed=5)
    document.apply(edits.set_prompt(document.scene, "b"), "Edit")
    document.amend(edits.set_settings(document.scene, seed=9))
    document.undo()
    assert document.scene.settings.seed == 9
    document.undo()
    assert document.scene.settings.seed == 0 and document.scene.prompt == "a"


def test_what_lies_beside_a_step_goes_through_undo_and_redo_with_it():
    document = Document(Scene(prompt="a"))
    told: list[object] = []
    document.subscribe(lambda change: told.append(change.beside))
    document.apply(edits.set_prompt(document.scene, "b"), "Bring back", beside=Beside("old", "new", 5000))
    kept = document.undo_bytes()
    document.set_prompt("c")
    for travel in (document.undo, document.undo, document.redo, document.redo):
        travel()
    assert told == ["new", None, None, "old", "new", None] and kept > 5000
