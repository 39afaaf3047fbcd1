"""Trains the starter's denoiser and encoders together, with paint in the attention as the program applies it."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training.batches import Batches
from engine.training.conditions import STYLE_TOKENS, WIDTH, Conditions
from engine.training.contact_sheets import sample_sheet
from engine.training.data import WorldData
from engine.training.painted_attention import (
    CELLS,
    PaintedTraining,
    at_levels,
    grounding_loss,
    new_scheduler,
    offset_noise,
    widened,
)
from engine.training.training_loop import Ema, TrainingRun, amp, cosine, set_rate
from engine.training.vocabulary import MAX_LENGTH
from engine.world.looks import MEDIA
from resources import atomic

_RATE, _WARM = 1e-3, 0.6
"""Peak of the learning rate, and the share of it that is used when training starts from an earlier starter."""


def new_unet() -> UNet2DConditionModel:
    """A new, narrow UNet of Stable Diffusion's class, with cross-attention at latent sizes 16, 8 and 4."""
    return UNet2DConditionModel(
        sample_size=CELLS,
        in_channels=8,
        out_channels=8,
        block_out_channels=(80, 128, 192),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        # Despite its name, this is the number of heads.
        attention_head_dim=(2, 4, 6),
        norm_num_groups=16,
        down_block_types=("CrossAttnDownBlock2D",) * 3,
        up_block_types=("CrossAttnUpBlock2D",) * 3,
    )


@torch.inference_mode()
def encode_all(data: WorldData, autoencoder: AutoencoderTiny, work: Path, device: torch.device) -> Tensor:
    """Latents of all pictures, then of their mirror images, float16 `[2 n, 8, 16, 16]`; cached in `work`."""
    file = work / "latents.pt"
    if file.exists():
        return torch.load(file, weights_only=True)
    encoder = copy.deepcopy(autoencoder.encoder).to(device, torch.bfloat16, memory_format=torch.channels_last)
    both: tuple[list[Tensor], list[Tensor]] = ([], [])
    for start in range(0, len(data), 16):
        rgb = torch.from_numpy(np.array(data.rgb[start : start + 16])).permute(0, 3, 1, 2).float() / 127.5 - 1
        for parts, pictures in zip(both, (rgb, rgb.flip(3)), strict=True):
            mean = encoder(pictures.to(device, torch.bfloat16, memory_format=torch.channels_last))
            parts.append((mean.float() * autoencoder.config.scaling_factor).half().cpu())
        if start % 1600 == 0:
            print(f"encoded {start} of {len(data)} pictures", flush=True)
    latents = torch.cat([*both[0], *both[1]])
    with atomic.replacing(file) as new:
        torch.save(latents, new)
    return latents


class LookHead(nn.Module):
    """Predicts a reference's look from its tokens: an auxiliary loss that makes the tokens encode it."""

    def __init__(self) -> None:
        super().__init__()
        self.colours, self.medium = nn.Linear(WIDTH, 6), nn.Linear(WIDTH, len(MEDIA))

    def forward(self, tokens: Tensor, references: Tensor, media: Tensor) -> Tensor:
        """The loss of predicting the channels' mean and standard deviation, and the medium, from tokens `[B, n, C]`."""
        mean = tokens.mean(1)
        wanted = torch.cat([references.mean((2, 3)), references.std((2, 3))], 1)
        return F.mse_loss(self.colours(mean).float(), wanted) + 0.2 * F.cross_entropy(self.medium(mean).float(), media)


def loss_weight(alpha: Tensor, least: float | Tensor = 0.3) -> Tensor:
    """The loss weight for v-prediction, in the shape of `alpha` (the cumulative product, alpha-bar).

    It is the Min-SNR weight for v-prediction (arXiv 2303.09556) with gamma 5, which almost vanishes at high noise.
    Palette and light are decided there, so it is bounded from below: an error of x0 counts as at an SNR of at least
    `least`, the truncation of arXiv 2202.00512 with another bound.
    """
    snr = alpha / (1 - alpha)
    return snr.clamp(max=5).clamp(min=least) / (snr + 1)


def denoising_loss(made: Tensor, clean: Tensor, noise: Tensor, alpha: Tensor) -> Tensor:
    """The weighted squared error of v per example, `[B]`.

    Args:
        made: the denoiser's v. clean, noise: the latents and their noise, all `[B, C, h, w]`. alpha: alpha-bar `[B]`.
    """
    keep = alpha[:, None, None, None]
    wanted = keep.sqrt() * noise - (1 - keep).sqrt() * clean
    return (made.float() - wanted).square().mean((1, 2, 3)) * loss_weight(alpha)


def train_denoiser(
    data: WorldData,
    autoencoder: AutoencoderTiny,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 32,
    warm: Path | None = None,
) -> tuple[UNet2DConditionModel, Conditions]:
    """Train for `minutes` of work; returns the averaged weights on the CPU, in evaluation mode.

    Args:
        warm: the folder of an earlier starter to start from; encoders that it lacks are new.
    """
    latents = encode_all(data, autoencoder, work, device)
    torch.manual_seed(3)
    conditions = Conditions.load(warm) if warm else Conditions.new()
    unet = UNet2DConditionModel.from_pretrained(warm / "unet", use_safetensors=True) if warm else new_unet()
    model = nn.ModuleDict({"unet": unet, "conditions": conditions, "looks": LookHead()})
    model = model.to(device, memory_format=torch.channels_last).train()
    attention = PaintedTraining()
    stock = unet.attn_processors
    unet.set_attn_processor({name: attention if "attn2" in name else stock[name] for name in stock})
    ema = Ema(model, 0.999).to(device)
    trained = {id(p) for p in [*unet.parameters(), *conditions.text.parameters()]} if warm else set()
    groups = [[p for p in model.parameters() if (id(p) in trained) == old] for old in (False, True)]
    optimizer = torch.optim.AdamW([{"params": g} for g in groups], lr=_RATE, betas=(0.9, 0.99), weight_decay=0.01)
    run = TrainingRun(work, "denoiser", minutes=minutes, parts={"model": model, "ema": ema, "optimizer": optimizer})
    if resume:
        run.resume()
    generator = torch.Generator().manual_seed(run.step)
    batches = Batches(data, latents, conditions, np.random.default_rng(3000 + run.step))
    alphas = new_scheduler().alphas_cumprod.to(device)
    for step, fraction in run:
        set_rate(optimizer, cosine(fraction, _RATE))
        optimizer.param_groups[1]["lr"] *= _WARM
        drawn = batches(batch)
        clean = drawn.latents.to(device)
        noise = offset_noise(clean.shape, generator).to(device)
        # Stratified times, one in each of `batch` equal parts of the schedule: less variance than independent draws.
        parts = (torch.arange(batch) + torch.rand(batch, generator=generator)) / batch
        times = (parts * len(alphas)).long().to(device)
        alpha = alphas[times]
        keep = alpha[:, None, None, None]
        noisy = keep.sqrt() * clean + (1 - keep).sqrt() * noise
        inputs, media = drawn.inputs.to(device), drawn.media.to(device)
        with amp(device):
            context, token_bias = conditions(inputs)
            attention.prepare(drawn.paint.to(device), drawn.weight.to(device), alpha, token_bias)
            made = unet(noisy.contiguous(memory_format=torch.channels_last), times, context).sample
        errors = denoising_loss(made, clean, noise, alpha)
        truth = at_levels(widened(drawn.truth.to(device), context.shape[1]))
        grounded = grounding_loss(attention.seen, truth)
        tokens = context[:, MAX_LENGTH : MAX_LENGTH + STYLE_TOKENS]
        clear = slice(None) if inputs.garbled is None else ~inputs.garbled
        looked = model["looks"](tokens[clear].float(), inputs.references[clear], media[clear])
        optimizer.zero_grad(set_to_none=True)
        (errors.mean() + 0.05 * grounded + 0.05 * looked).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model, step)
        if step % 25 == 0:
            shown, painted = errors.detach(), drawn.weight > 0
            plain = drawn.media == 0
            run.log(
                loss=float(shown.mean()),
                painted=float(shown[painted].mean()),
                free=float(shown[~painted].mean()),
                plain=float(shown[plain].mean()),
                grounded=float(grounded.detach()),
                looks=float(looked.detach()),
            )
        if run.due(minutes=12):
            _sheet(work, run, model, ema, autoencoder, attention, device)
    ema.copy_to(model)
    attention.clear()
    sample_sheet(work / "sheets" / "denoiser.png", unet, conditions, autoencoder, attention, device)
    unet.set_attn_processor(stock)
    return unet.cpu().eval(), conditions.cpu().eval()


def _sheet(
    work: Path,
    run: TrainingRun,
    model: nn.ModuleDict,
    ema: Ema,
    autoencoder: AutoencoderTiny,
    attention: PaintedTraining,
    device: torch.device,
) -> None:
    # The sheet shows the averaged weights, which are the ones that ship; then the raw weights are restored.
    raw = {name: value.clone() for name, value in model.state_dict().items()}
    ema.copy_to(model)
    file = work / "sheets" / f"denoiser-{run.step:06d}.png"
    sample_sheet(file, model["unet"], model["conditions"], autoencoder, attention, device)
    model.load_state_dict(raw)
