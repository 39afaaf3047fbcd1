"""Which words of a prompt a model has not learnt, where it has learnt only a few, and how that is said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from canvas.words import Span, word_spans
from engine.errors import EngineError
from engine.families import ModelFacts
from engine.shelf import STARTER, Shelf

_PART = re.compile(r"[^\W_]+")
# They name nothing that could be painted, so that a model without them misses nothing.
_SMALL_WORDS = (
    "a an the and or of in on at by to from for with without under over above below behind before near beside between "
    "beyond around across along among through into onto up down off is are it its this that these those some there "
    "left right top bottom front back middle next"
)


def facts_of(model: str) -> ModelFacts | None:
    """What the files of a model say; None where they cannot be read, which whoever loads it will explain."""
    try:
        return Shelf().inspect(model)
    except (EngineError, OSError):
        return None


def unknown_spans(prompt: str, facts: ModelFacts | None) -> tuple[Span, ...]:
    """Spans of the words that the model has not learnt; none for a model that declares no names."""
    if facts is None or not facts.names:
        return ()
    known = {part for text in (*facts.names, *facts.words) for part in _parts(text)} | set(_SMALL_WORDS.split())
    return tuple(span for span in word_spans(prompt) if _is_unknown(prompt[slice(*span)], known))


def unknown_words(prompt: str, facts: ModelFacts | None) -> list[str]:
    """The words that the model has not learnt, each once, in the order of the prompt."""
    found: dict[str, str] = {}
    for span in unknown_spans(prompt, facts):
        found.setdefault(prompt[slice(*span)].casefold(), prompt[slice(*span)])
    return list(found.values())


def says_unknown(words: Sequence[str], facts: ModelFacts, *, quotes: str = "“”") -> str:
    """ "The starter does not know “cat” and “dog”." ; long lists are cut."""
    named = [f"{quotes[0]}{word}{quotes[1]}" for word in words[:3]]
    if len(words) > 4:
        named.append(f"{len(words) - 3} more words")
    elif len(words) == 4:
        named.append(f"{quotes[0]}{words[3]}{quotes[1]}")
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"{called(facts)} does not know {listed}."


def called(facts: ModelFacts) -> str:
    """A model as the subject of a sentence."""
    return "The starter" if facts.name == STARTER else f"The model {facts.name}"


def nearest_first(names: Sequence[str], words: Sequence[str]) -> list[str]:
    """The names, those first that look most like one of `words` (“mountain” and “mountains”)."""
    near = [name for word in words for name in difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.75)]
    return list(dict.fromkeys([*near, *names]))


def _parts(text: str) -> list[str]:
    return _PART.findall(text.casefold())


def _is_unknown(word: str, known: set[str]) -> bool:
    parts = _parts(word)
    return not parts or not known.issuperset(parts)
