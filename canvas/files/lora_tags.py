"""LoRA files that other programs call in a prompt, `<lora:NAME:WEIGHT>`: taken out of it, into a scene's own list."""

from __future__ import annotations

import re

from resources.limits import MAX_LORAS, AdapterWeight, bounds
from resources.settings import LoraChoice

_TAG = r"<(?:lora|lyco):([^<>:]{1,200})(?::\s*(-?\d{0,4}(?:\.\d{1,6})?))?(?::[^<>]{0,200})?>"
# A comma that stood before it goes too, where the tag was all that it parted from the rest.
_TAGS = re.compile(rf"(?:[ \t]*,)?[ \t]*{_TAG}(?=[ \t]*(?:[,\n]|\Z))|[ \t]*{_TAG}", re.IGNORECASE)


def take_out(prompt: str) -> tuple[str, tuple[LoraChoice, ...]]:
    """Return the prompt without its LoRA tags, and the files that they call; a weight that is not said is 1.

    A name loses its folders, and weights come to the nearest that can be (-4..4).
    """
    found: list[LoraChoice] = []
    low, high = bounds(AdapterWeight)

    def keep(match: re.Match[str]) -> str:
        called, text = (match[1], match[2]) if match[1] else (match[3], match[4])
        name = re.split(r"[/\\]", called.strip())[-1]
        if not name or not name.isprintable() or len(found) >= MAX_LORAS:
            return match[0]
        weight = float(text) if text and text.strip("-.") else 1.0
        found.append(LoraChoice(name, min(max(weight, low), high)))
        return ""

    left = _TAGS.sub(keep, prompt)
    return (left.strip(" ,\n") if found else prompt), tuple(found)
