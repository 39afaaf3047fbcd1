"""Checks whether a request can be run: every value, before anything is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.attention.masks import check_word
from engine.errors import BadRequest, DeviceUnavailable, UnsupportedModel
from engine.facts import ModelFacts
from engine.protocol import ConditioningSettings, GenerateRequest
from engine.scoring.style_image import check_style
from engine.text.spans import check_span
from resources import intervals
from resources.checking import Refused, check
from resources.limits import MAX_SEED, Prompt
from resources.settings import check_choices, check_settings, specs

_DEVICES = re.compile(r"auto|cpu|cuda(:\d+)?|mps")


def check_request(request: GenerateRequest) -> None:
    """Check everything in a request that does not depend on its model.

    Raises:
        BadRequest, WordNotInPrompt, BadMask: a value is out of its range; the hint names the range.
        DeviceUnavailable: there is no device of that name.
    """
    text, picture, conditioning = request.text, request.picture, request.conditioning
    with _bad_requests():
        for part, what in ((text.prompt, "prompt"), (text.negative, "negative prompt")):
            check(part, Prompt, f"The {what}")
        for group in (picture, request.sampling, conditioning, request.adapters, request):
            check_settings(group)
            check_choices(group)
    if not text.prompt.strip():
        raise BadRequest("The prompt is empty.", hint="Write what the picture should show.")
    if picture.seed > MAX_SEED + 1 - picture.count:  # picture i has seed + i, which must be a seed too
        raise BadRequest(
            f"The seed of the last picture would be above {MAX_SEED}.",
            hint=f"Give a seed of at most {MAX_SEED + 1 - picture.count}, or ask for fewer pictures.",
        )
    if not _DEVICES.fullmatch(request.device):
        raise DeviceUnavailable(
            f'There is no device named "{request.device}".', hint=specs(GenerateRequest)["device"].advice
        )
    if request.experts:
        check_shares(request)
    if request.adapters.controls:
        from engine.models.controls.maps import check_controls

        check_controls(request.adapters.controls)
    if request.start is not None or request.refine is not None:
        from engine.reworking.checking import check_rework

        with _bad_requests():
            check_rework(request)
    if request.colours is not None:
        from engine.reworking.colouring import check_colours

        with _bad_requests():
            check_colours(request.colours, picture.size)
    if request.edit is not None:
        from engine.editing.checking import check_edit

        with _bad_requests():
            check_edit(request, request.edit)
    if request.instruct is not None:
        from engine.editing.checking import check_instruct

        with _bad_requests():
            check_instruct(request, request.instruct)
    for style in conditioning.styles:
        check_style(style, width=picture.width, height=picture.height)
    for span in text.watched:
        check_span(text.prompt, span)
    for word in text.words:
        check_span(text.prompt, word.span)
        check_word(word, width=picture.width, height=picture.height)


def check_size(request: GenerateRequest, facts: ModelFacts) -> None:
    """Check that the model can make a picture of the request's size.

    Raises:
        BadRequest: width or height is not a multiple of the model's latent factor; the hint names the factor and the
            nearest size.
    """
    multiple = facts.multiple
    if request.picture.width % multiple == 0 and request.picture.height % multiple == 0:
        return
    near = [facts.nearest(side) for side in request.picture.size]
    raise BadRequest(
        f"The model cannot make a picture of {request.picture.width}x{request.picture.height}.",
        hint=f"Width and height must be multiples of {multiple} for this model; the nearest is {near[0]}x{near[1]}.",
    )


def check_instructs(request: GenerateRequest, facts: ModelFacts) -> None:
    """Check that a model that changes pictures is given one, and that no other is.

    Raises:
        UnsupportedModel: the model cannot follow instructions, or can do nothing else. BadRequest: with experts of
            another model.
    """
    if request.instruct is None:
        if facts.needs_picture:
            raise UnsupportedModel(
                f'The model "{facts.name}" changes pictures by an instruction, and there is no picture.',
                hint="Give it a picture to change, or choose another model.",
            )
        return
    if not facts.instructs:
        raise UnsupportedModel(
            f'The model "{facts.name}" cannot follow instructions.',
            hint="Choose an InstructPix2Pix model, or edit words of the prompt instead.",
        )
    if request.experts and not facts.needs_picture:
        raise BadRequest(
            f'The model "{facts.name}" follows instructions by an expert of its own, so no others can be chosen.',
            hint="Leave the experts to the model.",
        )


def check_fidelity(asked: Any) -> None:
    """Check a request's fidelity, the dial or its pieces.

    Raises:
        BadRequest: the dial or a piece is out of its range.
    """
    with _bad_requests():
        check_settings(ConditioningSettings(fidelity=asked))


def check_shares(request: GenerateRequest) -> None:
    """Check that the experts' intervals cover all noise levels without gaps or overlaps.

    Raises:
        BadRequest: they do not.
    """
    fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in request.experts or ()])
    if fault:
        raise BadRequest(f"The experts do not cover each noise level exactly once: {fault}.", hint=intervals.HINT)


@contextmanager
def _bad_requests() -> Iterator[None]:
    """Turn values that are refused inside this context into `BadRequest`."""
    try:
        yield
    except Refused as refused:
        raise BadRequest(refused.message, hint=refused.hint) from None
