"""Two ways to heatmaps of one noised picture: DAAM's, which the engine has, and ConceptAttention's."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.attention.concepts import ConceptReader, later_layers
from engine.attention.heatmaps import Heatmaps
from engine.errors import BadRequest, UnsupportedModel
from engine.models.families.base import RunConfig
from engine.models.families.transformer import TextRows, TransformerFamily
from engine.text.spans import token_positions

BACKGROUND = "background"
"""A concept for what is none of the words, as the paper has it: without one, cells of nothing go to some word."""

_HALFWAY = 0.5
"""Of the schedule: words with a time of their own are few, and labs have none."""


@dataclass(frozen=True, eq=False)
class Looked:
    """Heatmaps of a run's words at one noise level.

    Attributes:
        maps: float32 `[words, rows, columns]`. ms: the time of the denoiser's call, from begin to end.
    """

    maps: Tensor
    ms: float


def check_joint(family: object) -> TransformerFamily:
    """The family, as one in whose attention the text looks at the picture.

    Raises:
        UnsupportedModel: it has cross-attention, or its text never sees the picture.
    """
    if isinstance(family, TransformerFamily):
        layout = family.denoiser.layout(1, (1, 1))
        if not (layout.cross or layout.apart):
            return family
    raise UnsupportedModel(
        "This model's words do not look at its picture: it has no joint attention.",
        hint="Choose a model whose text and picture share one attention, such as Flux, Stable Diffusion 3 or Z-Image.",
    )


@torch.inference_mode()
def by_attention(family: TransformerFamily, brief: RunConfig, x: Tensor, sigma: float) -> Looked:
    """DAAM's way: the share of what a cell draws from the text that it draws from a word; the run goes on."""
    began = time.perf_counter()
    family.denoise(x, sigma, timestep=family.noise.timestep(sigma), fraction=_HALFWAY)
    found = family.heatmaps()
    assert found is not None, "the brief asks for heatmaps"
    maps = found.on_host().levels[0][0]
    return Looked(maps[: len(brief.words)], (time.perf_counter() - began) * 1000)


@torch.inference_mode()
def by_concepts(
    family: TransformerFamily,
    brief: RunConfig,
    prompt: str,
    x: Tensor,
    sigma: float,
    others: Sequence[str] = (BACKGROUND,),
) -> Looked:
    """ConceptAttention's way, see `engine.attention.concepts`: of the brief's words, beside `others`.

    Args:
        x: latents at the noise level `sigma`, `[1, C, h, w]`.

    Raises:
        BadRequest: the concepts have more tokens than the model's text has room for.
    """
    phrases = [*(prompt[slice(*word.span)] for word in brief.words), *others]
    began = time.perf_counter()
    text = family.positive(brief.context)
    states, places = _concepts(family, phrases)
    room = text.counts[0]
    if states.shape[1] > room:
        raise BadRequest(
            f"The concepts have {states.shape[1]} tokens, and the prompt only {room}.", hint="Write a longer prompt."
        )
    second = text.states.clone()
    second[:, : states.shape[1]] = states.to(second)
    both = TextRows(
        states=torch.cat([text.states, second]),
        pooled=None if text.pooled is None else text.pooled.repeat(2, 1),
        mask=None if text.mask is None else text.mask.repeat(2, 1),
        counts=text.counts * 2,
    )
    grid = (x.shape[2] // family.architecture.patch, x.shape[3] // family.architecture.patch)
    layout = family.denoiser.layout(both.states.shape[1], grid)
    reader = ConceptReader(layout, places, layers=later_layers(family.control.paths))
    rows = family.noise.to_input(x, sigma).repeat(2, 1, 1, 1).to(family.device, family.dtype)
    moment = family.noise.timestep(sigma) / family.noise.count
    with family.control.attended_by(reader):
        family.denoiser.predict(rows, moment, both, brief.guidance)
    maps = reader.maps().cpu()
    return Looked(maps[: len(brief.words)], (time.perf_counter() - began) * 1000)


def share_in_paint(family: TransformerFamily, looked: Looked) -> list[float | None]:
    """For each of the run's words the share of its map that lies in its paint, see `engine.attention.heatmaps`."""
    return family.obedience(Heatmaps(levels={0: looked.maps[None].cpu()}, looks=1))[0]


def _concepts(family: TransformerFamily, phrases: Sequence[str]) -> tuple[Tensor, list[list[int]]]:
    """The states of all phrases' own tokens, each read by itself, `[1, K, ...]`, and which of the K are whose."""
    states, places, first = [], [], 0
    for phrase in phrases:
        read = family.reader.read(phrase)
        own = list(token_positions(read.tokenized, (0, len(phrase))))
        states.append(read.states[:, own])
        places.append(list(range(first, first + len(own))))
        first += len(own)
    return torch.cat(states, dim=1), places
