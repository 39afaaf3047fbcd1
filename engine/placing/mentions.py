"""The things and stuff that a prompt mentions, each with its phrase and how many there are to be."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from resources.noun_phrases import chunks, count_in, is_determiner
from resources.phrases import Span

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

SEVERAL = 3
"""How many "flowers" are, where no number says it."""

_ONE = frozenset({"a", "an", "one", "this", "that", "each", "every", "another"})
_NONE = frozenset({"no", "without", "not"})
_OF_THE_PICTURE = frozenset({"picture", "painting", "drawing", "photo", "illustration", "map"})
"""Before "of", these words say what the picture is, and not what it shows."""


_VERBS = frozenset({"box", "brush", "cook", "duck", "fish", "fly", "ring", "rock", "slide", "watch", "wave"})
_PEOPLE = frozenset({"children", "people", "men", "women"})
"""Words for things that are verbs, too, and plurals that do not end as others do."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """One phrase of a prompt.

    Attributes:
        name: what it means. span: of the prompt, with its colour and what else belongs to it. count: how many.
    """

    name: str
    span: Span
    count: int = 1

    def meets(self, span: Span) -> bool:
        """Whether a span of the prompt has some of the phrase."""
        return self.span[0] < span[1] and span[0] < self.span[1]


def mentions(prompt: str, words: Mapping[str, str], colours: Collection[str] = ()) -> list[Mention]:
    """What a prompt mentions, from the left.

    Args:
        words: names by the words, in small letters, that mean them. colours: words for colours: where more of a phrase
            follows on one of them, it is no thing; there is no orange in "an orange cat".
    """
    found: list[Mention] = []
    said = [(each[0].casefold(), each.span()) for each in _WORD.finditer(prompt)]
    longest = max((len(word.split()) for word in words), default=0)
    phrases = chunks(prompt)
    at = 0
    while at < len(said):
        length = _known(said, at, words, longest)
        if length:
            text = " ".join(word for word, _ in said[at : at + length])
            span = said[at][1][0], said[at + length - 1][1][1]
            colour = text in colours and span[1] < _chunk(span, phrases)[-1][1]
            tells = _is_verb(text, span, phrases, prompt) or _is_about(said, at, length)
            if not colour and not tells and not _is_negated(said, at, phrases, prompt):
                if found and _is_of_one_name(found[-1].span, span, phrases, prompt):
                    found.pop()
                begin = _begin(span, phrases, prompt, found)
                count = count_in(prompt, span) or (
                    1 if text == words[text].casefold() else _several(prompt, span, phrases)
                )
                found.append(Mention(name=words[text], span=(begin, span[1]), count=count))
        at += length or 1
    return found


def _known(said: Sequence[tuple[str, Span]], at: int, words: Mapping[str, str], longest: int) -> int:
    """How many words from here on are the longest that are known; 0 for none."""
    for length in range(min(longest, len(said) - at), 0, -1):
        if " ".join(word for word, _ in said[at : at + length]) in words:
            return length
    return 0


def _chunk(span: Span, phrases: Sequence[Sequence[Span]]) -> Sequence[Span]:
    return next((chunk for chunk in phrases if chunk[0][0] <= span[0] < chunk[-1][1]), (span,))


def _begin(span: Span, phrases: Sequence[Sequence[Span]], prompt: str, found: Sequence[Mention]) -> int:
    """Where the phrase begins: with its first word that is no determiner, after what was mentioned before."""
    after = found[-1].span[1] if found else 0
    own = [word for word in _chunk(span, phrases) if after <= word[0] <= span[0]]
    own = [word for word in own if not is_determiner(prompt[slice(*word)])]
    return own[0][0] if own else span[0]


def _several(prompt: str, span: Span, phrases: Sequence[Sequence[Span]]) -> int:
    first = prompt[slice(*_chunk(span, phrases)[0])].casefold()
    return SEVERAL if _is_plural(prompt[slice(*span)]) and first not in _ONE else 1


def _is_plural(words: str) -> bool:
    last = words.casefold().split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _is_negated(said: Sequence[tuple[str, Span]], at: int, phrases: Sequence[Sequence[Span]], prompt: str) -> bool:
    chunk = _chunk(said[at][1], phrases)
    before = [word for word, span in said[:at] if span[1] <= chunk[0][0]]
    return prompt[slice(*chunk[0])].casefold() in _NONE or (bool(before) and before[-1] in _NONE)


def _is_verb(text: str, span: Span, phrases: Sequence[Sequence[Span]], prompt: str) -> bool:
    """Whether a word is what several things do: "birds fly", but "a fly"."""
    before = [word for word in _chunk(span, phrases) if word[1] <= span[0]]
    doers = prompt[slice(*before[-1])].casefold() if before else ""
    return text in _VERBS and (doers in _PEOPLE or bool(doers and _is_plural(doers)))


def _is_of_one_name(first: Span, second: Span, phrases: Sequence[Sequence[Span]], prompt: str) -> bool:
    """Whether two names that follow on each other say one thing: "an apple tree", but not "apple tree sun"."""
    chunk = _chunk(second, phrases)
    begun = chunk[0][0] <= first[0] and is_determiner(prompt[slice(*chunk[0])])
    return begun and not prompt[first[1] : second[0]].strip() and not _is_plural(prompt[slice(*first)])


def _is_about(said: Sequence[tuple[str, Span]], at: int, length: int) -> bool:
    after = said[at + length][0] if at + length < len(said) else ""
    return after == "of" and said[at + length - 1][0] in _OF_THE_PICTURE
