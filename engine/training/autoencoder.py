"""Trains the starter's autoencoder: 256x256 pictures to 16x16 latents with 8 channels and back, with crisp edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional as F

from engine.scoring.segmenter import Segmenter
from engine.training.contact_sheets import autoencoder_sheet
from engine.training.data import WorldData
from engine.training.training_loop import TrainingRun, amp, cosine, set_rate

FACTOR = 16
CHANNELS = 8

_RATE, _WARM_RATE, _POLISH_RATE = 1.3e-3, 1e-3, 4e-4

_HALF_SIZE = 0.6
"""Share of the training time in which only the inner stages are trained, at half the picture size."""

_LATENT_NOISE = 0.08
"""Noise added to the latents, as a share of their standard deviation, so the decoder tolerates small latent errors."""


def new_autoencoder() -> AutoencoderTiny:
    """A new diffusers `AutoencoderTiny` (TAESD's class), one level deeper than usual; it has no norms, so it is fast.

    It has no block at full resolution, which would cost more than all others together: the outermost layers are linear,
    patches in the encoder and sub-pixel convolution (arXiv 1609.05158) in the decoder.
    """
    return AutoencoderTiny(
        encoder_block_out_channels=(48,) * 5,
        decoder_block_out_channels=(48,) * 5,
        num_encoder_blocks=(0, 1, 2, 3, 3),
        num_decoder_blocks=(3, 3, 2, 1, 0),
        latent_channels=CHANNELS,
    )


def warm_autoencoder(folder: Path) -> AutoencoderTiny:
    """Load an earlier starter's autoencoder, without the blocks at full resolution that it may have."""
    earlier = AutoencoderTiny.from_pretrained(folder / "vae", use_safetensors=True)
    model = new_autoencoder()
    for ours, theirs, outermost in (
        (model.encoder.layers, earlier.encoder.layers, 1),
        (model.decoder.layers, earlier.decoder.layers, -2),
    ):
        kept = list(theirs)
        if len(kept) > len(ours):
            del kept[outermost]
        for layer, known in zip(ours, kept, strict=True):
            layer.load_state_dict(known.state_dict())
    return model


def halved(model: AutoencoderTiny, pictures: Tensor, noise: Tensor | float) -> tuple[Tensor, Tensor]:
    """Latents and reconstruction without the outermost stage of encoder and decoder, at half the picture size.

    This is progressive growing (arXiv 1710.10196): the inner stages, which do most of the work, see four times as many
    pictures in the same time. Pictures are float `[B, 3, H, W]` in -1..1; `noise` is multiplied by the latents'
    standard deviation and added to them.
    """
    x = (pictures + 1) / 2
    for index, layer in enumerate(model.encoder.layers):
        if index != 1:
            x = layer(x)
    latents = x
    x = torch.tanh((latents + noise * latents.detach().float().std()) / 3) * 3
    outermost = range(len(model.decoder.layers) - 3, len(model.decoder.layers) - 1)
    for index, layer in enumerate(model.decoder.layers):
        if index not in outermost:
            x = layer(x)
    return latents, 2 * x - 1


def crops(data: WorldData, rng: np.random.Generator, *, size: int, batch: int) -> Tensor:
    """Random crops on the latent's grid, half of them mirrored: float `[batch, 3, size, size]` in -1..1."""
    cut = np.empty((batch, size, size, 3), np.uint8)
    for k, index in enumerate(rng.integers(len(data), size=batch)):
        y, x = FACTOR * rng.integers((256 - size) // FACTOR + 1, size=2)
        piece = data.rgb[index, y : y + size, x : x + size]
        cut[k] = piece[:, ::-1] if rng.random() < 0.5 else piece
    return torch.from_numpy(cut).permute(0, 3, 1, 2).float() / 127.5 - 1


def _edges(picture: Tensor) -> tuple[Tensor, Tensor]:
    return picture[..., 1:, :] - picture[..., :-1, :], picture[..., :, 1:] - picture[..., :, :-1]


def reconstruction_loss(made: Tensor, real: Tensor, judge: Segmenter) -> Tensor:
    """L1 on pixels, on their differences, and on the segmenter's features (perceptual loss, arXiv 1603.08155)."""
    loss = F.l1_loss(made, real)
    for a, b in zip(_edges(made), _edges(real), strict=True):
        loss = loss + 0.5 * F.l1_loss(a, b)
    with torch.no_grad():
        wanted = judge.levels(real)[:3]
    for a, b in zip(judge.levels(made), wanted, strict=False):
        loss = loss + 0.1 * F.l1_loss(a, b)
    return loss


def train_autoencoder(
    data: WorldData,
    judge: Segmenter,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 8,
    warm: Path | None = None,
) -> AutoencoderTiny:
    """Train encoder and decoder for `minutes` of work; sets `scaling_factor` so that latents have unit variance.

    Args:
        warm: the folder of an earlier starter whose autoencoder is trained further, without the half-size phase.
    """
    torch.manual_seed(1)
    model = warm_autoencoder(warm) if warm else new_autoencoder()
    model = model.to(device, memory_format=torch.channels_last).train()
    judge = judge.to(device, memory_format=torch.channels_last).requires_grad_(False)
    peak = _WARM_RATE if warm else _RATE
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.99), weight_decay=1e-3)
    run = TrainingRun(work, "autoencoder", minutes=minutes, parts={"model": model, "optimizer": optimizer})
    if resume:
        run.resume()
    rng = np.random.default_rng(1000 + run.step)
    for step, fraction in run:
        set_rate(optimizer, cosine(fraction, peak))
        half = warm is None and fraction < _HALF_SIZE
        real = crops(data, rng, size=128, batch=3 * batch if half else batch)
        real = (F.avg_pool2d(real, 2) if half else real).to(device, memory_format=torch.channels_last)
        noise = _LATENT_NOISE * torch.randn(len(real), CHANNELS, 8, 8).to(device)
        with amp(device):
            if half:
                mean, made = halved(model, real, noise)
            else:
                mean = model.encode(real).latents
                made = model.decode(mean + noise * mean.detach().float().std()).sample
            loss = reconstruction_loss(made, real, judge)
        # Keeps the scale of the latents from drifting; too weak to affect their shape.
        total = loss.float() + 1e-3 * mean.float().square().mean()
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 25 == 0:
            run.log(
                loss=loss.item(),
                l1=F.l1_loss(made.detach().float(), real).item(),
                spread=mean.detach().float().std().item(),
            )
        if run.due(minutes=8):
            autoencoder_sheet(work / "sheets" / f"autoencoder-{step:06d}.png", model, device)
    with torch.inference_mode(), amp(device):
        sample = torch.cat([model.encode(crops(data, rng, size=256, batch=8).to(device)).latents for _ in range(8)])
    model.register_to_config(scaling_factor=round(1 / float(sample.float().std()), 5))
    return model.cpu().eval()


class PatchCritic(nn.Module):
    """A patch discriminator (pix2pix, arXiv 1611.07004) on 16-pixel neighbourhoods."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.GroupNorm(8, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 2 * width, 3, 1, 1),
            nn.GroupNorm(8, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 3, 1, 1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """One score for each 4x4 cell of pictures float `[B, 3, H, W]`."""
        return self.layers(pictures)


def polish_decoder(
    model: AutoencoderTiny,
    data: WorldData,
    latents: Tensor,
    judge: Segmenter,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 2,
) -> AutoencoderTiny:
    """Sharpen the decoder with an adversarial loss (VQGAN, arXiv 2012.09841); the encoder is frozen.

    Args:
        latents: of all pictures and their mirror images, see `engine.training.denoiser.encode_all`.
    """
    torch.manual_seed(2)
    model = model.to(device, memory_format=torch.channels_last).train().requires_grad_(False)
    weights = list(model.decoder.parameters())
    for weight in weights:
        weight.requires_grad_(True)
    judge = judge.to(device).requires_grad_(False)
    critic = PatchCritic().to(device, memory_format=torch.channels_last)
    painter = torch.optim.AdamW(weights, lr=_POLISH_RATE, betas=(0.5, 0.99), weight_decay=1e-3)
    judge_rate = torch.optim.AdamW(critic.parameters(), lr=3e-4, betas=(0.5, 0.99), weight_decay=1e-3)
    parts = {"model": model, "critic": critic, "painter": painter, "judge": judge_rate}
    run = TrainingRun(work, "polish", minutes=minutes, parts=parts)
    if resume:
        run.resume()
    rng = np.random.default_rng(2000 + run.step)
    for step, fraction in run:
        set_rate(painter, cosine(fraction, _POLISH_RATE))
        index, mirrored = rng.integers(len(data), size=batch), rng.random(batch) < 0.5
        # Whole pictures, because crops of latents lack their neighbours.
        kept = latents[torch.from_numpy(index + len(data) * mirrored)].float()
        rgb = np.stack([data.rgb[k, :, :: -1 if flip else 1] for k, flip in zip(index, mirrored, strict=True)])
        real = torch.from_numpy(rgb).permute(0, 3, 1, 2).float() / 127.5 - 1
        real = real.to(device, memory_format=torch.channels_last)
        kept = (kept + 1.5 * _LATENT_NOISE * torch.randn(kept.shape)).to(device) / model.config.scaling_factor
        with amp(device):
            made = model.decode(kept).sample
            critic.requires_grad_(False)
            trick = -critic(made).float().mean()
            loss = reconstruction_loss(made, real, judge).float()
        painter.zero_grad(set_to_none=True)
        # At first only the critic is trained; then its loss counts fully.
        (loss + (0.1 if step > 100 else 0.0) * trick).backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        painter.step()
        critic.requires_grad_(True)
        with amp(device):
            hinge = F.relu(1 - critic(real).float()).mean() + F.relu(1 + critic(made.detach()).float()).mean()
        judge_rate.zero_grad(set_to_none=True)
        hinge.backward()
        judge_rate.step()
        if step % 25 == 0:
            run.log(loss=loss.item(), trick=trick.item(), hinge=hinge.item())
        if run.due(minutes=4):
            autoencoder_sheet(work / "sheets" / f"polish-{step:06d}.png", model, device)
    return model.cpu().eval().requires_grad_(False)
