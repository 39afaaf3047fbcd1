"""The request's groups, and the flat names that reach into them."""

import dataclasses

import pytest

from engine import protocol
from engine.protocol import GenerateRequest, PictureSettings, SamplingSettings
from engine.protocol.request import _GROUP_OF, _GROUPS, _OWN


def test_flat_names_go_to_their_groups():
    request = GenerateRequest.of(id="a", prompt="a lake", width=64, steps=8, law="none", previews=False, live=True)
    assert (request.id, request.text.prompt, request.live) == ("a", "a lake", True)
    assert (request.picture.size, request.sampling.steps) == ((64, 512), 8)
    assert (request.conditioning.law, request.report.previews) == ("none", False)
    plain = GenerateRequest(id="a", text=request.text)
    assert (plain.picture.size, plain.sampling.steps, plain.sampling.sampler) == ((512, 512), 20, "dpmpp_2m")


def test_a_change_shares_all_that_stays():
    request = GenerateRequest.of(id="a", prompt="a lake", steps=8)
    other = request.replace(seed=3, prompt="a sky", model="mine")
    assert (other.picture.seed, other.text.prompt, other.model, other.sampling.steps) == (3, "a sky", "mine", 8)
    assert other.sampling is request.sampling and other.conditioning is request.conditioning
    assert (request.picture.seed, request.text.prompt, request.model) == (0, "a lake", "starter")


def test_a_group_may_be_given_whole_with_a_field_of_its_own_changed():
    request = GenerateRequest.of(id="a", prompt="a lake").replace(sampling=SamplingSettings(steps=4), sampler="ddim")
    assert (request.sampling.steps, request.sampling.sampler) == (4, "ddim")


def test_a_name_that_no_group_has_is_told():
    with pytest.raises(TypeError, match=r"no field named 'step'; it has .*\bsteps\b"):
        GenerateRequest.of(id="a", prompt="a lake", step=3)


def test_each_name_is_in_one_group_and_all_is_frozen():
    names = [*_OWN, *(field.name for kind in _GROUPS.values() for field in dataclasses.fields(kind))]
    assert len(names) == len(set(names)) == len(_OWN) + len(_GROUP_OF)
    assert set(_GROUPS) <= set(_OWN)
    with pytest.raises(dataclasses.FrozenInstanceError):
        PictureSettings().width = 3  # type: ignore[misc]


def test_all_names_of_the_protocol_are_there():
    assert all(hasattr(protocol, name) for name in protocol.__all__)
