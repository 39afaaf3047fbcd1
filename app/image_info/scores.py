"""How well the words of a picture keep to their paint, and whether that still holds for what is painted now."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum

from canvas.model.retarget import carried
from canvas.model.scene import Scene, Word, acting_words
from canvas.paint.acting import rule_of

SHOWN = 0.5
UNSEEN, UNDRAWN = 0.02, 0.13
"""A word is there where at least `SHOWN` of its paint shows it. It is missing where less than `UNSEEN` does and it drew
less than `UNDRAWN` of its attention into the paint.

From 24 pictures of the starter (512 pixels, 20 steps; held-out pages of the picture book with everything painted, a
quarter with a paint weight of 0) with 139 painted words, judged by eye; of 16 words the recogniser was not sure:

| looked at | words | good | unsure | weak |
|---|---|---|---|---|
| in its paint | 92 | 85 | 7 | 0 |
| not there | 27 | 0 | 13 | 14 |
| hard to say | 20 | 16 | 4 | 0 |

The limits are those that were found on the starter of 35 names, whose segmenter looked at pixels.
"""

UNDRAWN_TIMES = 2.0
"""Where nobody recognises what a picture shows (all models but the starter), a word may be missing that drew less than
`UNDRAWN` of its attention into its paint, and less than so many times what the paint would have if attention were the
same everywhere: the share of the canvas that it covers.

That is a hint, which lights nothing. Of 144 words of six examples on the starter of 35 names (12 steps, two seeds,
with paint and with a paint weight of 0) it names 14: of 83 that the segmenter saw in their paint none, of 23 that it
did not see 11, and 3 of 38 in between. How far that holds for other models nobody has measured. Of large paint (13 % of
the canvas and more draws that much wherever the word went) and of words that are pushed out it says nothing.
"""


class Verdict(Enum):
    """What the numbers together say of a word."""

    GOOD = "good"
    WEAK = "weak"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Score:
    """Of one word, or of a whole picture: shares 0..1, None where that is not known.

    Attributes:
        obedience: how much of the word's attention went into its paint.
        seen: how probable it is that its paint shows it in the picture, as the recogniser sees it; None where it is not
            sure.
        pushed: whether the word is pushed out of its paint: then both are of what is not in it.
    """

    obedience: float | None = None
    seen: float | None = None
    pushed: bool = False

    @property
    def known(self) -> bool:
        """Whether anything is known."""
        return self.obedience is not None or self.seen is not None

    @property
    def verdict(self) -> Verdict:
        """Good where the picture shows the word in its paint; weak where picture and attention agree that it does not.

        Attention alone says nothing: small things draw as little of it where they are as where they are not. That the
        picture does not show a word is not enough either, as the recogniser is wrong at times. For a word
        that is pushed out the two change places.
        """
        if self.seen is None:
            return Verdict.UNSURE
        seen, drawn = self.seen, 1.0 if self.obedience is None else self.obedience
        if self.pushed:
            seen, drawn = 1.0 - seen, 1.0 if self.obedience is None else 1.0 - drawn
        if seen >= SHOWN:
            return Verdict.WEAK if self.pushed else Verdict.GOOD
        if seen < UNSEEN and drawn < UNDRAWN:
            return Verdict.GOOD if self.pushed else Verdict.WEAK
        return Verdict.UNSURE


@dataclass(frozen=True)
class WordScore:
    """The score of a word that is on a chip now; stale where its paint, its text or its strength is another by now.

    Attributes:
        area: the share of the canvas that its paint covers, 0..1.
    """

    score: Score
    stale: bool
    area: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """What the score says now: nothing where it is of before the last change."""
        return Verdict.UNSURE if self.stale else self.score.verdict

    @property
    def undrawn(self) -> bool:
        """Whether it drew as little attention as missing words do, see `UNDRAWN_TIMES`."""
        drawn = self.score.obedience
        if self.stale or self.score.pushed or drawn is None:
            return False
        return drawn < min(UNDRAWN, UNDRAWN_TIMES * self.area)


@dataclass(frozen=True)
class Reading:
    """The scores of the picture that is shown, for the words as they are now, by their ids."""

    words: Mapping[str, WordScore] = field(default_factory=dict)
    whole: Score = Score()
    stale: bool = False

    @property
    def undrawn(self) -> frozenset[str]:
        """The ids of words that attention alone calls missing; none where the picture was looked at (`Score.seen`)."""
        if any(word.score.seen is not None for word in self.words.values()):
            return frozenset()
        return frozenset(key for key, word in self.words.items() if word.undrawn)


def scores_of(scene: Scene, obedience: Iterable[float | None], seen: Iterable[float | None]) -> dict[str, Score]:
    """What an event of the engine says of the scene that it was made from, by the words' ids."""
    first, second = [_share(value) for value in obedience], [_share(value) for value in seen]
    scores = {}
    for index, word in enumerate(acting_words(scene)):
        score = Score(_at(first, index), _at(second, index), word.strength < 0)
        if score.known:
            scores[word.id] = score
    return scores


def to_json(scores: Mapping[str, Score]) -> str:
    """Scores by the words' ids, as a picture's file carries them."""
    return json.dumps({key: asdict(score) for key, score in scores.items()})


def from_json(text: str) -> dict[str, Score]:
    """What `to_json` wrote. What is damaged is left out: a score is missed less than a picture."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    entries = value.items() if isinstance(value, dict) else ()
    read = {
        key: Score(_number(entry.get("obedience")), _number(entry.get("seen")), entry.get("pushed") is True)
        for key, entry in entries
        if isinstance(entry, dict)
    }
    return {key: score for key, score in read.items() if score.known}


def read(scores: Mapping[str, Score], made_by: Scene | None, now: Scene) -> Reading:
    """The scores of a picture that `made_by` made, for the words of the scene as it is now."""
    if made_by is None or not scores:
        return Reading()
    words = {}
    for word in now.words:
        old = _same_word(word, made_by, now)
        if old is not None and old.id in scores:
            area = made_by.masks[old.id].coverage
            words[word.id] = WordScore(scores[old.id], _differs(old, made_by, word, now), area)
    measured = [scores[word.id] for word in acting_words(made_by) if word.id in scores]
    whole = Score(_mean([score.obedience for score in measured]), _mean([score.seen for score in measured]))
    return Reading(words, whole, is_stale(made_by, now))


def is_stale(made_by: Scene, now: Scene) -> bool:
    """Whether prompt, size or paint are others than those that made the picture."""
    if (made_by.prompt, made_by.negative, made_by.size) != (now.prompt, now.negative, now.size):
        return True
    before, after = acting_words(made_by), acting_words(now)
    return len(before) != len(after) or any(
        old.span != new.span or _differs(old, made_by, new, now) for old, new in zip(before, after, strict=True)
    )


def _same_word(word: Word, made_by: Scene, now: Scene) -> Word | None:
    if word.span is None:
        return None
    span = carried(now.prompt, made_by.prompt, word.span)
    return next((old for old in made_by.words if old.span == span and span is not None), None)


def _differs(old: Word, made_by: Scene, new: Word, now: Scene) -> bool:
    same = all(
        getattr(old, name) == getattr(new, name) for name in ("phrase", "strength", "window", "fidelity", "feather")
    )
    return not same or rule_of(made_by, old) != rule_of(now, new) or made_by.masks[old.id] != now.masks[new.id]


def _number(value: object) -> float | None:
    return _share(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _share(value: float | None) -> float | None:
    if value is None or value != value or value in (math.inf, -math.inf):
        return None
    return float(min(max(value, 0), 1))  # first cut to its range: a whole number may be too large for a float


def _at(values: list[float | None], index: int) -> float | None:
    return values[index] if index < len(values) else None


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
