"""The colours that things of the picture book come in."""

from __future__ import annotations

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (214, 52, 48),
    "orange": (240, 134, 40),
    "yellow": (250, 206, 60),
    "green": (66, 166, 84),
    "blue": (54, 108, 214),
    "purple": (136, 82, 186),
    "pink": (246, 138, 184),
    "brown": (140, 92, 58),
    "black": (48, 46, 54),
    "white": (248, 246, 240),
    "grey": (142, 146, 154),
}
"""The middle tone of each colour, as sRGB."""
