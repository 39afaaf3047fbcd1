"""Structured Diffusion Guidance (arXiv 2212.05032): the words of a phrase have the values of the phrase read alone.

The paper's eq. 6 is `O = softmax(QK') (V_0 + V_1 + ... + V_k) / (k + 1)`: V_0 belongs to the whole prompt, V_i is V_0
with the tokens of phrase i as that phrase alone has them; K is the whole prompt's. As the same attention weighs all of
them, their mean is one V, so that a step costs nothing more. `share` is how much of it is the phrase's own: in the mean
1 / (k + 1) for the tokens of one phrase, less the more phrases there are; at 1 each phrase has its own values alone,
which is what the authors' code does for prompts that join two things ("conjunction").
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextvars import ContextVar

import torch

from engine.text.conditioning import Conditioning
from engine.text.spans import Span, TokenizedPrompt

SHARE: ContextVar[float | None] = ContextVar("share", default=1.0)
"""How much of the values of a request's phrases is their own; the lab compares."""


def with_own_values(
    context: Conditioning,
    prompt: str,
    phrases: Sequence[Span],
    read: Callable[[str], Conditioning],
    *,
    share: float | None = 1.0,
) -> Conditioning:
    """The context, with `values` where any phrase has a token.

    Tokens are matched by their characters, as a phrase may be cut otherwise alone than inside a prompt; those that are
    not found keep their values. Special tokens, padding and style tokens keep theirs, too, as in the paper.

    Args:
        context: of the prompt. phrases: half-open spans; where they overlap, later ones win.
        read: reads a phrase alone with the same encoders, in the same order.
        share: how much of the values is the phrase's own, 0..1; None is the paper's mean.
    """
    stock = context.rows[1]
    values = stock.clone()
    for low, high in phrases:
        alone = read(prompt[low:high])
        for (first, whole), (own, text) in zip(context.texts, alone.texts, strict=True):
            for place, there in _matched(whole, text, low, high):
                at, taken = first + place, alone.rows[1, own + there].to(values)
                if share is None:  # what phrases within phrases change adds up
                    values[at] += (taken - stock[at]) / (1 + len(phrases))
                else:
                    values[at] = torch.lerp(stock[at], taken, share)
    return dataclasses.replace(context, values=values) if phrases else context


def _matched(whole: TokenizedPrompt, alone: TokenizedPrompt, low: int, high: int) -> list[tuple[int, int]]:
    """Positions of the same characters in a prompt and in its part `low..high` alone."""
    there = defaultdict(list)
    for place, span in enumerate(alone.offsets):
        if span is not None and (visible := _visible(alone.prompt, span)):
            there[visible[0] + low, visible[1] + low].append(place)
    found = []
    for place, span in enumerate(whole.offsets):
        visible = None if span is None else _visible(whole.prompt, span)
        if visible and low <= visible[0] and visible[1] <= high and there[visible]:
            found.append((place, there[visible].pop(0)))
    return found


def _visible(text: str, span: Span) -> Span | None:
    """A token's characters without the white space around them, which some tokenizers count in."""
    start, end = span
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    end -= len(inside) - len(inside.rstrip())
    return (start, end) if start < end else None
