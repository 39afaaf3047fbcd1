"""Heatmaps beside a picture: which words are watched, and where in the prompt each map belongs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.vocabulary import names_something
from canvas.model.retarget import carried
from canvas.model.scene import Scene
from canvas.model.words import Span, word_spans
from canvas.paint import heatmap_mask

MOST_WATCHED = 128


def watched_spans(scene: Scene) -> tuple[Span, ...]:
    """The spans of the scene's words, then of all other words of the prompt that name something; at most 128."""
    own = [word.span for word in scene.words if word.span is not None]
    others = [span for span in word_spans(scene.prompt) if names_something(scene.prompt[slice(*span)])]
    return tuple(dict.fromkeys([*own, *others]))[:MOST_WATCHED]


@dataclass(frozen=True, eq=False)
class Heatmaps:
    """Where the words of a prompt went.

    Attributes:
        prompt: that of the picture.
        spans: the words that were watched, in it.
        maps: float32 `[spans, h, w]`, see `engine.protocol.Preview`.
        former: whether they are of the picture that this one was refined from; it has the same words at their place.
    """

    prompt: str
    spans: tuple[Span, ...]
    maps: np.ndarray
    former: bool = False

    def of(self, prompt: str, span: Span) -> np.ndarray | None:
        """The map `[h, w]` of a word of the prompt as it is now; None where there is none, or nothing to see in it.

        A phrase that was not watched as a whole is the sum of its words.
        """
        here = carried(prompt, self.prompt, span)
        if here is None:
            return None
        if here in self.spans:
            values = self.maps[self.spans.index(here)]
        else:
            inside = [i for i, part in enumerate(self.spans) if here[0] <= part[0] and part[1] <= here[1]]
            if not inside:
                return None
            values = self.maps[inside].sum(axis=0)
        return values if heatmap_mask.usable(values) else None


def unknown_heatmaps(prompt: str) -> Heatmaps:
    """Those of a picture of which nothing is known."""
    return Heatmaps(prompt, (), np.zeros((0, 1, 1), np.float32))


def heatmaps_of(prompt: str, watched: tuple[Span, ...], maps: np.ndarray | None) -> Heatmaps | None:
    """The heatmaps of an engine event; None where it has none, or others than were asked for."""
    if maps is None or maps.ndim != 3 or len(maps) != len(watched) or not len(maps):
        return None
    return Heatmaps(prompt, watched, maps)
