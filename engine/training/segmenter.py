"""Trains the segmenter of the world on its own renders: `python -m engine.training.segmenter`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor
from torch.nn import functional as F

from engine.scoring.segmenter import Segmenter, load
from engine.training.data import WorldData, is_plain
from engine.training.training_loop import TrainingRun, amp, cosine, set_rate
from engine.world.scenes import HELD_OUT, NAMES, free_scene, render_scene

_PLAIN_SHARE = 0.6
"""Share of examples taken from plain pictures only, like those of the layout lab; the others are of any look."""


def spoiled(pictures: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Pictures `[B, 3, H, W]` in -1..1, slightly soft and off in colour as generated ones are."""
    batch = pictures.shape[0]
    gain = 1 + 0.12 * torch.randn(batch, 3, 1, 1, generator=generator)
    pictures = pictures * gain + 0.08 * torch.randn(batch, 3, 1, 1, generator=generator)
    if torch.rand((), generator=generator) < 0.5:
        scale = float(torch.empty(()).uniform_(0.3, 0.9, generator=generator))
        small = F.interpolate(pictures, scale_factor=scale, mode="area")
        pictures = F.interpolate(small, size=pictures.shape[2:], mode="bilinear")
    return pictures + 0.06 * torch.rand((), generator=generator) * torch.randn(pictures.shape, generator=generator)


def warm_segmenter(warm: Path) -> Segmenter:
    """Load an earlier starter's segmenter, next to the folder `warm`, with a head that is enlarged for new names."""
    model, known = Segmenter(NAMES), load(warm.parent / "segmenter")
    rows = [NAMES.index(name) for name in known.names]
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if name.startswith("head."):
                value[rows] = known.state_dict()[name]
            else:
                value.copy_(known.state_dict()[name])
    return model


def train_segmenter(
    data: WorldData,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 12,
    warm: Path | None = None,
) -> Segmenter:
    """Train for `minutes` of work; the result is on the CPU in evaluation mode. See `warm_segmenter` for `warm`."""
    torch.manual_seed(0)
    model = warm_segmenter(warm) if warm else Segmenter(NAMES)
    return _train(
        model, data, TrainingRun(work, "segmenter", minutes=minutes, parts={}), device, resume=resume, batch=batch
    )


def train_judge(
    model: Segmenter,
    data: WorldData,
    autoencoder: AutoencoderTiny,
    latents: Tensor,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 12,
) -> Segmenter:
    """Train a segmenter further for `minutes` of work, with half of the renders decoded from their latents.

    It will judge generated pictures, which are as soft as decoded ones; it must recognise a house by its soft outlines.

    Args:
        latents: of all renders, then of their mirror images, `[2 n, C, h, w]`, float16.
    """
    torch.manual_seed(5)
    decoder = copy.deepcopy(autoencoder.decoder).to(device, torch.bfloat16, memory_format=torch.channels_last).eval()

    @torch.no_grad()
    def draw(index: np.ndarray) -> Tensor:
        scaled = latents[torch.from_numpy(index)].float() / autoencoder.config.scaling_factor
        return decoder(scaled.to(device, torch.bfloat16)).float().cpu().clamp(-1, 1)

    run = TrainingRun(work, "judge", minutes=minutes, parts={})
    fresh = copy.deepcopy(model).requires_grad_(True)
    return _train(fresh, data, run, device, resume=resume, batch=batch, draw=draw)


def _train(
    model: Segmenter,
    data: WorldData,
    run: TrainingRun,
    device: torch.device,
    *,
    resume: bool,
    batch: int,
    draw: Callable[[np.ndarray], Tensor] | None = None,
) -> Segmenter:
    model = model.to(device, memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    run.parts.update(model=model, optimizer=optimizer)
    if resume:
        run.resume()
    rng, generator = np.random.default_rng(run.step), torch.Generator().manual_seed(run.step)
    plain = np.array([k for k in range(len(data)) if is_plain(k)])
    for step, fraction in run:
        set_rate(optimizer, cosine(fraction, 2e-3))
        index = np.where(
            rng.random(batch) < _PLAIN_SHARE, rng.choice(plain, batch), rng.integers(len(data), size=batch)
        )
        rgb, labels = torch.from_numpy(data.rgb[index]), torch.from_numpy(data.labels[index]).long()
        pictures = rgb.permute(0, 3, 1, 2).float() / 127.5 - 1
        if draw is not None:
            pictures[: batch // 2] = draw(index[: batch // 2])
        pictures = spoiled(pictures, generator)
        if rng.random() < 0.5:
            pictures, labels = pictures.flip(3), labels.flip(2)
        pictures = pictures.to(device, memory_format=torch.channels_last)
        with amp(device):
            logits = model(pictures)
        loss = F.cross_entropy(logits.float(), labels.to(device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0:
            run.log(loss=loss.item(), accuracy=float((logits.argmax(1) == labels.to(device)).float().mean()))
    return model.cpu().eval()


def accuracy(model: Segmenter, count: int = 32) -> float:
    """The share of pixels, 0..1, that is labelled right on held-out renders, half of them free layouts."""
    renders = [render_scene(HELD_OUT + i) if i % 2 else free_scene(HELD_OUT + i) for i in range(count)]
    predicted = model.predict(np.stack([r.rgb for r in renders]))
    return float(np.mean(predicted == np.stack([r.labels for r in renders])))
