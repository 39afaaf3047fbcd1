"""LoRA files that are called in a prompt, `<lora:NAME:WEIGHT>`: where they stand, and the prompt without them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from resources.limits import MAX_LORAS, AdapterWeight, bounds
from resources.phrases import Span
from resources.settings import LoraChoice

_TAG = r"<(?:lora|lyco):([^<>:\n]{1,200})(?::\s*(-?\d{0,4}(?:\.\d{1,6})?))?(?::[^<>\n]{0,200})?>"
# A comma that stood before it goes too, where the tag was all that it parted from the rest.
_TAGS = re.compile(
    rf"(?P<before>(?:[ \t]*,)?[ \t]*){_TAG}(?=[ \t]*(?:[,\n]|\Z))|(?P<blank>[ \t]*){_TAG}", re.IGNORECASE
)
_BLANKS = " ,\n"


@dataclass(frozen=True)
class LoraTag:
    """One tag of a prompt.

    Attributes:
        span: of the tag. cut: what goes with it from the text that a model reads: blanks before it, a lone comma.
        choice: the file that it calls, by its name without folders; a weight that is not said is 1, others come to the
            nearest that can be (-4..4).
    """

    span: Span
    cut: Span
    choice: LoraChoice


@lru_cache(maxsize=8)
def find_tags(prompt: str) -> tuple[LoraTag, ...]:
    """Return the tags of a prompt, from the left, at most 32; what only looks like one is text."""
    if "<" not in prompt:
        return ()
    found: list[LoraTag] = []
    low, high = bounds(AdapterWeight)
    for match in _TAGS.finditer(prompt):
        called, text = (match[2], match[3]) if match[2] else (match[5], match[6])
        name = re.split(r"[/\\]", called.strip())[-1].strip()
        if not name or not name.isprintable() or len(found) >= MAX_LORAS:
            continue
        weight = float(text) if text and text.strip("-.") else 1.0
        start = match.start() + len(match["before"] or match["blank"] or "")
        choice = LoraChoice(name, min(max(weight, low), high))
        found.append(LoraTag((start, match.end()), match.span(), choice))
    return tuple(found)


def cuts_of(prompt: str) -> tuple[Span, ...]:
    """Return the spans that go from a prompt with its tags, in order and apart: the tags' own, and then bare ends."""
    tags = find_tags(prompt)
    if not tags:
        return ()
    gone = bytearray(len(prompt))
    for tag in tags:
        gone[slice(*tag.cut)] = b"\1" * (tag.cut[1] - tag.cut[0])
    for places in (range(len(prompt)), range(len(prompt) - 1, -1, -1)):
        for place in places:
            if not gone[place] and prompt[place] not in _BLANKS:
                break
            gone[place] = 1
    return tuple(match.span() for match in re.finditer(rb"\x01+", bytes(gone)))


def take_out(prompt: str) -> tuple[str, tuple[LoraChoice, ...]]:
    """Return the prompt as a model is to read it, without its LoRA tags, and the files that they call."""
    left, start = [], 0
    for cut in cuts_of(prompt):
        left.append(prompt[start : cut[0]])
        start = cut[1]
    return "".join([*left, prompt[start:]]), tuple(tag.choice for tag in find_tags(prompt))


def write_tag(name: str, weight: float) -> str:
    """Return the tag that calls a file, as A1111 writes it."""
    return f"<lora:{name}:{round(weight, 2):g}>"
