"""How words survive edits of the prompt: where each piece of the old text stands in the new one."""

from __future__ import annotations

import bisect
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from canvas.model.scene import Word
from canvas.model.words import is_whole, occurrences
from resources.phrases import Span

_TOKEN = re.compile(r"\w+|\W")
# Two texts are compared token by token only where there are few of them: difflib's time grows with the cube.
_COMPARED = 2**14


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
