"""A picture changed by an instruction: asked for in a dialog, in the selection or everywhere, and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.queue.kinds import ICONS, word_for
from app.rework.instruct_dialog import InstructDialog
from app.storage.queue_entry import Waiting, packed, unpacked
from canvas.files import png
from canvas.model.scene import Scene, Settings
from canvas.paint import selecting, shapes
from tests.fake_executor import TINY, FakeExecutor


@pytest.fixture
def painter(make_window, tiny: Settings):
    executor = FakeExecutor(replace(TINY, instructs=True))
    made = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True, executor=executor)
    made.generate()
    return made


def ask(painter) -> InstructDialog:
    painter.window.actions_table["rework.instruct"].trigger()
    return next(each for each in painter.window.findChildren(InstructDialog) if each.isVisible())


def test_a_picture_is_changed_as_it_is_told(painter):
    window, document = painter.window, painter.window.document
    patch = shapes.rectangle((8, 8), (40, 40), (64, 64))
    document.apply(document.scene.replace(selection=selecting.of_patch(patch, (64, 64))), "Select")
    shown, before = window.shown.rgb, document.scene
    dialog = ask(painter)
    button = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not button.isEnabled() and dialog.guidance.value == TINY.defaults.guidance
    dialog.text.setText("make it winter")
    dialog.picture.set_value(1.8)
    dialog.accept()
    request = [each for each in painter.executor.requests if not each.live][-1]
    assert request.text.prompt == "make it winter" and request.start is None
    assert request.instruct.guidance == 1.8 and np.array_equal(request.instruct.rgb, shown)
    assert request.instruct.mask[20, 20] == 255 and request.instruct.mask[4, 4] == 0
    job = next(iter(window.session.jobs))
    assert word_for(job.kind) == "Instruction" and job.kind in ICONS
    again = unpacked(packed(Waiting(job.scene, kind="instruct", begun=job.begun)), job.scene).begun
    assert again.complete and again.picture_guidance == 1.8 and np.array_equal(again.mask, request.instruct.mask)
    painter.qtbot.waitUntil(lambda: not len(window.session.jobs), timeout=30_000)
    assert window.shown.begun.kind == "instruct" and window.shown.scene.prompt == "make it winter"
    assert document.scene is before, "the painter's scene stays as it is"
    kept = png.read_all(window.shown.result)
    assert kept.begun is not None and kept.begun.complete and kept.begun.picture_guidance == 1.8
    assert ask(painter).text.text() == "make it winter", "the last one is offered again"


def test_words_that_stand_in_the_instruction_keep_their_paint(painter):
    window, document = painter.window, painter.window.document
    word = document.add_word((2, 6))
    patch = shapes.rectangle((8, 8), (40, 40), (64, 64))
    document.apply(document.scene.with_mask(word, selecting.of_patch(patch, (64, 64))), "Paint")
    window.reworking.instructing.change("make the lake red", 5.0, 1.5)
    request = [each for each in painter.executor.requests if not each.live][-1]
    assert [(each.span, int(each.mask.max())) for each in request.text.words] == [((9, 13), 255)]
    assert request.sampling.guidance == 5.0 and request.picture.count == 1
    painter.qtbot.waitUntil(lambda: not len(window.session.jobs), timeout=30_000)


def test_a_model_that_cannot_says_so(make_window, tiny: Settings):
    painter = make_window(Scene(prompt="a lake", size=(64, 64), settings=tiny), engine=True)
    assert not painter.window.actions_table["rework.instruct"].isEnabled(), "there is no picture"
    painter.generate()
    said: list[str] = []
    painter.window.reworking.said.connect(said.append)
    painter.window.actions_table["rework.instruct"].trigger()
    assert said and "cannot follow instructions" in said[0]
    assert not painter.window.findChildren(InstructDialog)
