"""`--soft-edge`, `--word-fidelity`, `--overlap` and a style's `@PHRASE`: from their text to the request."""

from __future__ import annotations

import numpy as np
import pytest

from app.cli import word_options
from app.cli.condition_options import bind_looks, parse_style, take_looks
from app.cli.output import CommandError
from app.generation.request_builder import request_from_scene
from canvas.files.image_io import png_bytes
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Two lakes, the second one painted, and a painted sky over it."""
    scene, lake = edits.add_word(Scene("a lake, a lake, a sky", size=(64, 64)), (10, 14))
    scene, sky = edits.add_word(scene, (18, 21))
    return scene.with_mask(lake, TiledMask.filled((64, 64))).with_mask(sky, TiledMask.filled((64, 64)))


def test_each_option_reaches_its_word(scene):
    changes = {
        "soft_edge": [word_options.parse_soft_edge("lake#2=12.5")],
        "word_fidelity": [word_options.parse_word_fidelity("sky=0.25")],
        "overlap": [word_options.parse_overlap("share"), word_options.parse_overlap("sky=top")],
    }
    made = word_options.take_words(scene, changes)
    lake, sky = made.words
    assert (lake.feather, lake.fidelity, lake.overlap) == (12.5, None, None)
    assert (sky.feather, sky.fidelity, sky.overlap) == (0.0, 0.25, "top") and made.settings.overlap == "share"
    sent = request_from_scene(made, id="1").text.words
    assert [word.fidelity for word in sent] == [None, 0.25]
    assert not sent[0].mask.any() and sent[1].mask.all()
    assert word_options.take_words(scene, {}) is scene


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (word_options.parse_soft_edge, "12"), (word_options.parse_soft_edge, "lake=soft"),
        (word_options.parse_word_fidelity, "=1"), (word_options.parse_overlap, "mix"),
        (word_options.parse_overlap, "lake=mix"), (parse_style, "a.png@"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(parse, text):
    with pytest.raises(CommandError):
        parse(text)


def test_a_word_must_be_painted_and_values_in_their_range(scene):
    with pytest.raises(CommandError, match="not painted"):
        word_options.take_words(scene, {"soft_edge": [word_options.parse_soft_edge("lake=3")]})
    with pytest.raises(SceneError, match="soft edge"):
        word_options.take_words(scene, {"soft_edge": [word_options.parse_soft_edge("sky=-3")]})


def test_a_style_is_bound_to_a_word_and_a_files_own_sign_is_none(scene, tmp_path):
    file = tmp_path / "me@2x.png"
    file.write_bytes(png_bytes(np.full((8, 8, 3), 90, np.uint8)))
    options = [parse_style(f"{file}:0.5@sky"), parse_style(f"{file}:0.5"), parse_style(str(file))]
    assert [(each.file, each.strength, each.phrase) for each in options] == [
        (file, 0.5, "sky"), (file, 0.5, ""), (file, 1.0, "")
    ]  # fmt: skip
    made = bind_looks(take_looks(scene, options), options)
    assert [style.word for style in made.styles] == [scene.words[1].id, None, None]
