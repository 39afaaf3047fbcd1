"""Trains the starter's denoiser and text encoder together, with paint on the attention as the program will use it."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from engine.training.data import WorldData
from engine.training.painted import CELLS, PaintedTraining, grounding_loss, new_scheduler, pool
from engine.training.run import Ema, Run, amp, cosine, set_rate
from engine.training.sheets import sample_sheet
from engine.training.vocabulary import MAX_LENGTH, new_tokenizer, nonsense
from engine.world.captions import write_caption

WIDTH = 128


def new_unet() -> UNet2DConditionModel:
    """Stable Diffusion's own denoiser class, narrow, with cross-attention at 16, 8 and 4 cells."""
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


def new_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """CLIP's own text encoder class, two layers of width 128."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            projection_dim=WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=MAX_LENGTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


class Captioner:
    """Writes a new caption for a picture each time and says which tokens are which item's."""

    def __init__(self, data: WorldData, tokenizer: CLIPTokenizer, rng: np.random.Generator) -> None:
        self.data, self.tokenizer, self.rng = data, tokenizer, rng

    def __call__(self, index: int) -> tuple[str, list[tuple[int, int, int]]]:
        """The caption of picture `index` and `(item, start, end)` code-point spans."""
        items, rng = self.data.items[index], self.rng
        order = rng.permutation(len(items))
        kinds = [name for name, _ in items]
        phrases = []
        for k in order:
            name, colour = items[k]
            told = colour and (kinds.count(name) > 1 or rng.random() < 0.65)
            phrases.append(f"{colour} {name}" if told else name)
        text, spans = write_caption(phrases, rng)
        if rng.random() < 0.1:
            prefix = nonsense(rng) + " "
            text, spans = prefix + text, [(a + len(prefix), b + len(prefix)) for a, b in spans]
        if rng.random() < 0.05:
            text += " " + nonsense(rng)
        return text, [(int(k), a, b) for k, (a, b) in zip(order, spans, strict=True)]


def _rough(area: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    # People paint neither pixel by pixel nor with sharp edges: sometimes the area is grown or blurred.
    if rng.random() < 0.5:
        return area
    padded = np.pad(area, 1, mode="edge")
    near = np.stack([padded[dy : dy + CELLS, dx : dx + CELLS] for dy in range(3) for dx in range(3)])
    return near.max(0) if rng.random() < 0.4 else near.mean(0)


class Batches:
    """Training examples: latents, token ids, where each token's word is, and how strongly it is painted."""

    def __init__(self, data: WorldData, latents: Tensor, tokenizer: CLIPTokenizer, rng: np.random.Generator) -> None:
        self.data, self.latents, self.tokenizer, self.rng = data, latents, tokenizer, rng
        self.captioner = Captioner(data, tokenizer, rng)

    def __call__(self, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Latents `[B, 8, 16, 16]`, ids `[B, 77]`, truth and paint `[B, 256, 77]`, paint weight w' `[B]`."""
        rng = self.rng
        chosen = rng.integers(len(self.data), size=size)
        truth = np.zeros((size, CELLS * CELLS, MAX_LENGTH), np.float32)
        paint, weight = np.zeros_like(truth), np.zeros(size, np.float32)
        captions = []
        for row, index in enumerate(chosen):
            text, spans = self.captioner(int(index))
            mode = rng.choice(4, p=[0.1, 0.36, 0.34, 0.2])
            if mode == 0:
                captions.append("")
                continue
            captions.append(text)
            offsets = self.tokenizer(text, return_offsets_mapping=True, truncation=True, max_length=MAX_LENGTH)[
                "offset_mapping"
            ]
            areas = self.data.areas[index].astype(np.float32)
            if mode >= 2:
                weight[row] = np.exp(rng.uniform(np.log(0.15), np.log(2.0)))
            for item, start, end in spans:
                tokens = [k for k, (a, b) in enumerate(offsets) if a < end and b > start and b > a]
                truth[row][:, tokens] = areas[item].reshape(-1, 1)
                if mode == 2 or (mode == 3 and rng.random() < 0.5):
                    paint[row][:, tokens] = _rough(areas[item], rng).reshape(-1, 1)
        ids = self.tokenizer(
            captions, padding="max_length", truncation=True, max_length=MAX_LENGTH, return_tensors="pt"
        ).input_ids
        latents = self.latents[torch.from_numpy(chosen)].float()
        return latents, ids, torch.from_numpy(truth), torch.from_numpy(paint), torch.from_numpy(weight)


@torch.inference_mode()
def encode_all(data: WorldData, autoencoder: AutoencoderTiny, work: Path, device: torch.device) -> Tensor:
    """Latents of every picture, float16 `[n, 8, 16, 16]`; kept in `work`."""
    file = work / "latents.pt"
    if file.exists():
        return torch.load(file, weights_only=True)
    encoder = copy.deepcopy(autoencoder.encoder).to(device, torch.bfloat16, memory_format=torch.channels_last)
    parts = []
    for start in range(0, len(data), 16):
        rgb = torch.from_numpy(np.array(data.rgb[start : start + 16])).permute(0, 3, 1, 2).float() / 127.5 - 1
        mean = encoder(rgb.to(device, torch.bfloat16, memory_format=torch.channels_last))
        parts.append((mean.float() * autoencoder.config.scaling_factor).half().cpu())
        if start % 1600 == 0:
            print(f"encoded {start} of {len(data)} pictures", flush=True)
    latents = torch.cat(parts)
    half = file.with_suffix(".half")
    torch.save(latents, half)
    half.replace(file)
    return latents


def train_denoiser(
    data: WorldData,
    autoencoder: AutoencoderTiny,
    work: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool,
    batch: int = 32,
) -> tuple[UNet2DConditionModel, CLIPTextModel, CLIPTokenizer]:
    """Train for some minutes of work; returns the averaged weights on the CPU in eval mode."""
    latents = encode_all(data, autoencoder, work, device)
    torch.manual_seed(3)
    tokenizer = new_tokenizer()
    model = nn.ModuleDict({"unet": new_unet(), "text": new_text_encoder(tokenizer)}).to(
        device, memory_format=torch.channels_last
    )
    unet, text = model["unet"], model["text"]
    attention = PaintedTraining()
    stock = unet.attn_processors
    unet.set_attn_processor({name: attention if "attn2" in name else stock[name] for name in stock})
    ema = Ema(model, 0.999).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.01)
    run = Run(work, "denoiser", minutes=minutes, parts={"model": model, "ema": ema, "optimizer": optimizer})
    if resume:
        run.resume()
    generator = torch.Generator().manual_seed(run.step)
    batches = Batches(data, latents, tokenizer, np.random.default_rng(3000 + run.step))
    alphas = new_scheduler().alphas_cumprod.to(device)
    for step, fraction in run:
        set_rate(optimizer, cosine(fraction, 1e-3))
        clean, ids, truth, paint, weight = (part.to(device) for part in batches(batch))
        noise = torch.randn(clean.shape, generator=generator).to(device)
        # One time in each of `batch` equal parts of the schedule: less noise in the loss than independent draws.
        parts = (torch.arange(batch) + torch.rand(batch, generator=generator)) / batch
        times = (parts * len(alphas)).long().to(device)
        alpha = alphas[times][:, None, None, None]
        noisy, wanted = (
            alpha.sqrt() * clean + (1 - alpha).sqrt() * noise,
            alpha.sqrt() * noise - (1 - alpha).sqrt() * clean,
        )
        snr = alphas[times] / (1 - alphas[times])
        attention.seen, attention.paint = [], pool(paint)
        attention.weight = weight * torch.log1p(snr.rsqrt())
        with amp(device):
            context = text(input_ids=ids).last_hidden_state
            made = unet(noisy.contiguous(memory_format=torch.channels_last), times, context).sample
        # min-SNR weighting for v-prediction (arXiv 2303.09556), gamma 5.
        errors = (made.float() - wanted).square().mean((1, 2, 3)) * snr.clamp(max=5) / (snr + 1)
        grounded = grounding_loss(attention.seen, pool(truth))
        optimizer.zero_grad(set_to_none=True)
        (errors.mean() + 0.05 * grounded).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        ema.update(model, step)
        if step % 25 == 0:
            painted = weight > 0
            run.log(
                loss=float(errors.detach().mean()),
                painted=float(errors.detach()[painted].mean()),
                free=float(errors.detach()[~painted].mean()),
                grounded=float(grounded.detach()),
            )
        if run.due(minutes=10):
            _sheet(work, run, model, ema, tokenizer, autoencoder, attention, device)
    ema.copy_to(model)
    attention.seen = []
    sample_sheet(work / "sheets" / "denoiser.png", unet, text, tokenizer, autoencoder, attention, device)
    unet.set_attn_processor(stock)
    return unet.cpu().eval(), text.cpu().eval(), tokenizer


def _sheet(
    work: Path,
    run: Run,
    model: nn.ModuleDict,
    ema: Ema,
    tokenizer: CLIPTokenizer,
    autoencoder: AutoencoderTiny,
    attention: PaintedTraining,
    device: torch.device,
) -> None:
    # The averaged weights are what ships, so they are what is shown; the raw ones come back after.
    raw = {name: value.clone() for name, value in model.state_dict().items()}
    ema.copy_to(model)
    file = work / "sheets" / f"denoiser-{run.step:06d}.png"
    sample_sheet(file, model["unet"], model["text"], tokenizer, autoencoder, attention, device)
    model.load_state_dict(raw)
