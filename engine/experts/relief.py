"""What is done where a device's memory ran out in a run: idle models go, then the plan's next way is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.models.library import Library

if TYPE_CHECKING:
    from engine.models.families.base import Family


class Relief:
    """Makes room on a device: at first all goes that the run does not use, then its denoisers go down the list of ways
    to use the memory (`engine.weights.tiers`). They stay there until they are loaded again.

    Args:
        library: what else it holds may go.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._alone = False

    def next(self, working: Iterable[Family]) -> str:
        """Do the next thing: what that was, in words that follow "Loading"; "" where there is nothing left to do.

        Args:
            working: the denoisers of the run.
        """
        from engine.models.memory_ways import ways_of
        from engine.weights import loading
        from engine.weights.tiers import after

        families = list({id(family): family for family in working}.values())
        if not self._alone:
            self._alone = True
            self._library.drop_idle(families)
            loading.free_memory()
            return "the model again, without what other pictures left in memory"
        said = ""
        for family in families:
            way = after(family.way, ways_of(family.facts, family.device))
            if way is not None:
                family.adopt(way)
                said = said or f"the model again, so that it takes less memory. {way.says}"
        loading.free_memory()
        return said
