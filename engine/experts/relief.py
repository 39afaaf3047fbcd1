"""What is done, one thing after another, where a device's memory ran out in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.models.library import Library

if TYPE_CHECKING:
    from engine.models.families.base import Family


class Relief:
    """Makes room on a device: at first all goes that the run does not use, then its encoders and autoencoder.

    Args:
        library: what else it holds may go.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._done = 0
        self._lightened: list[Family] = []

    def next(self, working: Iterable[Family]) -> str:
        """Do the next thing: what that was, in words that follow "Loading"; "" where there is nothing left to do.

        Args:
            working: the denoisers of the run.
        """
        from engine.weights import loading

        families = list({id(family): family for family in working}.values())
        self._done += 1
        if self._done == 1:
            self._library.drop_idle(families)
            loading.free_memory()
            return "the model again, without what other pictures left in memory"
        if self._done == 2:
            self._lightened = families
            for family in families:
                family.lighten()
            loading.free_memory()
            return "the denoiser alone onto the device, the rest onto the CPU"
        return ""

    def end(self) -> None:
        """The run is over: take back what was sent away, where there is room by now."""
        for family in self._lightened:
            family.gather()
        self._lightened = []
