"""Tiny ControlNets with random weights, in the layouts that people have: diffusers' folder, and single files."""

from __future__ import annotations

from pathlib import Path

CHANNELS = (4, 8, 8, 8)
"""Of the layers that read the control picture: three halvings, as real ones have."""


def tiny_control(unet, *, union: bool = False, seed: int = 0, size: float = 0.05):
    """A ControlNet beside that UNet; its last layers, which begin as zeros, have weights of about `size`."""
    import torch
    from diffusers import ControlNetModel
    from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel

    torch.manual_seed(seed)
    if union:
        known = {name: unet.config[name] for name in _NAMES}
        control = ControlNetUnionModel(
            conditioning_embedding_out_channels=CHANNELS,
            num_trans_channel=unet.config.block_out_channels[0],
            num_proj_channel=unet.config.block_out_channels[0],
            num_trans_head=4,
            num_control_type=6,
            **known,
        )
    else:
        control = ControlNetModel.from_unet(
            unet, conditioning_embedding_out_channels=CHANNELS, load_weights_from_unet=False
        )
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in control.named_parameters():
            if name.startswith(
                ("controlnet_down_blocks", "controlnet_mid_block", "controlnet_cond_embedding.conv_out")
            ):
                tensor.copy_(torch.randn(tensor.shape, generator=generator) * size)
            elif name == "task_embedding" or name.startswith("spatial_ch_projs"):
                tensor.copy_(torch.randn(tensor.shape, generator=generator) * 0.2)
    return control.eval()


_NAMES = (
    "down_block_types",
    "block_out_channels",
    "layers_per_block",
    "cross_attention_dim",
    "transformer_layers_per_block",
    "attention_head_dim",
    "norm_num_groups",
    "use_linear_projection",
    "addition_embed_type",
    "addition_time_embed_dim",
    "projection_class_embeddings_input_dim",
)


def save_control(folder: Path, unet, **kind) -> Path:
    """Saves one as a diffusers folder and returns that."""
    tiny_control(unet, **kind).save_pretrained(folder, safe_serialization=True)
    return folder
