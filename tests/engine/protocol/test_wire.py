"""Requests, events and facts as bytes: they come back as they were, and damaged bytes only raise the typed error."""

from __future__ import annotations

import dataclasses
import math
import random
import string
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import errors
from engine.errors import BadMessage, BadRequest, DeviceOutOfMemory, EngineError
from engine.facts import Defaults, ExpertFacts, InstalledModel, ManifestExpert, ModelFacts
from engine.protocol import (
    Cancelled,
    ColourPaint,
    ExpertChoice,
    Failed,
    Fidelity,
    Finished,
    GenerateRequest,
    ImageReady,
    Loading,
    PaintedWord,
    Preview,
    Refinement,
    Started,
    StartPicture,
    Step,
    StyleReference,
    dumps,
    loads,
    wire,
)
from resources.limits import ENCODERS, SAMPLERS

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
names = st.text(string.ascii_letters + "äöü é-_", min_size=1, max_size=12)
floats = st.floats(0, 1, width=64)
counts = st.integers(1, 64)
scores = st.lists(st.none() | floats, max_size=3).map(tuple)


def arrays(*, dimensions: int, dtype: str = "uint8") -> st.SearchStrategy[np.ndarray]:
    shapes = st.tuples(*[st.integers(1, 6)] * dimensions)
    seeds = st.integers(0, 2**32 - 1)

    def make(shape: tuple[int, ...], seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        return rng.integers(0, 256, shape).astype(dtype) if dtype == "uint8" else rng.random(shape).astype(dtype)

    return st.builds(make, shapes, seeds)


pictures = arrays(dimensions=2).map(lambda grey: np.stack([grey, 255 - grey, grey // 2], axis=-1))
maps = st.none() | arrays(dimensions=3, dtype="float32") | arrays(dimensions=3, dtype="float16")
words = st.builds(
    PaintedWord,
    span=st.tuples(st.integers(0, 5), st.integers(6, 9)),
    mask=arrays(dimensions=2),
    strength=st.floats(-10, 10),
    window=st.tuples(floats, floats),
)
styles = st.builds(
    StyleReference, rgb=pictures, strength=floats, semantic=floats, mask=st.none() | arrays(dimensions=2)
)
experts = st.builds(
    ExpertChoice, name=names, model=names | st.just(""), low=floats, high=st.just(math.inf) | floats, guidance=st.none()
)
starts = st.builds(
    StartPicture,
    rgb=pictures,
    strength=floats,
    mask=st.none() | arrays(dimensions=2),
    context=st.none() | st.integers(0, 8192),
)
colours = st.builds(ColourPaint, rgba=pictures.map(lambda rgb: np.dstack([rgb, rgb[..., 0]])), strength=st.floats(0, 1))
refinements = st.builds(Refinement, scale=st.integers(2, 4), strength=floats, upscaler=names | st.just(""))
requests = st.builds(
    GenerateRequest.of,
    id=names,
    prompt=st.text(max_size=40).filter(lambda text: text.isprintable()),
    negative=names,
    words=st.lists(words, max_size=3).map(tuple),
    watched=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    width=st.integers(1, 8192),
    seed=st.integers(0, 2**63 - 1),
    count=counts,
    steps=st.integers(1, 1000),
    sampler=st.sampled_from(sorted(SAMPLERS)),
    guidance=st.none() | st.floats(1, 30),
    guidance_rescale=floats,
    paint_weight=st.none() | st.floats(0, 10),
    fidelity=st.none() | floats | st.builds(Fidelity, containment=floats, gradient_steps=st.integers(0, 10)),
    encoders=st.none() | st.just(tuple((name, 0.5) for name in ENCODERS)),
    styles=st.lists(styles, max_size=2).map(tuple),
    experts=st.none() | st.lists(experts, max_size=2).map(tuple),
    previews=st.booleans(),
    start=st.none() | starts,
    colours=st.none() | colours,
    refine=st.none() | refinements,
    live=st.booleans(),
)
images = st.builds(
    ImageReady, request_id=names, image=counts, seed=counts, rgb=pictures, obedience=scores, seen=scores, heatmaps=maps
)
kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, EngineError)]
events = st.one_of(
    st.builds(Loading, request_id=names, what=names, fraction=floats),
    st.builds(Started, request_id=names, model=names, device=names, steps=counts, count=counts, guidance=floats,
              paint_weight=floats),
    st.builds(Step, request_id=names, index=counts, total=counts, image=counts, sigma=floats, expert=names,
              step_ms=floats),
    st.builds(Preview, request_id=names, index=counts, image=counts, rgb=pictures, heatmaps=maps),
    images,
    st.builds(Finished, request_id=names, images=st.lists(images, max_size=2).map(tuple), seconds=floats,
              step_ms=floats, model=names, device=names),
    st.builds(Cancelled, request_id=names),
    st.builds(Failed, request_id=names, error=st.builds(lambda kind, text: kind(text, hint=f"Do {text}."),
                                                        st.sampled_from(kinds), names)),
)  # fmt: skip


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, EngineError):
        return type(one) is type(other) and (one.message, one.hint) == (other.message, other.hint)
    if dataclasses.is_dataclass(one):
        fields = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, name), getattr(other, name)) for name in fields)
    if isinstance(one, tuple):
        return type(other) is tuple and len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) and type(one) is type(other)


@FEW
@given(requests)
def test_a_request_comes_back_as_it_was(request: GenerateRequest):
    assert same(loads(dumps(request)), request)


@FEW
@given(events)
def test_an_event_comes_back_as_it_was(event):
    assert same(loads(dumps(event)), event)


def sample() -> bytes:
    rng = np.random.default_rng(0)
    request = GenerateRequest.of(
        id="r",
        prompt="a lake",
        words=(PaintedWord(span=(2, 6), mask=rng.integers(0, 256, (16, 16), np.uint8)),),
        fidelity=Fidelity(containment=0.5),
        experts=(ExpertChoice("all"),),
    )
    return dumps(request)


def test_damaged_bytes_raise_the_typed_error_and_nothing_else():
    rng = random.Random(5)
    preview = Preview(
        request_id="r",
        index=1,
        image=0,
        rgb=np.zeros((4, 4, 3), np.uint8),
        heatmaps=np.random.default_rng(0).random((2, 4, 4), np.float32),
    )
    whole = [sample(), dumps(preview)]
    refused = 0
    for turn in range(2000):
        data = bytearray(whole[turn % 2])
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            match rng.randrange(4):
                case 0:
                    data[place] = rng.randrange(256)
                case 1:
                    del data[place:]
                    data.append(0)
                case 2:
                    del data[place : place + rng.randint(1, 9)]
                    data = data or bytearray(1)
                case 3:
                    data[place:place] = rng.randbytes(rng.randint(1, 9))
        try:
            loads(bytes(data))
        except BadMessage as error:
            refused += 1
            assert error.message.endswith(".") and error.hint
    assert refused > 1500


@pytest.mark.parametrize(
    "data", [b"", b"wordbrush", b"\x80\x04K\x01.", b"wordbrush\x01", b"wordbrush\x01\xc1", bytes(99)]
)
def test_what_is_no_message_is_refused(data: bytes):
    with pytest.raises(BadMessage, match="cannot be read"):
        loads(data)


def test_deep_bytes_are_refused():
    with pytest.raises(BadMessage):
        loads(b"wordbrush\x01" + b"\x91" * 200_000)


def test_a_newer_version_says_so():
    data = bytearray(sample())
    data[len(b"wordbrush")] = 9
    with pytest.raises(BadMessage, match="version 9") as caught:
        loads(bytes(data))
    assert "same version" in caught.value.hint


def test_values_out_of_range_are_refused():
    with pytest.raises(BadMessage) as caught:
        loads(dumps(GenerateRequest.of(id="r", prompt="a lake", steps=5000)))
    assert "steps" in caught.value.details


def test_arrays_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch):
    preview = Preview(
        request_id="r", index=1, image=0, rgb=np.zeros((8, 8, 3), np.uint8), heatmaps=np.zeros((9, 64, 64), np.float32)
    )
    data = dumps(preview)
    monkeypatch.setattr(wire, "MAX_BYTES", 9 * 64 * 64 * 4)
    with pytest.raises(BadMessage) as caught:
        loads(data)
    assert "too large" in caught.value.details


def test_text_that_is_no_text_cannot_be_sent():
    with pytest.raises(BadMessage, match="cannot be sent"):
        dumps(GenerateRequest.of(id="r", prompt="a \udcff"))


def test_nothing_of_this_machine_travels():
    model, deep = "/home/me/models/mine", "C:\\models\\deep"
    word = PaintedWord(span=(0, 1), mask=np.zeros((4, 4), np.uint8), revision=("here", 7))
    request = GenerateRequest.of(
        id="r",
        prompt="a",
        model=model,
        experts=(ExpertChoice("all", model=deep),),
        words=(word,),
        refine=Refinement(upscaler="/home/me/x4.safetensors"),
    )
    error = DeviceOutOfMemory("It is full.", hint="Choose a smaller size.", details="/home/me/secret.py")
    data = dumps(request) + dumps(Failed(request_id="r", error=error))
    assert b"home" not in data and b"C:" not in data and b"here" not in data
    back = loads(dumps(request))
    assert isinstance(back, GenerateRequest) and back.model == "mine" and back.experts[0].model == "deep"
    assert back.refine == Refinement(upscaler="x4.safetensors")


def test_an_error_of_a_type_that_others_do_not_know_travels_as_its_base():
    class Special(BadRequest):
        pass

    back = loads(dumps(Failed(request_id="r", error=Special("No.", hint="Yes."))))
    assert isinstance(back, Failed) and type(back.error) is BadRequest


def test_facts_travel_without_paths():
    model = InstalledModel(
        name="mine",
        family="sd",
        latents="sd",
        multiple=8,
        defaults=Defaults(guidance=7.5, paint_weight=0.4, size=(512, 512)),
        path=Path("/home/me/mine"),
        config=Path("/home/me/mine"),
        names=("lake",),
        experts=(ManifestExpert("early", 2.0, math.inf, Path("/home/me/early")), ManifestExpert("late", 0.0, 2.0)),
    )
    data = dumps(model)
    back = loads(data)
    assert b"home" not in data and type(back) is ModelFacts and back == model.travelling()
    assert back.experts == (ExpertFacts("early", 2.0, math.inf), ExpertFacts("late", 0.0, 2.0, is_base=True))
