"""The verdict says how much of a word's paint shows it: on real renders nearly all, elsewhere nearly nothing."""

from __future__ import annotations

import numpy as np
import pytest

from engine.protocol import Finished, PaintedWord
from engine.scoring import segmenter, visible_share
from engine.scoring.visible_share import name_in, seen
from engine.world.scenes import HELD_OUT, NAMES, render_scene
from tests.engine.test_pipeline import painted


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("red house", "house"),
        ("House", "house"),
        ("a night  sky", "night sky"),
        ("cloudy evening", None),
        ("househould", None),
        ("", None),
    ],
)
def test_a_phrase_means_the_longest_name_in_it(phrase, name):
    assert name_in(phrase, ("sky", "house", "night sky")) == name


def test_real_renders_show_their_words_where_they_are_and_not_beside_them():
    inside, outside = [], []
    for index in range(4):
        render = render_scene(HELD_OUT + 40 + index)
        words = [PaintedWord(span=span, mask=mask) for _, span, mask in render.words()]
        inside += seen(render.rgb, render.caption, words, known=NAMES)
        beside = [PaintedWord(span=word.span, mask=255 - word.mask) for word in words]
        outside += seen(render.rgb, render.caption, beside, known=NAMES)
    assert np.mean(inside) > 0.85 and np.mean(outside) < 0.15


def test_a_word_that_is_pushed_out_obeys_where_it_is_not_seen():
    render = render_scene(HELD_OUT + 40)
    _, span, mask = render.words()[0]
    there, out = (PaintedWord(span=span, mask=mask, strength=strength) for strength in (1.0, -1.0))
    first, second = (seen(render.rgb, render.caption, [word], known=NAMES)[0] for word in (there, out))
    assert second == pytest.approx(1 - first)


def test_what_cannot_be_told_is_none():
    render = render_scene(HELD_OUT + 40)
    _, span, mask = render.words()[0]
    blank = np.zeros_like(mask)
    words = [
        PaintedWord(span=span, mask=blank),
        PaintedWord(span=span, mask=mask, strength=0.0),
        PaintedWord(span=(0, 1), mask=mask),
    ]
    assert seen(render.rgb, "a" + render.caption[1:], words, known=NAMES) == (None, None, None)


def test_other_models_have_no_verdict(monkeypatch):
    render = render_scene(HELD_OUT + 40)
    words = [PaintedWord(span=span, mask=mask) for _, span, mask in render.words()]
    assert seen(render.rgb, render.caption, words, known=()) == ()
    assert seen(render.rgb, render.caption, words, known=("cathedral",)) == ()
    monkeypatch.setattr(segmenter, "load", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    visible_share.segmenter.cache_clear()
    try:
        assert seen(render.rgb, render.caption, words, known=NAMES) == ()
    finally:
        visible_share.segmenter.cache_clear()


def test_a_generation_of_a_model_without_names_has_none(run):
    events = run(words=(painted(),), obedience=True)
    assert isinstance(events[-1], Finished) and events[-1].images[0].seen == ()
