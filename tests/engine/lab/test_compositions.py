"""Pages that ship: areas at any size, all phrases painted, and a file that gives back what was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelNotFound
from engine.lab.compositions import NOBODY, SIDE, Composition, Part, load, save


def page() -> Composition:
    """A sky over grass, two cats that one phrase names, and a corner that belongs to nobody."""
    owner = np.zeros((SIDE, SIDE), np.uint8)
    owner[64:] = 1
    owner[70:90, 10:30], owner[70:90, 60:80], owner[-4:, -4:] = 2, 3, NOBODY
    return Composition(
        caption="two cats on grass, blue sky",
        phrases=((0, 8, (2, 3)), (12, 17, (1,)), (19, 27, (0,))),
        parts=(
            Part("blue sky", "", False), Part("grass", "", False), Part("cat", "red", True), Part("cat", "", True)
        ),
        owner=owner,
    )  # fmt: skip


def test_phrases_are_painted_where_what_they_mean_is():
    made = page()
    words = made.words(3, 512)
    assert [made.caption[slice(*word.span)] for word in words] == ["two cats", "grass", "blue sky"]
    assert np.array_equal(words[0].mask == 255, made.area(2, 512) | made.area(3, 512))
    assert made.area(2, 512).sum() == 16 * 400 and set(np.unique(words[1].mask)) == {0, 255}
    assert len({word.revision for word in (*words, *made.words(4, 512))}) == 6


def test_labels_are_the_names_and_what_has_none_is_none():
    labels = page().labels(("cat", "grass"), 256)
    assert labels.shape == (256, 256) and labels[0, 0] == -1 and labels[-1, -1] == -1
    assert labels[150, 40] == labels[150, 130] == 0 and labels[250, 10] == 1


def test_a_file_gives_back_what_was_written(tmp_path: Path):
    file = tmp_path / "pages.npz"
    save(file, [page(), page()], np.ones((3, 5)))
    found = load(file)
    assert len(found.compositions) == 2 and found.features.shape == (3, 5) and found.features.dtype == np.float32
    again = found.compositions[1]
    assert (again.caption, again.phrases, again.parts) == (page().caption, page().phrases, page().parts)
    assert np.array_equal(again.owner, page().owner)
    with pytest.raises(ModelNotFound):
        load(tmp_path / "none.npz")
