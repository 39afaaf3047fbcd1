"""Trains the picture book's denoiser and its encoders: `python -m engine.training.picture_book.denoiser --help`.

It is trained on windows of 8x8 latents, then of 16x16, then on the whole 32x32 of 512x512 pictures. Paint acts on the
attention as in the program. Checkpoints, a log, sheets, and the averaged weights in `model/` are written to --out.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from torch import Tensor, nn

from engine.facts import STYLES
from engine.training.conditions import (
    MAX_LENGTH,
    STYLE_TOKENS,
    WIDTH,
    Conditions,
    new_image_encoder,
    new_t5_encoder,
    new_text_encoder,
)
from engine.training.denoising_loss import loss_weight
from engine.training.lora_layers import LoraLayers
from engine.training.muon import MuonAdamW
from engine.training.painted_attention import (
    PaintedTraining,
    at_levels,
    grounding_loss,
    hearing_loss,
    new_scheduler,
    offset_noise,
    self_attention,
    widened,
)
from engine.training.picture_book.autoencoder import CHANNELS, rate_at
from engine.training.picture_book.command_line import training_options, training_parser
from engine.training.picture_book.curriculum import first_nouns
from engine.training.picture_book.examples import Batch, Examples
from engine.training.picture_book.folders import put_in_place
from engine.training.picture_book.heads import LookupHead, StyleHead
from engine.training.picture_book.patches import embed_patches_by_product
from engine.training.picture_book.picture_codes import draw_words, picture_codes
from engine.training.picture_book.samples import sample_sheet
from engine.training.picture_book.shards import ShardStore
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.vocabulary import new_clip_tokenizer, new_t5_tokenizer
from engine.training.picture_book.word_codes import begin_with, word_codes
from engine.training.picture_book.work import Work, worked
from engine.training.ranks import Ranks
from engine.training.training_loop import Ema, amp, set_rate

_GROUNDING, _LOOKUP, _STYLE, _HEARING = 0.3, 0.2, 0.05, 20.0
"""The weights of the auxiliary losses."""

_SHIFT = {8: 2.5, 16: 2.5, 32: 1.5}
"""How far times lie towards high noise, see `shifted`, by the side of the examples: whole pictures come last, when
words have become shapes, and what is left is to draw these well."""

_FINEST = 3
"""Cross-attention layers of the finest level: one on the way down, two on the way up."""

_APART = 8
"""Several processes take the mean of their weights after so many steps."""

_EARS = 16
"""The rank of the LoRA that hears references."""

_THINGS = 3.0
"""How much more an error of a thing counts than one of stuff, which is learnt long before."""

_LEAST_PAINTED, _LEAST = 1.0, 0.3
"""The SNR as which an error counts at least: paint says where things are, so that even pure noise can become them."""


def new_unet() -> UNet2DConditionModel:
    """A new, narrow Stable Diffusion UNet: 17 million weights, cross-attention at latent sizes 32, 16 and 8.

    Heads of 64 channels and groups of a multiple of 16 are what matrix units and vector units are quick with: on a CPU
    a group norm took a quarter of the time that it took with groups of 7.
    """
    return UNet2DConditionModel(
        sample_size=32,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=(128, 192, 192),
        layers_per_block=1,
        cross_attention_dim=WIDTH,
        # Despite its name, this is the number of heads.
        attention_head_dim=(2, 3, 3),
        norm_num_groups=4,
        down_block_types=("CrossAttnDownBlock2D",) * 3,
        up_block_types=("CrossAttnUpBlock2D",) * 3,
    )


def new_conditions() -> Conditions:
    """Untrained encoders, with tokenizers for the picture book's words."""
    tokenizer, t5_tokenizer = new_clip_tokenizer(), new_t5_tokenizer()
    return Conditions(
        text=new_text_encoder(tokenizer),
        tokenizer=tokenizer,
        t5=new_t5_encoder(t5_tokenizer),
        t5_tokenizer=t5_tokenizer,
        image=new_image_encoder(),
    )


def shifted(times: Tensor, shift: float) -> Tensor:
    """Times 0..1, moved towards high noise (eq. 23 of arXiv 2403.03206): with a shift of 2.5 half lie above 0.71.

    There words become shapes, and what denoises further is learnt long before.
    """
    return shift * times / (1 + (shift - 1) * times)


def weighted_errors(made: Tensor, wanted: Tensor, alpha: Tensor, *, things: Tensor, painted: Tensor) -> Tensor:
    """The weighted squared error of v per example, `[B]`.

    Errors count as `loss_weight` says, at high noise more in painted pictures, and more where things are.

    Args:
        made, wanted: v, `[B, C, h, w]`. alpha: alpha-bar `[B]`. things: how much of each cell things cover,
            `[B, h, w]`. painted: bool `[B]`.
    """
    cells = 1 + _THINGS * things
    errors = ((made - wanted).square().mean(1) * cells / cells.mean()).mean((1, 2))
    return errors * loss_weight(alpha, torch.where(painted, _LEAST_PAINTED, _LEAST))


class Trainer:
    """The denoiser with everything that a training step needs.

    Args:
        side: of the examples' latents, see `_SHIFT`. references: whether the denoiser has a LoRA that hears references.
    """

    def __init__(self, device: torch.device, side: int = 32, *, references: bool = False) -> None:
        self.shift = _SHIFT[side]
        torch.manual_seed(13)
        self.device = device
        self.unet, self.conditions = new_unet(), new_conditions()
        if device.type == "cpu":
            for encoder in (self.conditions.text, self.conditions.t5, self.conditions.image):
                encoder.set_attn_implementation("eager")  # the fused kernel's way back is slow with so few tokens
            embed_patches_by_product(self.conditions.image)
        lookup = LookupHead(self.unet.config.block_out_channels[0], layers=_FINEST)
        parts = {"unet": self.unet, "conditions": self.conditions, "styles": StyleHead(), "lookup": lookup}
        self.ears = LoraLayers(self.unet, _EARS, wanted="cross-attention") if references else None
        if self.ears is not None:
            parts["ears"] = self.ears
        self.model = nn.ModuleDict(parts).to(device, memory_format=torch.channels_last).train()
        self.attention = PaintedTraining()
        layers = self.unet.attn_processors
        self.unet.set_attn_processor({name: self.attention if "attn2" in name else self_attention for name in layers})
        self.ema = Ema(self.model, 0.999).to(device)
        self.alphas = new_scheduler().alphas_cumprod.to(device)

    def prepare_attention(self, paint: Tensor, weight: Tensor, alpha: Tensor, token_bias: Tensor) -> None:
        """Set the next step's paint `[B, N, t]` (N cells), w' `[B]`, alpha-bar `[B]`, token bias `[B, T]`."""
        self.attention.prepare(paint, weight, alpha, token_bias)

    def losses(self, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        """The losses of a batch: the denoising `errors` per example `[B]`, and four auxiliary ones."""
        device, count = self.device, len(batch.latents)
        clean = batch.latents.to(device)
        noise = offset_noise(clean.shape, generator).to(device)
        # Stratified times, one in each of equal parts of the schedule: less variance than independent draws.
        order = shifted((torch.arange(count) + torch.rand(count, generator=generator)) / count, self.shift)
        times = (order * len(self.alphas)).long().to(device)
        alpha = self.alphas[times]
        keep = alpha[:, None, None, None]
        noisy = keep.sqrt() * clean + (1 - keep).sqrt() * noise
        inputs = batch.inputs.to(device)
        with amp(device):
            context, token_bias = self.conditions(inputs)
            self.prepare_attention(batch.paint.to(device), batch.weight.to(device), alpha, token_bias)
            made = self.unet(noisy.contiguous(memory_format=torch.channels_last), times, context).sample
            painted = batch.weight.to(device) > 0
            things = batch.things.to(device)
            looked_up = self.model["lookup"](self.attention.gathered, clean, things * painted[:, None, None])
        truth = at_levels(widened(batch.truth.to(device), context.shape[1]))
        tokens = context[:, MAX_LENGTH : MAX_LENGTH + STYLE_TOKENS]
        clear = slice(None) if inputs.garbled is None else ~inputs.garbled
        return {
            "errors": weighted_errors(
                made.float(),
                keep.sqrt() * noise - (1 - keep).sqrt() * clean,
                alpha,
                things=things,
                painted=painted,
            ),
            "looked_up": looked_up,
            "grounded": grounding_loss(self.attention.seen, truth),
            "unheard": hearing_loss(self.attention.seen, inputs.styled),
            "styles": self.model["styles"](
                tokens[clear].float(),
                inputs.references[clear],
                batch.media.to(device)[clear],
                batch.packs.to(device)[clear],
            ),
        }

    def begin(self, sprites: SpriteStore, autoencoder: AutoencoderTiny) -> None:
        """Let words begin as what their drawings look like."""
        begin_with(self.conditions, word_codes(sprites))
        draw_words(self.conditions, picture_codes(sprites, autoencoder))
        self.ema.load_state_dict(Ema(self.model, self.ema.decay).state_dict())

    def begin_from(self, begin: Path) -> None:
        """Load what an earlier training has learnt.

        Args:
            begin: its checkpoint, or its averaged weights: a folder `model/`, written with the same noun tables. A LoRA
            that hears references begins from a folder.
        """
        if begin.is_dir():
            unet = UNet2DConditionModel.from_pretrained(begin / "unet", use_safetensors=True)
            self.unet.load_state_dict(unet.state_dict())
            self.conditions.load_state_dict(Conditions.load(begin).state_dict())
            self.ema.load_state_dict(Ema(self.model, self.ema.decay).state_dict())
            return
        state = torch.load(begin, weights_only=True, map_location="cpu")["parts"]
        self.model.load_state_dict(state["model"])
        self.ema.load_state_dict(state["ema"])

    def averaged(self) -> dict[str, Tensor]:
        """Load the averaged weights into the model; returns the raw ones for `model.load_state_dict`."""
        raw = {name: value.clone() for name, value in self.model.state_dict().items()}
        self.ema.copy_to(self.model)
        return raw


def train(
    latents: Path,
    vae: Path,
    data: Path,
    out: Path,
    *,
    side: int,
    minutes: float,
    device: torch.device,
    resume: bool,
    begin: Path | None = None,
    names: Collection[str] | None = None,
    styled: float = 0.0,
    references: bool = False,
    painted: bool = True,
    peak: float = 8e-4,
    batch: int = 32,
    shown: int = 8,
) -> Trainer:
    """Train for `minutes` of work, on several processes if `torchrun` started this one.

    Args:
        latents: folder of shards. vae: the autoencoder that made them. data: holds the sprites, for words and sheets.
        side: of the windows of latents. begin: what to start from, see `Trainer.begin_from`. names: of the things
            to learn first. styled: the share of other styles, see `Examples`. references: leave the denoiser as it
            is and train a LoRA beside it that hears them, see `hears_references`. painted: whether it is ever shown
            paint, or told where in the picture a word's thing is. peak: of the learning rate. shown: the number of
            scenes on a sheet.

    Raises:
        StoreError: there are no shards, or none of such things.
    """
    store = ShardStore(latents)
    fresh = begin is None and not (resume and (out / f"denoiser-{side}.pt").exists())
    autoencoder = AutoencoderTiny.from_pretrained(vae, use_safetensors=True).eval()
    trainer = Trainer(device, side, references=references)
    if fresh:
        trainer.begin(SpriteStore(data / "sprites"), autoencoder)
    for name, weight in trainer.model.named_parameters():
        weight.requires_grad_(not references or hears_references(name))
    trained = [(name, weight) for name, weight in trainer.model.named_parameters() if weight.requires_grad]
    optimizer = MuonAdamW(trained, hidden=_hidden, rate=peak)
    parts = {"model": trainer.model, "ema": trainer.ema, "optimizer": optimizer}
    ranks = Ranks()
    run = Work(out, f"denoiser-{side}", minutes=minutes, parts=parts, device=device, ranks=ranks)
    if not (resume and run.resume()) and begin is not None:
        trainer.begin_from(begin)
    generator = torch.Generator().manual_seed(run.step * ranks.count + ranks.rank)
    rng = np.random.default_rng((run.step, 26, ranks.rank))
    examples = Examples(store, trainer.conditions, rng, side, names, styled, painted)
    autoencoder.to(device)
    started, first = worked(device), run.step
    for step, fraction in run:
        set_rate(optimizer, rate_at(fraction, peak) * min(1.0, (step + 1) / 60))
        drawn = examples(batch)
        losses = trainer.losses(drawn, generator)
        optimizer.zero_grad()
        auxiliary = _STYLE * losses["styles"] + _HEARING * losses["unheard"]
        if painted:
            auxiliary = auxiliary + _GROUNDING * losses["grounded"]
        if painted and not references:  # finished weights come without the head
            auxiliary = auxiliary + _LOOKUP * losses["looked_up"]
        (losses["errors"].mean() + auxiliary).backward()
        nn.utils.clip_grad_norm_(trainer.model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % _APART == 0:
            ranks.average(trainer.model.parameters())
        trainer.ema.update(trainer.model, step)
        if step % 25 == 0:
            seconds = (worked(device) - started) / (step - first + 1)
            run.log(**_shown(losses, drawn), seconds=round(seconds, 3))
        if run.due(minutes=30) and ranks.leads:
            _judge(run, trainer, autoencoder, data, shown)
    ranks.average([*trainer.model.parameters(), *trainer.ema.values])
    if ranks.leads:
        _judge(run, trainer, autoencoder, data, shown)
    trainer.averaged()
    return trainer


def hears_references(name: str) -> bool:
    """Whether a weight of this name is the image encoder's or the LoRA's, through which styles come."""
    return name.startswith(("conditions.image.", "styles.", "ears."))


def _hidden(name: str) -> bool:
    return name.startswith(("unet.", "ears.")) and not name.startswith(("unet.conv_in.", "unet.conv_out."))


def _shown(losses: dict[str, Tensor], drawn: Batch) -> dict[str, float]:
    errors, painted = losses["errors"].detach().cpu(), drawn.weight > 0
    groups = {"painted": painted, "free": ~painted}
    return {
        "loss": float(errors.mean()),
        **{name: float(errors[rows].mean()) for name, rows in groups.items() if rows.any()},
        "grounded": float(losses["grounded"].detach()),
        "unheard": float(losses["unheard"].detach()),
        "looked_up": float(losses["looked_up"].detach()),
        "styles": float(losses["styles"].detach()),
    }


def _judge(run: Work, trainer: Trainer, autoencoder: AutoencoderTiny, data: Path, shown: int) -> None:
    """Draw a sheet with the averaged weights, and write them to `model/`."""
    raw = trainer.averaged()
    trainer.model.eval()
    file = run.folder / "sheets" / f"{run.stage}-{run.step:07d}.png"
    sample_sheet(file, trainer, autoencoder, SpriteStore(data / "sprites"), count=shown)
    put_in_place(run.folder / "model", lambda folder: _write(folder, trainer))
    trainer.attention.clear()
    trainer.model.load_state_dict(raw)
    trainer.model.train()


def _write(folder: Path, trainer: Trainer) -> None:
    conditions = trainer.conditions
    parts: dict[str, Any] = {
        "unet": trainer.unet,
        "text_encoder": conditions.text,
        "text_encoder_2": conditions.t5,
        "image_encoder": conditions.image,
        "tokenizer": conditions.tokenizer,
        "tokenizer_2": conditions.t5_tokenizer,
    }
    for name, part in parts.items():
        part.save_pretrained(folder / name)
    if trainer.ears is not None:
        trainer.ears.write(folder / STYLES)


def main(argv: list[str] | None = None) -> int:
    """Train the denoiser; returns 0."""
    parser = training_parser("denoiser", __doc__, folder="model/", rate=8e-4, batch=32)
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder")
    parser.add_argument("--latents", type=Path, required=True, help="folder of the shards that it made")
    parser.add_argument("--side", type=int, choices=(8, 16, 32), default=16, help="side of windows of latents")
    parser.add_argument("--nouns", type=int, help="learn only so many nouns, in the default style; by default all")
    parser.add_argument("--styled", type=float, default=0.0, help="with --nouns: the share of other styles, 0..1")
    parser.add_argument(
        "--references", action="store_true", help="train a LoRA and the image encoder alone: they hear references"
    )
    parser.add_argument(
        "--unpainted", action="store_true", help="never show paint: a denoiser to compare laws on that knows none"
    )
    parser.add_argument("--begin", type=Path, help="checkpoint or model/ to start from")
    arguments = parser.parse_args(argv)
    if arguments.references and arguments.begin is not None and not arguments.begin.is_dir():
        parser.error("references are learnt beside finished weights: give the folder model/ to --begin")
    train(
        arguments.latents,
        arguments.vae,
        arguments.data,
        arguments.out,
        side=arguments.side,
        begin=arguments.begin,
        names=None if arguments.nouns is None else first_nouns(arguments.nouns),
        styled=arguments.styled,
        references=arguments.references,
        painted=not arguments.unpainted,
        **training_options(arguments),
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
