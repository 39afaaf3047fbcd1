"""Settings are declared once: scene, request, command line and panel all have them, with one range."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from canvas.model.errors import SceneError
from canvas.model.scene import Settings
from engine.errors import BadRequest
from engine.protocol import GenerateRequest
from engine.validation import check_request
from resources.checking import Refused, allowed, check, fits, shown
from resources.limits import Guidance, Seed, Share, Steps, Strength, bounds
from resources.settings import ExpertChoice, FidelityPieces, GenerationSettings, SamplingSettings, check_settings, specs


def test_every_setting_is_declared_and_in_scene_and_request():
    names = [field.name for field in dataclasses.fields(GenerationSettings)]
    # A scene's LoRA files are bound to its words by their ids, a request's by their places; its rule for overlaps acts
    # in the masks that a request gets.
    in_scene = [field.name for field in dataclasses.fields(Settings) if field.name not in ("loras", "overlap")]
    assert list(specs()) == names == in_scene
    assert GenerateRequest.of(id="r", prompt="a lake").adapters.loras == Settings().loras == ()
    for name, spec in specs().items():
        request = GenerateRequest.of(id="r", prompt="a lake", **{name: spec.default})
        assert request is not None and spec.label and spec.subject


@pytest.mark.parametrize("name", [name for name, spec in specs().items() if spec.is_number])
def test_scene_and_engine_refuse_the_same_numbers(name: str):
    spec = specs()[name]
    low, high = spec.bounds
    for good in (low, high, spec.default):
        Settings(**{name: good})
        if name != "seed":
            check_request(GenerateRequest.of(id="r", prompt="a lake", **{name: good}))
    for bad in (low - 1, high + 1, math.nan, True, "1", [1]):
        with pytest.raises(SceneError) as scene:
            Settings(**{name: bad})
        with pytest.raises(BadRequest) as request:
            check_request(GenerateRequest.of(id="r", prompt="a lake", **{name: bad}))
        assert (scene.value.message, scene.value.hint) == (request.value.message, request.value.hint)
        assert spec.subject in scene.value.message and "from" in scene.value.hint


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"fidelity": FidelityPieces(separation=2.0)}, "The separation cannot be 2.0."),
        ({"experts": (ExpertChoice("fine", guidance=40.0),)}, 'The guidance of the expert "fine" cannot be 40.0.'),
        ({"experts": [ExpertChoice("fine")]}, "The experts cannot be"),
        ({"encoders": (("bert", 1.0),)}, 'no text encoder named "bert"'),
        ({"encoders": (("clip", 1.0), ("clip", 0.5))}, "two weights"),
        ({"model": "a\nb"}, "The model cannot be"),
    ],
)
def test_parts_are_checked_too(settings: dict, message: str):
    with pytest.raises(Refused) as caught:
        check_settings(GenerationSettings(**settings))
    assert message in caught.value.message and caught.value.hint.endswith(".")


def test_sampling_settings_are_the_same_class_in_scene_and_request():
    assert issubclass(Settings, SamplingSettings)
    assert type(GenerateRequest.of(id="r", prompt="a lake").sampling) is SamplingSettings


def test_what_fits_is_of_the_very_type():
    assert fits(np.float64(0.5), Share) and fits(1, Share) and fits((1.0, 0.5), tuple[Share, Share])
    assert not fits([1.0, 0.5], tuple[Share, Share]) and not fits(2.0, Steps) and not fits(math.nan, Share)
    assert not fits(10**400, Guidance)


def test_ranges_are_read_from_the_types_and_named_in_sentences():
    assert bounds(Strength) == (-10.0, 10.0) and bounds(Guidance | None) == (1.0, 30.0)
    with pytest.raises(TypeError):
        bounds(str)
    assert allowed(Steps) == "Give a whole number from 1 to 1000."
    assert allowed(Guidance | None) == "Give a number from 1 to 30."
    assert allowed(Seed) == "Give a whole number from 0 to 2^63-1."


def test_a_value_of_any_length_is_shown():
    assert shown("x" * 500).endswith("…") and len(shown("x" * 500)) < 80
    assert shown(10**5000) == "a number of thousands of digits"
    with pytest.raises(Refused, match="thousands of digits"):
        check(10**5000, Steps, "The number of steps")
