"""Marks in the prompts of other programs, such as `(word:1.2)`: what becomes of each here, in words."""

from __future__ import annotations

import re

from canvas.model.prompt_marks import find_weights

_WEIGHS, _PICKS = "weights words", "picks words by chance"
_MARKS = (
    (re.compile(r"<(?:lora|lyco|hypernet):[^<>]{1,200}>", re.IGNORECASE), "adds a network (such as a LoRA)"),
    (re.compile(r"\bembedding:[\w./-]{1,200}", re.IGNORECASE), "calls an embedding"),
    (re.compile(r"\((?:[^()\\]|\\.){1,300}:\s*-?\d*\.?\d+\s*\)"), _WEIGHS),
    (re.compile(r"\[[^\[\]]{0,300}:[^\[\]]{0,300}:\s*-?\d*\.?\d+\s*\]"), "changes words between steps"),
    (re.compile(r"\[[^\[\]|]{0,300}\|[^\[\]]{1,300}\]"), "takes turns between words"),
    (re.compile(r"\{[^{}|]{0,300}\|[^{}]{1,300}\}"), _PICKS),
    (re.compile(r"\b(?:BREAK|AND|ADDCOMM|ADDROW|ADDCOL)\b"), "splits the prompt"),
)


def marks_in(prompt: str, what: str = "prompt") -> list[str]:
    """One remark for each kind of mark in a prompt that other programs act on: what becomes of it here.

    Of a prompt's own marks the model reads nothing (`canvas.model.prompt_marks`); all others, and those of a negative
    prompt, are plain text.
    """
    remarks = []
    for pattern, does in _MARKS:
        match = pattern.search(prompt)
        if match:
            here = _kept(prompt, does) if what == "prompt" else ""
            shown = _short(match[0])
            remarks.append(f"“{shown}” in the {what} {does} in other programs; {here or 'here it is read as words'}.")
    return remarks


def _kept(prompt: str, does: str) -> str:
    """What becomes of a kind of mark that has a meaning here, too; "" for the others."""
    if does == _PICKS:
        return "here the seed picks them"
    weights = find_weights(prompt) if does == _WEIGHS else ()
    if not weights:
        return ""
    phrase = _short(prompt[slice(*weights[0].phrase)])
    return f"here “{phrase}” has that strength once it is painted, and the model does not read the mark"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
