"""The scene: one immutable value that holds the prompt, its words, their masks and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any

from canvas.model.colour_layer import COLOURS, ColourLayer, PictureLayer
from canvas.model.control import Control
from canvas.model.errors import SceneError, scene_errors
from canvas.model.experts import check_experts
from canvas.model.guides import MAX_GUIDES, Guides
from canvas.model.style import Style
from canvas.model.tiled_mask import Size, TiledMask
from resources.checking import check, check_fields, fits
from resources.limits import (
    MAX_CONTROLS,
    MAX_LORAS,
    MAX_PICTURES,
    MAX_SIDE,
    MAX_STYLES,
    MAX_WORDS,
    OVERLAPS,
    Color,
    Feather,
    Identifier,
    Pattern,
    Phrase,
    Place,
    Prompt,
    Share,
    Side,
    Strength,
)
from resources.setting_spec import SettingSpec
from resources.settings import GenerationSettings, LoraChoice, check_settings

_OVERLAPS_HINT = f"Use one of: {', '.join(OVERLAPS)}."


def _require(good: bool, message: str, hint: str) -> None:
    if not good:
        raise SceneError(message, hint=hint)


@dataclass(frozen=True, kw_only=True)
class Settings(GenerationSettings):
    """How to generate: the fields are those of `resources.settings`. Raises SceneError where one is out of range.

    Attributes:
        loras: LoRA files that change the model, at most 32; one that is bound to a word is heard where it is painted.
        overlap: what happens where words overlap whose own `Word.overlap` is None, one of `resources.limits.OVERLAPS`.
    """

    loras: Annotated[
        tuple[LoraChoice, ...],
        SettingSpec(label="LoRA files", subject="The list of LoRA files", advice="Give each a name and a weight."),
    ] = ()
    overlap: Annotated[
        str,
        SettingSpec(
            label="Where words overlap",
            subject="The rule for overlaps",
            tip="Add: all act in full. Top wins: the word that lies on top (lower in the list) takes the place."
            " Share: together they act with the strength of one",
            help="what happens where words overlap: add (all act in full), top (the upper one takes the place) or share"
            " (together they act as one); PHRASE=RULE for one word and those under it",
            choices=OVERLAPS,
        ),
    ] = "add"

    def __post_init__(self) -> None:
        with scene_errors():
            check_settings(self)
        _require(self.overlap in OVERLAPS, f"There is no rule “{self.overlap}” for overlaps.", _OVERLAPS_HINT)
        if self.experts is not None:
            check_experts(self.experts)
        _require(len(self.loras) <= MAX_LORAS, "There are too many LoRA files.", f"Use at most {MAX_LORAS}.")


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
        exclusive: whether it keeps its area to itself (`overlap`); None where that goes by what it names.
        locked: whether its paint stays as it is.
        feather: how soft the edge of its paint is for the model, in pixels of the canvas as a selection is feathered;
            the mask itself stays as it was painted.
        fidelity: how strictly it is kept to its paint, 0 loose .. 1 exact; None as the scene's settings say.
        overlap: what it does to the words under it where it overlaps them, one of `resources.limits.OVERLAPS`; None as
            the scene's settings say.
    """

    id: Identifier
    phrase: Phrase
    span: tuple[Place, Place] | None
    strength: Strength = 1.0
    window: tuple[Share, Share] = (0.0, 1.0)
    color: Color = "#e69f00"
    visible: bool = True
    pattern: Pattern = 0
    anchor: Place = 0
    muted: bool = False
    solo: bool = False
    exclusive: bool | None = None
    locked: bool = False
    feather: Feather = 0.0
    fidelity: Share | None = None
    overlap: str | None = None

    def __post_init__(self) -> None:
        with scene_errors():
            check_fields(
                self,
                {
                    "id": "A word's id",
                    "phrase": "A word's text",
                    "span": f"The span of “{self.phrase}”",
                    "strength": f"The strength of “{self.phrase}”",
                    "window": f"The window of “{self.phrase}”",
                    "color": "A colour",
                    "pattern": "A pattern",
                    "anchor": "A place in the prompt",
                    "feather": f"The soft edge of “{self.phrase}”",
                    "fidelity": f"The fidelity of “{self.phrase}”",
                    "overlap": f"The rule for overlaps of “{self.phrase}”",
                },
                {
                    "id": "Use at most 64 letters and digits.",
                    "phrase": "Select one or more characters in the prompt.",
                    "span": "A span is [start, end) in the prompt.",
                    "window": "Use a start and an end between 0 and 1.",
                    "color": "Write a colour as #rrggbb in lower case.",
                },
            )
        _require(bool(self.phrase.strip()), "A word needs some text.", "Select one or more characters in the prompt.")
        _require(
            self.overlap is None or self.overlap in OVERLAPS,
            f"There is no rule “{self.overlap}” for overlaps.",
            _OVERLAPS_HINT,
        )
        good = self.span is None or self.span[0] < self.span[1]
        _require(good, f"{self.span} is not a span.", "A span is [start, end) in the prompt.")
        _require(
            self.window[0] <= self.window[1],
            f"The window of “{self.phrase}” cannot be {self.window}.",
            "Use a start and an end between 0 and 1.",
        )

    @property
    def attached(self) -> bool:
        """Whether the word's text stands in the prompt."""
        return self.span is not None

    @property
    def title(self) -> str:
        """What it is called where anything that can be painted is named."""
        return self.phrase


Paintable = Word | Style
"""What the brush can paint with a mask: a word, or a style that acts only where it is painted."""


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
        controls: pictures whose shapes are kept to, at most 4.
        colours: the colour layer under the words, of `size`; an empty one that is of another size becomes one of it.
        pictures: the picture layers under the colours, from the lowest up, at most 100, each of `size`.
        guides: lines that painting can be aligned to, at most 256, each once; they change nothing of what is made.
        selection: the part of the canvas that tools work on, None for all of it. It is no part of the picture: scenes
            that differ in nothing else are equal, and files do not keep it.

    Raises SceneError where the parts do not fit together.
    """

    prompt: str = ""
    negative: str = ""
    size: Size = (512, 512)
    words: tuple[Word, ...] = ()
    masks: Mapping[str, TiledMask] = field(default_factory=dict, hash=False)
    settings: Settings = field(default_factory=Settings)
    styles: tuple[Style, ...] = ()
    controls: tuple[Control, ...] = ()
    colours: ColourLayer = field(default_factory=lambda: ColourLayer((512, 512)), hash=False)
    pictures: tuple[PictureLayer, ...] = ()
    guides: Guides = ()
    selection: TiledMask | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        with scene_errors():
            for text, what in ((self.prompt, "prompt"), (self.negative, "negative prompt")):
                check(text, Prompt, f"The {what}")
        _require(
            fits(self.size, tuple[Side, Side]),
            f"The canvas cannot be {' x '.join(map(str, self.size))} pixels.",
            f"Use a width and a height of 1 to {MAX_SIDE} pixels.",
        )
        _require(
            len(self.words) <= MAX_WORDS,
            f"A scene cannot have {len(self.words)} words to paint.",
            f"Use at most {MAX_WORDS}: drop words that are not painted.",
        )
        _require(len(self.guides) <= MAX_GUIDES, "There are too many guides.", f"Use at most {MAX_GUIDES}.")
        few = len(self.controls) <= MAX_CONTROLS
        _require(few, "There are too many control pictures.", f"Use at most {MAX_CONTROLS}.")
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
        if self.colours.size != self.size:
            _require(
                self.colours.is_empty,
                f"Colours of {self.colours.size[0]}x{self.colours.size[1]} pixels do not fit a canvas of "
                f"{self.size[0]}x{self.size[1]}.",
                "Use colours of the canvas' size.",
            )
            object.__setattr__(self, "colours", self.colours.resized(self.size))
        if self.pictures:
            self._check_pictures()
        if self.selection is not None and self.selection.size != self.size:
            object.__setattr__(self, "selection", None)

    def _check_pictures(self) -> None:
        many = len(self.pictures) <= MAX_PICTURES
        _require(many, "There are too many picture layers.", f"Use at most {MAX_PICTURES}.")
        own = len({layer.id for layer in self.pictures}) == len(self.pictures)
        _require(own, "Two picture layers have the same id.", "Give each an id of its own.")
        for layer in self.pictures:
            if layer.size != self.size:
                raise SceneError(
                    f"A picture layer of {layer.size[0]}x{layer.size[1]} pixels does not fit a canvas of "
                    f"{self.size[0]}x{self.size[1]}.",
                    hint="Use a picture of the canvas' size.",
                )

    def picture(self, layer_id: str) -> PictureLayer:
        """The picture layer of that id. Raises KeyError."""
        for layer in self.pictures:
            if layer.id == layer_id:
                return layer
        raise KeyError(layer_id)

    @property
    def has_ground(self) -> bool:
        """Whether colours are painted, or pictures shown, that a run can begin from."""
        return not self.colours.is_empty or any(layer.acts for layer in self.pictures)

    @property
    def ground_acts(self) -> bool:
        """Whether colours and pictures change what is made."""
        return self.colours.strength > 0 and self.has_ground

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

    def paintable(self, any_id: str) -> Paintable | ColourLayer:
        """The word, the style with an area, or the colour layer, of that id. Raises KeyError."""
        if any_id == COLOURS:
            return self.colours
        for thing in self.paintables:
            if thing.id == any_id:
                return thing
        raise KeyError(any_id)

    def can_paint(self, any_id: str | None) -> bool:
        """Whether there is a word, or a style with an area, of that id; the colour layer is always there."""
        return any_id in self.masks or any_id == COLOURS

    def painted(self, any_id: str) -> TiledMask:
        """Where a word, a style with an area, or the colour layer is painted. Raises KeyError."""
        return self.colours.alpha() if any_id == COLOURS else self.masks[any_id]

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
