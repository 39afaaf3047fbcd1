"""What was written in place of a word whose text is gone from the prompt."""

from __future__ import annotations

from canvas.model.retarget import equal_blocks
from canvas.model.words import Span, word_spans

MAX_WORDS = 4  # more than a phrase
LEAST_KEPT = 0.2  # of the letters around the word; with fewer the prompt is another, and nobody can say where it went
_ARTICLES = ("a", "an", "the")


def replacement(before: str, span: Span, after: str) -> Span | None:
    """The span in `after` of what stands where `span` stood in `before`, without an article; None for nothing."""
    blocks = equal_blocks(before, after)
    kept = sum(_letters(before[a : a + length]) for a, _, length in blocks)
    if kept < LEAST_KEPT * (_letters(before[: span[0]]) + _letters(before[span[1] :])):
        return None
    start = max((b + min(length, span[0] - a) for a, b, length in blocks if a <= span[0]), default=0)
    end = min((b + max(0, span[1] - a) for a, b, length in blocks if a + length >= span[1]), default=len(after))
    found = [word for word in word_spans(after) if start <= word[0] and word[1] <= end]
    if len(found) > 1 and after[slice(*found[0])].lower() in _ARTICLES:
        found = found[1:]
    if not found or len(found) > MAX_WORDS:
        return None
    return found[0][0], found[-1][1]


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
