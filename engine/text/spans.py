"""Spans: from a phrase to its characters in the prompt, and from those to token positions (no torch)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import BadRequest, UnsupportedModel, WordNotInPrompt
from resources.phrases import Span, find_spans, near_matches
from resources.picture_tokens import part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Span",
    "TokenizedPrompt",
    "check_span",
    "find_span",
    "find_spans",
    "token_positions",
    "tokenize",
    "tokenize_whole",
    "with_vectors",
]


def find_span(prompt: str, phrase: str, n: int = 1) -> Span:
    """Return the half-open code-point span of the `n`-th whole-word occurrence of `phrase`, ignoring case.

    Occurrences are counted from the left, from 1, and may overlap ("la la" is in "la la la" twice); see
    `resources.phrases.find_spans`.

    Raises:
        WordNotInPrompt: there are fewer occurrences; the hint names similar words of the prompt.
        BadRequest: `n` is below 1.
    """
    if n < 1:
        raise BadRequest(f"Occurrences are counted from 1, not {n}.", hint="Write PHRASE#1 for the first one.")
    found = 0
    for span in find_spans(prompt, phrase):
        found += 1
        if found == n:
            return span
    raise WordNotInPrompt(_absent(phrase, n, found), hint=_hint(prompt, phrase, found))


def check_span(prompt: str, span: Span) -> None:
    """Make sure that `span` names at least one visible character of `prompt`.

    Raises:
        WordNotInPrompt: it does not.
    """
    start, end = span
    if not 0 <= start < end <= len(prompt):
        raise WordNotInPrompt(
            f"A painted word should be at characters {start} to {end}, but the prompt has {len(prompt)}.",
            hint="Pick the word in the prompt again, or remove its paint.",
        )
    if not prompt[start:end].strip():
        raise WordNotInPrompt(
            f"A painted word at characters {start} to {end} is only white space.",
            hint="Pick a word in the prompt, or remove this paint.",
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenizedPrompt:
    """A prompt as tokenized for one text encoder.

    Attributes:
        prompt: the text.
        input_ids: int64 `[chunks, max_length]`; each chunk is begin, up to `max_length - 2` tokens, end, padding.
        offsets: for each of the `chunks * max_length` positions of the joined context, the half-open code-point span of
            its characters, or None for begin, end and padding.
        learnt: the positions that stand for vectors of learnt words instead of their ids: (position, which of the
            words from the left, which of its vectors).
        pictures: the positions of picture tokens: (position, which part), see `resources.picture_tokens`.
    """

    prompt: str
    input_ids: np.ndarray
    offsets: tuple[Span | None, ...]
    learnt: tuple[tuple[int, int, int], ...] = ()
    pictures: tuple[tuple[int, int], ...] = ()

    @property
    def chunks(self) -> int:
        """The number of chunks of the text encoder's length that the prompt takes."""
        return int(self.input_ids.shape[0])


def tokenize_whole(tokenizer: Any, prompt: str) -> TokenizedPrompt:
    """Tokenize a prompt in one piece, with the tokenizer's own special tokens, for T5's encoder.

    Raises:
        UnsupportedModel: the tokenizer does not give offsets.
    """
    check_offsets(tokenizer)
    encoded = tokenizer(
        prompt, truncation=False, return_offsets_mapping=True, return_special_tokens_mask=True, verbose=False
    )
    places = zip(encoded["offset_mapping"], encoded["special_tokens_mask"], strict=True)
    parts = [part_of(piece) for piece in tokenizer.convert_ids_to_tokens(encoded["input_ids"])]
    return TokenizedPrompt(
        prompt=prompt,
        input_ids=np.array([encoded["input_ids"]], dtype=np.int64),
        offsets=tuple(None if special else tuple(place) for place, special in places),
        pictures=tuple((position, part) for position, part in enumerate(parts) if part is not None),
    )


def tokenize(
    tokenizer: Any,
    prompt: str,
    *,
    max_length: int = 77,
    chunks: int = 1,
    learnt: Sequence[tuple[Span, int]] = (),
) -> TokenizedPrompt:
    """Tokenize a prompt of any length, in chunks that a CLIP text encoder takes one by one.

    A word is split between two chunks only if it alone is longer than a chunk. A prompt that fits one chunk gets
    exactly the ids that diffusers' stock pipelines make.

    Args:
        tokenizer: a transformers tokenizer backed by the tokenizers library (its offsets are needed).
        max_length: the text encoder's length, begin and end tokens included.
        chunks: the least number of chunks, so that prompt and negative prompt can be made equally long.
        learnt: spans of the prompt, from the left, that are words with so many vectors of their own: each vector takes
            one token, whose characters are the whole span.

    Raises:
        UnsupportedModel: the tokenizer does not give offsets.
    """
    check_offsets(tokenizer)
    ids, places, words = _tokens(tokenizer, prompt, learnt)
    pieces = _split(words, max_length - 2)
    pieces += [slice(0, 0)] * (max(chunks, 1) - len(pieces))
    rows: list[list[int]] = []
    offsets: list[Span | None] = []
    for piece in pieces:
        padding = max_length - 2 - (piece.stop - piece.start)
        rows.append([tokenizer.bos_token_id, *ids[piece], tokenizer.eos_token_id] + [tokenizer.pad_token_id] * padding)
        offsets += [None, *places[piece], None] + [None] * padding
    return TokenizedPrompt(
        prompt=prompt,
        input_ids=np.array(rows, dtype=np.int64),
        offsets=tuple(offsets),
        learnt=_vectors(offsets, learnt),
    )


def _tokens(
    tokenizer: Any, prompt: str, learnt: Sequence[tuple[Span, int]]
) -> tuple[list[int], list[Span], list[int | None]]:
    """The ids of a text, each with its characters and the number of its word.

    Learnt words are the seams between pieces that are tokenized one by one: a tokenizer does not join words either.
    """
    ids: list[int] = []
    places: list[Span] = []
    words: list[int | None] = []
    start = 0
    for span, count in (*learnt, ((len(prompt), len(prompt)), 0)):
        encoded = tokenizer(
            prompt[start : span[0]],
            add_special_tokens=False,
            truncation=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        first = 1 + max((word for word in words if word is not None), default=-1)
        ids += encoded["input_ids"]
        places += [(low + start, high + start) for low, high in encoded["offset_mapping"]]
        words += [None if word is None else word + first for word in encoded.word_ids()]
        last = 1 + max((word for word in words if word is not None), default=-1)
        # The id only fills the place; it must end no text, as the sentence's vector is taken at the first end.
        special = {tokenizer.bos_token_id, tokenizer.eos_token_id, tokenizer.pad_token_id}
        ids += [next(number for number in range(4) if number not in special)] * count
        places += [span] * count
        words += [last] * count
        start = span[1]
    return ids, places, words


def _vectors(offsets: Sequence[Span | None], learnt: Sequence[tuple[Span, int]]) -> tuple[tuple[int, int, int], ...]:
    found = []
    for which, (span, _count) in enumerate(learnt):
        taken = [place for place, offset in enumerate(offsets) if offset == span]
        found += [(place, which, row) for row, place in enumerate(taken)]
    return tuple(found)


def with_vectors(tokenized: TokenizedPrompt, learnt: Sequence[tuple[Span, int]], max_length: int) -> TokenizedPrompt:
    """A prompt `[1, n]` that was tokenized as ordinary text, with a token for each vector of its learnt words.

    The tokens that have any of a word's characters give way; what is longer than `max_length` then is cut before the
    last token, the end sign.

    Args:
        learnt: as in `tokenize`.
    """
    if not learnt:
        return tokenized
    places: list[Span | None] = list(tokenized.offsets)
    ids: list[int] = tokenized.input_ids[0].tolist()
    for span, count in learnt:
        taken = [index for index, each in enumerate(places) if each and each[0] < span[1] and span[0] < each[1]]
        if not taken:
            continue  # it was cut off
        cut = slice(taken[0], taken[-1] + 1)
        ids[cut], places[cut] = [ids[taken[0]]] * count, [span] * count
    if len(ids) > max_length:
        ids, places = [*ids[: max_length - 1], ids[-1]], [*places[: max_length - 1], places[-1]]
    return TokenizedPrompt(
        prompt=tokenized.prompt,
        input_ids=np.array([ids], dtype=np.int64),
        offsets=tuple(places),
        learnt=_vectors(places, learnt),
    )


def check_offsets(tokenizer: Any) -> None:
    """Make sure that a tokenizer tells where its tokens come from; raises UnsupportedModel."""
    if not getattr(tokenizer, "is_fast", False):
        raise UnsupportedModel(
            "This model's tokenizer cannot say which characters each token comes from.",
            hint="Choose a model whose tokenizer folder has vocab.json and merges.txt, or tokenizer.json.",
            details=type(tokenizer).__name__,
        )


def token_positions(tokenized: TokenizedPrompt, span: Span) -> tuple[int, ...]:
    """Return the positions, in the joined context of all chunks, of the tokens of `span`'s characters.

    A token that `span` covers only partly counts too; begin, end and padding never do.

    Raises:
        WordNotInPrompt: the span is not in the prompt, or the tokenizer drops all of its characters.
    """
    check_span(tokenized.prompt, span)
    start, end = span
    found = tuple(
        index for index, place in enumerate(tokenized.offsets) if place and place[0] < end and start < place[1]
    )
    if not found:
        raise WordNotInPrompt(
            f'The model cannot read "{tokenized.prompt[start:end]}": its tokenizer drops these characters.',
            hint="Use other words for it in the prompt.",
        )
    return found


def _split(words: Sequence[int | None], room: int) -> list[slice]:
    """Cut tokens into runs of at most `room`, each ending before the word that would not fit; at least one run."""
    pieces: list[slice] = []
    start = 0
    while len(words) - start > room:
        stop = start + room
        while stop > start and words[stop - 1] == words[stop]:
            stop -= 1
        if stop == start:
            stop = start + room
        pieces.append(slice(start, stop))
        start = stop
    pieces.append(slice(start, len(words)))
    return pieces


def _absent(phrase: str, n: int, found: int) -> str:
    if not phrase.strip():
        return "A painted word has no text."
    if not found:
        return f'"{phrase}" is not in the prompt.'
    times = "once" if found == 1 else f"{found} times"
    return f'"{phrase}" is in the prompt {times}, so there is no occurrence {n}.'


def _hint(prompt: str, phrase: str, found: int) -> str:
    if found:
        return f"Count from the left, from 1 to {found}."
    near = near_matches(prompt, phrase)
    if near:
        return "Did you mean " + " or ".join(f'"{match}"' for match in near) + "?"
    return "Write it into the prompt first, or paint a word that is in it."
