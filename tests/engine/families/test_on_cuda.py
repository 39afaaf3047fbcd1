"""Every family of transformers paints on a pretended CUDA device in both half formats, and no step of ours waits."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import GenerateRequest, Library, generate
from engine.models.architectures import architectures
from engine.protocol import Finished, ImageReady, Preview, Step
from engine.weights import loading
from tests.engine.conftest import slow_clock
from tests.engine.families.harness import PROMPT, FamilyCase, half_mask, painted
from tests.fake_cuda import Watch, pretend

FAMILIES = sorted(name for name, each in architectures().items() if each.denoiser == "transformer")
WARM = 2
"""Steps that may make what the run keeps. A step is told while the next one is queued."""

STOCK_WAITS = {"qwen_image": 1, "qwen_image21": 18}
"""Most waits of a step in diffusers' own forward of the network: lengths of texts, places in the sequence."""


def case_of(family: str) -> FamilyCase:
    """One of the family's cases in its own test file, with guidance where there is one."""
    module = importlib.import_module(f"tests.engine.families.test_{family}")
    cases = [each.case for name, each in vars(module).items() if name.startswith("Test") and hasattr(each, "case")]
    return max(cases, key=lambda case: bool(case.guidance > 1 and case.negatives != ("",)))


def asked(case: FamilyCase, folder: Path, **fields) -> GenerateRequest:
    words = (
        painted("cat", 1, half_mask(case.size), strength=1.5),
        painted("lake", 1, half_mask(case.size, left=False), strength=-0.5),
    )
    values = {"id": "1", "prompt": PROMPT, "width": case.size[0], "height": case.size[1], "steps": 4, "seed": 3}
    values |= {"sampler": "euler", "guidance": case.guidance, "model": str(folder), "device": "cuda", "words": words}
    values |= {"paint_weight": case.weight, "obedience": True, "watched": ((24, 27),), "fidelity": 0.5}
    return GenerateRequest.of(**{**values, **case.fields, **fields})


def walked(request: GenerateRequest, watch: Watch) -> tuple[list[tuple[int, int]], list]:
    """How many waits there were from each step to the next one, ours and all, after the warm-up; and all events."""
    found, events, before = [], [], (0, 0)
    for event in generate(request, library=Library(), clock=slow_clock()):
        events.append(event)
        if isinstance(event, Step):
            now = watch.own, watch.total()
            found.append((now[0] - before[0], now[1] - before[1]))
            before = now
    assert isinstance(events[-1], Finished), (events[-1].error, events[-1].error.details)
    return found[WARM:], events


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=["float16", "bfloat16"])
@pytest.mark.parametrize("family", FAMILIES)
def test_a_painted_request_mixes_nothing_and_waits_for_nothing(family, dtype, family_folder, monkeypatch):
    """Every step is shown with its heatmaps, and neither that nor the paint makes the host wait."""
    case = case_of(family)
    folder = family_folder(case)
    monkeypatch.setattr(loading, "pick_dtype", lambda device, *_: dtype if device.type == "cuda" else torch.float32)
    with pretend() as watch:
        waits, events = walked(asked(case, folder), watch)
    assert not watch.faults and events[-1].device == "cuda:0"
    shown = [event for event in events if isinstance(event, Preview | ImageReady)]
    assert len(shown) == 5 and all(event.heatmaps is not None for event in shown)
    assert len(waits) == 2 and all(ours == 0 for ours, _ in waits)
    assert max(every for _, every in waits) <= STOCK_WAITS.get(family, 0)
    assert bool(watch.fused) is not of_cross_attention(family), "joint attention goes through the fused kernels"
    if dtype == torch.float16:
        *_, expected, _ = generate(asked(case, folder, device="cpu"), library=Library())
        assert np.abs(shown[-1].rgb.astype(int) - expected.rgb).mean() < 0.5, "float16 against float32"
        np.testing.assert_allclose(shown[-1].heatmaps, expected.heatmaps, atol=0.01)


def of_cross_attention(family: str) -> bool:
    """Whether cells read a few tokens of text in layers of their own; their scores are materialised."""
    return family in ("anima", "pixart", "wan")
