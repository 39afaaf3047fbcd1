"""Contact sheets of a denoiser in training: held-out scenes, generated from their captions without and with paint."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, UNet2DConditionModel
from PIL import Image
from torch import Tensor

from engine.attention.parts import painted_parts
from engine.training.conditions import REFERENCE_SIDE, Conditions, EncoderInputs
from engine.training.painted_attention import new_scheduler
from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.captions import Mention, write_caption
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.shards import SIDE, captioned_parts, cell_areas
from engine.training.picture_book.split import HELD_OUT
from engine.training.picture_book.sprites import SpriteStore
from engine.training.training_loop import amp

Span = tuple[int, int, list[int]]
"""The start and end of a phrase in a caption, and the numbers of the scene's parts that it means."""


class Painter(Protocol):
    """What can be sampled from; `denoiser.Trainer` is one."""

    device: torch.device
    unet: UNet2DConditionModel
    conditions: Conditions

    def prepare_attention(self, paint: Tensor, weight: Tensor, alpha: Tensor, token_bias: Tensor) -> None:
        """Set the paint for the next step, see `denoiser.Trainer.prepare_attention`."""


@torch.inference_mode()
def sample(
    painter: Painter, captions: list[str], paint: Tensor, weight: float, *, steps: int = 20, guidance: float = 3.0
) -> Tensor:
    """Sample latents `[n, C, SIDE, SIDE]` of captions with paint `[n, SIDE * SIDE, t]`, at w' = `weight`."""
    count, device = len(captions), painter.device
    both = torch.ones(2 * count, dtype=torch.bool)
    inputs = EncoderInputs(
        prompts=[*[""] * count, *captions],
        clip=both,
        t5=both,
        references=torch.zeros(2 * count, 3, REFERENCE_SIDE, REFERENCE_SIDE),
        styled=~both,
    )
    with amp(device):
        context, token_bias = painter.conditions(inputs.to(device))
    paint = torch.cat([torch.zeros_like(paint), paint]).to(device)
    scheduler = DPMSolverMultistepScheduler.from_config(new_scheduler().config, timestep_spacing="trailing")
    scheduler.set_timesteps(steps)
    shape = (count, painter.unet.config.in_channels, SIDE, SIDE)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(device)
    for moment in scheduler.timesteps:
        alpha = scheduler.alphas_cumprod[moment].to(device).expand(2 * count)
        painter.prepare_attention(paint, torch.full((2 * count,), weight, device=device), alpha, token_bias)
        with amp(device):
            made = painter.unet(torch.cat([x, x]), moment, context).sample
        free, led = made.float().chunk(2)
        x = scheduler.step(free + guidance * (led - free), moment, x).prev_sample
    return x


def held_out_scenes(sprites: SpriteStore, count: int) -> tuple[list[Scene], list[str], list[list[Span]]]:
    """Held-out scenes, a caption for each, and the captions' spans."""
    composer = Composer(sprites, withheld=True)
    scenes, captions, spans = [], [], []
    for k in range(count):
        scene = composer(HELD_OUT + 900 + k)
        numbers = captioned_parts(scene)
        parts = [scene.parts[number] for number in numbers]
        mentions = [Mention(name=part.name, colour=part.colour, group=part.group) for part in parts]
        text, found = write_caption(mentions, np.random.default_rng((k, 27)))
        scenes.append(scene)
        captions.append(text)
        spans.append([(start, end, [numbers[each] for each in mentioned]) for start, end, mentioned in found])
    return scenes, captions, spans


def exact_paint(
    scenes: list[Scene], captions: list[str], spans: list[list[Span]], conditions: Conditions, side: int = SIDE
) -> Tensor:
    """The paint of every word exactly where its parts are, `[n, side * side, t]`."""
    placed = []
    for row, (scene, caption, found) in enumerate(zip(scenes, captions, spans, strict=True)):
        pictures = conditions.pictures(caption)
        for start, end, numbers in found:
            areas = cell_areas([scene.parts[number].area for number in numbers], side)
            area, by_part = areas.sum(0).clip(0, 1), painted_parts(list(areas))
            for position in conditions.places(caption, (start, end)):
                placed.append((row, position, by_part[pictures[position]] if position in pictures else area))
    tokens = 1 + max(position for _, position, _ in placed)
    paint = np.zeros((len(scenes), side * side, tokens), np.float32)
    for row, position, area in placed:
        paint[row][:, position] = area.ravel()
    return torch.from_numpy(paint)


@torch.inference_mode()
def sample_sheet(
    file: Path, painter: Painter, autoencoder: AutoencoderTiny, sprites: SpriteStore, *, count: int = 8
) -> None:
    """Write a sheet: held-out scenes, and below them pictures of their captions, without and with all words painted."""
    scenes, captions, spans = held_out_scenes(sprites, count)
    paint = exact_paint(scenes, captions, spans, painter.conditions)
    pixels = 16 * SIDE
    rows = [np.stack([np.asarray(Image.fromarray(scene.rgb).resize((pixels, pixels))) for scene in scenes])]
    for weight in (0.0, 1.0):
        latents = sample(painter, captions, paint, weight)
        made = [autoencoder.decode(each / autoencoder.config.scaling_factor).sample for each in latents.split(1)]
        pictures = torch.cat(made).float().clamp(-1, 1)
        rows.append(((pictures + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy())
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate([np.concatenate(list(row), 1) for row in rows])).save(file)
    file.with_suffix(".txt").write_text("\n".join(captions) + "\n")
