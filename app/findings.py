"""What is known of a picture beside its pixels: heatmaps and scores, kept in memory for the results of this session."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.heatmaps import Heatmaps, heatmaps_of
from app.scores import Score, scores_of
from canvas.scene import Scene
from engine.protocol import GenerateRequest, ImageReady

KEPT_BYTES = 64 * 2**20


@dataclass(frozen=True, eq=False)
class Findings:
    """What the engine found out while it made a picture; `scores` by the ids of the words of the scene behind it."""

    heatmaps: Heatmaps | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The memory that it takes, about."""
        return 0 if self.heatmaps is None else self.heatmaps.maps.nbytes


NOTHING = Findings()


def findings_of(request: GenerateRequest, scene: Scene, event: ImageReady) -> Findings:
    """What came with a picture of that request, which was made from that scene."""
    heatmaps = heatmaps_of(request.prompt, request.watched, event.heatmaps)
    return Findings(heatmaps, scores_of(scene, event.obedience, event.seen))


class FindingsStore:
    """Findings by the file of the picture, the oldest dropped once they take too much memory. For any thread."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[Path, Findings] = OrderedDict()

    def keep(self, path: Path, findings: Findings) -> None:
        """Remember what was found of a picture."""
        with self._lock:
            self._kept[path] = findings
            self._kept.move_to_end(path)
            while len(self._kept) > 1 and sum(each.bytes for each in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)

    def of(self, path: Path | None) -> Findings:
        """What is known of a picture."""
        with self._lock:
            return self._kept.get(path, NOTHING) if path is not None else NOTHING
