"""Makes the decoder crisp: `python -m engine.training.picture_book.polish --data DIR --vae DIR --out DIR`.

Only the decoder is trained, so latents made earlier stay valid. In addition to the pixel loss there is a critic that
sees real and decoded crops: the decoder learns to fool it (hinge loss, as in VQGAN, arXiv 2012.09841) and to match its
features (arXiv 1711.11585), which is a perceptual loss that needs no pretrained network.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from engine.training.picture_book.autoencoder import LATENT_NOISE, judge, nested, picture_loss, rate_at
from engine.training.picture_book.backdrops import BackdropPool
from engine.training.picture_book.command_line import training_options, training_parser
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.crops import Crops
from engine.training.picture_book.fidelity import unseen_pictures
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.work import Work, worked
from engine.training.training_loop import Ema, amp, set_rate

_FEATURES, _ADVERSARIAL = 1.0, 0.05
"""Weights of the losses beside that of pixels."""

_SPOILT, _WORST = 0.5, 0.35
"""The share of examples with more noise on their latents than the autoencoder's, and its largest standard deviation.

A denoiser's cells do not fit together as those of a picture do: the decoder learns to make one of them all the same.
"""

_ALONE = 200
"""Steps in which the critic learns alone: an untrained one would only blur what it is to sharpen."""


class Critic(nn.Module):
    """Tells real cut-outs from decoded ones by patches of some 30 pixels."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        sizes = (3, width, 2 * width, 3 * width)
        self.stages = nn.ModuleList(
            nn.Sequential(spectral_norm(nn.Conv2d(before, after, 4, 2, 1)), nn.LeakyReLU(0.2))
            for before, after in itertools.pairwise(sizes)
        )
        self.verdict = spectral_norm(nn.Conv2d(sizes[-1], 1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Verdicts `[B, 1, H / 8, W / 8]`, high for real, and the features of each stage, of pictures in -1..1."""
        features = []
        for stage in self.stages:
            pictures = stage(pictures)
            features.append(pictures)
        return self.verdict(pictures), features


def critic_loss(real: Tensor, made: Tensor) -> Tensor:
    """The hinge loss of verdicts on real and decoded cut-outs: 0 where all are beyond 1 and -1."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()


def feature_loss(made: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean absolute difference of the features, each stage by its own size."""
    parts = [
        F.l1_loss(ours, theirs) / theirs.abs().mean().clamp_min(1e-3) for ours, theirs in zip(made, real, strict=True)
    ]
    return torch.stack(parts).mean()


def noise_of(batch: int, generator: torch.Generator) -> Tensor:
    """The standard deviation of the noise of each example, `[B, 1, 1, 1]`."""
    spoilt = torch.rand(batch, 1, 1, 1, generator=generator) < _SPOILT
    return torch.where(spoilt, _WORST * torch.rand(batch, 1, 1, 1, generator=generator), LATENT_NOISE)


def train(
    data: Path,
    vae: Path,
    out: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    peak: float = 2e-4,
    batch: int = 8,
    side: int = 128,
    judged: int = 16,
) -> AutoencoderTiny:
    """Train for some minutes of work; returns the averaged weights, whose encoder is the one in `vae`.

    Args:
        data: holds `sprites/` and `backdrops/`. vae: the autoencoder's folder.
        batch, side: cut-outs of a step, and their pixels. judged: unseen pictures that it is judged by.

    Raises:
        StoreError: `data` has no sprites or no backdrops.
    """
    sprites, pool = SpriteStore(data / "sprites"), BackdropPool(data / "backdrops")
    torch.manual_seed(17)
    model = AutoencoderTiny.from_pretrained(vae, use_safetensors=True)
    model.encoder.requires_grad_(False)
    model = model.to(device, memory_format=torch.channels_last).train()
    critic = Critic().to(device, memory_format=torch.channels_last).train()
    ema = Ema(model, 0.998).to(device)
    optimizer = torch.optim.AdamW(model.decoder.parameters(), lr=peak, betas=(0.8, 0.99), weight_decay=1e-4)
    rival = torch.optim.AdamW(critic.parameters(), lr=2 * peak, betas=(0.5, 0.99), weight_decay=1e-4)
    parts = {"model": model, "ema": ema, "optimizer": optimizer, "critic": critic, "rival": rival}
    run = Work(out, "polish", minutes=minutes, parts=parts, device=device)
    if resume:
        run.resume()
    generator = torch.Generator().manual_seed(run.step)
    crops = Crops(Composer(sprites, pool), first=10_000_000 + run.step, renew=batch * side * side / 400_000)
    real_unseen = unseen_pictures(Composer(sprites, withheld=True), judged)
    started, first = worked(device), run.step
    for step, fraction in run:
        for each, rate in ((optimizer, peak), (rival, 2 * peak)):
            set_rate(each, rate_at(fraction, rate) * min(1.0, (step + 1) / 100))
        real = crops(batch, side).to(device, memory_format=torch.channels_last)
        with amp(device):
            with torch.no_grad():
                latents = model.encode(real).latents
                noise = torch.randn(latents.shape, generator=generator) * noise_of(batch, generator)
                latents = nested(latents + noise.to(device), generator)
            made = model.decode(latents).sample.float()
            judged_real, judged_made = critic(real)[0], critic(made.detach())[0]
        lost = critic_loss(judged_real.float(), judged_made.float())
        rival.zero_grad(set_to_none=True)
        lost.backward()
        rival.step()
        pixels = picture_loss(made, real)
        total = pixels
        if step >= _ALONE:
            with amp(device):
                with torch.no_grad():
                    wanted = critic(real)[1]
                verdict, features = critic(made)
            alike = feature_loss([each.float() for each in features], [each.float() for each in wanted])
            total = pixels + _FEATURES * pixels.detach() * alike - _ADVERSARIAL * verdict.float().mean()
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimizer.step()
        ema.update(model, step)
        if step % 100 == 0:
            speed = (worked(device) - started) / (step - first + 1)
            run.log(loss=pixels.item(), critic=lost.item(), seconds=round(speed, 3))
        if run.due(minutes=10):
            judge(run, model, ema, real_unseen, device)
    judge(run, model, ema, real_unseen, device)
    ema.copy_to(model)
    return model.cpu().eval()


def main(argv: list[str] | None = None) -> int:
    """Train."""
    parser = training_parser("polish", __doc__, folder="vae/", rate=2e-4, batch=8)
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/ and backdrops/")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder")
    arguments = parser.parse_args(argv)
    train(arguments.data, arguments.vae, arguments.out, **training_options(arguments))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
