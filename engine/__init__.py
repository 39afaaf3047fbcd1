"""The engine: prompt + masks + models -> pictures. Importing it is quick; torch is imported with the first generation.

Example, for a notebook:

    from engine import GenerateRequest, ImageReady, PaintedWord, find_span, generate, mask_from_image

    prompt = "a lake under a sunset sky"
    lake = PaintedWord(span=find_span(prompt, "lake"), mask=mask_from_image("lake.png"))
    for event in generate(GenerateRequest.of(id="1", prompt=prompt, words=(lake,), seed=7)):
        if isinstance(event, ImageReady):
            picture = event.rgb  # uint8 [height, width, 3]
"""

from engine.attention.masks import mask_from_image
from engine.errors import EngineError
from engine.executor import Executor
from engine.facts import ModelFacts, ModelInfo
from engine.local_executor import LocalExecutor
from engine.models.library import Library, load_model
from engine.pipeline import generate
from engine.protocol import (
    Cancelled,
    ColourPaint,
    Event,
    ExpertChoice,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    KeptShape,
    Loading,
    PaintedWord,
    Preview,
    PromptEdit,
    Refinement,
    Started,
    StartPicture,
    Step,
    StyleReference,
    WordWeight,
)
from engine.text.spans import find_span

__all__ = [
    "Cancelled",
    "ColourPaint",
    "EngineError",
    "Event",
    "Executor",
    "ExpertChoice",
    "Failed",
    "Finished",
    "GenerateRequest",
    "ImageReady",
    "KeptShape",
    "Library",
    "Loading",
    "LocalExecutor",
    "ModelFacts",
    "ModelInfo",
    "PaintedWord",
    "Preview",
    "PromptEdit",
    "Refinement",
    "StartPicture",
    "Started",
    "Step",
    "StyleReference",
    "WordWeight",
    "find_span",
    "generate",
    "load_model",
    "mask_from_image",
]
