"""Every value of a request that cannot be run is refused by name, with a way out, before anything is loaded."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine import GenerateRequest, PaintedWord, generate
from engine.errors import BadMask, BadRequest, DeviceUnavailable, EngineError, ModelNotFound, WordNotInPrompt
from engine.protocol import Failed, Loading
from engine.validation import check_request

MASK = np.full((64, 64), 255, np.uint8)


def word(**fields) -> PaintedWord:
    return PaintedWord(**{"span": (2, 6), "mask": MASK, "revision": 1, **fields})


BAD = {
    "empty prompt": ({"prompt": ""}, BadRequest, "what the picture should show"),
    "blank prompt": ({"prompt": " \n"}, BadRequest, "what the picture should show"),
    "steps 0": ({"steps": 0}, BadRequest, "from 1 to 1000"),
    "steps half": ({"steps": 2.5}, BadRequest, "whole number"),
    "steps 1001": ({"steps": 1001}, BadRequest, "from 1 to 1000"),
    "count 0": ({"count": 0}, BadRequest, "from 1 to 64"),
    "count 65": ({"count": 65}, BadRequest, "from 1 to 64"),
    "batch 0": ({"batch": 0}, BadRequest, "from 1 to 64"),
    "seed below": ({"seed": -1}, BadRequest, "from 0"),
    "seed above": ({"seed": 2**63}, BadRequest, "from 0"),
    "seed of the last picture above": ({"seed": 2**63 - 2, "count": 3}, BadRequest, str(2**63 - 3)),
    "seed true": ({"seed": True}, BadRequest, "whole number"),
    "width 0": ({"width": 0}, BadRequest, "from 1"),
    "huge": ({"height": 100_000}, BadRequest, "to 8192"),
    "size 7x9": ({"width": 7, "height": 9}, BadRequest, "multiples of 8"),
    "guidance NaN": ({"guidance": math.nan}, BadRequest, "from 1 to 30"),
    "guidance beyond floats": ({"guidance": 10**400}, BadRequest, "from 1 to 30"),
    "guidance 0.5": ({"guidance": 0.5}, BadRequest, "from 1 to 30"),
    "paint weight -1": ({"paint_weight": -1}, BadRequest, "from 0 to 10"),
    "paint weight inf": ({"paint_weight": math.inf}, BadRequest, "from 0 to 10"),
    "sampler": ({"sampler": "magic"}, BadRequest, "dpmpp_2m_karras"),
    "law": ({"law": "boxdiff"}, BadRequest, "ediffi-head"),
    "device": ({"device": "tpu"}, DeviceUnavailable, "cuda"),
    "device absent": ({"device": "cuda:77"}, DeviceUnavailable, "cpu"),
    "model": ({"model": "no such model"}, ModelNotFound, "starter"),
    "span outside": ({"words": (word(span=(2, 60)),)}, WordNotInPrompt, "prompt"),
    "span backwards": ({"words": (word(span=(6, 2)),)}, WordNotInPrompt, "prompt"),
    "span of spaces": ({"words": (word(span=(1, 2)),)}, WordNotInPrompt, "prompt"),
    "mask size": ({"words": (word(mask=MASK[:32]),)}, BadMask, "picture's size"),
    "mask kind": ({"words": (word(mask=MASK.astype(np.float32)),)}, BadMask, "uint8"),
    "mask colours": ({"words": (word(mask=np.zeros((64, 64, 3), np.uint8)),)}, BadMask, "uint8"),
    "mask none": ({"words": (word(mask=None),)}, BadMask, "uint8"),
    "strength NaN": ({"words": (word(strength=math.nan),)}, BadRequest, "number"),
    "strength inf": ({"words": (word(strength=math.inf),)}, BadRequest, "number"),
    "strength beyond floats": ({"words": (word(strength=10**400),)}, BadRequest, "number"),
    "strength 1000": ({"words": (word(strength=1000),)}, BadRequest, "from -10 to 10"),
    "window NaN": ({"words": (word(window=(math.nan, 1.0)),)}, BadRequest, "between 0 and 1"),
    "window backwards": ({"words": (word(window=(0.8, 0.2)),)}, BadRequest, "between 0 and 1"),
}


@pytest.mark.parametrize("case", BAD)
def test_is_refused_before_anything_is_loaded(case, ask, tmp_path):
    from engine import Library

    fields, kind, hint = BAD[case]
    events = list(generate(ask(**fields), library=Library(tmp_path)))
    assert [event.what for event in events if isinstance(event, Loading)] in ([], ["libraries"])
    assert isinstance(events[-1], Failed) and len(events) <= 2
    error = events[-1].error
    assert type(error) is kind
    assert hint in error.hint and error.message.endswith(".")


def test_a_sound_request_passes():
    check_request(GenerateRequest.of(id="1", prompt="a lake", width=64, height=64, words=(word(), word(strength=-2))))


def test_the_hint_names_the_nearest_size(ask, library):
    error = list(generate(ask(width=100, height=61), library=library))[-1].error
    assert isinstance(error, EngineError) and "multiples of 8" in error.hint and "96x64" in error.hint
