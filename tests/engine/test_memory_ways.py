"""A model in each way to use a pretended device's memory: painted pictures are those of a device with room for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import GenerateRequest, Library
from engine.models import library as library_module
from engine.models import memory_ways
from engine.models.families.base import RunConfig
from engine.protocol import Finished, ImageReady, Loading, PaintedWord
from engine.weights import placing
from engine.weights.tiers import Way, ways
from tests import tiny_transformers
from tests.engine.test_cuda_path import masks, run
from tests.fake_cuda import pretend
from tests.tiny import save_tiny

SIZE = 64


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("ways")
    return {"sd": save_tiny(root / "sd", kl=True), "z_image": tiny_transformers.save_z_image(root / "z_image")}


@pytest.fixture
def paint(folders, monkeypatch) -> Callable[..., tuple[np.ndarray, list, Library]]:
    """Paints with a model in the named way: the picture, the events, and the library that holds the model."""

    def go(model: str, name: str, *, sequential: bool = False, painted: bool = True, **fields):
        def way(facts, place, memory="auto", **_) -> Way:
            every = ways(memory_ways.sizes_of(facts, place), place.type)
            found = next(each for each in every if (each.name, each.sequential) == (name, sequential))
            return replace(found, reason=found.says)

        monkeypatch.setattr(memory_ways, "way_for", way)
        words = (PaintedWord(span=(2, 7), mask=masks(1, SIZE)[0]),) if painted else ()
        asked = GenerateRequest.of(
            id="1", prompt="a house by a lake", width=SIZE, height=SIZE, steps=3, seed=3, guidance=3.0, fidelity=0.0,
            model=str(folders[model]), device="cuda", words=words, **{"paint_weight": 1.0} | fields,
        )  # fmt: skip
        library = Library(folders[model].parent / "none")
        with pretend() as watch:
            events = run(asked, watch, monkeypatch, library=library)
        assert isinstance(events[-1], Finished), (events[-1].error, events[-1].error.details)
        assert events[-1].device == "cuda:0" and not watch.faults
        picture = next(event.rgb for event in events if isinstance(event, ImageReady)).astype(int)
        return picture, events, library

    return go


@pytest.mark.parametrize("painted", [True, False])
def test_every_way_paints_the_same_picture(paint, painted):
    model = "sd"
    whole, events, _ = paint(model, "whole", painted=painted)
    assert not said(events), "what is usual needs no words"
    away, events, _ = paint(model, "encoders away", painted=painted)
    assert "encoders wait on the CPU" in said(events)[0]
    assert np.abs(away - whole).max() <= 2, "encoders read the same"
    one_by_one, _, _ = paint(model, "encoders away", sequential=True, painted=painted)
    assert np.abs(one_by_one - whole).mean() < 1, "halves of half precision are rounded in another order"
    small, _, library = paint(model, "eight bits", painted=painted)
    network = held(library)._denoiser()
    assert any(weight.dtype == torch.float8_e4m3fn for weight in network.parameters())
    assert 0 < np.abs(small - whole).mean() < 12, "8 bits round, and no more"
    streamed, events, library = paint(model, "streamed", painted=painted)
    assert "layer by layer" in said(events)[0]
    assert placing.is_streamed(held(library)._denoiser()) and held(library).offloaded.streams
    assert np.abs(streamed - small).max() <= 2, "where the weights wait changes nothing"


def held(library: Library):
    return next(iter(library._loaded.values())).parts[""]


def said(events) -> list[str]:
    return [event.what for event in events if isinstance(event, Loading) and "so that it fits" in event.what]


def test_the_library_loads_a_model_again_for_another_way(folders, monkeypatch):
    library = library_module.Library(folders["sd"].parent / "none")
    first = library.load(folders["sd"], "cpu")
    steps = library.loading(folders["sd"], "cpu", memory="low")
    while True:
        try:
            next(steps)
        except StopIteration as done:
            second = done.value
            break
    assert second is not first and second.way.sequential and second.coder.tiled
    assert library.load(folders["sd"], "cpu") is not second


@pytest.mark.parametrize("weight", [0.0, 2.0])
def test_a_transformer_predicts_the_same_while_its_layers_come_and_go(folders, weight):
    """The hooks of offloading and of 8 bits lie around layers that attention control calls, and do it no harm."""
    family = Library(folders["z_image"].parent / "none").load(folders["z_image"], "cpu")
    words = (PaintedWord(span=(2, 7), mask=masks(1, SIZE)[0]),)
    noise = torch.randn(1, family.channels, *family.latent_size(SIZE, SIZE), generator=torch.manual_seed(0))

    def predicted() -> torch.Tensor:
        context = family.encode("a house by a lake", "a cat")
        family.begin(RunConfig(context=context, words=words, size=(SIZE, SIZE), guidance=3.0, paint_weight=weight))
        return family.denoise(noise, 2.0, timestep=667.0, fraction=0.1)

    whole = predicted()
    family.way = Way("whole", sequential=True)
    torch.testing.assert_close(predicted(), whole, rtol=1e-4, atol=1e-4)
    family.way = Way("whole")
    network = family.denoiser.network
    family.offloaded.cast(torch.bfloat16)
    family.dtype = torch.bfloat16
    half = predicted()
    placing.store_in_eight_bits(network, Way("eight bits", eight_bits=True))
    assert any(each.dtype == torch.float8_e4m3fn for each in network.parameters())
    small = predicted()
    assert 0 < (small - half).abs().mean() < 0.2 * half.abs().mean()
    assert placing.stream(network, family.device, Way("streamed", offload="groups", eight_bits=True))
    torch.testing.assert_close(predicted(), small, rtol=0, atol=0)
    family.offloaded.cast(torch.float32)
    family.dtype = torch.float32
    assert (predicted() - small).abs().mean() < 0.2 * half.abs().mean(), "a wider format goes through the hooks"


def test_transformers_have_a_plan_too_and_refuse_a_mode_that_is_not_there(folders):
    from engine.errors import BadRequest
    from engine.models.families import inspect
    from engine.validation import check_request

    facts = inspect(folders["z_image"])
    sizes = memory_ways.sizes_of(facts, torch.device("cpu"))
    assert 0 < sizes.small < sizes.denoiser and sizes.encoders > 0 and sizes.autoencoder > 0 and sizes.halves
    assert memory_ways.way_for(facts, torch.device("cpu")).reason.startswith("It runs on the CPU")
    with pytest.raises(BadRequest, match="memory"):
        check_request(GenerateRequest.of(id="1", prompt="a lake", memory="tiny"))
