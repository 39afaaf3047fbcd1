"""Whole runs that keep to a shape: all else stays, from noise and from the picture's own, and what is refused."""

from __future__ import annotations

import dataclasses
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engine import KeptShape, StartPicture, find_span, generate
from engine.editing.inversion import counterparts
from engine.errors import BadRequest
from engine.experts.shares import Stopped
from engine.inverting import invert
from engine.protocol import Cancelled, Failed, Finished, ImageReady, Loading, PaintedWord, dumps, loads
from engine.reworking.session import Rework
from engine.reworking.shapes import spans_within, words_within
from engine.sampling.inversion import Inversion
from engine.sampling.loop import SeededNoise
from engine.sampling.schedule import NoiseSchedule
from tests.tiny_sdxl import save_sdxl
from tests.tiny_transformers import save_flux

PROMPT = "a red house, a lake and sky"
RGB = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
MASK = np.zeros((64, 64), np.uint8)
MASK[8:40, 16:48] = 255


def word(text: str, mask: np.ndarray = MASK, **how) -> PaintedWord:
    return PaintedWord(span=find_span(PROMPT, text), mask=mask, **how)


def start(shape: KeptShape | None = KeptShape(), mask: np.ndarray | None = MASK, **how) -> StartPicture:  # noqa: B008
    return StartPicture(rgb=RGB, strength=how.pop("strength", 1.0), mask=mask, shape=shape, **how)


def picture(events) -> np.ndarray:
    assert isinstance(events[-1], Finished), getattr(events[-1], "error", events[-1])
    return next(event.rgb for event in events if isinstance(event, ImageReady))


def test_what_is_painted_in_the_shape_belongs_to_it_with_its_phrase():
    half = np.where(np.arange(64)[None] < 32, 255, 0) * np.ones((64, 1))
    words = [word("house"), word("lake", half.astype(np.uint8)), word("sky", 255 - MASK), word("red", strength=-1.0)]
    assert [each.span for each in words_within(words, MASK)] == [find_span(PROMPT, "house")]
    assert spans_within(PROMPT, words[:1], MASK) == [find_span(PROMPT, "a red house")]
    assert spans_within(PROMPT, [word("house"), word("red", 255 - MASK)], MASK) == [find_span(PROMPT, "house")]


@pytest.mark.parametrize("shape", [KeptShape(), KeptShape(inverted=True, prompt="a blue boat, a lake and sky")])
def test_all_else_stays_and_nothing_is_left_behind(run, shape):
    how = {"prompt": PROMPT, "words": (word("house"),), "guidance": 3.0, "fidelity": 0.4}
    plain = picture(run(**how, start=start(None)))
    events = run(**how, start=start(shape))
    found = picture(events)
    assert np.array_equal(found[MASK == 0], RGB[MASK == 0]) and not np.array_equal(found, plain)
    assert any(isinstance(each, Loading) and "own noise" in each.what for each in events) is shape.inverted
    assert np.array_equal(picture(run(**how, start=start(shape))), found)
    assert np.array_equal(picture(run(**how, start=start(None))), plain), "the model is as it was"


def test_what_is_put_back_lies_on_the_inverted_pictures_own_path(ask):
    walk = NoiseSchedule({"beta_schedule": "scaled_linear"}).walk("ddim", 4)
    latents = tuple(torch.full((1, 4, 8, 8), float(place)) for place in range(5))
    rework = Rework(ask(prompt=PROMPT, start=start()), start(), None)
    rework.inversion = Inversion(walk, latents)
    family = SimpleNamespace(encode_picture=lambda rgb: torch.zeros(1, 4, 8, 8))
    first = rework.begin(family, walk, SeededNoise([1, 2], (4, 8, 8), torch.device("cpu")))
    assert first.shape == (2, 4, 8, 8) and not first.any()
    free = torch.from_numpy(MASK[4::8, 4::8] > 0)
    for place, sigma in enumerate(walk.sigmas):
        back = rework.put_back(torch.full((2, 4, 8, 8), -1.0), sigma, place / 4)
        assert (back[..., free] == -1).all() and (back[..., ~free] == place).all()


def test_what_stands_for_the_shapes_words_in_what_the_picture_shows():
    inner = spans_within(PROMPT, [word("house")], MASK)
    for shows, found in (
        ("a blue boat, a lake and sky", ["a", "blue boat"]),
        ("a red boat, sky", ["a", "red", "boat"]),
        ("", []),
    ):
        assert [shows[slice(*span)] for span in counterparts(shows, PROMPT, inner)] == found


def test_experts_and_sdxl_keep_shapes_too(run, tiny_ensemble_folder, tmp_path):
    for folder in (tiny_ensemble_folder, save_sdxl(tmp_path / "xl")):
        kept = start(KeptShape(inverted=True, prompt="a boat"))
        how = {"prompt": PROMPT, "words": (word("house"),), "model": str(folder), "guidance": 3.0}
        found, plain = picture(run(**how, start=kept)), picture(run(**how, start=start(None)))
        assert np.array_equal(found[MASK == 0], RGB[MASK == 0]) and not np.array_equal(found, plain)


def test_a_stopped_inversion_is_cancelled(ask, library):
    stop, shape = threading.Event(), KeptShape(inverted=True)
    told = []
    for event in generate(ask(prompt=PROMPT, words=(word("house"),), start=start(shape)), library=library, cancel=stop):
        told.append(event)
        if isinstance(event, Loading) and "own noise" in event.what:
            stop.set()
    assert isinstance(told[-1], Cancelled)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start": start(mask=None), "words": (word("house"),)}, "no shape to keep to"),
        ({"start": start()}, "No word is painted in the shape"),
        ({"start": start(), "words": (word("house", 255 - MASK),)}, "No word is painted in the shape"),
        ({"start": start(KeptShape(prompt=5)), "words": (word("house"),)}, "what the picture shows"),
        ({"start": start(), "words": (word("house"),), "law": "couple"}, "a prompt of its own"),
    ],
)
def test_what_cannot_be_is_refused(run, fields, says):
    *_, last = run(prompt=PROMPT, **fields)
    assert isinstance(last, Failed) and says in str(last.error) and last.error.hint


def test_joint_attention_is_refused(run, tmp_path):
    *_, last = run(prompt=PROMPT, words=(word("house"),), start=start(), model=str(save_flux(tmp_path / "flux")))
    assert isinstance(last, Failed) and "cannot keep to a shape" in str(last.error)


def test_it_travels_and_is_cut_out_with_its_surroundings(ask, run):
    request = ask(prompt=PROMPT, words=(word("house"),), start=start(KeptShape(inverted=True, prompt="x"), context=8))
    back = loads(dumps(request)).start
    assert back is not None and back.shape == KeptShape(inverted=True, prompt="x")
    small = dataclasses.replace(request.start, shape=KeptShape())
    found = picture(run(prompt=PROMPT, words=(word("house"),), start=small))
    assert np.array_equal(found[MASK == 0], RGB[MASK == 0])


def test_a_picture_is_inverted_for_a_program(ask, library):
    request = ask(prompt=PROMPT, steps=6, sampler="ddim", start=StartPicture(rgb=RGB))
    found = invert(request, library=library)
    assert len(found.latents) == len(found.sigmas) == 7 and found.latents[0].shape == (1, 4, 8, 8)
    assert found.latent_error > 0 and found.error > 0 and found.coding_error > 0 and found.rgb.shape == RGB.shape
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        invert(request, library=library, cancel=stop)
    with pytest.raises(BadRequest, match="no picture to invert"):
        invert(ask(prompt=PROMPT), library=library)
