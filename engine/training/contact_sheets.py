"""Contact sheets that show, as one PNG, what a model in training can do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, UNet2DConditionModel
from PIL import Image
from torch import Tensor

from engine.training.conditions import REFERENCE_SIDE, Conditions, EncoderInputs
from engine.training.painted_attention import CELLS, PaintedTraining, new_scheduler
from engine.world.looks import WITHHELD, Look
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene


def to_rgb(pictures: Tensor) -> np.ndarray:
    """Float `[B, 3, H, W]` in -1..1 -> uint8 `[B, H, W, 3]`."""
    return ((pictures.float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def write_sheet(file: Path, rows: list[np.ndarray]) -> None:
    """Rows of pictures, each uint8 `[columns, H, W, 3]`, as one PNG."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate([np.concatenate(list(row), 1) for row in rows], 0)).save(file)


def held_out(count: int) -> list[Render]:
    """`count` held-out renders, the second half of them free layouts."""
    return [render_scene(HELD_OUT + i) if i < count // 2 else free_scene(HELD_OUT + i) for i in range(count)]


@torch.inference_mode()
def autoencoder_sheet(file: Path, model: AutoencoderTiny, device: torch.device, count: int = 8) -> None:
    """Write a sheet: held-out renders above, their reconstructions by the autoencoder below."""
    rgb = np.stack([render.rgb for render in held_out(count)])
    pictures = torch.from_numpy(rgb).permute(0, 3, 1, 2).float().to(device) / 127.5 - 1
    write_sheet(file, [rgb, to_rgb(model.decode(model.encode(pictures).latents).sample)])


def painted_cells(renders: list[Render], conditions: Conditions, tokens: int) -> Tensor:
    """Where each token of the captions is painted: float `[B, 256, tokens]`."""
    paint = np.zeros((len(renders), CELLS * CELLS, tokens), np.float32)
    for row, render in enumerate(renders):
        for item, span in zip(render.items, render.spans, strict=True):
            cells = item.area.reshape(CELLS, 16, CELLS, 16).mean((1, 3))
            paint[row][:, conditions.places(render.caption, span)] = cells.reshape(-1, 1)
    return torch.from_numpy(paint)


def _references(renders: list[Render], looks: list[Look]) -> Tensor:
    step = 256 // REFERENCE_SIDE
    rgb = np.stack([render.in_look(look) for render, look in zip(renders, looks, strict=True)])
    small = rgb.reshape(len(rgb), REFERENCE_SIDE, step, REFERENCE_SIDE, step, 3).mean((2, 4), np.float32)
    return torch.from_numpy(small).permute(0, 3, 1, 2) / 127.5 - 1


@torch.inference_mode()
def sample_sheet(
    file: Path,
    unet: UNet2DConditionModel,
    conditions: Conditions,
    autoencoder: AutoencoderTiny,
    attention: PaintedTraining,
    device: torch.device,
    *,
    count: int = 8,
    guidance: float = 3.0,
    steps: int = 20,
) -> None:
    """Write a sheet: held-out renders, pictures of their captions without and with paint, and with references."""
    renders = held_out(count)
    pairs = [*sorted(WITHHELD), ("ink", "day"), ("dots", "day")][:count]
    looks = [Look(*pair, seed) for seed, pair in enumerate(pairs)]
    others = [render_scene(HELD_OUT + 300 + k) for k in range(count)]
    references = _references(others, looks)
    autoencoder = autoencoder.to(device)
    rows = [np.stack([render.rgb for render in renders])]
    for paint_weight, styled in ((0.0, False), (1.0, False), (1.0, True)):
        if styled:
            rows.append(np.stack([other.in_look(look) for other, look in zip(others, looks, strict=True)]))
        both = torch.ones(2 * count, dtype=torch.bool)
        inputs = EncoderInputs(
            prompts=[*[""] * count, *[render.caption for render in renders]],
            clip=both,
            t5=both,
            references=torch.cat([references, references]),
            styled=torch.cat([torch.zeros(count, dtype=torch.bool), torch.full((count,), styled)]),
        )
        context, token_bias = conditions(inputs.to(device))
        paint = painted_cells(renders, conditions, context.shape[1])
        paint = torch.cat([torch.zeros_like(paint), paint]).to(device)
        scheduler = DPMSolverMultistepScheduler.from_config(new_scheduler().config, timestep_spacing="trailing")
        scheduler.set_timesteps(steps)
        x = torch.randn(count, 8, CELLS, CELLS, generator=torch.Generator().manual_seed(0)).to(device)
        for time in scheduler.timesteps:
            alpha = scheduler.alphas_cumprod[time].to(device).expand(2 * count)
            attention.prepare(paint, torch.full((2 * count,), paint_weight, device=device), alpha, token_bias)
            free, led = unet(torch.cat([x, x]), time, context).sample.chunk(2)
            x = scheduler.step(free + guidance * (led - free), time, x).prev_sample
        rows.append(to_rgb(autoencoder.decode(x / autoencoder.config.scaling_factor).sample))
    attention.clear()
    write_sheet(file, rows)
