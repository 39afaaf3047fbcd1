"""What is asked of a picture: phrases as words of a prompt, and the other words of it that have places of their own."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import BadRequest, WordNotInPrompt
from engine.text.spans import find_span
from resources.noun_phrases import chunks, is_determiner
from resources.phrases import Span


def asked(prompt: str, phrases: Sequence[tuple[str, int]]) -> tuple[str, tuple[Span, ...]]:
    """A prompt that has each phrase, and where it has it: phrases that it lacks come behind it.

    Args:
        phrases: of each its text and which occurrence is meant, from 1; see `engine.text.spans.find_span`.

    Raises:
        BadRequest: a phrase is blank. WordNotInPrompt: it is there, but not so often.
    """
    spans = []
    for phrase, number in phrases:
        if not phrase.strip():
            raise BadRequest("No word was named that is to be found.", hint="Name a word that the picture shows.")
        try:
            spans.append(find_span(prompt, phrase, number))
        except WordNotInPrompt:
            if number > 1:
                raise
            prompt = f"{prompt.rstrip().rstrip(',')}, {phrase.strip()}" if prompt.strip() else phrase.strip()
            spans.append((len(prompt) - len(phrase.strip()), len(prompt)))
    return prompt, tuple(spans)


def beside(prompt: str, words: Sequence[Span]) -> tuple[Span, ...]:
    """The other phrases of a prompt, which words that are sought are weighed against; without determiners.

    One that meets a word that is sought is none of them.
    """
    found = []
    for chunk in chunks(prompt):
        named = [word for word in chunk if not is_determiner(prompt[slice(*word)])]
        if named:
            span = named[0][0], named[-1][1]
            if all(span[1] <= low or high <= span[0] for low, high in words):
                found.append(span)
    return tuple(found)
