"""Models and LoRA files that were distilled to a few steps, recognised by what they are called."""

from __future__ import annotations

import re

from engine.sampling.kinds import NoiseDefaults

_KINDS = (
    # Our own: one pass for the two of guidance, on a short walk with the sampler that models have without it.
    (re.compile(r"(?<![a-z])guidance[-_ ]distilled(?=[-_ ]\d+[-_ ]?steps?)"), "dpmpp_2m", 4),
    # dmd2 and lcm before the rest: names such as "dmd2_sdxl_turbo" say how they were made, and on what.
    (re.compile(r"(?<![a-z])dmd2?(?![a-z])"), "lcm", 4),
    (re.compile(r"(?<![a-z])lcm(?![a-z])"), "lcm", 4),
    (re.compile(r"(?<![a-z])lightning(?![a-z])"), "euler", 4),
    (re.compile(r"(?<![a-z])hyper(?:[-_ ]?(?:sd|sdxl|sd15|\d)|[-_ ]lora)"), "ddim", 8),
    (re.compile(r"(?<![a-z])turbo(?![a-z])"), "euler_a", 4),
)
"""Pattern -> sampler and steps of the model cards: LCM (arXiv 2310.04378), Turbo (2311.17042), Lightning (2402.13929),
Hyper-SD (2404.13686), DMD2 (2405.14867); all work without guidance."""
_STEPS = re.compile(r"(?<!\d)(\d{1,2})[-_ ]?steps?(?![a-z])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
MOST = 16


def few_steps_of(*texts: str) -> NoiseDefaults | None:
    """Return the sampler, steps and guidance of a model distilled to few steps; None if nothing says that it is one.

    Args:
        texts: its name and what its metadata call it. A number of steps in them, "8step" or "4-steps", is taken.
    """
    text = _HUMP.sub("_", " ".join(texts)).lower()
    for pattern, sampler, steps in _KINDS:
        if pattern.search(text):
            said = _STEPS.search(text)
            count = int(said[1]) if said else steps
            return NoiseDefaults(sampler, count if 1 <= count <= MOST else steps, 1.0)
    return None
