"""The caption lab: what its rows count, and that pictures are made from what was told."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BadRequest
from engine.lab import caption
from engine.lab.caption import again_row, run, told_row
from engine.protocol import Description, Told
from engine.world.scenes import HELD_OUT, NAMES, render_scene
from tests.engine.lab.test_layout import ColourJudge


def told(scene, names) -> Description:
    """A description that has these names, each in its true place."""
    masks = {name: (scene.labels == NAMES.index(name)).astype(np.uint8) * 255 for name in names}
    words = tuple(Told(name, (0, 1), 0.1, mask) for name, mask in masks.items())
    return Description(", ".join(names), words)


def test_rows_count_names_and_places():
    scene = render_scene(HELD_OUT + 5, size=64)
    names = list(scene.names)
    other = next(name for name in NAMES if name not in names)
    perfect = told_row([scene], [told(scene, names)])
    assert (perfect["recall"], perfect["precision"], perfect["miou"]) == (1.0, 1.0, 1.0)
    part = told_row([scene], [told(scene, [*names[1:], other])])
    share = (len(names) - 1) / len(names)
    assert part["recall"] == pytest.approx(share) and part["precision"] == pytest.approx(share)
    assert part["miou"] == pytest.approx(share)
    description = told(scene, names)
    assert again_row("painted", [description], [scene.labels])["same"] == 1.0
    nowhere = np.full_like(scene.labels, NAMES.index(other))
    assert again_row("painted", [description], [nowhere])["same"] == 0.0


def test_pictures_are_made_from_what_was_told(whole_model, library, tmp_path, monkeypatch):
    monkeypatch.setattr(caption, "describe", lambda rgb, known: told(render_scene(HELD_OUT + 5), ["lake"]))
    how = {"model": str(whole_model), "device": "cpu", "work": tmp_path, "library": library, "judge": ColourJudge()}
    result = run(n=1, **how)
    assert [row["condition"] for row in result["rows"]] == ["painted", "unpainted"] and result["n"] == 1
    assert any(tmp_path.rglob("0000-painted*"))
    with pytest.raises(BadRequest):
        run(n=0)
