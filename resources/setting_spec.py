"""What a setting is called, what it does and how it is shown; `resources.settings` declares each with one of these."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from resources import limits


@dataclass(frozen=True, kw_only=True)
class SettingSpec:
    """What a setting is called and how it is shown; the annotation that it stands in says its type and range.

    Attributes:
        label: its name in the window. subject: how a sentence begins with it.
        tip: what it does, for the window.
        help: what it does, for the command line; "" where it has no flag. metavar: how its value is called there.
        section: the part of the settings panel where its slider or list is; "" where it has a widget of its own.
        low, high: what its slider spans, within what can be typed. step, decimals: of its slider.
        choices: what the window calls each value; only these can be generated with.
        advice: what to do where a value is refused; by default the range.
        name, kind, default: of its field; filled in by `specs`.
    """

    label: str
    subject: str
    tip: str = ""
    help: str = ""
    metavar: str = "X"
    section: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    decimals: int = 0
    choices: Mapping[str, str] | None = None
    advice: str = ""
    name: str = ""
    kind: Any = None
    default: Any = None

    @property
    def flag(self) -> str:
        """Its flag on the command line."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def is_automatic(self) -> bool:
        """Whether None, the model's own value, is one of its values."""
        return type(None) in get_args(self.kind)

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers within bounds, and so a slider can set it."""
        return any(meta.ge is not None for meta in limits.metas(self.kind)) and not self.is_compound

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return isinstance(self.bounds[0], int)

    @property
    def is_compound(self) -> bool:
        """Whether its values have parts, so that neither a slider nor a plain flag can give them."""
        kinds = [part for part in (get_args(self.kind) or (self.kind,)) if part is not type(None)]
        return any(dataclasses.is_dataclass(part) or getattr(part, "__origin__", None) is tuple for part in kinds)

    @property
    def bounds(self) -> tuple[Any, Any]:
        """The lowest and the highest number that it may be."""
        return limits.bounds(self.kind)
