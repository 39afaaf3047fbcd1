"""Tiny models of the transformer families with random weights, written to disk in the real diffusers layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import byte_alphabet, tiny_text_encoder, tiny_tokenizer

SENTENCES = (
    "a lake and sky",
    "a red house by a lake with mountains and a blue sky",
    "a cat on a table, a cat in a tree, a dog and a house on grass",
)

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
)
"""Qwen's, as far as one message of a user goes."""


def tiny_t5_tokenizer():
    """T5's class over a few pieces of words and all letters."""
    from transformers import T5Tokenizer

    words = sorted({f"▁{word.strip(',')}" for text in SENTENCES for word in text.split()})
    letters = [chr(code) for code in range(ord("!"), ord("~") + 1)]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -4.0)]
    pieces += [(word, -3.0) for word in words] + [(letter, -8.0) for letter in letters if f"▁{letter}" != "▁"]
    return T5Tokenizer(vocab=pieces, extra_ids=0)


def tiny_t5(tokenizer, *, width: int = 32, seed: int = 0, kind: str = "T5"):
    """A T5 encoder of two layers."""
    import torch
    import transformers

    torch.manual_seed(seed)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer), d_model=width, d_ff=2 * width, d_kv=8, num_heads=4, num_layers=2,
        feed_forward_proj="gated-gelu", pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
    )  # fmt: skip
    return getattr(transformers, f"{kind}EncoderModel")(config).eval()


def tiny_qwen_tokenizer(*, template: str = CHAT_TEMPLATE):
    """Qwen's byte-level tokenizer with a few merges and its signs for a chat."""
    from transformers import Qwen2Tokenizer

    letters = byte_alphabet()
    merges = [("l", "a"), ("la", "k"), ("lak", "e"), ("Ġ", "lake"), ("s", "k"), ("sk", "y"), ("h", "o"), ("ho", "u"),
              ("c", "a"), ("ca", "t"), ("Ġ", "cat"), ("Ġ", "a")]  # fmt: skip
    words = [*letters, *("".join(merge) for merge in merges)]
    tokenizer = Qwen2Tokenizer(vocab={word: index for index, word in enumerate(words)}, merges=merges)
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    tokenizer.chat_template = template
    return tokenizer


def tiny_qwen3(tokenizer, *, width: int = 32, layers: int = 3, seed: int = 0):
    """A Qwen3 language model."""
    import torch
    from transformers import Qwen3Config, Qwen3Model

    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=2 * width, num_hidden_layers=layers,
        num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=2048,
        bos_token_id=None, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return Qwen3Model(config).eval()


def tiny_flux_vae(*, channels: int = 16, seed: int = 0):
    """Flux's autoencoder: an `AutoencoderKL` of factor 8 with a shift and no convolutions between."""
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(seed)
    return AutoencoderKL(
        block_out_channels=(8,) * 4, down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, norm_num_groups=4, latent_channels=channels,
        scaling_factor=0.3611, shift_factor=0.1159, use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip


def spread_weights(network: Any, *, seed: int = 0, gain: float = 1.0) -> Any:
    """Random weights that are large enough for attention to tell words apart, as fresh ones are not."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if weight.ndim > 1:
                weight.copy_(torch.randn(weight.shape, generator=generator) * gain / weight.shape[-1] ** 0.5)
            elif name.endswith("bias"):
                weight.zero_()
    return network.eval()


def save_flux(folder: Path, *, guidance_embeds: bool = True, seed: int = 0) -> Path:
    """Flux.1's folder: dev's like, or schnell's without guidance."""
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    clip, t5 = tiny_tokenizer(), tiny_t5_tokenizer()
    transformer = FluxTransformer2DModel(
        in_channels=64, num_layers=1, num_single_layers=2, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=32, guidance_embeds=guidance_embeds, axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    schedule = {"use_dynamic_shifting": True, "shift": 3.0} if guidance_embeds else {"shift": 1.0}
    FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(**schedule),
        vae=tiny_flux_vae(seed=seed),
        text_encoder=tiny_text_encoder(clip, seed=seed),
        tokenizer=clip,
        text_encoder_2=tiny_t5(t5, seed=seed),
        tokenizer_2=t5,
        transformer=spread_weights(transformer, seed=seed),
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def save_z_image(folder: Path, *, shift: float = 3.0, seed: int = 0) -> Path:
    """Z-Image-Turbo's folder, or with shift 6 the base model's."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel

    tokenizer = tiny_qwen_tokenizer()
    torch.manual_seed(seed)
    transformer = ZImageTransformer2DModel(
        in_channels=16, dim=32, n_layers=2, n_refiner_layers=1, n_heads=2, n_kv_heads=2, cap_feat_dim=32,
        axes_dims=[4, 6, 6], axes_lens=[256, 64, 64],
    )  # fmt: skip
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=shift),
        vae=tiny_flux_vae(seed=seed),
        text_encoder=tiny_qwen3(tokenizer, seed=seed),
        tokenizer=tokenizer,
        transformer=spread_weights(transformer, seed=seed),
    ).save_pretrained(folder, safe_serialization=True)
    return folder
