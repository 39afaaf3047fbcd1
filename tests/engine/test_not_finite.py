"""NaN and infinity in any part of a model are an error that names the part, never a picture and never a score."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from engine import Library, generate
from engine.errors import NotFinite
from engine.protocol import Failed, ImageReady, PaintedWord, Preview, StyleReference


def broken(module: torch.nn.Module, value: float) -> None:
    """Puts one such value into weights in the middle of a network."""
    weights = list(module.parameters())
    with torch.no_grad():
        weight = weights[len(weights) // 2]
        weight[(0,) * weight.ndim] = value


@pytest.fixture
def own(conditioned_folder, tmp_path):
    """A model of this test's own, with all encoders, and a painted request of it."""
    library = Library(tmp_path)
    family = library.load(conditioned_folder, "cpu")
    return library, family, str(conditioned_folder)


PARTS = {
    "denoiser": lambda family: family.unet,
    "text encoder": lambda family: family.readers[0].encoder,
    "T5 text encoder": lambda family: family.t5.encoder,
    "image encoder": lambda family: family.image.encoder,
    "autoencoder": lambda family: family.vae.decoder,
}


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("part", PARTS)
def test_the_part_is_named_and_there_is_no_picture(own, ask, part, value):
    library, family, model = own
    broken(PARTS[part](family), value)
    mask = np.zeros((64, 64), np.uint8)
    mask[:32] = 255
    request = ask(
        model=model,
        words=(PaintedWord(span=(2, 6), mask=mask),),
        watched=((2, 6),),
        obedience=True,
        styles=(StyleReference(rgb=np.full((32, 32, 3), 90, np.uint8)),),
    )
    events = list(generate(request, library=library))
    assert isinstance(events[-1], Failed) and type(events[-1].error) is NotFinite
    assert f"model's {part} produced" in str(events[-1].error)
    assert "damaged" in events[-1].error.hint and events[-1].error.details
    assert not any(isinstance(event, ImageReady) for event in events)
    assert part == "autoencoder" or not any(isinstance(event, Preview) for event in events)


def test_the_next_request_is_not_haunted(own, ask):
    library, family, model = own
    kept = {name: weight.clone() for name, weight in family.unet.state_dict().items()}
    broken(family.unet, math.nan)
    assert isinstance(list(generate(ask(model=model), library=library))[-1], Failed)
    family.unet.load_state_dict(kept)
    assert any(isinstance(event, ImageReady) for event in generate(ask(model=model), library=library))
