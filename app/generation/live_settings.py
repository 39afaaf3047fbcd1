"""The steps, sampler and guidance of a live picture: few, and those that suit its model and its LoRA files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.facts import FewSteps, ModelFacts
from engine.protocol import GenerateRequest, Lora

LIVE_STEPS = 4
"""Of a model that was not made for few steps: on the starter they show where each thing will be."""
UNSUITED = ("dpmpp_2m_karras", "euler_a")
"""Samplers that get nowhere in so few steps. On the starter, four steps of 8 layouts: pictures are 7 levels of 255 away
from those of 20 by DPM++ 2M (97 % of the labels are the same), 9 by Euler and DDIM, 15 by Euler ancestral, which puts
in new noise at each step, and 58 by DPM++ 2M Karras (36 %). Five steps of DPM++ 2M: 5, six: 4."""
PLAIN, FLOW = "dpmpp_2m", "euler"


def live_settings(request: GenerateRequest, facts: ModelFacts | None) -> dict[str, Any]:
    """What a live request has instead of its scene's settings, never more steps than those.

    A LoRA of few steps for the whole picture, or else a model that was distilled to few, brings steps and sampler of
    its own; other models have `LIVE_STEPS`, by the scene's sampler where that gets somewhere in so few.
    """
    own = request.sampling
    few = _of_loras(request, facts)
    if few is not None:
        guidance = own.guidance if few.guidance is None else few.guidance
        return {"steps": min(own.steps, few.steps), "sampler": few.sampler, "guidance": guidance}
    if facts is not None and facts.is_few_steps:
        return {"steps": min(own.steps, facts.defaults.steps), "sampler": facts.defaults.sampler}
    found: dict[str, Any] = {"steps": min(own.steps, LIVE_STEPS)}
    if own.sampler in UNSUITED:
        likes = PLAIN if facts is None else facts.defaults.sampler
        found["sampler"] = PLAIN if likes in UNSUITED else likes
    return found


def with_quick_way(request: GenerateRequest, facts: ModelFacts | None) -> GenerateRequest:
    """The live request with the LoRA of few steps that its model brings, where that loses nothing.

    It reads no negative prompt, so it is left out where there is one; and where the scene has its own LoRA of few
    steps, or fewer steps.
    """
    fast = None if facts is None else facts.fast
    if fast is None or request.text.negative.strip() or request.sampling.steps < fast.few.steps:
        return request
    if _of_loras(request, facts) is not None:
        return request
    return request.replace(loras=(*request.adapters.loras, Lora(fast.lora, 1.0)))


def _of_loras(request: GenerateRequest, facts: ModelFacts | None) -> FewSteps | None:
    """What the first LoRA of few steps asks for, by its name; one that is bound to a word changes not all of the
    picture. Flows, whose own sampler is Euler, are walked by that, and where guidance is an input of the network it
    stays (`engine.models.adapters.notes.suited`).
    """
    if not request.adapters.loras:
        return None
    from engine.sampling.few_steps import few_steps_of

    for lora in request.adapters.loras:
        found = few_steps_of(Path(lora.file).name) if lora.word is None else None
        if found is not None:
            flows = facts is not None and facts.defaults.sampler == FLOW
            fixed = facts is not None and not facts.takes_negative
            return FewSteps(
                found.steps or LIVE_STEPS,
                FLOW if flows else found.sampler or PLAIN,
                None if fixed else found.guidance,
            )
    return None
