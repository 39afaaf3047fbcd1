"""Sample sheets: what a model in training can do, as one PNG to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, UNet2DConditionModel
from PIL import Image
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from engine.training.painted import CELLS, MAX_LENGTH, PaintedTraining, new_scheduler, pool
from engine.world.scenes import HELD_OUT, Render, free_scene, render_scene


def to_rgb(pictures: Tensor) -> np.ndarray:
    """Float `[B, 3, H, W]` in -1..1 -> uint8 `[B, H, W, 3]`."""
    return ((pictures.float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def write_sheet(file: Path, rows: list[np.ndarray]) -> None:
    """Rows of pictures, each uint8 `[columns, H, W, 3]`, as one PNG."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate([np.concatenate(list(row), 1) for row in rows], 0)).save(file)


def held_out(count: int) -> list[Render]:
    """Unseen renders, the second half of them free layouts."""
    return [render_scene(HELD_OUT + i) if i < count // 2 else free_scene(HELD_OUT + i) for i in range(count)]


@torch.inference_mode()
def autoencoder_sheet(file: Path, model: AutoencoderTiny, device: torch.device, count: int = 8) -> None:
    """Unseen renders above, the same through the autoencoder below."""
    rgb = np.stack([render.rgb for render in held_out(count)])
    pictures = torch.from_numpy(rgb).permute(0, 3, 1, 2).float().to(device) / 127.5 - 1
    write_sheet(file, [rgb, to_rgb(model.decode(model.encode(pictures).latents).sample)])


def _painted(renders: list[Render], tokenizer: CLIPTokenizer) -> Tensor:
    paint = np.zeros((len(renders), CELLS * CELLS, MAX_LENGTH), np.float32)
    for row, render in enumerate(renders):
        offsets = tokenizer(render.caption, return_offsets_mapping=True, truncation=True, max_length=MAX_LENGTH)[
            "offset_mapping"
        ]
        for item, (start, end) in zip(render.items, render.spans, strict=True):
            tokens = [k for k, (a, b) in enumerate(offsets) if a < end and b > start and b > a]
            cells = item.area.reshape(CELLS, 16, CELLS, 16).mean((1, 3))
            paint[row][:, tokens] = cells.reshape(-1, 1)
    return torch.from_numpy(paint)


@torch.inference_mode()
def sample_sheet(
    file: Path,
    unet: UNet2DConditionModel,
    text: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    autoencoder: AutoencoderTiny,
    attention: PaintedTraining,
    device: torch.device,
    *,
    count: int = 8,
    guidance: float = 3.0,
    steps: int = 20,
) -> None:
    """Unseen renders, then pictures of their captions without paint, then with their areas painted at w' = 1."""
    renders = held_out(count)
    blank = tokenizer([""] * count, padding="max_length", max_length=MAX_LENGTH, return_tensors="pt").input_ids
    told = tokenizer(
        [render.caption for render in renders],
        padding="max_length",
        truncation=True,
        max_length=MAX_LENGTH,
        return_tensors="pt",
    ).input_ids
    context = text(input_ids=torch.cat([blank, told]).to(device)).last_hidden_state
    levels = pool(_painted(renders, tokenizer).to(device))
    attention.paint = {cells: torch.cat([torch.zeros_like(a), a]) for cells, a in levels.items()}
    rows = [np.stack([render.rgb for render in renders])]
    autoencoder = autoencoder.to(device)
    for paint_weight in (0.0, 1.0):
        scheduler = DPMSolverMultistepScheduler.from_config(new_scheduler().config, timestep_spacing="trailing")
        scheduler.set_timesteps(steps)
        x = torch.randn(count, 8, CELLS, CELLS, generator=torch.Generator().manual_seed(0)).to(device)
        for time in scheduler.timesteps:
            alpha = scheduler.alphas_cumprod[time]
            attention.weight = torch.full((2 * count,), paint_weight * float(torch.log1p(((1 - alpha) / alpha).sqrt())))
            attention.weight, attention.seen = attention.weight.to(device), []
            free, led = unet(torch.cat([x, x]), time, context).sample.chunk(2)
            x = scheduler.step(free + guidance * (led - free), time, x).prev_sample
        rows.append(to_rgb(autoencoder.decode(x / autoencoder.config.scaling_factor).sample))
    attention.seen = []
    write_sheet(file, rows)
