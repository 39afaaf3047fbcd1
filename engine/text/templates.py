"""Tokens of a prompt inside a template: which of them come from which characters of the prompt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.text.spans import Span, TokenizedPrompt, check_offsets

_MARKS = ("\ue000", "\ue001")
"""Two texts that differ in all they have: what two renderings have in common is the template."""


def chat_template(tokenizer: Any, **options: Any) -> Callable[[str], str]:
    """A user's message in the tokenizer's own chat template, up to where the answer begins."""

    def render(prompt: str) -> str:
        messages = [{"role": "user", "content": prompt}]
        return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **options))

    return render


def place_in(render: Callable[[str], str], prompt: str) -> tuple[int, int]:
    """Where a rendered template holds the prompt, and how many of its first characters the template stripped."""
    pairs = zip(*(render(mark) for mark in _MARKS), strict=False)
    start = next(index for index, (one, other) in enumerate(pairs) if one != other)
    rendered = render(prompt)
    if rendered[start:].startswith(prompt):
        return start, 0
    return start, len(prompt) - len(prompt.lstrip())


def tokenize_rendered(
    tokenizer: Any,
    prompt: str,
    render: Callable[[str], str] = str,
    *,
    max_length: int | None = None,
    fill: bool = False,
    drop: int = 0,
) -> TokenizedPrompt:
    """Tokenize a prompt as part of a text, with the special tokens that the tokenizer itself adds.

    Args:
        render: the whole text of a prompt; by default the prompt itself.
        max_length: longer ones are cut. fill: shorter ones are padded to that.
        drop: so many of the first tokens have no offsets: their states are thrown away. They stay in `input_ids`.

    Returns:
        `input_ids` `[1, n]`; `offsets` of the `n - drop` tokens that are left, in characters of the prompt: None for
        the template's own, special ones and padding.

    Raises:
        UnsupportedModel: the tokenizer cannot tell where its tokens come from.
    """
    check_offsets(tokenizer)
    text = render(prompt)
    start, stripped = place_in(render, prompt)
    encoded = tokenizer(
        text,
        truncation=max_length is not None,
        max_length=max_length,
        padding="max_length" if fill else False,
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
        verbose=False,
    )
    places = zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
    offsets = [None if special else _inside(place, start, stripped, len(prompt)) for place, special in places]
    return TokenizedPrompt(
        prompt=prompt, input_ids=np.array([encoded["input_ids"]], dtype=np.int64), offsets=tuple(offsets[drop:])
    )


def extended(tokenized: TokenizedPrompt, ids: np.ndarray, *, before: bool = False) -> TokenizedPrompt:
    """With more tokens `[1, k]` that come from no character of the prompt, behind it or before."""
    none: tuple[Span | None, ...] = (None,) * ids.shape[1]
    parts = (ids, tokenized.input_ids) if before else (tokenized.input_ids, ids)
    offsets = none + tuple(tokenized.offsets) if before else tuple(tokenized.offsets) + none
    return TokenizedPrompt(
        prompt=tokenized.prompt, input_ids=np.concatenate(parts, axis=1).astype(np.int64), offsets=offsets
    )


def _inside(place: Span, start: int, stripped: int, length: int) -> Span | None:
    """A token's characters in the prompt, of those in the whole text; None where it has none there."""
    first, last = (min(max(each - start + stripped, stripped), length) for each in place)
    return (first, last) if first < last else None
