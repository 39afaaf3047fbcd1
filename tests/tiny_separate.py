"""Tiny models whose widths are in the published models' proportions, so that their files alone say what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import separate_files as files
from tests.tiny import tiny_tokenizer
from tests.tiny_flux2 import tiny_flux2_vae
from tests.tiny_qwen_image import SCHEDULE, qwen3_vl_config
from tests.tiny_qwen_image21 import CHAT_TEMPLATE
from tests.tiny_transformers import spread_weights, tiny_qwen_tokenizer, tiny_t5, tiny_t5_tokenizer

Parts = dict[str, tuple[str, Callable[[files.Tensors], files.Tensors]]]
CLIP_L, T5 = ("text_encoders/clip_l.safetensors", files.qwen), ("text_encoders/t5xxl_fp16.safetensors", files.qwen)
QWEN = ("text_encoders/qwen.safetensors", files.language)
FLUX_VAE, FILM_VAE = ("vae/ae.safetensors", files.picture_vae), ("vae/qwen_image_vae.safetensors", files.film_vae)


@dataclass(frozen=True)
class Case:
    """A family: how its folder is saved, and which files its parts become (the first one is the transformer's)."""

    name: str
    save: Callable[[Path], Any]
    parts: Parts
    guidance: float = 1.0


def clip(tokenizer, *, width: int = 64, with_projection: bool = False, seed: int = 0):
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=32, num_hidden_layers=2,
        num_attention_heads=width // 64, projection_dim=width, hidden_act="quick_gelu",
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=1,
    )  # fmt: skip
    return (CLIPTextModelWithProjection if with_projection else CLIPTextModel)(config).eval()


def picture_vae(*, seed: int = 0, **fixed: float):
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(seed)
    values: dict[str, Any] = {"scaling_factor": 0.3611, "shift_factor": 0.1159, **fixed}
    return AutoencoderKL(
        block_out_channels=(32,) * 4, down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, latent_channels=16, use_quant_conv=False,
        use_post_quant_conv=False, **values,
    )  # fmt: skip


def film_vae(kind: str = "AutoencoderKLQwenImage", *, seed: int = 0):
    import diffusers
    import torch

    torch.manual_seed(seed)
    return getattr(diffusers, kind)(base_dim=4).eval()


def qwen3(tokenizer, *, width: int, layers: int = 3, seed: int = 0):
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=2 * width, num_hidden_layers=layers,
        num_attention_heads=4, num_key_value_heads=2, head_dim=8, rope_parameters={"rope_type": "default",
        "rope_theta": 1e6}, bos_token_id=None, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    return Qwen3ForCausalLM(config).eval()


def save_flux(folder: Path, *, guidance: bool = True) -> Path:
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    words, t5 = tiny_tokenizer(), tiny_t5_tokenizer()
    transformer = FluxTransformer2DModel(
        in_channels=64, num_layers=1, num_single_layers=2, attention_head_dim=32, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=64, guidance_embeds=guidance, axes_dims_rope=(4, 14, 14),
    )  # fmt: skip
    shift = {"use_dynamic_shifting": True, "shift": 3.0} if guidance else {"shift": 1.0}
    FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(**shift), vae=picture_vae(), text_encoder=clip(words),
        tokenizer=words, text_encoder_2=tiny_t5(t5), tokenizer_2=t5, transformer=spread_weights(transformer),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_z_image(folder: Path) -> Path:
    from diffusers import FlowMatchEulerDiscreteScheduler, ZImagePipeline, ZImageTransformer2DModel

    words = tiny_qwen_tokenizer()
    transformer = ZImageTransformer2DModel(
        in_channels=16, dim=64, n_layers=2, n_refiner_layers=1, n_heads=2, n_kv_heads=2, cap_feat_dim=32,
        axes_dims=[8, 12, 12], axes_lens=[1536, 512, 512],
    )  # fmt: skip
    ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0), vae=picture_vae(),
        text_encoder=qwen3(words, width=32).model, tokenizer=words, transformer=spread_weights(transformer),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_klein(folder: Path) -> Path:
    import torch
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )

    words = tiny_qwen_tokenizer()
    torch.manual_seed(0)
    statistics = tiny_flux2_vae().bn
    vae = AutoencoderKLFlux2(block_out_channels=(32,) * 4, layers_per_block=1, latent_channels=8)
    vae.bn.load_state_dict(statistics.state_dict())
    transformer = Flux2Transformer2DModel(
        in_channels=32, num_layers=1, num_single_layers=2, attention_head_dim=32, num_attention_heads=1,
        joint_attention_dim=48, axes_dims_rope=(8, 8, 8, 8), guidance_embeds=False,
    )  # fmt: skip
    Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0), vae=vae,
        text_encoder=qwen3(words, width=16, layers=28), tokenizer=words, transformer=spread_weights(transformer),
        is_distilled=True,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_qwen_image(folder: Path) -> Path:
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, QwenImagePipeline, QwenImageTransformer2DModel
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    words = tiny_qwen_tokenizer()
    torch.manual_seed(0)
    config = Qwen2_5_VLConfig(
        text_config={
            "vocab_size": len(words), "hidden_size": 128, "intermediate_size": 64, "num_hidden_layers": 2,
            "num_attention_heads": 1, "num_key_value_heads": 1, "rms_norm_eps": 1e-6, "bos_token_id": None,
            "pad_token_id": words.pad_token_id, "eos_token_id": words.eos_token_id,
            "rope_parameters": {"rope_type": "default", "mrope_section": [16, 24, 24], "rope_theta": 1e6},
        },
        vision_config={"depth": 1, "hidden_size": 16, "intermediate_size": 16, "num_heads": 2, "out_hidden_size": 128,
                       "fullatt_block_indexes": [0]},
    )  # fmt: skip
    transformer = QwenImageTransformer2DModel(
        in_channels=64, out_channels=16, num_layers=2, attention_head_dim=32, num_attention_heads=1,
        joint_attention_dim=128, axes_dims_rope=(4, 14, 14),
    )  # fmt: skip
    QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            **SCHEDULE, max_shift=0.9, max_image_seq_len=8192, shift_terminal=0.02
        ),
        vae=film_vae(), text_encoder=Qwen2_5_VLForConditionalGeneration(config).eval(), tokenizer=words,
        transformer=spread_weights(transformer),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_krea(folder: Path) -> Path:
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, Krea2Pipeline, Krea2Transformer2DModel
    from transformers import Qwen3VLModel

    words = tiny_qwen_tokenizer()
    torch.manual_seed(0)
    config = qwen3_vl_config(words, layers=9)
    config.text_config.head_dim = 32
    config.text_config.rope_parameters["mrope_section"] = [6, 5, 5]
    transformer = Krea2Transformer2DModel(
        in_channels=64, num_layers=2, attention_head_dim=32, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=64, timestep_embed_dim=32, text_hidden_dim=32, num_text_layers=3, text_num_attention_heads=2,
        text_num_key_value_heads=2, text_intermediate_size=32, num_layerwise_text_blocks=1, num_refiner_text_blocks=1,
        axes_dims_rope=(8, 12, 12),
    )  # fmt: skip
    Krea2Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(**SCHEDULE, max_shift=1.15, max_image_seq_len=6400),
        vae=film_vae(), text_encoder=Qwen3VLModel(config).eval(), tokenizer=words,
        transformer=spread_weights(transformer), text_encoder_select_layers=(2, 5, 8), is_distilled=True,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_sd3(folder: Path) -> Path:
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

    words, t5 = tiny_tokenizer(), tiny_t5_tokenizer()
    transformer = SD3Transformer2DModel(
        sample_size=128, num_layers=3, attention_head_dim=64, num_attention_heads=1, joint_attention_dim=512,
        caption_projection_dim=64, pooled_projection_dim=512, pos_embed_max_size=16, dual_attention_layers=(0, 1),
        qk_norm="rms_norm",
    )  # fmt: skip
    StableDiffusion3Pipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=picture_vae(scaling_factor=1.5305, shift_factor=0.0609),
        text_encoder=clip(words, width=192, with_projection=True), tokenizer=words,
        text_encoder_2=clip(words, width=320, with_projection=True, seed=1), tokenizer_2=words,
        text_encoder_3=tiny_t5(t5, width=512), tokenizer_3=t5, transformer=spread_weights(transformer, gain=0.8),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_wan(folder: Path) -> Path:
    import torch
    from diffusers import UniPCMultistepScheduler, WanPipeline, WanTransformer3DModel

    def transformer(seed: int):
        torch.manual_seed(seed)
        network = WanTransformer3DModel(
            num_attention_heads=1, attention_head_dim=128, text_dim=32, freq_dim=16, ffn_dim=48, num_layers=2,
        )  # fmt: skip
        return spread_weights(network, seed=seed)

    words = tiny_t5_tokenizer()
    WanPipeline(
        tokenizer=words, text_encoder=tiny_t5(words, kind="UMT5"), vae=film_vae("AutoencoderKLWan"),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        transformer=transformer(0), transformer_2=transformer(1), boundary_ratio=0.875,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_anima(folder: Path) -> Path:
    import torch
    from diffusers import (
        AnimaModularPipeline,
        AnimaTextConditioner,
        CosmosTransformer3DModel,
        FlowMatchEulerDiscreteScheduler,
    )

    words, t5 = tiny_qwen_tokenizer(), tiny_t5_tokenizer()
    torch.manual_seed(0)
    transformer = CosmosTransformer3DModel(
        num_attention_heads=2, attention_head_dim=18, num_layers=2, mlp_ratio=2.0, text_embed_dim=32,
        adaln_lora_dim=8, max_size=(128, 240, 240), extra_pos_embed_type=None, rope_scale=(1.0, 4.0, 4.0),
    )  # fmt: skip
    conditioner = AnimaTextConditioner(
        source_dim=32, target_dim=32, model_dim=32, num_layers=1, num_attention_heads=4, target_vocab_size=len(t5)
    )
    pipeline = AnimaModularPipeline()
    pipeline.update_components(
        tokenizer=words, t5_tokenizer=t5, text_encoder=qwen3(words, width=32).model,
        text_conditioner=spread_weights(conditioner), transformer=spread_weights(transformer), vae=film_vae(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
    )  # fmt: skip
    pipeline.save_pretrained(str(folder), safe_serialization=True, overwrite_modular_index=True)
    return folder


def save_pixart(folder: Path) -> Path:
    from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, PixArtSigmaPipeline, PixArtTransformer2DModel

    t5 = tiny_t5_tokenizer()
    transformer = PixArtTransformer2DModel(
        num_attention_heads=1, attention_head_dim=72, in_channels=4, out_channels=8, num_layers=2,
        cross_attention_dim=72, sample_size=128, caption_channels=32, use_additional_conditions=False,
    )  # fmt: skip
    vae = AutoencoderKL(
        block_out_channels=(32,) * 4, down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, layers_per_block=1, scaling_factor=0.13025,
    )  # fmt: skip
    PixArtSigmaPipeline(
        scheduler=DPMSolverMultistepScheduler(beta_schedule="linear", beta_end=0.02), vae=vae,
        text_encoder=tiny_t5(t5), tokenizer=t5, transformer=spread_weights(transformer),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_qwen_image21(folder: Path) -> Path:
    import json

    import torch
    from diffusers import (
        AutoencoderKLQwenImage21,
        FlowMatchEulerDiscreteScheduler,
        QwenImage21Transformer2DModel,
    )
    from transformers import Qwen3VLForConditionalGeneration

    words = tiny_qwen_tokenizer(template=CHAT_TEMPLATE)
    torch.manual_seed(0)
    config = qwen3_vl_config(words, layers=2)
    config.text_config.head_dim = 32
    config.text_config.rope_parameters["mrope_section"] = [6, 5, 5]
    vae = AutoencoderKLQwenImage21(
        base_dim=4, decoder_base_dim=8, dim_mult=[1, 1, 1, 2, 2], num_res_blocks=1,
    )  # fmt: skip
    transformer = QwenImage21Transformer2DModel(
        num_layers=2, attention_head_dim=32, num_attention_heads=1, context_in_dim=32, axes_dims_rope=(4, 14, 14),
    )  # fmt: skip
    scheduler = FlowMatchEulerDiscreteScheduler(**SCHEDULE, max_shift=0.9, max_image_seq_len=8192, shift_terminal=0.02)
    parts = {"scheduler": scheduler, "vae": vae, "transformer": spread_weights(transformer),
             "text_encoder": Qwen3VLForConditionalGeneration(config).eval()}  # fmt: skip
    words.save_pretrained(folder / "processor")
    for name, part in parts.items():
        part.save_pretrained(folder / name)
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "QwenImage21Pipeline"}))
    return folder


CASES = (
    Case("flux", save_flux, {"transformer": ("diffusion_models/flux1-dev.safetensors", files.flux),
         "text_encoder": CLIP_L, "text_encoder_2": T5, "vae": FLUX_VAE}, 3.5),
    Case("z-image", save_z_image, {"transformer": ("diffusion_models/z_image_turbo_bf16.safetensors", files.z_image),
         "text_encoder": QWEN, "vae": FLUX_VAE}),
    Case("klein", save_klein, {"transformer": ("unet/flux-2-klein-4b.safetensors", files.flux),
         "text_encoder": QWEN, "vae": ("vae/flux2-vae.safetensors", files.picture_vae)}),
    Case("qwen-image", save_qwen_image, {"transformer": ("diffusion_models/qwen_image.safetensors", files.qwen),
         "text_encoder": QWEN, "vae": FILM_VAE}, 4.0),
    Case("qwen-image-21", save_qwen_image21, {
         "transformer": ("diffusion_models/qwen_image_2.1_bf16.safetensors", files.qwen21), "text_encoder": QWEN,
         "vae": ("vae/qwen_image_2.1_vae_bf16.safetensors", files.nested_film_vae)}),
    Case("pixart", save_pixart, {
         "transformer": ("diffusion_models/PixArt-Sigma-XL-2-1024-MS.safetensors", files.pixart),
         "text_encoder": T5, "vae": ("vae/sdxl_vae.safetensors", files.picture_vae)}, 4.5),
    Case("krea", save_krea, {"transformer": ("diffusion_models/krea2_turbo.safetensors", files.krea),
         "text_encoder": QWEN, "vae": FILM_VAE}),
    Case("sd3", save_sd3, {"transformer": ("diffusion_models/sd3.5_medium.safetensors", files.sd3),
         "text_encoder": ("clip/clip_l.safetensors", files.qwen), "text_encoder_2": ("clip/clip_g.safetensors",
         files.qwen), "text_encoder_3": ("clip/t5xxl.safetensors", files.qwen),
         "vae": ("vae/sd3_vae.safetensors", files.picture_vae)}, 4.5),
    Case("wan", save_wan, {
         "transformer": ("diffusion_models/wan2.2_t2v_high_noise_14B.safetensors", files.wan),
         "transformer_2": ("diffusion_models/wan2.2_t2v_low_noise_14B.safetensors", files.wan),
         "text_encoder": ("text_encoders/umt5_xxl.safetensors", files.qwen),
         "vae": ("vae/wan_2.1_vae.safetensors", files.film_vae)}, 5.0),
    Case("anima", save_anima, {"transformer": ("diffusion_models/anima.safetensors", files.anima),
         "text_encoder": QWEN, "vae": FILM_VAE}, 4.0),
)  # fmt: skip
