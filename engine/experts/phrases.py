"""A request that keeps attributes together: its prompt's context with the values of each phrase read alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.errors import UnsupportedModel
from engine.protocol import GenerateRequest
from engine.text.phrase_values import SHARE, with_own_values
from resources.noun_phrases import phrases_of

if TYPE_CHECKING:
    from engine.models.families.base import Family
    from engine.text.conditioning import Conditioning


def in_phrases(
    family: Family, request: GenerateRequest, context: Conditioning, read: Callable[[str], Conditioning]
) -> Conditioning:
    """The context of the request's prompt with the values of its phrases: painted words and noun phrases.

    Raises:
        UnsupportedModel: the model's keys and values are not made of the text alone. Where text and picture read one
            another, what a layer reads of a token has been through all layers before, with the keys' text.
    """
    if not family.facts.structured:
        raise UnsupportedModel(
            f'The model "{family.facts.name}" cannot keep attributes together: its text and picture attend to each'
            " other.",
            hint="Switch that setting off, or choose a Stable Diffusion model.",
        )
    text = request.text
    phrases = phrases_of(text.prompt, [word.span for word in text.words])
    return with_own_values(context, text.prompt, phrases, read, share=SHARE.get())
