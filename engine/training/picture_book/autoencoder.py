"""Trains the picture book's autoencoder: `python -m engine.training.picture_book.autoencoder --data DIR --out DIR`.

It maps 512x512 pictures to 32x32 latents with 32 channels and back. The --data folder holds `sprites/` and
`backdrops/`; checkpoints, a log, sheets, and the averaged weights as a diffusers folder `vae/` are written to --out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training.picture_book.backdrops import BackdropPool
from engine.training.picture_book.command_line import training_options, training_parser
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.crops import Crops
from engine.training.picture_book.fidelity import fidelity, reconstructed, sheet, unseen_pictures
from engine.training.picture_book.folders import put_in_place
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.warm import grow_from
from engine.training.picture_book.work import Work, worked
from engine.training.training_loop import Ema, amp, set_rate

FACTOR, CHANNELS, WIDTH = 16, 32, 64

LATENT_NOISE = 0.06
"""Noise added to the latents, whose standard deviation is 1, so the decoder tolerates the denoiser's small errors."""

_NESTED, _FIRST = 0.25, (8, 16, 24)
"""How often the decoder gets only the first channels, and how many, so that these learn what matters most.

Latents that are ordered in this way are easier to denoise (DC-AE 1.5, arXiv 2508.00413).
"""

_DECAY = 0.7
"""The share of the time after which the learning rate decays."""


def new_autoencoder() -> AutoencoderTiny:
    """A new `AutoencoderTiny`, one level deeper than TAESD, without blocks at full resolution, which cost the most."""
    return AutoencoderTiny(
        encoder_block_out_channels=(WIDTH,) * 5,
        decoder_block_out_channels=(WIDTH,) * 5,
        num_encoder_blocks=(0, 1, 2, 4, 4),
        num_decoder_blocks=(4, 4, 3, 2, 0),
        latent_channels=CHANNELS,
        scaling_factor=1.0,
    )


def rate_at(fraction: float, peak: float) -> float:
    """The learning rate: warm-up, constant, then linear decay to 1/50, so that a prolonged run resumes at the peak."""
    if fraction < _DECAY:
        return peak
    return peak * max(0.02, (1 - fraction) / (1 - _DECAY))


def nested(latents: Tensor, generator: torch.Generator) -> Tensor:
    """Latents `[B, C, h, w]`, some examples with all but their first channels set to 0."""
    count = len(latents)
    kept = torch.full((count,), latents.shape[1])
    chosen = torch.rand(count, generator=generator) < _NESTED
    few = torch.tensor(_FIRST)[torch.randint(len(_FIRST), (count,), generator=generator)]
    kept = torch.where(chosen, few, kept)
    open_channels = torch.arange(latents.shape[1])[None] < kept[:, None]
    return latents * open_channels[..., None, None].to(latents)


def picture_loss(made: Tensor, real: Tensor) -> Tensor:
    """L1 and squared error of pixels, and L1 of the differences between neighbours, which keeps edges sharp."""
    loss = F.l1_loss(made, real) + 0.5 * F.mse_loss(made, real)
    for axis in (-1, -2):
        loss = loss + 0.5 * F.l1_loss(made.diff(dim=axis), real.diff(dim=axis))
    return loss


def spread_loss(latents: Tensor) -> Tensor:
    """How far the channels are from mean 0 and standard deviation 1, so that the latents need no normalisation."""
    values = latents.float().transpose(0, 1).flatten(1)
    return values.mean(1).square().mean() + (values.std(1) - 1).square().mean()


def train(
    data: Path,
    out: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    warm: Path | None = None,
    peak: float = 1e-3,
    batch: int = 8,
    side: int = 128,
    judged: int = 16,
) -> AutoencoderTiny:
    """Train for `minutes` of work; returns the averaged weights.

    Args:
        data: holds `sprites/` and `backdrops/`. warm: folder of an earlier starter whose autoencoder it starts from.
        peak: of the learning rate. batch, side: the number of crops per step, and their size in pixels.
        judged: the number of held-out pictures that its fidelity is measured on.

    Raises:
        StoreError: `data` has no sprites or no backdrops.
    """
    sprites, pool = SpriteStore(data / "sprites"), BackdropPool(data / "backdrops")
    torch.manual_seed(11)
    model = new_autoencoder()
    if warm is not None and not resume:
        taken = grow_from(model, AutoencoderTiny.from_pretrained(warm / "vae", use_safetensors=True))
        print(f"{taken} layers start from the weights in {warm}", flush=True)
    model = model.to(device, memory_format=torch.channels_last).train()
    ema = Ema(model, 0.999).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.99), weight_decay=1e-3)
    parts = {"model": model, "ema": ema, "optimizer": optimizer}
    run = Work(out, "autoencoder", minutes=minutes, parts=parts, device=device)
    if resume:
        run.resume()
    generator = torch.Generator().manual_seed(run.step)
    crops = Crops(Composer(sprites, pool), first=run.step, renew=batch * side * side / 400_000)
    real_unseen = unseen_pictures(Composer(sprites, withheld=True), judged)
    started, first = worked(device), run.step
    for step, fraction in run:
        set_rate(optimizer, rate_at(fraction, peak) * min(1.0, (step + 1) / 200))
        real = crops(batch, side).to(device, memory_format=torch.channels_last)
        with amp(device):
            latents = model.encode(real).latents
            noise = LATENT_NOISE * torch.randn(latents.shape, generator=generator).to(device)
            made = model.decode(nested(latents + noise, generator)).sample
        loss = picture_loss(made.float(), real)
        total = loss + 0.01 * spread_loss(latents)
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model, step)
        if step % 100 == 0:
            speed = (worked(device) - started) / (step - first + 1)
            run.log(loss=loss.item(), spread=float(spread_loss(latents).detach()), seconds=round(speed, 3))
        if run.due(minutes=10):
            judge(run, model, ema, real_unseen, device)
    judge(run, model, ema, real_unseen, device)
    ema.copy_to(model)
    return model.cpu().eval()


def judge(run: Work, model: AutoencoderTiny, ema: Ema, real: Tensor, device: torch.device) -> None:
    """Log the fidelity of the averaged weights on held-out pictures, draw a sheet, and write `vae/`."""
    raw = {name: value.clone() for name, value in model.state_dict().items()}
    ema.copy_to(model)
    made, spread = reconstructed(model.eval(), real, device)
    # Crops around objects are busier than whole pictures, whose latents have a smaller spread.
    model.register_to_config(scaling_factor=round(1 / spread, 4))
    found: dict[str, Any] = vars(fidelity(made, real))
    run.log(**{f"unseen_{name}": round(value, 4) for name, value in found.items()})
    sheet(run.folder / "sheets" / f"{run.stage}-{run.step:07d}.png", made, real)
    put_in_place(run.folder / "vae", lambda folder: model.save_pretrained(folder, safe_serialization=True))
    model.load_state_dict(raw)
    model.train()


def main(argv: list[str] | None = None) -> int:
    """Train the autoencoder; returns 0."""
    parser = training_parser("autoencoder", __doc__, folder="vae/", rate=1e-3, batch=8)
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/ and backdrops/")
    parser.add_argument("--warm", type=Path, help="folder of an earlier starter whose autoencoder it starts from")
    parser.add_argument("--side", type=int, default=128, help="width and height of the crops, a multiple of 16")
    arguments = parser.parse_args(argv)
    train(
        arguments.data,
        arguments.out,
        warm=arguments.warm,
        side=arguments.side,
        **training_options(arguments),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
