"""Words found in a picture by the real classes at small widths: what is recorded, what comes, what is refused."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
import torch

from engine import find_span
from engine.errors import BadReference, BadRequest, WordNotInPrompt
from engine.masking.finding import SearchCancelled, find
from engine.masking.looking import look, size_for
from engine.masking.recording import recording
from engine.protocol import Finished, ImageReady, WordSearch
from tests.tiny_cross_transformers import save_pixart
from tests.tiny_sdxl import save_sdxl
from tests.tiny_transformers import save_flux

PROMPT = "a lake and sky"
RGB = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)


@pytest.fixture
def search(tiny_sd_folder) -> WordSearch:
    """Looks for the lake beside the sky."""
    return WordSearch(
        rgb=RGB, prompt=PROMPT, words=(find_span(PROMPT, "lake"),), beside=(find_span(PROMPT, "sky"),),
        noise=(0.4, 2.0), model=str(tiny_sd_folder), device="cpu",
    )  # fmt: skip


def test_a_word_is_found_and_the_model_is_as_before(search, library, run):
    before = [event.rgb for event in run() if isinstance(event, ImageReady)]
    told = []
    found = find(search, library=library, progress=lambda text, share: told.append(share))
    assert found.masks.shape == (1, 64, 64) and found.masks.dtype == np.uint8 and found.sharpened == 1
    assert found.maps.shape[0] == 1 and found.maps.min() >= 0 and found.maps.max() <= 1
    assert told == sorted(told) and told[-1] == 1.0
    again = find(search, library=library)
    assert np.array_equal(found.masks, again.masks) and np.array_equal(found.maps, again.maps)
    plain = find(dataclasses.replace(search, sharpen=0), library=library)
    assert plain.sharpened == 0 and not np.array_equal(plain.maps, found.maps)
    events = run()
    assert isinstance(events[-1], Finished)
    after = [event.rgb for event in events if isinstance(event, ImageReady)]
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


def test_recorded_self_attention_is_softmax_of_the_layers_own_scores(tiny_sd_folder, library):
    family = library.load(str(tiny_sd_folder), "cpu")
    layer = next(each for path, each in family.unet.named_modules() if path.endswith("attn1"))
    x = torch.randn(1, 16, layer.to_q.in_features, generator=torch.Generator().manual_seed(0))
    plain = layer(x)
    with recording(family) as seen:
        assert seen is not None and torch.allclose(layer(x), plain, atol=1e-6)
    heads = [project(x).unflatten(-1, (layer.heads, -1)).transpose(1, 2) for project in (layer.to_q, layer.to_k)]
    scores = heads[0] @ heads[1].transpose(-1, -2) * heads[0].shape[-1] ** -0.5
    (level,) = seen.sums
    assert torch.allclose(seen.sums[level], scores.softmax(-1).mean(dim=(0, 1)), atol=1e-6) and seen.counts[level] == 1


@pytest.mark.parametrize(("save", "shows"), [(save_sdxl, True), (save_flux, True), (save_pixart, False)])
def test_other_families_find_words_too(save, shows, search, library, tmp_path):
    asked = dataclasses.replace(search, model=str(save(tmp_path / "model")))
    seen = look(asked, library)
    assert (seen.looks is not None) == shows and len(next(iter(seen.maps.values()))) == 2
    if seen.looks is not None:
        looks, grid = seen.looks
        assert looks.shape[0] == grid[0] * grid[1] and torch.allclose(
            looks.sum(dim=1), torch.ones(len(looks)), atol=1e-5
        )
    found = find(asked, library=library)
    assert found.masks.shape == (1, 64, 64) and found.sharpened == int(shows)


def test_a_picture_is_looked_at_in_the_models_own_size(library, tiny_sd_folder):
    facts = library.inspect(str(tiny_sd_folder))
    width, height = size_for(facts, (3000, 1000))
    area = facts.defaults.size[0] * facts.defaults.size[1]
    assert width % facts.multiple == 0 and height % facts.multiple == 0 and 0.6 * area < width * height <= area
    assert width / height == pytest.approx(3, rel=0.35)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"rgb": RGB[..., 0]}, BadReference),
        ({"rgb": RGB.astype(np.float32)}, BadReference),
        ({"rgb": RGB[:8]}, BadReference),
        ({"words": ()}, BadRequest),
        ({"prompt": "  "}, BadRequest),
        ({"words": ((2, 99),)}, WordNotInPrompt),
        ({"beside": ((3, 3),)}, WordNotInPrompt),
        ({"sharpen": 17}, BadRequest),
        ({"noise": ()}, BadRequest),
        ({"noise": (float("nan"),)}, BadRequest),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_loaded(changes, error, search):
    with pytest.raises(error) as caught:
        find(dataclasses.replace(search, model="no such model", **changes))
    assert caught.value.hint


def test_a_search_can_be_stopped(search, library):
    cancel = threading.Event()

    def stop(text: str, share: float) -> None:
        if share > 0:
            cancel.set()

    with pytest.raises(SearchCancelled):
        find(search, library=library, progress=stop, cancel=cancel)
    assert find(search, library=library).masks.shape == (1, 64, 64), "and the model is free again"
