"""Files as earlier versions of the program wrote them open with all that is in them; newer ones say what they need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from canvas.files import ora, reading, scene_json
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene

FILES = sorted((Path(__file__).parent / "versions").glob("*.*"))


def test_there_are_files_of_every_time() -> None:
    assert len(FILES) == 8 and {path.suffix for path in FILES} == {".ora", ".png"}


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_files_of_earlier_versions_open_with_all_that_is_in_them(path: Path, tmp_path: Path) -> None:
    opened = reading.read_all(path)
    scene = opened.scene
    assert scene is not None and opened.fault is None and opened.remarks == ()
    assert opened.picture is not None and opened.picture[0, 71].tolist() == [71, 0, 0]
    assert scene.prompt == "a lake under a red sky, a house\nand a second lake" and scene.negative == "fog"
    assert [(word.phrase, word.strength, word.window) for word in scene.words] == [
        ("lake", 1.5, (0.0, 0.75)), ("red sky", -0.5, (0.0, 0.75)), ("lake", 1.0, (0.0, 0.75)),
    ]  # fmt: skip
    assert [int(scene.masks[word.id].to_array().sum()) for word in scene.words] == [72000, 72000, 68400]
    settings = scene.settings
    assert (settings.seed, settings.steps, settings.guidance, settings.paint_weight) == (7, 25, 6.5, 0.5)
    assert settings.sampler == "ddim" and all(word.exclusive is None and not word.locked for word in scene.words)
    if path.stem != "2026-11-21":  # there were no styles yet
        assert [(style.name, style.strength) for style in scene.styles] == [("dusk", 0.5)]
    ora.save(tmp_path / "again.ora", scene)
    assert ora.load(tmp_path / "again.ora") == scene


@pytest.mark.parametrize(("needs", "said"), [("2.3.0", "Wordbrush 2.3.0"), (None, "newer Wordbrush"), (7, "newer")])
def test_a_newer_file_says_which_program_it_needs(needs: object, said: str) -> None:
    value = scene_json.to_dict(Scene("a lake"), {}) | {"version": scene_json.VERSION + 1}
    value["needs"] = needs
    with pytest.raises(SceneFileError) as caught:
        scene_json.from_dict(json.loads(json.dumps(value)), lambda *_: None)
    assert "version 3" in caught.value.message and said in caught.value.hint and "Update" in caught.value.hint


def test_a_file_says_which_program_opens_it() -> None:
    assert scene_json.to_dict(Scene("a lake"), {})["needs"] == scene_json.NEEDS == "0.1.0"
