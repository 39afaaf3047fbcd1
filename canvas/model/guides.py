"""Guides: lines across the whole canvas that painting can be aligned to."""

from __future__ import annotations

from dataclasses import dataclass

from canvas.model.errors import scene_errors
from canvas.model.tiled_mask import Size
from resources.checking import check
from resources.limits import GuidePlace

MAX_GUIDES = 256


@dataclass(frozen=True, order=True)
class Guide:
    """One line. Raises SceneError for a place that no canvas has.

    Attributes:
        upright: whether it runs from top to bottom; else it is level.
        at: pixels from the left edge of the canvas where it is upright, from the upper edge where it is level.
    """

    upright: bool
    at: int

    def __post_init__(self) -> None:
        with scene_errors():
            check(self.upright, bool, "Whether a guide is vertical")
            check(self.at, GuidePlace, "The place of a guide")


Guides = tuple[Guide, ...]


def lies_on(guide: Guide, size: Size) -> bool:
    """Whether a guide lies on a canvas, its edges included."""
    return guide.at <= size[0 if guide.upright else 1]


def with_guide(guides: Guides, guide: Guide) -> Guides:
    """One more; the same where it is there already. Beyond 256 the oldest goes."""
    return guides if guide in guides else (*guides, guide)[-MAX_GUIDES:]


def resized(guides: Guides, old: Size, new: Size) -> Guides:
    """Guides of a canvas that is scaled."""
    found = (Guide(each.upright, round(each.at * new[axis] / old[axis])) for each in guides
             for axis in ((0 if each.upright else 1),))  # fmt: skip
    return tuple(dict.fromkeys(found))


def cropped(guides: Guides, corner: tuple[int, int], size: Size) -> Guides:
    """Guides of a canvas of which a part is kept, or more is added: those that still lie on it."""
    places = ((each.upright, each.at - corner[0 if each.upright else 1]) for each in guides)
    return tuple(Guide(upright, at) for upright, at in places if 0 <= at <= size[0 if upright else 1])
