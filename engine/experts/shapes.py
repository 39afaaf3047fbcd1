"""A run that keeps what is made anew to a shape: whether its model can, and which tokens and cells belong to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.attention.inside_outside import ShapeSides
from engine.errors import BadRequest, UnsupportedModel
from engine.models.architectures import architectures
from engine.reworking.shapes import spans_within, token_sides

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from engine.attention.laws import Law
    from engine.facts import ModelFacts
    from engine.models.families.base import RunConfig
    from engine.protocol import GenerateRequest

Span = tuple[int, int]


def with_shape(
    config: RunConfig, request: GenerateRequest, facts: ModelFacts, law: Law, spans: Sequence[Span] | None = None
) -> RunConfig:
    """How a run is set up that keeps to the mask of its picture; it is not compiled.

    Args:
        spans: of the config's prompt, what belongs to the shape; by default the words painted in it with their phrases.

    Raises:
        UnsupportedModel: the model has no cross-attention of its own. BadRequest: areas have prompts of their own.
    """
    if not architectures()[facts.family].can.edits:
        raise UnsupportedModel(
            f'The model "{facts.name}" reads text and picture in one, so it cannot keep to a shape.',
            hint="Choose a Stable Diffusion model, or repaint without keeping to the shape.",
        )
    if law.regional:
        raise BadRequest(
            "A shape cannot be kept while each painted area has a prompt of its own.",
            hint='Choose another rule for the paint, such as "default".',
        )
    mask: np.ndarray | None = None if request.start is None else request.start.mask
    assert mask is not None, "checked"
    if spans is None:
        spans = spans_within(request.text.prompt, request.text.words, mask)
    inside, outside = token_sides(config.context, spans)
    return replace(config, shape=ShapeSides(mask, inside, outside), compiled=False)
