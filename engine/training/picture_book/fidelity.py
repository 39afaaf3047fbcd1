"""The autoencoder's reconstruction quality: PSNR, edge energy, and a sheet to look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from PIL import Image
from torch import Tensor

from engine.training.picture_book.compose import Composer
from engine.training.picture_book.split import HELD_OUT


@dataclass(frozen=True)
class Fidelity:
    """Reconstruction quality over a set of pictures.

    Attributes:
        psnr: the mean PSNR in dB. worst: the 10th percentile of the PSNR in dB.
        edges: the energy of the differences between neighbouring pixels, relative to the originals'.
    """

    psnr: float
    worst: float
    edges: float


def unseen_pictures(composer: Composer, count: int) -> Tensor:
    """The first `count` held-out compositions, float `[count, 3, 512, 512]` in -1..1."""
    rgb = np.stack([composer(HELD_OUT + 500 + k).rgb for k in range(count)])
    return torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 127.5 - 1


@torch.inference_mode()
def reconstructed(model: AutoencoderTiny, pictures: Tensor, device: torch.device) -> tuple[Tensor, float]:
    """Reconstruct pictures one by one; returns them on the CPU, in -1..1, and the standard deviation of the latents."""
    made, spreads = [], []
    for picture in pictures.split(1):
        with torch.autocast(device.type, torch.bfloat16):
            latents = model.encode(picture.to(device, memory_format=torch.channels_last)).latents
            made.append(model.decode(latents).sample.float().clamp(-1, 1).cpu())
        spreads.append(latents.float().square().mean())
    return torch.cat(made), float(torch.stack(spreads).mean().sqrt())


def fidelity(made: Tensor, real: Tensor) -> Fidelity:
    """Compare pictures `[n, 3, h, w]` in -1..1 with the originals."""
    errors = ((made - real) / 2).square().mean((1, 2, 3)).clamp_min(1e-10)
    psnr = -10 * errors.log10()
    edges = float(_energy(made) / _energy(real))
    return Fidelity(psnr=float(psnr.mean()), worst=float(psnr.quantile(0.1)), edges=edges)


def _energy(pictures: Tensor) -> Tensor:
    down = (pictures[..., 1:, :] - pictures[..., :-1, :]).square().mean()
    return down + (pictures[..., :, 1:] - pictures[..., :, :-1]).square().mean()


def sheet(file: Path, made: Tensor, real: Tensor, *, across: int = 4) -> None:
    """Write a sheet: originals above their reconstructions, each cropped to its middle 256 pixels at full size."""
    shown = min(across * 2, len(real))
    rows = []
    for start in range(0, shown, across):
        for pictures in (real, made):
            cut = pictures[start : start + across, :, 128:384, 128:384]
            row = torch.cat(list(cut), 2).permute(1, 2, 0)
            rows.append(((row + 1) * 127.5).round().clamp(0, 255).byte().numpy())
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(rows)).save(file)
