"""The mood of a request, ready for a run: its file found, checked against the model, and made a style's tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import BadReference
from engine.taste.encoders import encoder_of
from engine.taste.mood import Mood, find_mood, moods_folder, read_mood
from engine.text.encoders import ReadStyle

if TYPE_CHECKING:
    from engine.facts import InstalledModel
    from engine.models.library import Library


def mood_for(name: str, facts: InstalledModel, library: Library) -> Mood:
    """Return a mood that a model can use; no weights are loaded.

    Args:
        name: in the folder of moods, or the path of a file.

    Raises:
        BadReference: there is none, it is damaged, or it was made with another image encoder than the model's.
        UnsupportedModel, ModelNotFound and others: see `engine.taste.encoders.encoder_of`.
    """
    encoder = encoder_of(facts, library)
    mood = read_mood(find_mood(name, moods_folder(library.folder)))
    if mood.encoder != encoder.digest:
        raise BadReference(
            f'The mood "{mood.name}" was made with another image encoder than that of the model "{facts.name}".',
            hint=f'Make it again with this model: wordbrush mood "{mood.name}" PICTURES... --model "{facts.name}".',
        )
    return mood


def style_of(name: str, weight: float, facts: InstalledModel, library: Library) -> ReadStyle:
    """Return a mood as a style that is already read, as strong as it is far from the usual.

    Args:
        weight: -1..1, not 0; below 0 the negative prompt has it, so that guidance leads away from it. For the errors
            see `mood_for`.
    """
    tokens = mood_for(name, facts, library).tokens(abs(weight))
    return ReadStyle.of(tokens, strength=abs(weight), opposite=weight < 0)
