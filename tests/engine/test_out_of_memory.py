"""A device whose memory runs out, in loading, in any step, in decoding: the picture is finished, and it is said how."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import GenerateRequest, Library
from engine.models.families.sd import StableDiffusion
from engine.protocol import Finished, ImageReady, Loading, Step
from tests.engine.test_cuda_path import masks, run
from tests.fake_cuda import pretend
from tests.tiny import save_tiny


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("memory") / "plain", kl=True)


@pytest.fixture
def asked(plain) -> Callable[..., GenerateRequest]:
    from engine.protocol import PaintedWord

    def make(**fields) -> GenerateRequest:
        words = (PaintedWord(span=(2, 7), mask=masks(1, 64)[0]),)
        values = {"id": "1", "prompt": "a house by a lake", "width": 64, "height": 64, "steps": 4, "seed": 3}
        values |= {"model": str(plain), "device": "cuda", "words": words, "fidelity": 0.0, "guidance": 3.0}
        return GenerateRequest.of(**values | fields)

    return make


def fill(monkeypatch, *, from_step: int, times: int) -> list[int]:
    """Lets the denoiser run out of memory at the end of its forward pass, from that step on, so many times."""
    original, raised, calls = StableDiffusion._take, [0], [0]

    def take(self, unet):
        original(self, unet)
        forward = unet.forward

        def full(sample, *args, **kwargs):
            out = forward(sample, *args, **kwargs)
            calls[0] += 1
            if sample.device.type == "cuda" and calls[0] >= from_step and raised[0] < times:
                raised[0] += 1
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 3.75 GiB")
            return out

        unet.forward = full

    monkeypatch.setattr(StableDiffusion, "_take", take)
    return raised


def said(events) -> list[str]:
    marks = ("again", "on the CPU, as")
    return [event.what for event in events if isinstance(event, Loading) and any(mark in event.what for mark in marks)]


def finished(events) -> np.ndarray:
    assert isinstance(events[-1], Finished), events[-1].error.details
    return next(event.rgb for event in events if isinstance(event, ImageReady))


@pytest.mark.parametrize(
    ("sampler", "number", "times"), [("dpmpp_2m", 3, 1), ("euler_a", 3, 2), ("dpmpp_2m", 1, 6), ("euler_a", 3, 6)]
)
def test_a_step_that_runs_out_is_made_again_from_the_latents_that_are_there(asked, monkeypatch, sampler, number, times):
    with pretend() as watch:
        whole = finished(run(asked(sampler=sampler), watch, monkeypatch))
    raised = fill(monkeypatch, from_step=number, times=times)
    with pretend() as watch:
        library = Library()
        events = run(asked(sampler=sampler), watch, monkeypatch, library=library)
    assert raised == [times] and not watch.faults
    assert len(said(events)) == times, "each is told"
    ends = ("pictures left", "encoders wait", "halves", "8 bits", "layer by layer", "on the CPU")
    assert all(end in what for end, what in zip(ends, said(events), strict=False))
    steps = [event.index for event in events if isinstance(event, Step)]
    assert steps == [1, 2, 3, 4], "no step is made twice that was told"
    assert events[-1].device == ("cpu" if times == 6 else "cuda:0")
    assert np.abs(finished(events).astype(int) - whole).mean() < 3, "the picture that was meant"


@pytest.mark.parametrize("times", [1, 2])
def test_loading_that_runs_out_goes_on_in_another_way(asked, monkeypatch, times):
    from engine.models.families import sd

    real, left = sd.load_vae, [times]

    def load_vae(*arguments, **named):
        if left[0]:
            left[0] -= 1
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 3.75 GiB")
        return real(*arguments, **named)

    monkeypatch.setattr(sd, "load_vae", load_vae)
    with pretend() as watch:
        events = run(asked(), watch, monkeypatch)
    assert not left[0] and finished(events).shape == (64, 64, 3)
    assert events[-1].device == ("cpu" if times == 2 else "cuda:0")
    assert ("on the CPU" in said(events)[-1]) == (times == 2)


def test_decoding_that_never_fits_is_done_on_the_cpu_and_the_device_is_used_again(asked, monkeypatch):
    from engine.models.families.autoencoder import PictureCoder

    with pretend() as watch:
        library = Library()
        whole = finished(run(asked(), watch, monkeypatch, library=library))
        coder = library.load(asked().model, "cuda").coder
        real = PictureCoder._whole

        def decode(self, latents):
            if self.device.type == "cuda":
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 3.75 GiB")
            return real(self, latents)

        monkeypatch.setattr(PictureCoder, "_whole", decode)
        events = run(asked(), watch, monkeypatch, library=library)
        assert np.abs(finished(events).astype(int) - whole).mean() < 2
        assert said(events) == ["the autoencoder on the CPU, as the device's memory is not enough"]
        assert sum(isinstance(event, Step) for event in events) == 4
        assert coder.device.type == "cuda" and coder.vae.dtype == torch.float16, "the next one is tried there again"
