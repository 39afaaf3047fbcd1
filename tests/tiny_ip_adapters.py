"""Tiny IP-Adapters and image encoders with random weights, in the layouts that people have."""

from __future__ import annotations

from pathlib import Path

HIDDEN, PROJECTED, SIDE = 64, 24, 32
"""Of the image encoder: channels of its patches and of its projection, and the side of the pictures it reads."""


def save_encoder(folder: Path, *, seed: int = 0) -> Path:
    """Saves a CLIP image encoder that projects, as a folder that transformers writes, and returns that."""
    import torch
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(seed)
    config = CLIPVisionConfig(
        hidden_size=HIDDEN,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=1,
        image_size=SIDE,
        patch_size=8,
        projection_dim=PROJECTED,
    )
    CLIPVisionModelWithProjection(config).save_pretrained(folder, safe_serialization=True)
    return folder


def ip_adapter(unet, *, plus: bool = False, seed: int = 0, size: float = 0.5):
    """The tensors of an IP-Adapter for a UNet, by the names that its authors gave them."""
    import torch

    generator = torch.Generator().manual_seed(seed)

    def made(*shape: int, around: float = 0.0):
        return around + torch.randn(shape, generator=generator) * size / max(1, shape[-1]) ** 0.5

    width = unet.config.cross_attention_dim
    if plus:
        inner = 32
        found = {"latents": made(1, 5, inner), "proj_in.weight": made(inner, HIDDEN), "proj_in.bias": made(inner)}
        found |= {"proj_out.weight": made(width, inner), "proj_out.bias": made(width)}
        found |= {"norm_out.weight": made(width, around=1.0), "norm_out.bias": made(width)}
        for block in range(4):  # as many as all have that there are
            for norm in ("0.norm1", "0.norm2", "1.0"):
                found[f"layers.{block}.{norm}.weight"] = made(inner, around=1.0)
                found[f"layers.{block}.{norm}.bias"] = made(inner)
            found[f"layers.{block}.0.to_q.weight"] = made(64, inner)
            found[f"layers.{block}.0.to_kv.weight"] = made(128, inner)
            found[f"layers.{block}.0.to_out.weight"] = made(inner, 64)
            found[f"layers.{block}.1.1.weight"] = made(4 * inner, inner)
            found[f"layers.{block}.1.3.weight"] = made(inner, 4 * inner)
    else:
        found = {"proj.weight": made(4 * width, PROJECTED), "proj.bias": made(4 * width)}
        found |= {"norm.weight": made(width, around=1.0), "norm.bias": made(width)}
    tensors = {f"image_proj.{name}": tensor for name, tensor in found.items()}
    layers = [module for path, module in unet.named_modules() if path.endswith(".attn2")]
    for index, layer in enumerate(layers):
        for name in ("k", "v"):
            inner = layer.to_k.out_features
            tensors[f"ip_adapter.{2 * index + 1}.to_{name}_ip.weight"] = 2 * made(inner, width)
    return tensors


def save_ip_adapter(path: Path, unet, **kind) -> Path:
    """Writes one as a safetensors file and returns its path."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in ip_adapter(unet, **kind).items()}, path)
    return path
