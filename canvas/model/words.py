"""Words of a prompt: where they are, how they are numbered and coloured, and how they survive edits of the prompt."""

from __future__ import annotations

import bisect
import difflib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from canvas.model.colors import overlay_color
from canvas.model.scene import Paintable, Word
from canvas.model.style import Style
from resources.phrases import Span, is_boundary
from resources.phrases import occurrences as _occurrences

__all__ = [
    "PATTERN_COUNT",
    "Edit",
    "Span",
    "carried",
    "equal_blocks",
    "find_phrase",
    "from_utf16",
    "is_boundary",
    "is_whole",
    "next_id",
    "next_style",
    "occurrences",
    "phrase_number",
    "retarget",
    "to_utf16",
    "word_at",
    "word_spans",
    "word_title",
]

PATTERN_COUNT = 16

_TOKEN = re.compile(r"\w+|\W")
_HYPHENS = "-'\u2019"
# Two texts are compared token by token only where there are few of them: difflib's time grows with the cube.
_COMPARED = 2**14


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
    """Spans of what can be clicked: words, with hyphens and apostrophes inside, and signs such as emoji."""
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
    return tuple(spans)


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


@dataclass(frozen=True)
class Edit:
    """One edit of the prompt as an editor reports it: at `position`, `removed` code points went and `added` came."""

    position: int
    removed: int
    added: int


Block = tuple[int, int, int]
"""Start in the old text, start in the new text, length of a piece that both have."""


def equal_blocks(old: str, new: str, edit: Edit | None = None) -> list[Block]:
    """The pieces of `old` that still stand in `new`, in order; case alone is no difference.

    With `edit` (believed only where it is true to both texts) they are exact; else they are found word by word.
    """
    if edit is not None:
        tail = edit.position + edit.removed
        kept = len(old) - tail
        same = old[: edit.position] == new[: edit.position] and old[tail:] == new[edit.position + edit.added :]
        if (
            same
            and min(edit.position, edit.removed, edit.added, kept) >= 0
            and len(new) - kept == edit.position + edit.added
        ):
            return [(0, 0, edit.position), (tail, edit.position + edit.added, kept)]
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    old_at, new_at = _offsets(before), _offsets(after)
    blocks: list[Block] = []
    for a, b, count in _equal_runs([t.lower() for t in before], [t.lower() for t in after]):
        length = old_at[a + count] - old_at[a]
        if not length or length != new_at[b + count] - new_at[b]:
            continue
        if blocks and blocks[-1][0] + blocks[-1][2] == old_at[a] and blocks[-1][1] + blocks[-1][2] == new_at[b]:
            blocks[-1] = (blocks[-1][0], blocks[-1][1], blocks[-1][2] + length)
        else:
            blocks.append((old_at[a], new_at[b], length))
    return blocks


def _equal_runs(old: list[str], new: list[str]) -> list[Block]:
    """Runs of equal tokens, in order, each a start in both and a count.

    What begins and ends alike goes first; then short texts are compared by difflib. Long ones are cut at the tokens
    that both have exactly once (patience diff), and of a long piece without such a token nothing is equal.
    """
    runs: list[Block] = []
    todo = [(0, len(old), 0, len(new))]  # the next piece is at the end
    while todo:
        a, a_end, b, b_end = todo.pop()
        head, limit = 0, min(a_end - a, b_end - b)
        while head < limit and old[a + head] == new[b + head]:
            head += 1
        tail = 0
        while tail < limit - head and old[a_end - 1 - tail] == new[b_end - 1 - tail]:
            tail += 1
        runs.append((a, b, head))
        if tail:
            runs.append((a_end - tail, b_end - tail, tail))
        a, b, a_end, b_end = a + head, b + head, a_end - tail, b_end - tail
        if (a_end - a) * (b_end - b) <= _COMPARED:
            matcher = difflib.SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False)
            runs += [(a + i, b + j, count) for i, j, count in matcher.get_matching_blocks() if count]
            continue
        anchors = _anchors(old, new, (a, a_end, b, b_end))
        corners = [(a, b), *anchors, (a_end, b_end)]
        if anchors:
            todo += [(i, i_end, j, j_end) for (i, j), (i_end, j_end) in itertools.pairwise(corners)]
    return sorted(runs)


def _anchors(old: list[str], new: list[str], piece: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Places of the tokens that stand exactly once in both pieces, as many of them as keep their order."""
    a, a_end, b, b_end = piece
    old_count, new_count = Counter(old[a:a_end]), Counter(new[b:b_end])
    places = {token: j for j, token in enumerate(new[b:b_end], b) if new_count[token] == 1}
    pairs = [(i, places[old[i]]) for i in range(a, a_end) if old_count[old[i]] == 1 and old[i] in places]
    ends: list[int] = []  # the longest rising run of places in `new`: of each length, the index of its lowest end
    before: list[int] = []
    for index, (_, j) in enumerate(pairs):
        length = bisect.bisect_left(ends, j, key=lambda end: pairs[end][1])
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [index]
    run, index = [], ends[-1] if ends else -1
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _offsets(tokens: list[str]) -> list[int]:
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def _before(blocks: list[Block], index: int) -> int:
    """Which block is the last that begins at `index` of the old text or before; -1 for none."""
    return bisect.bisect_right(blocks, index, key=lambda block: block[0]) - 1


def _carry(blocks: list[Block], span: Span) -> Span | None:
    """Where a span stands after the edit; None where some of its text is gone."""
    at = _before(blocks, span[0])
    if at >= 0:
        a, b, length = blocks[at]
        if span[1] <= a + length:
            return span[0] - a + b, span[1] - a + b
    return None


def carried(old: str, new: str, span: Span) -> Span | None:
    """Where the text of a span of `old` stands in `new`; None where some of it is gone."""
    return span if old == new else _carry(_blocks(old, new), span)


@lru_cache(maxsize=8)
def _blocks(old: str, new: str) -> list[Block]:
    return equal_blocks(old, new)  # asked for with each word of a scene


def _carry_point(blocks: list[Block], index: int) -> int:
    """Where a place in the old text lies in the new one: the end of what stands before it, if it is gone itself."""
    at = _before(blocks, index)
    if at < 0:
        return 0
    a, b, length = blocks[at]
    if index == a and at and blocks[at - 1][0] + blocks[at - 1][2] == index:
        a, b, length = blocks[at - 1]  # between two pieces a place stays with the one before it
    return b + min(index - a, length)


def without_carriage_returns(prompt: str, words: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """A prompt whose lines end as the window's text fields end them, and its words at their new places."""
    blocks: list[Block] = []
    start = place = 0
    for line in prompt.split("\r\n"):
        blocks.append((start, place, len(line)))
        start, place = start + len(line) + 2, place + len(line) + 1
    plain = prompt.replace("\r\n", "\n")
    moved = []
    for word in words:
        if word.span is None:
            moved.append(replace(word, anchor=min(_carry_point(blocks, word.anchor), len(plain))))
            continue
        first, last = (min(_carry_point(blocks, index), len(plain)) for index in word.span)
        moved.append(replace(word, span=(first, last), phrase=plain[first:last]))
    return plain, tuple(moved)


def retarget(
    old: str, new: str, words: Sequence[Word], edit: Edit | None = None, *, rewritten: Span | None = None
) -> tuple[Word, ...]:
    """The words after the prompt changed from `old` to `new`.

    A word whose text still stands keeps it, wherever it moved: occurrences keep their identity when text is inserted
    before them. A word whose text is gone, or is now part of a longer word, gets span None and remembers its place.
    Where its phrase comes back (an occurrence that `old` did not have) it attaches again, nearest to its place.
    `rewritten` is the span of `old` that says the same in another form now: a word that covers it goes on with that.
    """
    blocks = equal_blocks(old, new, edit)
    kept: list[Word] = []
    for word in words:
        if word.span is None:
            kept.append(replace(word, anchor=_carry_point(blocks, word.anchor)))
            continue
        if rewritten is not None and word.span[0] <= rewritten[0] and rewritten[1] <= word.span[1]:
            grown = word.span[0], word.span[1] + len(new) - len(old)
            kept.append(replace(word, span=grown, phrase=new[slice(*grown)]))
            continue
        span = _carry(blocks, word.span)
        if span is not None and (is_whole(new, span) or not is_whole(old, word.span)):
            kept.append(replace(word, span=span, phrase=new[slice(*span)]))
        else:
            kept.append(replace(word, span=None, anchor=_carry_point(blocks, word.span[0])))
    return _attach(old, new, kept, blocks)


def _attach(old: str, new: str, words: list[Word], blocks: list[Block]) -> tuple[Word, ...]:
    """Give words without text the occurrences that are new and that no word has."""
    lost: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        if word.span is None:
            lost.setdefault(word.phrase.lower(), []).append(index)
    taken = {word.span for word in words}
    for phrase, indices in lost.items():
        standing = {_carry(blocks, span) for span in occurrences(old, phrase)}
        free = [span for span in occurrences(new, phrase) if span not in taken and span not in standing]
        pairs = sorted(
            (abs(span[0] - words[i].anchor), span, i)
            for i in indices
            for span in _nearest(free, words[i].anchor, len(indices))
        )
        used: set[object] = set()
        for _, span, index in pairs:
            if span not in used and index not in used:
                used.update((span, index))
                words[index] = replace(words[index], span=span, phrase=new[slice(*span)])
    return tuple(words)


def _nearest(spans: list[Span], index: int, count: int) -> list[Span]:
    """Those of `spans`, from the left, among which the `count` nearest to a place are."""
    at = bisect.bisect_left(spans, (index, 0))
    return spans[max(0, at - count) : at + count]
