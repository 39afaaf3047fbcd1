"""Styles and experts as a scene keeps them: a picture whose look is taken, and who denoises at which noise."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from canvas.model.errors import SceneError

MAX_STYLES = 8
MAX_EXPERTS = 16
MAX_PICTURE = 4 * 2**20
ENCODERS = ("clip", "t5")
ENCODER_NAMES = {"clip": "CLIP", "t5": "T5"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_COLOR = re.compile(r"#[0-9a-f]{6}\Z")
_PNG = b"\x89PNG\r\n\x1a\n"


def _require(good: bool, message: str, hint: str) -> None:
    if not good:
        raise SceneError(message, hint=hint)


def is_number(value: object, low: float, high: float) -> bool:
    """Whether a value is a number in that range; NaN, infinity and truth values are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and low <= value <= high


def is_name(value: object) -> bool:
    """Whether a value is a printable text of some length."""
    return isinstance(value, str) and 0 < len(value) <= 4096 and value.isprintable()


@dataclass(frozen=True)
class Style:
    """A picture whose look is taken. Raises SceneError for a value out of range.

    Attributes:
        id: letters, digits, `_` and `-`; unique among the scene's styles and words.
        name: what it is called; a file's name without its folders.
        picture: the bytes of a PNG, RGB, of at most 4 MiB.
        strength: 0 none .. 2; 1 normal.
        semantic: -1 manner .. 1 meaning; 0 is the picture as it is.
        area: whether it acts only where it is painted; its mask lies in the scene's masks under its id.
        color, visible, pattern: of its overlay, as a word's.
    """

    id: str
    name: str
    picture: bytes = field(repr=False)
    strength: float = 1.0
    semantic: float = 0.0
    area: bool = False
    color: str = "#888888"
    visible: bool = True
    pattern: int = 0

    def __post_init__(self) -> None:
        good = isinstance(self.id, str) and bool(_ID.match(self.id))
        _require(good, f"{self.id!r} is not a style's id.", "Use letters and digits.")
        _require(is_name(self.name), f"{self.name!r} is not a style's name.", "Give it a name of printable letters.")
        good = isinstance(self.picture, bytes) and self.picture[:8] == _PNG and len(self.picture) <= MAX_PICTURE
        _require(good, f"The picture of the style “{self.name}” is damaged or too large.", "Add the style again.")
        good = is_number(self.strength, 0, 2)
        _require(good, f"The strength of “{self.name}” cannot be {self.strength}.", "Use a number from 0 to 2.")
        good = is_number(self.semantic, -1, 1)
        _require(good, f"The meaning of “{self.name}” cannot be {self.semantic}.", "Use a number from -1 to 1.")
        good = isinstance(self.area, bool) and isinstance(self.visible, bool)
        _require(good, f"The style “{self.name}” is damaged.", "Add the style again.")
        good = isinstance(self.color, str) and bool(_COLOR.match(self.color))
        _require(good, f"{self.color!r} is not a colour.", "Write a colour as #rrggbb in lower case.")
        good = is_number(self.pattern, 0, 10_000) and isinstance(self.pattern, int)
        _require(good, f"{self.pattern!r} is not a pattern.", "Use a whole number from 0.")

    @property
    def title(self) -> str:
        """What it is called where anything that can be painted is named."""
        return self.name


@dataclass(frozen=True)
class Expert:
    """A denoiser and the noise levels `low <= sigma < high` that it owns. Raises SceneError for a value out of range.

    Attributes:
        name: what the timeline calls it.
        model: a name in the library or a path; "" is the scene's own model.
        part: "" is that model's base denoiser, else one of the experts that its folder brings.
        guidance: its own, 1..30; None is the scene's.
    """

    name: str
    model: str = ""
    part: str = ""
    low: float = 0.0
    high: float = math.inf
    guidance: float | None = None

    def __post_init__(self) -> None:
        _require(is_name(self.name), f"{self.name!r} is not an expert's name.", "Give it a name of printable letters.")
        for text in (self.model, self.part):
            good = text == "" or is_name(text)
            _require(good, f"The expert “{self.name}” names no model.", "Pick a model from the list.")
        good = is_number(self.low, 0, 1e6) and (self.high == math.inf or is_number(self.high, 0, 1e6))
        _require(
            good and self.low < self.high,
            f"The expert “{self.name}” cannot own the noise from {self.low} to {self.high}.",
            "Leave it some room on the timeline, or remove it.",
        )
        good = self.guidance is None or is_number(self.guidance, 0, 100)
        _require(good, f"The guidance of “{self.name}” cannot be {self.guidance}.", "Use a number from 1 to 30.")


def check_encoders(encoders: object) -> None:
    """Whether `encoders` says how loudly each text encoder is heard. Raises SceneError where it does not."""
    pairs = encoders if isinstance(encoders, tuple) else ((),)
    good = all(
        isinstance(pair, tuple) and len(pair) == 2 and pair[0] in ENCODERS and is_number(pair[1], 0, 1)
        for pair in pairs
    )
    good = good and len({pair[0] for pair in pairs}) == len(pairs)
    _require(good, "The text encoders' weights are damaged.", "Give each of clip and t5 a number from 0 to 1.")


def check_experts(experts: object) -> None:
    """Whether experts leave neither gap nor overlap from no noise to all. Raises SceneError where they do."""
    good = isinstance(experts, tuple) and all(isinstance(expert, Expert) for expert in experts)
    _require(good, "The experts are damaged.", "Reset the timeline.")
    assert isinstance(experts, tuple)
    _require(len(experts) <= MAX_EXPERTS, f"There are {len(experts)} experts.", f"Use at most {MAX_EXPERTS}.")
    edges = [0.0, *(expert.high for expert in sorted(experts, key=lambda expert: expert.low))]
    for expert, below in zip(sorted(experts, key=lambda expert: expert.low), edges, strict=False):
        _require(
            expert.low == below,
            f"The expert “{expert.name}” starts at a noise of {expert.low:g}, the one below ends at {below:g}.",
            "Let each expert start where the one below it ends, or reset the timeline.",
        )
    if experts:
        _require(edges[-1] == math.inf, f"No expert owns the noise above {edges[-1]:g}.", "Reset the timeline.")
