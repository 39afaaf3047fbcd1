"""Scenes and pictures in and out of the window: save, open, questions, export, drops."""

from __future__ import annotations

import dataclasses
import zipfile

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from app.image_info.displayed_image import DisplayedImage
from app.storage.results import Result
from canvas.files import ora, png
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from tests.fake_executor import TINY
from tests.gui.dialogs import answer_dialog
from tests.gui.file_scenes import painted, question


def test_save_as_and_open_bring_the_same_scene(hands, tmp_path):
    hands.click_word("lake")
    hands.stroke((60, 60), (120, 120))
    saved = hands.window.document.scene
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine")
    assert (tmp_path / "mine.ora").is_file() and not hands.window.document.dirty
    assert "mine" in hands.window.windowTitle()
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    assert hands.window.document.scene.prompt == ""
    hands.control(Qt.Key.Key_O, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine.ora")
    assert hands.window.document.scene == saved


@pytest.mark.parametrize("ending", [".png", ".psd"])
@pytest.mark.parametrize("answer", ["Export", "Save", None])
def test_save_as_under_a_pictures_name_offers_to_export_it_or_to_save_the_scene(hands, tmp_path, ending, answer):
    window = hands.window
    rgb = np.full((256, 256, 3), 90, np.uint8)
    window.session.show(DisplayedImage(rgb=rgb, scene=window.document.scene))
    hands.control(Qt.Key.Key_S, shift=True, widget=window.view)
    answer_dialog(hands, tmp_path / f"page{ending}")
    box = window.findChild(QMessageBox, "sceneOrPictureQuestion")
    assert f"page{ending}" in box.text() and ".ora" in box.informativeText()
    names = {"Export": f"page{ending}", "Save": "page.ora"}
    buttons = {button.text(): button for button in box.buttons()}
    hands.click(buttons["Cancel"] if answer is None else buttons[f"{answer} {names[answer]}"])
    hands.settle()
    assert [path.name for path in tmp_path.glob("page*")] == ([] if answer is None else [names[answer]])
    assert (window.document.path is not None) == (answer == "Save")


def test_save_again_asks_nothing(hands, tmp_path):
    hands.window.document.load(painted(), tmp_path / "here.ora")
    hands.click_word("lake")
    hands.stroke((10, 10), (20, 20))
    hands.window.document.set_negative("fog")
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    assert ora.load(tmp_path / "here.ora").negative == "fog"
    assert hands.window.findChild(QFileDialog) is None


def test_new_with_unsaved_changes_asks_and_cancel_keeps_everything(hands):
    hands.click_word("lake")
    before = hands.window.document.scene
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    box = question(hands)
    hands.click(box.button(QMessageBox.StandardButton.Cancel))
    assert hands.window.document.scene is before


def test_discard_goes_on_without_saving(hands):
    hands.click_word("lake")
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    hands.click(question(hands).button(QMessageBox.StandardButton.Discard))
    assert hands.window.document.scene.prompt == "" and not hands.window.document.dirty


def test_save_in_the_question_saves_first(hands, tmp_path):
    hands.window.document.load(painted(), tmp_path / "here.ora")
    hands.window.document.set_negative("fog")
    hands.control(Qt.Key.Key_N, widget=hands.window.view)
    hands.click(question(hands).button(QMessageBox.StandardButton.Save))
    assert ora.load(tmp_path / "here.ora").negative == "fog"
    assert hands.window.document.scene.prompt == ""


def test_closing_with_unsaved_changes_asks_and_stays_open_on_cancel(hands):
    hands.click_word("lake")
    hands.window.close()
    assert hands.window.isVisible()
    hands.click(question(hands).button(QMessageBox.StandardButton.Cancel))
    assert hands.window.isVisible()
    hands.window.close()
    boxes = [box for box in hands.window.findChildren(QMessageBox) if box.isVisible()]
    hands.click(boxes[-1].button(QMessageBox.StandardButton.Discard))
    assert not hands.window.isVisible()


def test_a_save_that_fails_keeps_the_scene_dirty_and_says_what_to_do(hands, tmp_path):
    hands.window.document.load(painted(), tmp_path / "no-such-folder" / "here.ora")
    hands.window.document.set_negative("fog")
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    banner = hands.window.banner
    assert banner.isVisible() and banner.hint and hands.window.document.dirty


def test_export_writes_picture_and_scene(with_picture, tmp_path):
    with_picture.control(Qt.Key.Key_E, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / "out.png")
    assert np.asarray(Image.open(tmp_path / "out.png"))[0, 0].tolist() == [200, 0, 0]
    assert png.load_scene(tmp_path / "out.png") == with_picture.window.document.scene
    assert "Steps: 20" in png.read_parameters(tmp_path / "out.png")


def test_an_export_names_the_guidance_that_the_model_chose(with_picture, tmp_path):
    defaults = dataclasses.replace(TINY.defaults, guidance=4.25)
    with_picture.executor.known["own"] = dataclasses.replace(TINY, name="own", defaults=defaults)
    window = with_picture.window
    scene = edits.set_settings(window.document.scene, model="own")
    window.generation.picture.emit(DisplayedImage(window.shown.rgb, scene))
    with_picture.control(Qt.Key.Key_E, widget=window.view)
    answer_dialog(with_picture, tmp_path / "out.png")
    assert "CFG scale: 4.25" in png.read_parameters(tmp_path / "out.png")


@pytest.mark.parametrize(("key", "ending"), [(Qt.Key.Key_S, ".ora"), (Qt.Key.Key_E, ".png")])
def test_a_name_with_a_dot_keeps_it_and_replaces_no_other_file(with_picture, tmp_path, key, ending):
    for name in (f"v1{ending}", f"v1.3{ending}"):
        (tmp_path / name).write_text("precious")
    with_picture.control(key, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / "v1.2")
    assert (tmp_path / f"v1.2{ending}").stat().st_size > 100 and not with_picture.window.banner.isVisible()
    with_picture.window.document.load(painted())
    with_picture.control(key, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / "v1.3")
    assert f"v1.3{ending}" in with_picture.window.banner.message
    assert all((tmp_path / name).read_text() == "precious" for name in (f"v1{ending}", f"v1.3{ending}"))


def test_export_without_metadata_carries_nothing(with_picture, tmp_path):
    with_picture.window.actions_table["file.metadata"].trigger()
    with_picture.control(Qt.Key.Key_E, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / "out.png")
    assert not Image.open(tmp_path / "out.png").text


def test_a_picture_that_no_scene_is_known_of_is_exported_without_one(hands, tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "foreign.png")
    hands.window.gallery.bring_back(Result(tmp_path / "foreign.png"))
    hands.settle()
    hands.control(Qt.Key.Key_E, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "out.png")
    assert not Image.open(tmp_path / "out.png").text, "the scene in the window did not make it"


def test_export_of_nothing_is_explained(hands):
    hands.control(Qt.Key.Key_E, widget=hands.window.view)
    assert "no picture" in hands.window.banner.message


def test_a_saved_scene_keeps_its_picture(with_picture, tmp_path):
    with_picture.control(Qt.Key.Key_S, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / "mine.ora")
    with_picture.window.document.mark_saved()
    with_picture.control(Qt.Key.Key_N, widget=with_picture.window.view)
    assert with_picture.window.shown.rgb is None
    with_picture.drop(tmp_path / "mine.ora")
    assert with_picture.window.shown.rgb[0, 0].tolist() == [200, 0, 0]


def test_a_picture_that_was_saved_with_a_scene_is_exported_with_the_one_that_made_it(with_picture, tmp_path):
    window = with_picture.window
    made_by = window.document.scene
    window.document.set_negative("fog")
    with_picture.control(Qt.Key.Key_S, widget=window.view)
    answer_dialog(with_picture, tmp_path / "mine.ora")
    with_picture.control(Qt.Key.Key_N, widget=window.view)
    with_picture.drop(tmp_path / "mine.ora")
    assert window.document.scene.negative == "fog"
    with_picture.control(Qt.Key.Key_E, widget=window.view)
    answer_dialog(with_picture, tmp_path / "out.png")
    assert png.load_scene(tmp_path / "out.png") == made_by


def test_of_a_picture_in_an_older_scene_file_nobody_knows_what_made_it(hands, tmp_path):
    ora.save(tmp_path / "old.ora", painted(), picture=np.zeros((64, 64, 3), np.uint8))
    hands.drop(tmp_path / "old.ora")
    assert hands.window.shown.rgb is not None and hands.window.shown.scene is None


@pytest.mark.parametrize("locked", [False, True])
def test_new_begins_afresh_with_the_painters_model_and_size(hands, locked):
    window = hands.window
    settings = Settings(steps=7, guidance=9.0, seed=42, sampler="ddim", count=3, model="mine", device="cpu")
    window.document.load(Scene(prompt="a lake", negative="fog", size=(96, 64), settings=settings))
    if locked:
        hands.click(window.settings_panel.findChild(object, "button.generate.lock"))
    hands.control(Qt.Key.Key_N, widget=window.view)
    fresh = Settings(model="mine", device="cpu", seed=42 if locked else 0)
    assert window.document.scene == Scene(size=(96, 64), settings=fresh)


def test_a_dropped_picture_restores_its_scene(hands, tmp_path):
    png.save(tmp_path / "shared.png", np.zeros((64, 64, 3), np.uint8), painted("a lake with swans"), None)
    hands.drop(tmp_path / "shared.png")
    scene = hands.window.document.scene
    assert scene == painted("a lake with swans") and hands.window.document.path is None
    assert hands.window.shown.rgb is not None


def test_words_of_a_prompt_with_windows_line_ends_are_met_by_a_click(hands, tmp_path):
    scene = Scene(prompt="a lake,\r\na red sky", size=(64, 64))
    png.save(tmp_path / "lines.png", np.zeros((64, 64, 3), np.uint8), edits.add_word(scene, (15, 18))[0], None)
    hands.drop(tmp_path / "lines.png")
    first = hands.window.document.scene.words[0]
    assert first.phrase == "sky" and hands.click_word("sky") == first.id
    second = hands.click_word("red")
    assert hands.window.document.scene.word(second).phrase == "red"


def test_a_model_of_the_users_own_is_found_again_though_files_name_no_path(make_window, tmp_path):
    own = tmp_path / "my models" / "mine"
    own.mkdir(parents=True)
    hands = make_window(Scene(prompt="a lake"))
    hands.executor.known[str(own)] = TINY
    hands.window.settings_panel.model_folder.trigger()
    answer_dialog(hands, own)
    hands.qtbot.waitUntil(lambda: hands.window.document.scene.settings.model == str(own))
    made = hands.window.document.scene
    result = hands.window.store.add(np.zeros((8, 8, 3), np.uint8), made, seed=1, model=str(own))
    assert str(tmp_path) not in str(Image.open(result.path).text)
    hands.window.preferences.sync()
    later = make_window(Scene(prompt="a house"))
    later.executor.known[str(own)] = TINY
    later.window.gallery.bring_back(result)
    later.settle()
    assert later.window.document.scene.settings.model == str(own)
    later.window.document.load(Scene())
    later.drop(result.path)
    assert later.window.document.scene.settings.model == str(own)


def test_a_model_file_is_opened_and_what_is_no_model_is_explained_at_once(make_window, tmp_path):
    file, empty = tmp_path / "mine.safetensors", tmp_path / "holiday"
    file.touch()
    empty.mkdir()
    hands = make_window(Scene(prompt="a lake"))
    hands.executor.known[str(file)] = TINY
    hands.window.settings_panel.model_file.trigger()
    answer_dialog(hands, file)
    hands.qtbot.waitUntil(lambda: hands.window.document.scene.settings.model == str(file))
    before = hands.window.document.scene
    hands.window.settings_panel.model_folder.trigger()
    answer_dialog(hands, empty)
    hands.qtbot.waitUntil(hands.window.banner.isVisible)
    assert "holiday" in hands.window.banner.message
    assert hands.window.document.scene is before and hands.window.preferences.models == [file]


def test_a_drop_on_unsaved_work_asks_first(hands, tmp_path):
    hands.click_word("lake")
    png.save(tmp_path / "shared.png", np.zeros((64, 64, 3), np.uint8), painted(), None)
    hands.drop(tmp_path / "shared.png")
    question(hands)
    assert hands.window.document.scene.prompt.startswith("a lake under")


@pytest.mark.parametrize("name", ["plain.png", "cut.png", "cut.ora", "text.ora", "gone.ora"])
def test_a_file_without_a_whole_scene_is_refused_in_words_and_nothing_is_lost(hands, tmp_path, name):
    path = tmp_path / name
    if name == "plain.png":
        Image.new("RGB", (8, 8)).save(path)
    elif name == "cut.png":
        png.save(path, np.zeros((64, 64, 3), np.uint8), painted(), None)
        path.write_bytes(path.read_bytes()[:-200])
    elif name == "cut.ora":
        ora.save(path, painted())
        path.write_bytes(path.read_bytes()[:-100])
    elif name == "text.ora":
        path.write_text("this is no zip")
    before = hands.window.document.scene
    hands.drop(path)
    banner = hands.window.banner
    assert banner.isVisible() and banner.hint and "Traceback" not in banner.message
    assert hands.window.document.scene is before


def test_saving_the_words_of_another_programs_file_does_not_replace_it(hands, tmp_path):
    ora.save(tmp_path / "own.ora", painted())
    with zipfile.ZipFile(tmp_path / "own.ora") as own, zipfile.ZipFile(tmp_path / "krita.ora", "w") as other:
        for name in own.namelist():
            if name != ora.JSON_NAME:
                other.writestr(name, own.read(name))
    before = (tmp_path / "krita.ora").read_bytes()
    hands.drop(tmp_path / "krita.ora")
    assert [word.phrase for word in hands.window.document.scene.words] == ["lake"]
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine.ora")
    assert (tmp_path / "krita.ora").read_bytes() == before and ora.is_own(tmp_path / "mine.ora")


def test_recent_files_are_listed_and_open(hands, tmp_path):
    ora.save(tmp_path / "first.ora", painted())
    hands.drop(tmp_path / "first.ora")
    hands.window.document.load(Scene())
    menu = next(m for m in hands.window.findChildren(QMenu) if m.title() == "Open &Recent")
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "first.ora"
    menu.actions()[0].trigger()
    hands.settle()
    assert hands.window.document.scene == painted()


def test_dropping_text_or_a_foreign_file_is_not_taken(hands, tmp_path):
    (tmp_path / "notes.txt").write_text("no")
    hands.drop(tmp_path / "notes.txt")
    assert not hands.window.banner.isVisible()
    assert hands.window.childAt(QPoint(10, 10)) is not None


@pytest.mark.parametrize("ending", [".webp", ".jpg"])
def test_a_picture_exported_as_webp_or_jpeg_opens_again_with_its_scene(with_picture, tmp_path, ending):
    with_picture.control(Qt.Key.Key_E, widget=with_picture.window.view)
    answer_dialog(with_picture, tmp_path / f"out{ending}")
    scene = with_picture.window.document.scene
    with Image.open(tmp_path / f"out{ending}") as image:
        assert image.size == (64, 64) and image.format == {".webp": "WEBP", ".jpg": "JPEG"}[ending]
    with_picture.window.document.load(Scene("something else"))
    with_picture.window.files.load(tmp_path / f"out{ending}")
    with_picture.settle()
    assert with_picture.window.document.scene == scene and with_picture.window.document.path is None


def test_another_programs_picture_chooses_its_model_where_that_is_here(hands, tmp_path):
    hands.executor.known["lake-paint_2"] = hands.executor.facts("starter")
    for name, chosen in (("Lake Paint 2.safetensors", "lake-paint_2"), ("somewhere else", "starter")):
        info = PngImagePlugin.PngInfo()
        info.add_text("parameters", f"a lake\nSteps: 9, Seed: 3, Model: {name}")
        Image.new("RGB", (64, 64)).save(tmp_path / "a.png", pnginfo=info)
        hands.window.files.load(tmp_path / "a.png")
        hands.settle()
        assert hands.window.document.scene.settings.model == chosen
