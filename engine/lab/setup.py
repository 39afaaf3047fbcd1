"""What every lab sets up before it measures: the judge, the device, the picture store and the start time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.facts import InstalledModel
from engine.lab.image_store import PictureStore, default_folder, fingerprint
from engine.lab.requests import SIZE
from engine.lab.segmentation_eval import Judge, load_judge
from engine.weights.loading import pick_device


@dataclass(frozen=True, kw_only=True, eq=False)
class LabSetup:
    """One run of a lab.

    Attributes:
        facts: of the model that is measured.
        judge: labels the pictures.
        device: the device that the run uses, such as "cuda:0".
        store: where its pictures are cached.
        began: when it started, in seconds of `time.monotonic`.
    """

    facts: InstalledModel
    judge: Judge
    device: str
    store: PictureStore
    began: float

    def sampling(self) -> dict[str, Any]:
        """The JSON fields that say how the pictures were made: device, sampler, steps and guidance."""
        defaults = self.facts.defaults
        return {
            "device": self.device,
            "sampler": defaults.sampler,
            "steps": defaults.steps,
            "guidance": defaults.guidance,
        }

    def seconds(self) -> float:
        """The time since the start of the run."""
        return time.monotonic() - self.began


def prepare(
    lab: str, facts: InstalledModel, *settings: object, device: str, work: Path | None, judge: Judge | None
) -> LabSetup:
    """Set up a run of a lab.

    Args:
        lab: its name, which begins the name of its picture folder.
        facts: of the model that is measured.
        settings: what else its pictures depend on, see `engine.lab.image_store.fingerprint`.
        device: auto, cpu, cuda, cuda:N or mps.
        work: the folder of the picture folders; by default in the user's cache.
        judge: by default the one that ships.

    Raises:
        ModelNotFound: the judge is not installed. DeviceUnavailable: this machine has no such device. EngineError:
        `work` cannot be written.
    """
    began = time.monotonic()
    judge = judge or load_judge()
    device = str(pick_device(device))
    folder = (work or default_folder()) / f"{lab}-{fingerprint(facts.path, device, SIZE, *settings)}"
    return LabSetup(facts=facts, judge=judge, device=device, store=PictureStore(folder), began=began)
