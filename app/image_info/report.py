"""What is known of a picture beside its pixels: heatmaps, kept in memory, and scores, which its file carries too."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.image_info.heatmaps import Heatmaps, heatmaps_of
from app.image_info.scores import Score, from_json, scores_of, to_json
from canvas.model.scene import Scene
from engine.protocol import GenerateRequest, ImageReady

KEPT_BYTES = 64 * 2**20
_SCORES = "scores"


@dataclass(frozen=True, eq=False)
class ImageReport:
    """What the engine found out while it made a picture; `scores` by the ids of the words of the scene behind it."""

    heatmaps: Heatmaps | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The memory that it takes, about."""
        return 0 if self.heatmaps is None else self.heatmaps.maps.nbytes


NOTHING = ImageReport()


def report_of(request: GenerateRequest, scene: Scene, event: ImageReady, before: Heatmaps | None = None) -> ImageReport:
    """What came with a picture of that request, which was made from that scene.

    `before` are the heatmaps of the picture that it was refined from. They are of a whole run, and tell better where
    words are than the last steps of a second pass do.
    """
    heatmaps = heatmaps_of(request.text.prompt, request.text.watched, event.heatmaps)
    if before is not None and before.prompt == request.text.prompt:
        heatmaps = replace(before, former=True)
    return ImageReport(heatmaps, scores_of(scene, event.obedience, event.seen))


def notes_of(findings: ImageReport) -> dict[str, str]:
    """What of it goes into the picture's file."""
    return {_SCORES: to_json(findings.scores)} if findings.scores else {}


def report_from(notes: Mapping[str, str]) -> ImageReport:
    """What the texts beside a picture say of it (`canvas.files.opened.Opened.notes`)."""
    scores = from_json(notes.get(_SCORES, ""))
    return ImageReport(scores=scores) if scores else NOTHING


class ImageReportStore:
    """ImageReport by the file of the picture, the oldest dropped once they take too much memory. For any thread."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._kept: OrderedDict[Path, ImageReport] = OrderedDict()

    def keep(self, path: Path, findings: ImageReport) -> None:
        """Remember what was found of a picture."""
        with self._lock:
            self._kept[path] = findings
            self._kept.move_to_end(path)
            while len(self._kept) > 1 and sum(each.bytes for each in self._kept.values()) > self._limit:
                self._kept.popitem(last=False)

    def of(self, path: Path | None) -> ImageReport | None:
        """What is remembered of a picture; None for nothing."""
        with self._lock:
            return self._kept.get(path) if path is not None else None
