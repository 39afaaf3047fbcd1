"""How a whole model will use a device's memory: the first of the ways that the engine has which fits, and why."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from resources.sizes import size_text


@dataclass(frozen=True)
class Sizes:
    """What a model takes, in bytes in the number format that it runs in.

    Attributes:
        denoiser: its weights; of several experts the largest. beside: encoders and autoencoder.
        step: a step beside the weights. decode: decoding in one piece. tile: decoding in the smallest tiles.
    """

    denoiser: int
    beside: int
    step: int
    decode: int
    tile: int


@dataclass(frozen=True)
class Way:
    """One way to run a model.

    Attributes:
        name: "whole", "denoiser alone" or "cpu". precision: of the weights.
        offload: "none", or "parts": encoders and autoencoder wait, and work, on the CPU.
        tiles: whether decoding goes by tiles. needs: bytes. reason: why this one, in a sentence.
    """

    name: str
    precision: str
    offload: str
    tiles: bool
    needs: int
    reason: str = ""


def ways(sizes: Sizes, kind: str) -> list[Way]:
    """All ways on a device of that kind ("cuda", "mps", "cpu"), the fastest first; a run whose memory ends goes down
    this list."""
    whole = sizes.denoiser + sizes.beside
    on_cpu = Way(
        "cpu", "float32", "none", False, (whole if kind == "cpu" else 2 * whole) + max(sizes.step, sizes.decode)
    )
    if kind == "cpu":
        return [on_cpu]
    return [
        Way("whole", "float16", "none", False, whole + max(sizes.step, sizes.decode)),
        Way("whole", "float16", "none", True, whole + max(sizes.step, sizes.tile)),
        Way("denoiser alone", "float16", "parts", False, sizes.denoiser + sizes.step),
        on_cpu,
    ]


def choose(sizes: Sizes, kind: str, free: int | None) -> Way:
    """The fastest way that fits into `free` bytes of a device of that kind, with its reason; None is unknown."""
    every = ways(sizes, kind)
    if free is None:
        return _because(every[0], "the device does not say how much is free")
    fits = next((each for each in every[:-1] if each.needs <= free), None)
    if fits is not None:
        return _because(fits, f"{size_text(fits.needs)} of {size_text(free)} that are free")
    last = every[-1]
    if kind != "cpu":
        return _because(last, f"no other way fits into the {size_text(free)} that are free on the device")
    room = "fits into" if last.needs <= free else "may be too much for"
    return _because(last, f"{size_text(last.needs)} {room} the {size_text(free)} that are free")


_SAYS = {
    "whole": "All of it stays on the device",
    "denoiser alone": "The denoiser has the device to itself, encoders and autoencoder work on the CPU",
    "cpu": "It runs on the CPU",
}


def _because(way: Way, why: str) -> Way:
    tiles = ", and pictures are decoded in tiles" if way.tiles else ""
    return dataclasses.replace(way, reason=f"{_SAYS[way.name]}{tiles}: {why}.")
