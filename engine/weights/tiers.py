"""How a model uses a device's memory: a list of ways, each of which saves more than the one before, and the choice.

The loader, the run, `wordbrush doctor` and what is done when the memory runs out all go by this one list.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from resources.sizes import size_text

_SPARE = 1.05
"""What a run takes beyond its estimate: workspaces of kernels, and gaps between allocations."""

_STREAMED = 1 / 32
"""Share of the weights that is on the device at once while they are streamed, as layer follows layer: the one that
works and the one that comes. The largest layer of SDXL is 1/90 of it, that of Flux 1/180."""


@dataclass(frozen=True)
class Sizes:
    """What a model takes, in bytes, in the number format that it runs in.

    Attributes:
        denoiser: its weights; of several experts the largest. small: the same where layers are stored in 8 bits.
        encoders, autoencoder: theirs.
        step: a step beside the weights, both halves of guidance at once. decode: decoding in one piece. tile: decoding
            in the smallest tiles.
        precision: of the denoiser's weights on a device that is not the CPU, such as "float16".
        halves: whether guidance takes two evaluations, which can be made one after the other.
        swapped: whether it has experts of its own, which take turns on the device (`engine.weights.memory_plan`).
    """

    denoiser: int
    small: int
    encoders: int
    autoencoder: int
    step: int
    decode: int
    tile: int
    precision: str = "float16"
    halves: bool = True
    swapped: bool = False


@dataclass(frozen=True)
class Way:
    """One way to run a model.

    Attributes:
        name: "whole", "encoders away", "eight bits", "streamed" or "cpu".
        precision: of the numbers that are computed with.
        offload: "none"; "encoders": they wait on the CPU and visit the device to read a prompt where there is room;
            "groups": they do, and the denoiser's layers are copied in as they come to work.
        eight_bits: whether the denoiser's weights are stored in 8 bits between the layers' work.
        tiles: whether decoding goes by tiles. sequential: whether the halves of guidance follow one another.
        needs: bytes. reason: why this one, in a sentence.
    """

    name: str
    precision: str = "float16"
    offload: str = "none"
    eight_bits: bool = False
    tiles: bool = False
    sequential: bool = False
    needs: int = 0
    reason: str = ""

    @property
    def says(self) -> str:
        """What it does, in words that begin a sentence."""
        more = [_SAYS[self.name]]
        if self.tiles:
            more.append("pictures are decoded in tiles")
        if self.sequential:
            more.append("the two halves of guidance run one after the other")
        return f"{', '.join(more[:-1])}, and {more[-1]}" if len(more) > 1 else more[0]

    @property
    def trains(self) -> bool:
        """Whether gradients go through the denoiser: its weights must be there when they come back."""
        return not self.eight_bits and self.offload != "groups"


WHOLE = Way("whole")
"""Where nothing is known: all of it on the device."""

_SAYS = {
    "whole": "All of it stays on the device",
    "encoders away": "The text encoders wait on the CPU",
    "eight bits": "The text encoders wait on the CPU, the denoiser's weights are stored in 8 bits",
    "streamed": "The denoiser's weights, in 8 bits, are copied to the device layer by layer in each step",
    "cpu": "It runs on the CPU",
}


def ways(sizes: Sizes, kind: str) -> list[Way]:
    """All ways on a device of that kind ("cuda", "mps", "cpu"), the fastest first; a run whose memory ends goes down
    this list.

    Tiles cost a second for each picture, waiting encoders a second or more for each new prompt; halves one after the
    other a tenth to a fifth of each step. Eight bits change pictures a little, so they come after what does not; only
    CUDA casts them without loss of time, and only weights of 16 bits halve. Streaming costs most, the time to copy all
    weights in each step. A model with experts of its own swaps them as wholes, so it is neither in 8 bits nor streamed.
    """
    parts = sizes.denoiser + sizes.encoders + sizes.autoencoder
    if kind == "cpu":
        work = max(sizes.step, sizes.decode)
        thrifty = max(sizes.step // (2 if sizes.halves else 1), sizes.tile)
        return [
            Way("cpu", "float32", needs=parts + work),
            Way("cpu", "float32", tiles=True, sequential=sizes.halves, needs=parts + thrifty),
        ]
    precision, tiled = sizes.precision, max(sizes.step, sizes.tile)
    found = [
        Way("whole", precision, needs=_need(parts + max(sizes.step, sizes.decode))),
        Way("whole", precision, tiles=True, needs=_need(parts + tiled)),
    ]
    weights = [("encoders away", "encoders", False, sizes.denoiser)]
    if kind == "cuda" and not sizes.swapped and sizes.precision in ("float16", "bfloat16"):
        weights += [
            ("eight bits", "encoders", True, sizes.small),
            ("streamed", "groups", True, int(sizes.small * _STREAMED)),
        ]
    for name, offload, eight_bits, weight in weights:
        for sequential in (False, True)[: 1 + sizes.halves]:
            work = max(sizes.step // (1 + sequential), sizes.tile)
            need = _need(weight + sizes.autoencoder + work)
            found.append(Way(name, precision, offload, eight_bits, True, sequential, need))
    # The weights are read in 16 bits and widened.
    on_cpu = 2 * parts + max(sizes.step, sizes.decode)
    return [*found, Way("cpu", "float32", needs=on_cpu)]


def _need(total: int) -> int:
    return int(total * _SPARE)


def choose(sizes: Sizes, kind: str, free: int | None, mode: str = "auto") -> Way:
    """The fastest way that fits into `free` bytes of a device of that kind, with its reason.

    Args:
        free: None is unknown.
        mode: what the user asks for, one of `resources.limits.MEMORY`: "auto" is what fits, "low" leaves nothing on the
            device that can wait elsewhere, "lowest" takes as little as there is.
    """
    every = ways(sizes, kind)
    allowed = every[_first(every, mode) :]
    asked = "" if mode == "auto" else f" You asked for {mode} memory."
    if free is None:
        return _because(allowed[0], f"the device does not say how much is free.{asked}")
    fits = next((each for each in allowed if each.needs <= free and (kind == "cpu" or each.name != "cpu")), None)
    if fits is not None:
        return _because(fits, f"{size_text(fits.needs)} of {size_text(free)} that are free.{asked}")
    last = allowed[-1]
    if kind != "cpu":
        return _because(last, f"no other way fits into the {size_text(free)} that are free on the device.")
    return _because(last, f"{size_text(last.needs)} may be too much for the {size_text(free)} that are free.{asked}")


def _first(every: Sequence[Way], mode: str) -> int:
    """The index of the first way that a mode allows."""
    if mode == "auto":
        return 0
    on_device = [index for index, way in enumerate(every) if way.name != "cpu"]
    if mode == "lowest" or not on_device:
        return on_device[-1] if on_device else len(every) - 1
    return next(index for index in on_device if every[index].offload != "none")


def after(way: Way, every: Sequence[Way]) -> Way | None:
    """The next way of a list that takes less than this one does, to go on with where its memory ran out; None is none
    on the device: the CPU is left."""
    place = next((index for index, each in enumerate(every) if _same(each, way)), 0)
    less = (each for each in every[place + 1 :] if each.name != "cpu" and each.needs < every[place].needs)
    found = next(less, None)
    if found is None:
        return None
    return _because(found, "the device's memory ran out.")


def _same(one: Way, other: Way) -> bool:
    return dataclasses.replace(one, needs=0, reason="") == dataclasses.replace(other, needs=0, reason="")


def _because(way: Way, why: str) -> Way:
    return dataclasses.replace(way, reason=f"{way.says}: {why}")
