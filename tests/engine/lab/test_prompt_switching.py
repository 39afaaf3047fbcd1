"""Pictures whose prompt changes on the way: at either end they are the engine's own, in between neither."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from engine.lab import prompt_switching
from engine.lab.progress import RunCancelled
from engine.lab.prompt_switching import make_switched
from engine.models.library import Library
from engine.pipeline import generate
from engine.protocol import GenerateRequest, ImageReady


@pytest.fixture(scope="module")
def requests(whole_model: Path) -> tuple[GenerateRequest, GenerateRequest]:
    """Two prompts of one model whose three experts each have a turn."""
    first = GenerateRequest.of(
        id="t", prompt="a lake and sky", steps=6, width=64, height=64, seed=3, model=str(whole_model), device="cpu"
    )
    return first, first.replace(prompt="a red house on snow")


@pytest.fixture(scope="module")
def own(requests: tuple[GenerateRequest, GenerateRequest]) -> list[np.ndarray]:
    """What the engine makes of each."""
    pictures = []
    for request in requests:
        (ready,) = [event for event in generate(request, library=Library()) if isinstance(event, ImageReady)]
        pictures.append(ready.rgb)
    return pictures


def _make(requests: tuple[GenerateRequest, GenerateRequest], switch: int, library: Library | None = None) -> np.ndarray:
    return make_switched(
        *requests, switch, guidance=2.0, paint_weight=0.0, library=library or Library(), cancel=threading.Event()
    ).rgb


def test_without_a_switch_it_is_the_engines_own_picture(
    requests: tuple[GenerateRequest, GenerateRequest], own: list[np.ndarray]
) -> None:
    assert np.array_equal(_make(requests, 6), own[0])
    assert np.array_equal(_make(requests, 0), own[1])


def test_a_switch_on_the_way_gives_a_picture_of_its_own_that_repeats(
    requests: tuple[GenerateRequest, GenerateRequest], own: list[np.ndarray]
) -> None:
    library = Library()
    made = {switch: _make(requests, switch, library) for switch in (1, 3, 5)}
    pictures = [*own, *made.values()]
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    assert np.array_equal(_make(requests, 3, library), made[3])


@pytest.mark.parametrize("sampler", ["euler_a", "dpmpp_2m_karras"])
def test_noise_and_memory_of_the_solver_go_on_across_the_switch(
    requests: tuple[GenerateRequest, GenerateRequest], sampler: str
) -> None:
    # To the same prompt, so nothing may change.
    first = requests[0].replace(sampler=sampler)
    assert np.array_equal(_make((first, first), 3), _make((first, first), 6))


def test_each_step_reads_the_prompt_that_is_its(
    requests: tuple[GenerateRequest, GenerateRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    opened = prompt_switching.opened

    def told(request: GenerateRequest, *args, **kwargs):
        read.append(request.text.prompt)
        return opened(request, *args, **kwargs)

    monkeypatch.setattr(prompt_switching, "opened", told)
    _make(requests, 2)
    assert read == [request.text.prompt for request in requests]


def test_it_stops_between_two_steps(requests: tuple[GenerateRequest, GenerateRequest]) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(RunCancelled):
        make_switched(*requests, 3, guidance=2.0, paint_weight=0.0, library=Library(), cancel=cancel)
