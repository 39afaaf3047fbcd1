"""Control pictures as a scene keeps them: pictures whose shapes the result is to keep to, through a ControlNet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta

from canvas.model.errors import SceneError, scene_errors
from resources.checking import check_fields
from resources.limits import CONTROL_KINDS, CONTROL_MAPS, MAX_CONTROL_BYTES, ControlStrength, Name, Share

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Control:
    """A control picture. Raises SceneError for a value out of range.

    Attributes:
        name: what it is called; a file's name without its folders.
        picture: the bytes of a PNG, RGB, of at most 16 MiB.
        kind: what it shows, one of `resources.limits.CONTROL_KINDS`.
        prepare: how the control map is made of it, one of `resources.limits.CONTROL_MAPS`.
        model: the ControlNet's name or path; "" is the first that is found for its kind.
        strength: 0 none .. 2; 1 normal.
        window: part of the schedule in which it acts, 0 first step .. 1 last.
    """

    name: Name
    picture: bytes = field(repr=False)
    kind: Name = "scribble"
    prepare: Name = "none"
    model: Annotated[str, Meta(max_length=4096)] = ""
    strength: ControlStrength = 1.0
    window: tuple[Share, Share] = (0.0, 1.0)

    def __post_init__(self) -> None:
        with scene_errors():
            check_fields(
                self,
                {
                    "name": "The name of a control picture",
                    "strength": f"The strength of the control picture “{self.name}”",
                    "window": f"The steps of the control picture “{self.name}”",
                },
                {
                    "name": "Give it a name of printable characters.",
                    "window": "Use a start and an end between 0 and 1.",
                },
            )
        for value, known, what in ((self.kind, CONTROL_KINDS, "kind"), (self.prepare, CONTROL_MAPS, "preparation")):
            if value not in known:
                raise SceneError(
                    f"There is no {what} of control picture named “{value}”.",
                    hint=f"Choose one of: {', '.join(known)}.",
                )
        if self.window[0] > self.window[1]:
            raise SceneError(
                f"The control picture “{self.name}” cannot act from {self.window[0]:g} to {self.window[1]:g}.",
                hint="Use a start and an end between 0 and 1.",
            )
        if self.picture[:8] != _PNG or len(self.picture) > MAX_CONTROL_BYTES:
            raise SceneError(
                f"The control picture “{self.name}” is damaged or too large.", hint="Choose the picture again."
            )
