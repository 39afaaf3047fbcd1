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
    KeptShape,
    Lora,
    PictureSettings,
    Refinement,
    ReportSettings,
    StartPicture,
    StyleReference,
    TextSettings,
)
from engine.protocol.sought import WordSearch, WordsFound
from engine.protocol.told import Description, PictureQuestion, Told
from engine.protocol.wire import dumps, loads
from engine.protocol.words import InstructedPicture, PaintedWord, PromptEdit, WordWeight
from resources.settings import ExpertChoice, SamplingSettings
from resources.settings import FidelityPieces as Fidelity

__all__ = [
    "FINAL_EVENTS",
    "AdapterSettings",
    "Cancelled",
    "ColourPaint",
    "ConditioningSettings",
    "ControlPicture",
    "Description",
    "Event",
    "ExpertChoice",
    "Failed",
    "Fidelity",
    "Finished",
    "GenerateRequest",
    "ImageReady",
    "InstructedPicture",
    "KeptShape",
    "Loading",
    "Lora",
    "PaintedWord",
    "PictureQuestion",
    "PictureSettings",
    "Preview",
    "PromptEdit",
    "Refinement",
    "ReportSettings",
    "SamplingSettings",
    "StartPicture",
    "Started",
    "Step",
    "StyleReference",
    "TextSettings",
    "Told",
    "WordSearch",
    "WordWeight",
    "WordsFound",
    "dumps",
    "loads",
]
