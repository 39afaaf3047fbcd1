"""What “Boost weak words” does: which words miss their paint, and how much stronger each becomes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.image_info.scores import Reading, Verdict
from app.language import number, tr
from app.widgets.helpers import listed
from canvas.model import edits
from canvas.model.scene import Scene, acting_words

FACTOR = 1.5
LEAST = 0.05
MOST = 2.0
"""Each time, a weak word becomes this much stronger, by a slider's step at least, up to the slider's end."""
GUESSED = " Judged by attention alone, as nothing looks at this model's pictures themselves: look before you boost."


@dataclass(frozen=True)
class Raise:
    """One word that becomes stronger."""

    word_id: str
    phrase: str
    before: float
    after: float


@dataclass(frozen=True)
class Plan:
    """What would be done: the words that are raised, weak ones at their limit, and why nothing can be told.

    Attributes:
        guessed: whether attention alone calls the words weak (`app.image_info.scores.UNDRAWN_TIMES`).
    """

    raises: tuple[Raise, ...] = ()
    at_limit: tuple[str, ...] = ()
    unknown: str = ""
    guessed: bool = False

    @property
    def text(self) -> str:
        """The plan in a sentence or two."""
        if self.unknown:
            return self.unknown
        told = tr(GUESSED) if self.guessed else ""
        words, most = listed(self.at_limit), number(MOST, ".2f")
        one = len(self.at_limit) == 1
        limit = (
            tr("{words} is at the limit of {most}.", words=words, most=most)
            if one
            else (tr("{words} are at the limit of {most}.", words=words, most=most))
        )
        if self.raises:
            changes = [
                f"“{each.phrase}” {number(each.before, '.2f')} → {number(each.after, '.2f')}" for each in self.raises
            ]
            return (
                tr("{listed}, with the same seed.", listed=listed(changes))
                + (f" {limit}" if self.at_limit else "")
                + told
            )
        if self.at_limit:
            return tr("{limit} Turn up the paint fidelity, or give the word more room.{told}", limit=limit, told=told)
        return tr("No word is known to be weak.")


def plan(scene: Scene, reading: Reading) -> Plan:
    """What would be raised in a scene, by what was measured of the picture that is shown."""
    if not reading.words:
        return Plan(unknown=tr("This picture was not measured: paint a word and generate first."))
    if reading.stale:
        return Plan(unknown=tr("The paint or the prompt has changed since this picture: generate first."))
    raises, at_limit, guessed = [], [], reading.undrawn
    for word in acting_words(scene):
        found = reading.words.get(word.id)
        if found is None or not (found.verdict is Verdict.WEAK or word.id in guessed):
            continue
        size = abs(word.strength)
        if size >= MOST:
            at_limit.append(f"“{word.phrase}”")
        else:
            after = min(max(round(size * FACTOR, 2), size + LEAST), MOST)
            raises.append(Raise(word.id, word.phrase, word.strength, math.copysign(after, word.strength)))
    return Plan(tuple(raises), tuple(at_limit), guessed=bool(guessed))


def strengthened(scene: Scene, strengths: Mapping[str, float]) -> Scene:
    """The scene with other strengths, by word id."""
    for word_id, strength in strengths.items():
        scene = edits.change_word(scene, word_id, strength=strength)
    return scene
