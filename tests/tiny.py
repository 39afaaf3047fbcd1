"""A whole Stable Diffusion folder with random weights, small enough that a step takes milliseconds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

MERGES = ["l a", "la k", "lak e</w>", "s k", "sk y</w>", "a n", "an d</w>", "h o", "ho u", "hou s", "hous e</w>"]


def byte_alphabet() -> list[str]:
    """The printable stand-ins of all 256 bytes, as CLIP's byte-level BPE orders them."""
    own = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    return [chr(byte) for byte in own] + [chr(256 + n) for n in range(256 - len(own))]


def tiny_tokenizer(length: int = 77):
    """CLIP's own BPE class over all bytes and a few merges: takes any text, splits unknown words into pieces."""
    from transformers import CLIPTokenizer

    letters = byte_alphabet()
    words = [*letters, *(letter + "</w>" for letter in letters), *("".join(merge.split()) for merge in MERGES)]
    words += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {word: index for index, word in enumerate(words)}
    merges = [tuple(merge.split()) for merge in MERGES]
    return CLIPTokenizer(vocab=vocab, merges=merges, model_max_length=length)


def tiny_text_encoder(tokenizer, *, width: int = 32, length: int = 77, seed: int = 0):
    """A CLIP text encoder of two layers that fits the tokenizer."""
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=length,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)


def tiny_unet(*, width: int = 32, seed: int = 0):
    """A UNet with cross-attention at three levels, 4 latent channels and context width `width`."""
    import torch
    from diffusers import UNet2DConditionModel

    torch.manual_seed(seed)
    return UNet2DConditionModel(
        sample_size=16,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32, 32),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D",) * 3,
        up_block_types=("CrossAttnUpBlock2D",) * 3,
        cross_attention_dim=width,
        attention_head_dim=4,
        norm_num_groups=8,
    )


def tiny_vae(*, factor: int = 8, kl: bool = False, seed: int = 0):
    """An autoencoder of that latent factor: TAESD's shape, or with `kl` Stable Diffusion's."""
    import torch
    from diffusers import AutoencoderKL, AutoencoderTiny

    torch.manual_seed(seed)
    levels = factor.bit_length()
    if kl:
        return AutoencoderKL(
            block_out_channels=(8,) * levels,
            down_block_types=("DownEncoderBlock2D",) * levels,
            up_block_types=("UpDecoderBlock2D",) * levels,
            layers_per_block=1,
            norm_num_groups=4,
            latent_channels=4,
        )
    blocks = (1,) * levels
    return AutoencoderTiny(
        encoder_block_out_channels=(8,) * levels,
        decoder_block_out_channels=(8,) * levels,
        num_encoder_blocks=blocks,
        num_decoder_blocks=blocks,
    )


def tiny_pipeline(*, prediction: str = "epsilon", factor: int = 8, kl: bool = False, scheduler=None, seed: int = 0):
    """A stock StableDiffusionPipeline of the parts above, with Stable Diffusion 1.5's noise schedule."""
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    tokenizer = tiny_tokenizer()
    schedule = scheduler or DDIMScheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type=prediction,
    )
    pipeline = StableDiffusionPipeline(
        vae=tiny_vae(factor=factor, kl=kl, seed=seed),
        text_encoder=tiny_text_encoder(tokenizer, seed=seed),
        tokenizer=tokenizer,
        unet=tiny_unet(seed=seed),
        scheduler=schedule,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def save_tiny(folder: Path, **parts) -> Path:
    """Saves `tiny_pipeline(**parts)` as a diffusers folder and returns it."""
    tiny_pipeline(**parts).save_pretrained(folder, safe_serialization=True)
    return folder


DELTA_LAYERS = (
    "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k",  # linear
    "down_blocks.0.attentions.0.proj_in",  # a convolution of 1x1
    "down_blocks.1.resnets.0.conv1",  # and one of 3x3
)


def save_deltas(folder: Path, *, size: float = 0.3, rank: int = 2, alpha: float | None = None, seed: int = 0) -> Path:
    """Writes low-rank deltas to `tiny_unet` into a folder, as diffusers names them; their entries are about `size`."""
    import torch
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(seed)
    unet, tensors = tiny_unet(), {}
    for layer in DELTA_LAYERS:
        shape = unet.get_submodule(layer).weight.shape
        down = torch.randn(rank, *shape[1:], generator=generator)
        up = torch.randn(shape[0], rank, *[1] * (len(shape) - 2), generator=generator)
        tensors |= {f"unet.{layer}.lora_A.weight": down, f"unet.{layer}.lora_B.weight": up * size}
        if alpha is not None:
            tensors[f"unet.{layer}.alpha"] = torch.tensor(alpha)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "pytorch_lora_weights.safetensors")
    return folder / "pytorch_lora_weights.safetensors"


TRIO = (
    {"name": "high", "low": 3.2, "high": None},
    {"name": "base", "low": 0.6, "high": 3.2},
    {"name": "low", "low": 0.0, "high": 0.6},
)


def save_tiny_ensemble(folder: Path, *, experts=TRIO, size: float = 0.3, low_seed: int = 5, factor: int = 8) -> Path:
    """A tiny model with three experts: "high" is deltas of that size to the base, "low" a UNet of that seed."""
    save_tiny(folder, factor=factor)
    save_deltas(folder / "experts" / "high", size=size)
    tiny_unet(seed=low_seed).save_pretrained(folder / "experts" / "low", safe_serialization=True)
    name_experts(folder, experts)
    return folder


def name_experts(folder: Path, experts) -> None:
    """Writes the wordbrush.json of a model folder with these experts."""
    (folder / "wordbrush.json").write_text(json.dumps({"experts": list(experts)}))


@pytest.fixture(scope="session")
def tiny_ensemble_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with the experts of `TRIO`; shared, so never write to it."""
    return save_tiny_ensemble(tmp_path_factory.mktemp("models") / "trio")


@pytest.fixture(scope="session")
def tiny_sd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Stable Diffusion folder with random weights (epsilon, latent factor 8); shared, so never write to it."""
    return save_tiny(tmp_path_factory.mktemp("models") / "tiny")
