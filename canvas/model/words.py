"""Words of a prompt: where they are, how they are numbered and coloured, and how they survive edits of the prompt."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from canvas.model.colors import overlay_color
from canvas.model.scene import Paintable, Word
from canvas.model.style import Style

Span = tuple[int, int]
"""Half-open code-point offsets [start, end)."""

PATTERN_COUNT = 16

# Scripts written without spaces: each letter bounds a word.
_UNSPACED = ("CJK ", "HIRAGANA ", "KATAKANA ", "THAI ", "LAO ", "KHMER ", "MYANMAR ", "TIBETAN ")
_TOKEN = re.compile(r"\w+|\W")
_HYPHENS = "-'\u2019"
_JOINER = "\u200d"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _joins(character: str) -> bool:
    """Whether a character belongs to the word beside it."""
    if unicodedata.name(character, "").startswith(_UNSPACED):
        return False
    return character.isalnum() or character == "_" or _is_mark(character)


def is_boundary(text: str, index: int) -> bool:
    """Whether a word may begin or end before the code point at `index`."""
    if not 0 < index < len(text):
        return True
    return not (_is_mark(text[index]) or (_joins(text[index - 1]) and _joins(text[index])))


def is_whole(text: str, span: Span) -> bool:
    """Whether the span begins and ends at word boundaries."""
    return is_boundary(text, span[0]) and is_boundary(text, span[1])


def _fold(text: str) -> tuple[str, list[int]]:
    """The text without case and with accents taken apart, and for each of its characters the index in `text`."""
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFD", character.casefold()):
            folded.append(part)
            origins.append(index)
    return "".join(folded), origins


def occurrences(prompt: str, phrase: str) -> list[Span]:
    """Spans of the whole-word occurrences of `phrase`, from the left; they may overlap.

    Case does not matter, nor how an accented letter is encoded, nor how long a run of white space is: the same rule as
    that of PHRASE#N on the command line.
    """
    words = phrase.split()
    if not words:
        return []
    text, origins = _fold(prompt)
    pattern = re.compile(r"\s+".join(re.escape(_fold(word)[0]) for word in words))
    found = []
    match = pattern.search(text)
    while match:
        start, end = origins[match.start()], origins[match.end() - 1] + 1
        # A match may begin or end inside of a character that folds to several ("ss" in "ß"): that is none.
        begins = match.start() == 0 or origins[match.start() - 1] != start
        ends = match.end() == len(text) or origins[match.end()] >= end
        if begins and ends and is_whole(prompt, (start, end)):
            found.append((start, end))
        match = pattern.search(text, match.start() + 1)
    return found


def find_phrase(prompt: str, phrase: str, n: int = 1) -> Span | None:
    """Span of the n-th (from 1) occurrence of `phrase`, or None."""
    found = occurrences(prompt, phrase)
    return found[n - 1] if 1 <= n <= len(found) else None


def phrase_number(prompt: str, span: Span) -> int:
    """The N of PHRASE#N for a span: 1 for the first occurrence of its text."""
    found = occurrences(prompt, prompt[slice(*span)])
    return found.index(span) + 1 if span in found else 1 + sum(other[0] < span[0] for other in found)


def word_title(prompt: str, word: Word) -> str:
    """A word's phrase, with its number where the prompt has it more than once."""
    if word.span is None:
        return word.phrase
    number = phrase_number(prompt, word.span)
    return word.phrase if number <= 1 else f"{word.phrase} #{number}"


def word_spans(prompt: str) -> tuple[Span, ...]:
    """Spans of what can be clicked: words, with hyphens and apostrophes inside, and signs such as emoji."""
    spans: list[Span] = []
    start = 0
    while start < len(prompt):
        end = start + 1
        while end < len(prompt) and (not is_boundary(prompt, end) or _one_sign(prompt, end)):
            end += 1
        if spans and start == spans[-1][1] + 1 and prompt[start - 1] in _HYPHENS and _hyphenated(prompt, start - 1):
            spans[-1] = (spans[-1][0], end)
        elif prompt[start].isalnum() or prompt[start] == "_" or unicodedata.category(prompt[start]) == "So":
            spans.append((start, end))
        start = end
    return tuple(spans)


def _one_sign(prompt: str, index: int) -> bool:
    """Whether the code point belongs to the emoji before it: joined to it, its skin tone, or the joiner itself."""
    return _JOINER in prompt[index - 1 : index + 1] or "\U0001f3fb" <= prompt[index] <= "\U0001f3ff"


def _hyphenated(prompt: str, index: int) -> bool:
    """Whether the hyphen or apostrophe at `index` stands between two letters of spaced scripts."""
    return _joins(prompt[index - 1]) and _joins(prompt[index + 1])


def word_at(prompt: str, index: int) -> Span | None:
    """Span of the word at or just before a code point, as a click finds it; None between words."""
    for start, end in word_spans(prompt):
        if start <= index < end:
            return start, end
    return next((span for span in word_spans(prompt) if span[1] == index), None)


def to_utf16(text: str, index: int) -> int:
    """Qt's position (UTF-16 units) of a code-point offset."""
    return index + sum(ord(character) > 0xFFFF for character in text[:index])


def from_utf16(text: str, position: int) -> int:
    """The code-point offset of Qt's position (UTF-16 units); inside of a pair counts as after it."""
    units = 0
    for index, character in enumerate(text):
        if units >= position:
            return index
        units += 2 if ord(character) > 0xFFFF else 1
    return len(text)


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
    old_keys, new_keys = [t.lower() for t in before], [t.lower() for t in after]
    old_at, new_at = _offsets(before), _offsets(after)
    head, limit = 0, min(len(before), len(after))
    while head < limit and old_keys[head] == new_keys[head]:
        head += 1
    tail = 0
    while tail < limit - head and old_keys[-1 - tail] == new_keys[-1 - tail]:
        tail += 1
    old_end, new_end = len(before) - tail, len(after) - tail
    matcher = difflib.SequenceMatcher(None, old_keys[head:old_end], new_keys[head:new_end], autojunk=False)
    pieces = [(0, 0, head), *((a + head, b + head, n) for a, b, n in matcher.get_matching_blocks())]
    pieces.append((old_end, new_end, tail))
    blocks: list[Block] = []
    for a, b, count in pieces:
        length = old_at[a + count] - old_at[a]
        if not length or length != new_at[b + count] - new_at[b]:
            continue
        if blocks and blocks[-1][0] + blocks[-1][2] == old_at[a] and blocks[-1][1] + blocks[-1][2] == new_at[b]:
            blocks[-1] = (blocks[-1][0], blocks[-1][1], blocks[-1][2] + length)
        else:
            blocks.append((old_at[a], new_at[b], length))
    return blocks


def _offsets(tokens: list[str]) -> list[int]:
    offsets = [0]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def _carry(blocks: list[Block], span: Span) -> Span | None:
    """Where a span stands after the edit; None where some of its text is gone."""
    for a, b, length in blocks:
        if a <= span[0] and span[1] <= a + length:
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
    place = 0
    for a, b, length in blocks:
        if a <= index <= a + length:
            return index - a + b
        if a + length < index:
            place = b + length
    return place


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
        pairs = sorted((abs(span[0] - words[i].anchor), span, i) for span in free for i in indices)
        used: set[object] = set()
        for _, span, index in pairs:
            if span not in used and index not in used:
                used.update((span, index))
                words[index] = replace(words[index], span=span, phrase=new[slice(*span)])
    return tuple(words)
