"""What values settings may have: every limit of scenes, requests, files and the window, said once."""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

from msgspec import Meta

MAX_SIDE = 8192
MAX_SEED = 2**63 - 1
MAX_COUNT = 64
MAX_PROMPT = 20_000
MAX_WORDS = 1024
MAX_STYLES = 8
MAX_PICTURES = 100
MAX_EXPERTS = 16
MAX_LORAS = 32
MAX_CONTROLS = 4
MAX_STYLE_BYTES = 4 * 2**20
MAX_CONTROL_BYTES = 16 * 2**20

ENCODERS = ("clip", "t5")
"""Text encoders that a model may have."""

SAMPLERS = {
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_karras": "DPM++ 2M Karras",
    "lcm": "LCM",
    "euler": "Euler",
    "euler_a": "Euler ancestral",
    "ddim": "DDIM",
}
"""The samplers, and what a person calls each."""

MEMORY = {"auto": "Automatic", "low": "Low", "lowest": "Lowest"}
"""How sparing a model may be with a device's memory, and what a person calls each."""

COMPILE = {"auto": "Automatic", "on": "On", "off": "Off"}
"""Whether denoisers are compiled for their device, and what a person calls each: automatic is on CUDA devices alone."""

CONTROL_KINDS = {
    "scribble": "Sketch",
    "canny": "Edges",
    "depth": "Depth",
    "pose": "Pose",
    "normal": "Normals",
    "segments": "Segments",
    "tile": "Tile",
    "other": "Other",
}
"""What a control picture can show, and what a person calls each."""

CONTROL_MAPS = {"none": "Already a control map", "edges": "A picture: find its edges", "lines": "Dark lines on white"}
"""How a control map is made of the picture that was given, and what a person calls each."""

OVERLAPS = {"add": "Add", "top": "Top wins", "share": "Share"}
"""What happens where the paint of two words overlaps, and what a person calls each; see `canvas.paint.acting`."""

KEEP_CROSS, KEEP_SELF = 0.4, 0.2
"""For how much of a run an edited picture keeps the words' attention and the shapes, where nobody says."""

PICTURE_GUIDANCE = 1.5
"""How much a picture that is changed by an instruction keeps of itself, where nobody says."""

COLOUR_STRENGTH = 0.5
"""How much of the colour layer a run keeps, where nobody says."""

PRINTABLE = object()
"""Marks a text all of whose characters can be shown."""

Side = Annotated[int, Meta(ge=1, le=MAX_SIDE)]
Steps = Annotated[int, Meta(ge=1, le=1000)]
Seed = Annotated[int, Meta(ge=0, le=MAX_SEED)]
Count = Annotated[int, Meta(ge=1, le=MAX_COUNT)]
Guidance = Annotated[float, Meta(ge=1.0, le=30.0)]
PictureGuidance = Annotated[float, Meta(ge=1.0, le=10.0)]
PaintWeight = Annotated[float, Meta(ge=0.0, le=10.0)]
Strength = Annotated[float, Meta(ge=-10.0, le=10.0)]
EditWeight = Annotated[float, Meta(ge=-4.0, le=4.0)]
StyleStrength = Annotated[float, Meta(ge=0.0, le=2.0)]
ControlStrength = Annotated[float, Meta(ge=0.0, le=2.0)]
AdapterWeight = Annotated[float, Meta(ge=-4.0, le=4.0)]
Semantic = Annotated[float, Meta(ge=-1.0, le=1.0)]
ClipWeight = Annotated[float, Meta(ge=0.0, le=10.0)]
MoodWeight = Annotated[float, Meta(ge=-1.0, le=1.0)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Margin = Annotated[int, Meta(ge=0, le=MAX_SIDE)]
GuidePlace = Annotated[int, Meta(ge=0, le=MAX_SIDE)]
Feather = Annotated[float, Meta(ge=0.0, le=512.0)]
Scale = Annotated[int, Meta(ge=2, le=4)]
GradientSteps = Annotated[int, Meta(ge=0, le=10)]
Place = Annotated[int, Meta(ge=0, le=MAX_PROMPT)]
Pattern = Annotated[int, Meta(ge=0, le=10_000)]
Prompt = Annotated[str, Meta(max_length=MAX_PROMPT)]
Phrase = Annotated[str, Meta(min_length=1, max_length=MAX_PROMPT)]
Name = Annotated[str, Meta(min_length=1, max_length=4096), PRINTABLE]
Identifier = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
Color = Annotated[str, Meta(pattern=r"\A#[0-9a-f]{6}\Z")]
"""Types with their limits, for annotations; `resources.checking` checks values by them, and `bounds` reads them."""


def bounds(kind: Any) -> tuple[Any, Any]:
    """The lowest and the highest number of one of the types above, or of one of them that may be None.

    Raises:
        TypeError: it has none.
    """
    for meta in metas(kind):
        if meta.ge is not None and meta.le is not None:
            return meta.ge, meta.le
    raise TypeError(f"{kind} has no bounds")


def metas(kind: Any) -> list[Meta]:
    """The limits in an annotation, wherever in it they stand."""
    found = [each for each in getattr(kind, "__metadata__", ()) if isinstance(each, Meta)]
    parts = (kind.__origin__,) if get_origin(kind) is Annotated else get_args(kind)
    return [*found, *(meta for part in parts for meta in metas(part))]
