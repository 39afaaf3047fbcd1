"""Whether a request can be run at all: every value checked before anything is loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.attention.masks import check_word
from engine.errors import BadRequest, DeviceUnavailable
from engine.facts import ModelFacts
from engine.protocol import (
    FIDELITY,
    GRADIENT_STEPS,
    GUIDANCE,
    MAX_SIDE,
    PAINT_WEIGHT,
    SAMPLERS,
    STEPS,
    ExpertChoice,
    Fidelity,
    GenerateRequest,
)
from engine.sampling import intervals
from engine.scoring.style_image import check_style
from engine.text.spans import check_span

MAX_STRENGTH = 100.0
_DEVICES = re.compile(r"auto|cpu|cuda(:\d+)?|mps")


def check_request(request: GenerateRequest) -> None:
    """Checks everything in a request that does not depend on its model.

    Raises:
        BadRequest, WordNotInPrompt, BadMask: a value is out of its range; the hint names the range.
        DeviceUnavailable: the device's name means nothing.
    """
    if not isinstance(request.text.prompt, str) or not request.text.prompt.strip():
        raise BadRequest("The prompt is empty.", hint="Write what the picture should show.")
    _whole("The number of steps", request.sampling.steps, *STEPS)
    _whole("The number of pictures", request.picture.count, 1, 64)
    _whole("The batch", request.picture.batch, 1, 64)
    # Picture i has seed + i, which must be a seed too.
    _whole("The seed", request.picture.seed, 0, 2**63 - request.picture.count)
    _whole("The width", request.picture.width, 1, MAX_SIDE)
    _whole("The height", request.picture.height, 1, MAX_SIDE)
    if request.sampling.guidance is not None:
        _number("Guidance", request.sampling.guidance, *GUIDANCE)
    if request.conditioning.paint_weight is not None:
        _number("The paint weight", request.conditioning.paint_weight, *PAINT_WEIGHT)
    check_fidelity(request.conditioning.fidelity)
    if request.sampling.sampler not in SAMPLERS:
        known = ", ".join(SAMPLERS)
        raise BadRequest(f'There is no sampler named "{request.sampling.sampler}".', hint=f"Choose one of: {known}.")
    if not _DEVICES.fullmatch(request.device):
        raise DeviceUnavailable(
            f'There is no device named "{request.device}".', hint="Choose auto, cpu, cuda, cuda:N (N from 0) or mps."
        )
    if request.experts:
        _check_experts(request.experts)
    for style in request.conditioning.styles:
        check_style(style, width=request.picture.width, height=request.picture.height)
    for span in request.text.watched:
        check_span(request.text.prompt, span)
    for word in request.text.words:
        check_span(request.text.prompt, word.span)
        check_word(word, width=request.picture.width, height=request.picture.height)
        _number("A word's strength", word.strength, -MAX_STRENGTH, MAX_STRENGTH)


def check_size(request: GenerateRequest, facts: ModelFacts) -> None:
    """Checks that the model can make a picture of the request's size.

    Raises:
        BadRequest: width or height is no multiple of the model's latent factor; the hint names it and the nearest size.
    """
    multiple = facts.multiple
    if request.picture.width % multiple == 0 and request.picture.height % multiple == 0:
        return
    near = [facts.nearest(side) for side in request.picture.size]
    raise BadRequest(
        f"The model cannot make a picture of {request.picture.width}x{request.picture.height}.",
        hint=f"Width and height must be multiples of {multiple} for this model; {near[0]}x{near[1]} is near.",
    )


def check_fidelity(asked: float | Fidelity | None) -> None:
    """Checks how strictly a request keeps to its paint.

    Raises:
        BadRequest: the dial or a piece is out of its range.
    """
    if isinstance(asked, Fidelity):
        _number("Containment", asked.containment, *FIDELITY)
        _number("Separation", asked.separation, *FIDELITY)
        _whole("The number of gradient steps", asked.gradient_steps, *GRADIENT_STEPS)
    elif asked is not None:
        _number("Fidelity", asked, *FIDELITY)


def _check_experts(experts: Sequence[ExpertChoice]) -> None:
    fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in experts])
    if fault:
        raise BadRequest(f"The experts do not share the noise levels out: {fault}.", hint=intervals.HINT)
    for expert in experts:
        if expert.guidance is not None:
            _number(f'The guidance of the expert "{expert.name}"', expert.guidance, *GUIDANCE)


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest(f"{name} is {value!r}.", hint=f"Give a whole number from {low} to {high}.")


def _number(name: str, value: Any, low: float, high: float) -> None:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or not low <= value <= high:  # NaN fails the comparison
        raise BadRequest(f"{name} is {value!r}.", hint=f"Give a number from {low:g} to {high:g}.")
