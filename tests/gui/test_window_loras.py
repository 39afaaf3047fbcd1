"""LoRA files in the window: added, weighed, bound to a word, switched off, called in the prompt, saved and opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from safetensors.numpy import save_file

from app.loras.picker import LoraPicker
from canvas.files import ora
from canvas.model.scene import Scene
from engine.catalogue import Catalogue
from engine.errors import UnsupportedModel
from engine.models.library import Library
from engine.protocol import Lora
from resources.settings import LoraChoice
from tests.fake_executor import FakeExecutor
from tests.gui.dialogs import answer_dialog

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TO_K = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k"


def save_lora(file: Path, width: int = 768, **notes: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    tensors = {f"{TO_K}.lora_down.weight": np.zeros((1, width), np.float32)}
    save_file(tensors | {f"{TO_K}.lora_up.weight": np.zeros((8, 1), np.float32)}, file, metadata=notes or None)
    return file


@pytest.fixture
def painter(make_window, home, tiny):
    """A window whose library has two LoRA files."""
    library = Library(home / "models")
    save_lora(library.adapters_folder / "hat.safetensors", **{"modelspec.trigger_phrase": "red hat, felt"})
    save_lora(library.adapters_folder / "xl" / "boots.safetensors", 2048)
    executor = FakeExecutor()
    executor.own_catalogue = Catalogue(library)
    scene = Scene(prompt="a lake under a red sky", size=(64, 64), settings=tiny)
    return make_window(scene, engine=True, executor=executor, size=(1300, 1100))


def settle(hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.changing.busy, timeout=10_000)
    QApplication.processEvents()


def listed(hands):
    return hands.window.document.scene.settings.loras


def pick(hands, name: str) -> None:
    """Add a file by its name in the list of those that are there."""
    hands.click(hands.window.loras.add)
    settle(hands)
    (picker,) = hands.window.findChildren(LoraPicker)
    hands.type(name, picker.search)
    assert picker.list.count() == 1
    hands.click(picker.add)
    settle(hands)
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)


def drop(hands, widget, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action = Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(9, 9), action, data, LEFT, NONE)
    entered.ignore()
    QApplication.sendEvent(widget, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), action, data, LEFT, NONE))
    settle(hands)


def test_one_is_added_by_name_weighed_switched_off_and_removed_each_as_one_step(painter):
    pick(painter, "hat")
    assert listed(painter) == (LoraChoice("hat"),)
    (card,) = painter.window.loras.cards
    assert card.isVisible() and card.name.text() == "hat" and not card.note.isVisible()
    for weight in (0.7, 0.6, 0.5):  # as a drag sends them
        card.weight.value_changed.emit(weight)
    card.weight.released.emit()
    assert listed(painter) == (LoraChoice("hat", 0.5),) and card.weight.value == 0.5
    painter.click(card.switch)
    assert listed(painter) == (LoraChoice("hat", 0.5, on=False),) and not card.weight.isEnabled()
    painter.generate()
    assert painter.executor.requests[-1].adapters.loras == ()
    undo = painter.window.document
    undo.undo()
    assert listed(painter) == (LoraChoice("hat", 0.5),)
    painter.generate()
    assert painter.executor.requests[-1].adapters.loras == (Lora("hat", 0.5),)
    undo.undo()
    assert listed(painter) == (LoraChoice("hat"),) and card.weight.value == 1.0
    painter.click(card.remove)
    assert listed(painter) == () and not painter.window.loras.cards and undo.undo_label == "Remove “hat”"


def test_one_for_a_word_is_sent_with_that_word_once_it_is_painted(painter):
    pick(painter, "hat")
    (card,) = painter.window.loras.cards
    place = [card.word.itemText(index) for index in range(card.word.count())].index("lake")
    card.word.setCurrentIndex(place)
    card.word.activated.emit(place)
    scene = painter.window.document.scene
    (word,) = scene.words
    assert word.phrase == "lake" and scene.settings.loras == (LoraChoice("hat", 1.0, word.id),)
    assert painter.window.session.word == word.id and "Paint “lake”" in card.note.text()
    painter.stroke((20, 20), (40, 40))
    assert not card.note.isVisible()
    painter.generate()
    request = painter.executor.requests[-1]
    assert request.adapters.loras == (Lora("hat", 1.0, 0),) and len(request.text.words) == 1
    painter.window.document.undo()
    painter.window.document.undo()
    assert not painter.window.document.scene.words and listed(painter) == (LoraChoice("hat"),)
    assert card.word.currentText() == "the whole picture"


def test_its_own_words_are_shown_and_a_click_writes_one_into_the_prompt(painter):
    pick(painter, "hat")
    (card,) = painter.window.loras.cards
    assert [button.text() for button in card.triggers] == ["red hat", "felt"]
    painter.click(card.triggers[0])
    assert painter.window.document.scene.prompt == "a lake under a red sky, red hat"
    assert painter.window.prompt_bar.prompt.text() == "a lake under a red sky, red hat"
    assert [button.isEnabled() for button in card.triggers] == [False, True]
    painter.window.document.undo()
    assert painter.window.document.scene.prompt == "a lake under a red sky"


def test_a_file_from_anywhere_is_dropped_or_opened_saved_by_name_and_found_again(painter, tmp_path):
    file = save_lora(tmp_path / "mine" / "moon.safetensors")
    drop(painter, painter.window.loras, file)
    assert listed(painter) == (LoraChoice(str(file)),)
    drop(painter, painter.window, save_lora(tmp_path / "mine" / "sun.safetensors"))
    assert len(listed(painter)) == 2
    painter.click(painter.window.loras.add)
    settle(painter)
    (picker,) = painter.window.findChildren(LoraPicker)
    painter.click(picker.browse)
    answer_dialog(painter, save_lora(tmp_path / "mine" / "star.safetensors"))
    settle(painter)
    assert [Path(each.file).stem for each in listed(painter)] == ["moon", "sun", "star"]
    scene = painter.window.document.scene
    ora.save(tmp_path / "scene.ora", scene)
    assert str(tmp_path).encode() not in (tmp_path / "scene.ora").read_bytes()
    painter.window.document.mark_saved()
    painter.drop(tmp_path / "scene.ora")
    assert listed(painter) == scene.settings.loras


@pytest.mark.parametrize(("name", "what"), [("cut", "damaged"), ("other", "not a LoRA")])
def test_what_is_no_lora_is_explained_and_not_added(painter, tmp_path, name, what):
    file = tmp_path / f"{name}.safetensors"
    if name == "cut":
        file.write_bytes(b"\x08\0\0")
    else:
        save_file({"weight": np.zeros(3, np.float32)}, file)
    drop(painter, painter.window.loras, file)
    banner = painter.window.banner
    assert banner.isVisible() and what in banner.message and name in banner.message and banner.hint
    assert listed(painter) == ()


def test_a_tag_in_the_prompt_is_in_the_list_and_an_unknown_name_is_said(painter):
    field = painter.window.prompt_bar.prompt
    painter.click_word("lake")
    painter.stroke((20, 20), (40, 40))
    painter.window.prompting.type()
    field.place_cursor(0)
    painter.type("<lora:hat:0.8> ", field)
    settle(painter)
    (card,) = painter.window.loras.cards
    assert card.name.text() == "hat" and card.weight.value == 0.8 and card.tagged.isVisible()
    assert not card.note.isVisible() and [button.text() for button in card.triggers] == ["red hat", "felt"]
    painter.generate()
    request = painter.executor.requests[-1]
    assert request.text.prompt == "a lake under a red sky" and request.text.words[0].span == (2, 6)
    assert request.adapters.loras == (Lora("hat", 0.8),)
    card.weight.value_changed.emit(0.25)
    assert field.text() == "<lora:hat:0.25> a lake under a red sky"
    field.place_cursor(0)
    painter.type("<lora:hatt> ", field)
    settle(painter)
    notes = [each.note.text() for each in painter.window.loras.cards]
    assert 'There is no LoRA "hatt"' in notes[0] and notes[1] == ""
    painter.click(painter.window.loras.cards[0].remove)
    assert field.text() == "<lora:hat:0.25> a lake under a red sky"
    painter.click(painter.window.loras.cards[0].switch)
    assert field.text() == "a lake under a red sky" and listed(painter) == (LoraChoice("hat", 0.25, on=False),)
    assert painter.window.document.scene.words[0].span == (2, 6)


def test_one_of_another_family_says_so_before_and_its_failure_loses_nothing(painter):
    pick(painter, "boots")
    (card,) = painter.window.loras.cards
    assert "made for Stable Diffusion XL" in card.note.text()
    painter.executor.failure = UnsupportedModel('The LoRA "boots" does not fit this model: it is.', hint="Remove it.")
    scene = painter.window.document.scene
    painter.generate()
    banner = painter.window.banner
    assert banner.isVisible() and "boots" in banner.message and painter.window.document.scene is scene
    painter.executor.failure = None
    painter.click(card.switch)
    assert not card.note.isVisible()
    painter.generate()
    assert not banner.isVisible()


def test_one_of_few_steps_offers_its_settings_which_one_click_takes_and_one_undo_gives_back(painter, home):
    save_lora(home / "loras" / "lcm_sd15_lora.safetensors")
    before = painter.window.document.scene.settings
    pick(painter, "hat")
    pick(painter, "lcm_sd15_lora")
    plain, card = painter.window.loras.cards
    assert (
        card.few_steps.isVisible() and card.few_steps.text() == "Use 4 steps, LCM" and not plain.few_steps.isVisible()
    )
    painter.click(card.few_steps)
    settings = painter.window.document.scene.settings
    assert (settings.steps, settings.sampler, settings.guidance) == (4, "lcm", 1.0) and not card.few_steps.isVisible()
    assert painter.window.document.undo_label == "Few steps for “lcm_sd15_lora”"
    painter.window.document.undo()
    settings = painter.window.document.scene.settings
    assert (settings.steps, settings.sampler, settings.guidance) == (before.steps, before.sampler, before.guidance)
    assert card.few_steps.isVisible() and len(listed(painter)) == 2


def test_all_can_be_done_with_the_keys_and_names_are_spoken(painter):
    pick(painter, "hat")
    (card,) = painter.window.loras.cards
    for widget in (card.switch, card.weight, card.word, card.remove, *card.triggers, painter.window.loras.add):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert widget.accessibleName() or widget.text()
