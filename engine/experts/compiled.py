"""Compiled denoisers in a series of pictures: made while it goes on, taken from the next picture on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.experts.ensemble import Ensemble
    from engine.models.families.base import Family

Ahead = Callable[[Sequence["Family"]], None]
"""Makes what the runs of some denoisers wanted, beside the pictures; see `engine.models.compiling.background`."""


def between_pictures(ensemble: Ensemble | None, ahead: Ahead | None, *, more: bool) -> None:
    """After a picture: let those denoisers be compiled that its run wanted, and the next picture take those that are.

    Args:
        more: whether another picture of the same request follows.
    """
    families = [] if ensemble is None else [each for each in ensemble.families if each.graphs is not None]
    wanting = [each for each in families if each.graphs is not None and each.graphs.wish]
    if ensemble is None or not families:
        return
    if not all(each.offloaded.inside for each in ensemble.families):  # what is compiled needs its weights there
        for graphs in (each.graphs for each in wanting):
            assert graphs is not None
            graphs.wish = None
            graphs.say("the denoiser runs uncompiled, as the model's experts take turns on the device")
        return
    fresh = any(each.graphs is not None and each.graphs.fresh for each in families)
    if more and (fresh or (wanting and ahead is not None)):
        ensemble.pause()
    if wanting and ahead is not None:
        ahead(wanting)
