"""Words of a prompt: where they are, and how they are numbered and coloured."""

from __future__ import annotations

import bisect
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from canvas.model.colors import overlay_color
from canvas.model.lora_tags import find_tags
from canvas.model.scene import Paintable, Word
from canvas.model.style import Style
from resources.phrases import Span, is_boundary
from resources.phrases import occurrences as _occurrences

__all__ = [
    "PATTERN_COUNT",
    "Span",
    "find_phrase",
    "from_utf16",
    "is_boundary",
    "is_whole",
    "next_id",
    "next_style",
    "occurrences",
    "phrase_number",
    "to_utf16",
    "word_at",
    "word_spans",
    "word_title",
]

PATTERN_COUNT = 16

_HYPHENS = "-'\u2019"


def is_whole(text: str, span: Span) -> bool:
    """Whether the span begins and ends at word boundaries."""
    return is_boundary(text, span[0]) and is_boundary(text, span[1])


def occurrences(prompt: str, phrase: str) -> list[Span]:
    """Spans of the whole-word occurrences of `phrase`, from the left: those that PHRASE#N counts.

    See `resources.phrases.find_spans`, by which the engine counts them too.
    """
    return list(_occurrences(prompt, phrase))


def find_phrase(prompt: str, phrase: str, n: int = 1) -> Span | None:
    """Span of the n-th (from 1) occurrence of `phrase`, or None."""
    found = _occurrences(prompt, phrase)
    return found[n - 1] if 1 <= n <= len(found) else None


def phrase_number(prompt: str, span: Span) -> int:
    """The N of PHRASE#N for a span: 1 for the first occurrence of its text."""
    return 1 + bisect.bisect_left(_occurrences(prompt, prompt[slice(*span)]), span)


def word_title(prompt: str, word: Word) -> str:
    """A word's phrase, with its number where the prompt has it more than once."""
    if word.span is None:
        return word.phrase
    number = phrase_number(prompt, word.span)
    return word.phrase if number <= 1 else f"{word.phrase} #{number}"


@lru_cache(maxsize=8)
def word_spans(prompt: str) -> tuple[Span, ...]:
    """Spans of what can be clicked: words, with hyphens and apostrophes inside, and signs such as emoji.

    What stands in a LoRA tag is no word.
    """
    spans: list[Span] = []
    start = 0
    while start < len(prompt):
        end = start + 1
        while end < len(prompt) and not is_boundary(prompt, end):
            end += 1
        if spans and start == spans[-1][1] + 1 and prompt[start - 1] in _HYPHENS and _hyphenated(prompt, start - 1):
            spans[-1] = (spans[-1][0], end)
        elif prompt[start].isalnum() or prompt[start] == "_" or unicodedata.category(prompt[start]) == "So":
            spans.append((start, end))
        start = end
    called = [tag.span for tag in find_tags(prompt)]
    return tuple(span for span in spans if not any(a <= span[0] < b for a, b in called))


def _hyphenated(prompt: str, index: int) -> bool:
    """Whether the hyphen or apostrophe at `index` stands between two letters of scripts that write words apart."""
    return not is_boundary(prompt[index - 1] + prompt[index + 1], 1)


def word_at(prompt: str, index: int) -> Span | None:
    """Span of the word at or just before a code point, as a click finds it; None between words."""
    spans = word_spans(prompt)
    at = bisect.bisect_right(spans, (index, len(prompt))) - 1  # the last one that begins at `index` or before
    if at >= 0 and index <= spans[at][1]:
        return spans[at] if index < spans[at][1] else _starting(spans, at + 1, index) or spans[at]
    return None


def _starting(spans: Sequence[Span], at: int, index: int) -> Span | None:
    return spans[at] if at < len(spans) and spans[at][0] == index else None


def to_utf16(text: str, index: int) -> int:
    """Qt's position (UTF-16 units) of a code-point offset."""
    return index if text.isascii() else len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


def from_utf16(text: str, position: int) -> int:
    """The code-point offset of Qt's position (UTF-16 units); inside of a pair counts as after it."""
    if text.isascii():
        return min(position, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "replace"))


def next_style(others: Sequence[Paintable], phrase: str = "") -> tuple[str, int]:
    """Colour and pattern for something new to paint that no other has; the colour follows one named in `phrase`."""
    patterns = {other.pattern for other in others}
    color = overlay_color([other.color for other in others], phrase)
    return color, next(number for number in range(len(others) + 1) if number not in patterns)


def next_id(words: Sequence[Word], styles: Sequence[Style] = (), *, letter: str = "w") -> str:
    """An id that neither a word nor a style of the scene has: a letter and a number."""
    taken = {word.id for word in words} | {style.id for style in styles}
    number = 1 + sum(known.startswith(letter) for known in taken)
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
