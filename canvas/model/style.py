"""Styles as a scene keeps them: pictures whose look is taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from canvas.model.errors import SceneError, scene_errors
from resources.checking import check_fields
from resources.limits import (
    MAX_STYLE_BYTES,
    Color,
    Identifier,
    Name,
    Pattern,
    Semantic,
    StyleStrength,
)

_PNG = b"\x89PNG\r\n\x1a\n"


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
        word: id of the word in whose paint alone it acts, however that is painted later; None, or `area` for paint of
            its own. One whose word is gone acts nowhere.
    """

    id: Identifier
    name: Name
    picture: bytes = field(repr=False)
    strength: StyleStrength = 1.0
    semantic: Semantic = 0.0
    area: bool = False
    color: Color = "#888888"
    visible: bool = True
    pattern: Pattern = 0
    word: Identifier | None = None

    def __post_init__(self) -> None:
        with scene_errors():
            check_fields(
                self,
                {
                    "id": "A style's id",
                    "name": "A style's name",
                    "strength": f"The strength of “{self.name}”",
                    "semantic": f"The meaning of “{self.name}”",
                    "color": "A colour",
                    "pattern": "A pattern",
                    "word": "The word of a style",
                },
                {
                    "id": "Use at most 64 letters and digits.",
                    "name": "Give it a name of printable characters.",
                    "picture": "Add the style again.",
                    "area": "Add the style again.",
                    "visible": "Add the style again.",
                    "color": "Write a colour as #rrggbb in lower case.",
                    "word": "Name a word of the scene by its id.",
                },
            )
        if self.area and self.word is not None:
            raise SceneError(
                f"The style “{self.name}” has both its own paint and a word's.", hint="Choose one of the two."
            )
        if self.picture[:8] != _PNG or len(self.picture) > MAX_STYLE_BYTES:
            raise SceneError(
                f"The picture of the style “{self.name}” is damaged or too large.", hint="Add the style again."
            )

    @property
    def title(self) -> str:
        """What it is called where anything that can be painted is named."""
        return self.name
