"""Which words of an edited prompt stayed, which stand for others and which are new; and the same of their tokens."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import regex

from engine.protocol import GenerateRequest, PaintedWord, PromptEdit
from engine.text.spans import Span

if TYPE_CHECKING:
    from engine.text.conditioning import Conditioning
    from engine.text.spans import TokenizedPrompt

_PIECE = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]|[^\W_]+(?:['’-][^\W_]+)*|\S"
)
_LETTERS = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True)
class WordPairs:
    """How two prompts go together; all spans are half-open code-point offsets.

    Attributes:
        kept: a piece of the source and the same piece of the edited prompt, piece by piece.
        swapped: what stood in the source and what stands in its place. added, removed: what has no counterpart.
    """

    kept: tuple[tuple[Span, Span], ...]
    swapped: tuple[tuple[Span, Span], ...]
    added: tuple[Span, ...]
    removed: tuple[Span, ...]


def pair_words(source: str, edited: str) -> WordPairs:
    """Align two prompts by their words and signs, whatever their case, with as much kept as can be."""
    before, after = ([match.span() for match in _PIECE.finditer(text)] for text in (source, edited))
    said = [[text[start:end].casefold() for start, end in spans] for text, spans in ((source, before), (edited, after))]
    kept: list[tuple[Span, Span]] = []
    swapped: list[tuple[Span, Span]] = []
    added: list[Span] = []
    removed: list[Span] = []
    matcher = difflib.SequenceMatcher(None, said[0], said[1], autojunk=False)
    for kind, first, last, start, stop in matcher.get_opcodes():
        if kind == "equal":
            kept += zip(before[first:last], after[start:stop], strict=True)
            continue
        gone = (before[first][0], before[last - 1][1]) if last > first else None
        new = (after[start][0], after[stop - 1][1]) if stop > start else None
        gone = gone if gone and _LETTERS.search(source, *gone) else None
        new = new if new and _LETTERS.search(edited, *new) else None
        if gone and new:
            swapped.append((gone, new))
        elif new:
            added.append(new)
        elif gone:
            removed.append(gone)
    return WordPairs(tuple(kept), tuple(swapped), tuple(added), tuple(removed))


def word_at(words: Sequence[PaintedWord], span: Span) -> PaintedWord | None:
    """The painted word that has some of a span's characters, or None; one without paint counts for none."""
    return next((word for word in words if word.span[0] < span[1] and span[0] < word.span[1] and word.mask.any()), None)


def same_paint(one: PaintedWord | None, other: PaintedWord | None) -> bool:
    """Whether two words are to be at the same place, equally strongly; both may be unpainted."""
    if one is None or other is None:
        return one is other
    same = (one.strength, one.window, one.fidelity) == (other.strength, other.window, other.fidelity)
    return same and np.array_equal(one.mask, other.mask)


@dataclass(frozen=True, eq=False)
class TokenMap:
    """How the attention of an edited prompt's tokens comes of the source's.

    The maps of the edited run are M[n] = weight[n] (taken[n] sum over k of mapper[k, n] S[k] + (1 - taken[n]) E[n]),
    with S the source's and E its own (arXiv 2208.01626, section 3.2; taken is that paper's alpha).

    Attributes:
        mapper: float32 `[source tokens, tokens]`. taken: float32 `[tokens]` of 0 and 1. weight: float32 `[tokens]`.
    """

    mapper: np.ndarray
    taken: np.ndarray
    weight: np.ndarray


def token_map(source: Conditioning, edited: Conditioning, request: GenerateRequest, edit: PromptEdit) -> TokenMap:
    """The map of two encoded prompts, over all encoders.

    A word that stayed, or stands for another, takes its attention over: token for token, or where it has another number
    of tokens, each of them an equal part. What is new, and what is painted otherwise than before, has its own.
    Beginnings, ends and padding follow the ends of both texts; styles' tokens are the same in both.
    """
    pairs = pair_words(edit.prompt, request.text.prompt)
    mapper = np.zeros((source.rows.shape[1], edited.rows.shape[1]), np.float32)
    weight = np.ones(mapper.shape[1], np.float32)
    before, after = edit.words, request.text.words
    for (first, old), (start, new) in zip(source.texts, edited.texts, strict=True):
        _map_rest(mapper, first, old, start, new)
        for gone, come in (*pairs.kept, *pairs.swapped):
            if same_paint(word_at(before, gone), word_at(after, come)):
                _map_word(mapper, [first + place for place in _at(old, gone)], [start + at for at in _at(new, come)])
        for each in edit.weights:
            weight[[start + at for at in _at(new, each.span)]] = each.weight
    for style, same in zip(source.styles, edited.styles, strict=False):
        for place, at in zip(range(style.first, style.last), range(same.first, same.last), strict=False):
            mapper[place, at] = 1.0
    return TokenMap(mapper, (mapper.sum(axis=0) > 0).astype(np.float32), weight)


def _at(text: TokenizedPrompt, span: Span) -> list[int]:
    return [index for index, place in enumerate(text.offsets) if place and place[0] < span[1] and span[0] < place[1]]


def _map_word(mapper: np.ndarray, old: list[int], new: list[int]) -> None:
    if not old or not new:
        return
    mapper[:, new] = 0.0  # of a token that two words share, the last one's
    if len(old) == len(new):
        mapper[old, new] = 1.0
    else:
        mapper[np.ix_(old, new)] = 1.0 / len(new)


def _map_rest(mapper: np.ndarray, first: int, old: TokenizedPrompt, start: int, new: TokenizedPrompt) -> None:
    """What is no text, in each chunk: the beginning, then the end and its padding, as far as both go."""
    for chunk in range(min(old.chunks, new.chunks)):
        was, now = _of_chunk(old, chunk), _of_chunk(new, chunk)
        shift = _end_of(was) - _end_of(now)
        for at, place in enumerate(now):
            before = at if at < _end_of(now) else at + shift
            if place is None and before < len(was) and was[before] is None:
                mapper[first + chunk * len(was) + before, start + chunk * len(now) + at] = 1.0


def _end_of(chunk: Sequence[Span | None]) -> int:
    return max((at + 1 for at, place in enumerate(chunk) if place), default=1)


def _of_chunk(text: TokenizedPrompt, chunk: int) -> Sequence[Span | None]:
    length = len(text.offsets) // text.chunks
    return text.offsets[chunk * length : (chunk + 1) * length]
