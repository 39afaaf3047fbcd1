"""The settings of a mood: which one acts, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from resources.limits import ClipWeight, MoodWeight, Name
from resources.setting_spec import SettingSpec


@dataclass(frozen=True, kw_only=True)
class MoodSettings:
    """What pictures that somebody likes have in common, and how much of it is taken.

    Attributes:
        mood: its name in the folder of moods, or the path of its file; None is none. See `engine.taste.mood`.
        mood_weight: -1 (away from it) .. 1 (towards it); 0 is none.
        clip_guidance: how far each step is led to the style pictures and the mood by the image encoder's gradient, 0
            (not at all) .. 10; see `engine.taste.pulling`.
    """

    mood: Annotated[
        Name | None,
        SettingSpec(label="Mood", subject="The mood", advice="Choose a mood from the list."),
    ] = None
    mood_weight: Annotated[
        MoodWeight,
        SettingSpec(
            label="Mood strength",
            subject="The strength of the mood",
            tip="Right: towards the look of the pictures that the mood was made from. Left: away from it. 0 is none",
        ),
    ] = 1.0
    clip_guidance: Annotated[
        ClipWeight,
        SettingSpec(
            label="CLIP guidance",
            subject="CLIP guidance",
            help="lead each step to the style pictures, each in its area, and to the mood by the image encoder's"
            " gradient; for models with an image encoder of their own. 0 is off, 1 a little, at most 10",
        ),
    ] = 0.0
