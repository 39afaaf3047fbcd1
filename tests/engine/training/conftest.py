"""What the tests of training share: pictures of the world are drawn once, and threads stay as they are."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import torch

from engine.training import contact_sheets, denoiser, model_card, segmenter, vocabulary
from engine.training.data import training_render
from engine.world.scenes import free_scene, render_scene

_once = {"render_scene": functools.cache(render_scene), "free_scene": functools.cache(free_scene)}


_CAPTIONS = 40  # a scene must be drawn for its caption; names and colours come without one


@functools.cache
def _caption(index: int) -> str:
    return training_render(index % _CAPTIONS).caption


@pytest.fixture(scope="module", autouse=True)
def drawn_once() -> Iterator[None]:
    """The same picture of the world is asked for again and again, by each tokenizer, sheet and measure of a judge.

    A training command takes all cores for itself, which here belong to other tests too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "set_num_threads", lambda _number: None)
        patch.setattr(vocabulary, "training_render", lambda index: SimpleNamespace(caption=_caption(index)))
        for module in (segmenter, contact_sheets, model_card):
            for name, draw in _once.items():
                patch.setattr(module, name, draw)
        # The whole way of a sheet, in two pictures of two steps: what they show is for people.
        patch.setattr(denoiser, "sample_sheet", functools.partial(contact_sheets.sample_sheet, count=2, steps=2))
        yield
