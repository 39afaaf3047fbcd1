"""The engine's input and output: one frozen request in, a stream of frozen events out."""

from engine.protocol.events import (
    FINAL_EVENTS,
    Cancelled,
    Event,
    Failed,
    Finished,
    ImageReady,
    Loading,
    Preview,
    Started,
    Step,
)
from engine.protocol.request import (
    AdapterSettings,
    ColourPaint,
    ConditioningSettings,
    ControlPicture,
    GenerateRequest,
    Lora,
    PaintedWord,
    PictureSettings,
    Refinement,
    ReportSettings,
    StartPicture,
    StyleReference,
    TextSettings,
)
from engine.protocol.wire import dumps, loads
from resources.settings import ExpertChoice, SamplingSettings
from resources.settings import FidelityPieces as Fidelity

__all__ = [
    "FINAL_EVENTS",
    "AdapterSettings",
    "Cancelled",
    "ColourPaint",
    "ConditioningSettings",
    "ControlPicture",
    "Event",
    "ExpertChoice",
    "Failed",
    "Fidelity",
    "Finished",
    "GenerateRequest",
    "ImageReady",
    "Loading",
    "Lora",
    "PaintedWord",
    "PictureSettings",
    "Preview",
    "Refinement",
    "ReportSettings",
    "SamplingSettings",
    "StartPicture",
    "Started",
    "Step",
    "StyleReference",
    "TextSettings",
    "dumps",
    "loads",
]
