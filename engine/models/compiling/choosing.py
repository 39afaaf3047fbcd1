"""What keeps a denoiser from being compiled: the machine, how the model lies in memory, or what a run asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from engine.attention.fidelity import with_words
from engine.attention.laws import find_law

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig

BACKEND = "inductor"
"""What compiles: the name of one of torch's backends."""


def lacking(device: torch.device) -> str:
    """What a machine lacks to compile for a device, as a sentence; "" if it lacks nothing."""
    if BACKEND != "inductor":
        return ""
    if device.type == "cpu":
        from torch._inductor import cpp_builder
        from torch._inductor.exc import InvalidCxxCompiler

        try:
            cpp_builder.get_cpp_compiler()
        except (InvalidCxxCompiler, OSError, RuntimeError):
            return "There is no C++ compiler on this machine, which compiling for the CPU needs; g++ or clang will do."
    if device.type == "cuda":
        from torch.utils._triton import has_triton

        if not has_triton():
            return "Triton is missing, or does not know this device; reinstall torch with it."
    return ""


def state(device: torch.device) -> dict[str, Any]:
    """For `wordbrush doctor`: whether denoisers are compiled for a device by default, and what is lacking for it."""
    missing = lacking(device)
    return {"automatic": device.type == "cuda" and not missing, "possible": not missing, "lacking": missing or None}


def unfit(family: Any, brief: RunConfig) -> str:
    """What of a run no compiled denoiser does, as the object of "it has"; "" if there is nothing.

    Areas are kept apart, heatmaps and LoRA files of the whole picture are part of a compiled step or of its weights.
    """
    way, law = family.way, find_law(brief.law)
    if way.offload != "none" or way.sequential or way.eight_bits or family.offloaded.streams:
        return "a model that does not lie wholly on its device"
    if law.factor is None:
        return f'the law "{law.name}"'
    if with_words(brief.fidelity, brief.words).gradient_steps and brief.words and family.way.trains:
        return "gradient steps"
    if brief.controls:
        return "control pictures"
    if brief.styles or brief.context.styles:
        return "style pictures"
    if brief.areas:
        return "areas with prompts of their own"
    return ""
