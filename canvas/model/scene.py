"""The scene: one immutable value that holds the prompt, its words, their masks and the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from canvas.model.errors import SceneError
from canvas.model.fidelity import Fidelity, check_fidelity
from canvas.model.style import MAX_STYLES, Expert, Style, check_encoders, check_experts, is_name, is_number
from canvas.model.tiled_mask import Size, TiledMask

MAX_SIDE = 8192
MAX_SEED = 2**63 - 1
MAX_PROMPT = 20_000
MAX_WORDS = 1024
MAX_STRENGTH = 10.0
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_COLOR = re.compile(r"#[0-9a-f]{6}\Z")


def _require(good: bool, message: str, hint: str) -> None:
    if not good:
        raise SceneError(message, hint=hint)


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


@dataclass(frozen=True)
class Settings:
    """How to generate. None for guidance or paint weight is the model's own default. Raises SceneError out of range.

    Attributes:
        steps: 1..1000. guidance, paint_weight: 0..100, of which engines take a part. seed: 0..2**63-1. count: 1..64.
        sampler, law, model, device: names that the engine knows and judges.
        encoders: (name, weight 0..1) of the text encoders that are heard; None is all that the model has.
        fidelity: how strictly paint is kept to: 0 loose .. 1 exact, or piece by piece; None is the model's own.
        experts: who denoises at which noise; None is the model's own ensemble, () its base denoiser alone.
    """

    steps: int = 20
    guidance: float | None = None
    paint_weight: float | None = None
    seed: int = 0
    sampler: str = "dpmpp_2m"
    law: str = "default"
    count: int = 1
    model: str = "starter"
    device: str = "auto"
    encoders: tuple[tuple[str, float], ...] | None = None
    experts: tuple[Expert, ...] | None = None
    fidelity: Fidelity = None

    def __post_init__(self) -> None:
        _require(
            _whole(self.steps, 1, 1000), f"Steps cannot be {self.steps}.", "Use 1 to 1000 steps; 20 is a good start."
        )
        good = self.guidance is None or is_number(self.guidance, 0, 100)
        _require(good, f"Guidance cannot be {self.guidance}.", "Use a number from 1 to 30, or the model's default.")
        good = self.paint_weight is None or is_number(self.paint_weight, 0, 100)
        _require(good, f"The paint weight cannot be {self.paint_weight}.", "Use a number from 0 to 10, or the default.")
        _require(
            _whole(self.seed, 0, MAX_SEED), f"The seed cannot be {self.seed}.", "Use a whole number from 0 to 2^63-1."
        )
        _require(_whole(self.count, 1, 64), f"The count cannot be {self.count}.", "Ask for 1 to 64 pictures.")
        for name in ("sampler", "law", "model", "device"):
            value = getattr(self, name)
            _require(is_name(value), f"The {name} {value!r} is not a name.", f"Pick a {name} from the list.")
        if self.encoders is not None:
            check_encoders(self.encoders)
        if self.experts is not None:
            check_experts(self.experts)
        check_fidelity(self.fidelity)


@dataclass(frozen=True)
class Word:
    """One occurrence of a span of the prompt that can be painted. Raises SceneError for a value out of range.

    Attributes:
        id: letters, digits, `_` and `-`; unique in the scene.
        phrase: the text of the span.
        span: half-open code-point offsets into the prompt; None where the text is gone.
        strength: signed, -2..2 in the window, at most 10 either way; 1 normal, 0 none.
        window: part of the schedule in which the word acts, 0 first step .. 1 last.
        color: "#rrggbb", lower case.
        visible: whether its overlay is shown; a hidden word acts all the same.
        pattern: number of its overlay's pattern.
        anchor: where in the prompt its text was, while `span` is None; a phrase that comes back attaches nearest to it.
        muted: whether its paint is kept but left out of the picture.
        solo: whether only words with this mark act.
    """

    id: str
    phrase: str
    span: tuple[int, int] | None
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)
    color: str = "#e69f00"
    visible: bool = True
    pattern: int = 0
    anchor: int = 0
    muted: bool = False
    solo: bool = False

    def __post_init__(self) -> None:
        _require(
            isinstance(self.id, str) and bool(_ID.match(self.id)),
            f"{self.id!r} is not a word's id.",
            "Use letters and digits.",
        )
        good = isinstance(self.phrase, str) and bool(self.phrase.strip()) and len(self.phrase) <= MAX_PROMPT
        _require(good, "A word needs some text.", "Select one or more letters in the prompt.")
        if self.span is not None:
            good = (
                len(self.span) == 2 and all(_whole(v, 0, MAX_PROMPT) for v in self.span) and self.span[0] < self.span[1]
            )
            _require(good, f"{self.span} is not a span.", "A span is [start, end) in the prompt.")
        good = is_number(self.strength, -MAX_STRENGTH, MAX_STRENGTH)
        _require(
            good,
            f"The strength of “{self.phrase}” cannot be {self.strength}.",
            "Use a number from -2 to 2; 1 is normal.",
        )
        good = (
            len(self.window) == 2 and all(is_number(v, 0, 1) for v in self.window) and self.window[0] <= self.window[1]
        )
        _require(
            good, f"The window of “{self.phrase}” cannot be {self.window}.", "Use a start and an end between 0 and 1."
        )
        good = isinstance(self.color, str) and bool(_COLOR.match(self.color))
        _require(good, f"{self.color!r} is not a colour.", "Write a colour as #rrggbb in lower case.")
        _require(_whole(self.pattern, 0, 10_000), f"{self.pattern!r} is not a pattern.", "Use a whole number from 0.")
        _require(_whole(self.anchor, 0, MAX_PROMPT), f"{self.anchor!r} is not a place in the prompt.", "Use 0 or more.")

    @property
    def attached(self) -> bool:
        """Whether the word's text stands in the prompt."""
        return self.span is not None

    @property
    def title(self) -> str:
        """What it is called where anything that can be painted is named."""
        return self.phrase


Paintable = Word | Style
"""What the brush can paint: a word, or a style that acts only where it is painted."""


@dataclass(frozen=True)
class Scene:
    """Everything that a picture is made from, as one value; equal when all of it is equal.

    Attributes:
        prompt, negative: text, at most 20000 code points each.
        size: width and height in pixels, 1..8192 each (the model may ask for a multiple of its own).
        words: in the order in which they were added; at most 1024.
        masks: word or style id -> TiledMask of `size`; a word, or a style with an area, that is not given gets an
            empty one.
        settings: how to generate.
        styles: pictures whose look is taken, at most 8.

    Raises SceneError where the parts do not fit together.
    """

    prompt: str = ""
    negative: str = ""
    size: Size = (256, 256)
    words: tuple[Word, ...] = ()
    masks: Mapping[str, TiledMask] = field(default_factory=dict, hash=False)
    settings: Settings = field(default_factory=Settings)
    styles: tuple[Style, ...] = ()

    def __post_init__(self) -> None:
        for text in (self.prompt, self.negative):
            good = isinstance(text, str) and len(text) <= MAX_PROMPT
            _require(good, "The prompt is too long.", f"Keep it under {MAX_PROMPT} letters.")
        good = len(self.size) == 2 and all(_whole(side, 1, MAX_SIDE) for side in self.size)
        _require(
            good,
            f"The canvas cannot be {' x '.join(map(str, self.size))} pixels.",
            f"Use a width and a height of 1 to {MAX_SIDE} pixels.",
        )
        _require(
            len(self.words) <= MAX_WORDS,
            f"A scene cannot have {len(self.words)} words to paint.",
            f"Use at most {MAX_WORDS}: drop words that are not painted.",
        )
        _require(len(self.styles) <= MAX_STYLES, "There are too many styles.", f"Use at most {MAX_STYLES}.")
        ids = [*(word.id for word in self.words), *(style.id for style in self.styles)]
        _require(len(set(ids)) == len(ids), "Two words or styles have the same id.", "Give each an id of its own.")
        for word in self.words:
            if word.span is not None and self.prompt[slice(*word.span)] != word.phrase:
                raise SceneError(
                    f"“{word.phrase}” is not at {list(word.span)} in the prompt.",
                    hint="Pick the word again in the prompt, or drop it.",
                )
        ids = [*(word.id for word in self.words), *(style.id for style in self.styles if style.area)]
        unknown = self.masks.keys() - set(ids)
        _require(not unknown, "A mask belongs to no word.", "Give masks only for words and styles with an area.")
        masks = {}
        for word_id in ids:
            mask = self.masks.get(word_id) or TiledMask(self.size)
            if mask.size != self.size:
                raise SceneError(
                    f"A mask of {mask.size[0]}x{mask.size[1]} does not fit a canvas of {self.size[0]}x{self.size[1]}.",
                    hint="Use a mask of the canvas' size.",
                )
            masks[word_id] = mask
        object.__setattr__(self, "masks", MappingProxyType(masks))

    def word(self, word_id: str) -> Word:
        """The word of that id. Raises KeyError."""
        for word in self.words:
            if word.id == word_id:
                return word
        raise KeyError(word_id)

    def has_word(self, word_id: str | None) -> bool:
        """Whether there is a word of that id."""
        return any(word.id == word_id for word in self.words)

    @property
    def paintables(self) -> tuple[Paintable, ...]:
        """All that the brush can paint, from the lowest overlay up: styles with an area, then the words."""
        return (*(style for style in self.styles if style.area), *self.words)

    def paintable(self, any_id: str) -> Paintable:
        """The word, or the style with an area, of that id. Raises KeyError."""
        for thing in self.paintables:
            if thing.id == any_id:
                return thing
        raise KeyError(any_id)

    def can_paint(self, any_id: str | None) -> bool:
        """Whether there is a word, or a style with an area, of that id."""
        return any_id in self.masks

    def style(self, style_id: str) -> Style:
        """The style of that id. Raises KeyError."""
        for style in self.styles:
            if style.id == style_id:
                return style
        raise KeyError(style_id)

    def replace(self, **changes: Any) -> Scene:
        """A scene in which some parts are others; everything else is shared."""
        return replace(self, **changes)

    def with_word(self, word: Word) -> Scene:
        """A scene in which the word of the same id is this one."""
        return replace(self, words=tuple(word if other.id == word.id else other for other in self.words))

    def with_style(self, style: Style) -> Scene:
        """A scene in which the style of the same id is this one."""
        return replace(self, styles=tuple(style if other.id == style.id else other for other in self.styles))

    def with_mask(self, word_id: str, mask: TiledMask) -> Scene:
        """A scene in which the mask of a word, or of a style with an area, is this one."""
        return replace(self, masks={**self.masks, word_id: mask})


def acting_ids(scene: Scene) -> frozenset[str]:
    """Ids of the words whose paint would act: in the prompt, not muted, of some strength, and solo where any word is.

    Words without paint are among them: as soon as they have some, it acts.
    """
    solo = any(word.solo and word.span for word in scene.words)
    return frozenset(
        word.id
        for word in scene.words
        if word.span and not word.muted and word.strength != 0 and (word.solo or not solo)
    )


def acting_words(scene: Scene) -> list[Word]:
    """The words that change the picture, in the order of the request: those that act (`acting_ids`) and have paint."""
    acting = acting_ids(scene)
    return [word for word in scene.words if word.id in acting and not scene.masks[word.id].is_empty]
