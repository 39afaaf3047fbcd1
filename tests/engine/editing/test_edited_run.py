"""Whole runs whose words were edited: what is kept, what is the same to the bit, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import ndimage

from engine import find_span
from engine.protocol import (
    Failed,
    Finished,
    ImageReady,
    Lora,
    PaintedWord,
    Preview,
    PromptEdit,
    StartPicture,
    WordWeight,
    dumps,
    loads,
)
from tests.tiny_sdxl import save_sdxl
from tests.tiny_transformers import save_flux

OLD, NEW = "a lake and sky", "a house and sky"
MASK = np.zeros((64, 64), np.uint8)
MASK[16:48, 8:40] = 255


def painted(prompt: str, word: str) -> tuple[PaintedWord, ...]:
    return (PaintedWord(span=find_span(prompt, word), mask=MASK, strength=2.0),)


BEFORE, AFTER = painted(OLD, "lake"), painted(NEW, "house")


def picture(events) -> np.ndarray:
    assert isinstance(events[-1], Finished), getattr(events[-1], "error", events[-1])
    return next(event.rgb for event in events if isinstance(event, ImageReady))


def shown(events) -> list[np.ndarray]:
    return [event.rgb for event in events if isinstance(event, ImageReady | Preview)]


@pytest.mark.parametrize("sampler", ["euler_a", "dpmpp_2m"])
def test_nothing_kept_is_the_plain_run_and_all_kept_the_source(run, sampler):
    how = {"sampler": sampler, "seed": 4, "fidelity": 0.5, "guidance": 3.0, "count": 2, "batch": 2}
    alone = run(prompt=NEW, words=AFTER, **how)
    nothing = PromptEdit(prompt=OLD, words=BEFORE, keep_cross=0.0, keep_self=0.0, everywhere=True)
    seen = [shown(events) for events in (alone, run(prompt=NEW, words=AFTER, edit=nothing, **how))]
    for one, other in zip(*seen, strict=True):
        assert np.array_equal(one, other)
    source = run(prompt=OLD, words=BEFORE, **how)
    for everywhere in (False, True):
        all_of_it = PromptEdit(prompt=OLD, words=BEFORE, keep_cross=1.0, keep_self=1.0, everywhere=everywhere)
        assert np.array_equal(picture(run(prompt=OLD, words=BEFORE, edit=all_of_it, **how)), picture(source))
    assert np.array_equal(picture(run(prompt=NEW, words=AFTER, **how)), picture(alone)), "the model is as it was"


def test_outside_the_words_paint_the_picture_is_the_sources(run, monkeypatch):
    from engine.sampling import loop

    walked: list = []
    original = loop.sample

    def sample(*args, **kwargs):
        for step in original(*args, **kwargs):
            walked.append(step.x)
            yield step

    monkeypatch.setattr(loop, "sample", sample)
    edit = PromptEdit(prompt=OLD, words=BEFORE, keep_cross=0.4, keep_self=0.4)
    events = run(prompt=NEW, words=AFTER, edit=edit, watched=(find_span(NEW, "sky"),), obedience=True, memory="low")
    made = next(event for event in events if isinstance(event, ImageReady))
    assert made.heatmaps is not None and len(made.heatmaps) == 1 and len(made.obedience) == 1
    free = np.kron(MASK[::8, ::8] > 0, np.ones((1, 1), bool))
    for x in walked:
        source, edited = x[0].numpy(), x[1].numpy()
        assert np.array_equal(source[:, ~free], edited[:, ~free]) and not np.allclose(source[:, free], edited[:, free])
    away = ndimage.distance_transform_edt(MASK == 0)
    before = picture(run(prompt=OLD, words=BEFORE, memory="low"))
    assert np.array_equal(made.rgb[away > 8], before[away > 8]), "a decoder's reach is not left in it"
    assert not np.array_equal(made.rgb[away == 0], before[away == 0])


def test_more_and_less_of_a_word_where_it_draws_attention(run):
    span = find_span(OLD, "sky")
    found = [
        picture(run(prompt=OLD, edit=PromptEdit(prompt=OLD, weights=(WordWeight(span=span, weight=weight),))))
        for weight in (1.0, 3.0)
    ]
    assert np.array_equal(found[0], picture(run(prompt=OLD))) and not np.array_equal(*found)


def test_experts_and_sdxl_edit_too(run, ask, tiny_ensemble_folder, tmp_path):
    for folder in (tiny_ensemble_folder, save_sdxl(tmp_path / "xl")):
        how = {"model": str(folder), "seed": 2, "guidance": 3.0}
        edited = picture(run(prompt=NEW, words=AFTER, edit=PromptEdit(prompt=OLD, words=BEFORE), **how))
        assert not np.array_equal(edited, picture(run(prompt=NEW, words=AFTER, **how)))


EDIT = PromptEdit(prompt=OLD)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"edit": dataclasses.replace(EDIT, prompt=" ")}, "no prompt"),
        ({"edit": dataclasses.replace(EDIT, keep_cross=1.5)}, "keeps words"),
        ({"edit": dataclasses.replace(EDIT, keep_self=float("nan"))}, "keeps shapes"),
        ({"edit": dataclasses.replace(EDIT, weights=(WordWeight(span=(0, 99)),))}, "should be at characters"),
        ({"edit": dataclasses.replace(EDIT, weights=(WordWeight(span=(0, 1), weight=9.0),))}, "weight of a word"),
        ({"edit": dataclasses.replace(EDIT, words=(PaintedWord(span=(0, 1), mask=MASK[:8]),))}, "A mask is 64x8"),
        ({"edit": EDIT, "start": StartPicture(rgb=np.zeros((64, 64, 3), np.uint8))}, "started from another picture"),
        ({"edit": EDIT, "words": AFTER, "prompt": NEW, "loras": (Lora("a", 1.0, 0),)}, "LoRA is bound to a word"),
        ({"edit": EDIT, "words": BEFORE, "law": "couple"}, "a prompt of its own"),
    ],
)
def test_what_cannot_be_is_refused(run, fields, says):
    *_, last = run(prompt=fields.pop("prompt", OLD), **fields)
    assert isinstance(last, Failed) and says in str(last.error) and last.error.hint


def test_joint_attention_is_refused(run, tmp_path):
    *_, last = run(prompt=NEW, edit=EDIT, model=str(save_flux(tmp_path / "flux")))
    assert isinstance(last, Failed) and "reads text and picture together" in str(last.error)


def test_it_travels(ask):
    edit = PromptEdit(prompt=OLD, words=BEFORE, keep_self=0.1, weights=(WordWeight(span=(2, 7), weight=2.0),))
    found = loads(dumps(ask(prompt=NEW, edit=edit))).edit
    assert found is not None and (found.prompt, found.keep_self, found.weights) == (OLD, 0.1, edit.weights)
    assert np.array_equal(found.words[0].mask, MASK) and found.words[0].revision is None
