"""Recognises what a safetensors file holds by its header: a model of a known kind, or something else, and what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models.architectures import shipped_config
from engine.weights.headers import metadata, shapes

UNET = "model.diffusion_model."
"""The prefix of the denoiser's tensors in a whole model in the original layout."""

INPUT = f"{UNET}input_blocks.0.0.weight"
CONTEXT = (
    f"{UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight",
    f"{UNET}input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight",
)
"""The first layer that reads the text: in models with attention at the first level, and in those without."""

_KNOWN = "Stable Diffusion 1.x, 2.x, XL or the XL refiner"
_FOLDER = "Use the model's diffusers folder (the one with model_index.json)"


@dataclass(frozen=True)
class _Kind:
    """A kind of file that is not a whole model, and what to do with it.

    Attributes:
        what: its name with an article, to follow "is".
        signs: prefixes of tensor names ("x."), or with a leading "*" strings anywhere in them.
    """

    what: str
    hint: str
    signs: tuple[str, ...]


_CHECKPOINT = "Choose the model that it belongs to; Wordbrush opens whole models and their folders only."
_ADDITIONS = (
    _Kind(
        "a LoRA: a small change to a model, not a model",
        "Choose the model that it was made for, and then add this file as a LoRA.",
        (
            *("*lora_down.", "*lora_up.", "*lora_A.", "*lora_B.", "*lora.down.", "*lora.up.", "*_lora."),
            *("*lora_linear_layer", "*.hada_w1", "*.lokr_w", "*.oft_", "*.dora_scale", "*.diff_b"),
        ),
    ),
    _Kind(
        "a ControlNet or adapter: it guides a model by a picture of lines, depth or poses",
        _CHECKPOINT,
        ("control_model.", "input_hint_block.", "controlnet_", "*controlnet_cond_embedding", "zero_convs.", "adapter."),
    ),
    _Kind(
        "an IP-Adapter: it gives a model the look of a picture",
        "Put it into the folder ip_adapters beside the models folder: a style picture uses it by itself.",
        ("image_proj.", "ip_adapter.", "*.to_k_ip."),
    ),
    _Kind(
        "a motion module of AnimateDiff: it makes a model draw moving pictures",
        _CHECKPOINT,
        ("*motion_modules.",),
    ),
)
"""Additions to a model; their tensors may also have the names of a model's own."""

_EMBEDDING = _Kind(
    "a textual-inversion embedding: a new word for a model, not a model",
    "Choose the model that it was made for. Embeddings cannot be added to a model yet.",
    ("emb_params", "string_to_param", "clip_l", "clip_g", "<"),
)
_FOREIGN = (
    _EMBEDDING,
    _Kind(
        "a model of the Flux kind", f"Choose a model of {_KNOWN}.", ("*double_blocks.", "*single_transformer_blocks.")
    ),
    _Kind("a model of the Stable Diffusion 3 kind", f"Choose a model of {_KNOWN}.", ("*joint_blocks.", "*add_q_proj.")),
    _Kind(
        "a transformer of another kind than Stable Diffusion (Qwen-Image, Z-Image, PixArt, Wan or similar)",
        f"Choose a model of {_KNOWN}.",
        (
            "*img_mod.",
            "*cap_embedder.",
            "*noise_refiner.",
            "*caption_projection.",
            "*blocks.0.cross_attn.",
            "net.blocks.",
        ),
    ),
    _Kind(
        "a Stable Cascade or Würstchen model",
        f"Choose a model of {_KNOWN}.",
        ("*down_blocks.0.0.channelwise.", "*clip_txt_mapper.", "*effnet_mapper."),
    ),
    _Kind(
        "an upscaler: it enlarges finished pictures",
        f"Choose a model of {_KNOWN}.",
        ("*.rdb1.", "*RDB1.", "model.1.sub.", "layers.0.residual_group."),
    ),
)

_VAE = _Kind(
    "only an autoencoder (VAE): it turns a model's numbers into a picture",
    _CHECKPOINT,
    ("first_stage_model.", "decoder.", "encoder.conv_in.", "encoder.down.", "quant_conv."),
)
_VISION = _Kind("only an image encoder", _CHECKPOINT, ("vision_model.", "visual."))
_TEXT = _Kind(
    "only a text encoder",
    _CHECKPOINT,
    ("text_model.", "transformer.resblocks.", "encoder.block.", "cond_stage_model.", "conditioner.", "shared."),
)
_DENOISER = _Kind(
    "only a denoiser (UNet), without the text encoder and the autoencoder of a whole model",
    "Get the whole model (often 2 to 7 GB), or its diffusers folder.",
    (UNET, "input_blocks.", "down_blocks.", "time_embedding.", "time_embed."),
)

_BESIDE = {
    "autoencoder (VAE)": ("first_stage_model.",),
    "text encoder": ("cond_stage_model.", "conditioner."),
}
"""The parts of a whole model other than its denoiser -> the prefixes of their tensors."""

_QUANTISED = {
    "absmax": "bitsandbytes",
    "quant_state.": "bitsandbytes",
    "weight_scale_2": "NVFP4",
    "qweight": "GPTQ or AWQ",
    "qzeros": "GPTQ or AWQ",
}
"""The last part of a tensor's name -> the quantisation it indicates; none of these can be read."""


def recognise(header: Mapping[str, Any], name: str) -> str:
    """Return the folder in resources/models with the config files for a whole model in the original layout.

    Args:
        header: the header of a safetensors file, checked by `engine.weights.headers.read_header`.
        name: the name of the file, for messages.

    Raises:
        UnsupportedModel: it is something else; the message says what, the hint what to do with it.
        ModelIncomplete: it is a model, but without one of its parts.
    """
    sizes = shapes(header)
    for kind in _ADDITIONS:
        if _has(sizes, kind):
            raise _is(name, kind)
    if INPUT not in sizes:
        raise _is_no_model(name, sizes)
    _refuse_quantised(sizes, name)
    _refuse_noise(sizes, name)
    _refuse_input(sizes[INPUT], name)
    if takes_picture(sizes[INPUT]) and any(key.startswith(EDM_MARKS) for key in sizes):
        raise UnsupportedModel(
            f'"{name}" is CosXL Edit, which takes the picture that it changes in another way than InstructPix2Pix.',
            hint="Choose an InstructPix2Pix model.",
        )
    lacks = [part for part, signs in _BESIDE.items() if not any(key.startswith(signs) for key in sizes)]
    if len(lacks) == len(_BESIDE):
        raise _is(name, _DENOISER)
    if lacks:
        raise ModelIncomplete(f'"{name}" has no {lacks[0]} in it.', hint=_DENOISER.hint)
    folder = shipped_config(header)
    if folder is None and sizes.get(CONTEXT[1], (0, 0))[1:] == (2048,):
        raise UnsupportedModel(
            f'"{name}" is a shortened version of Stable Diffusion XL (SSD-1B, Segmind Vega or similar).',
            hint=f"{_FOLDER} instead of its single file.",
        )
    if folder is not None:
        return folder
    raise UnsupportedModel(
        f'"{name}" is not a single-file model of the kinds that Wordbrush knows: {_KNOWN}.',
        hint=f"{_FOLDER} instead of its single file, if it has one.",
    )


def denoiser_config(header: Mapping[str, Any], name: str) -> str | None:
    """Return the folder of shipped config files for a file that is a denoiser and lacks other parts, else None.

    Args:
        header: as for `recognise`. Its names may lack the beginning that they have in a whole model.

    Raises:
        UnsupportedModel: it is a denoiser, but none that works from noise alone, or packed in an unknown way.
    """
    sizes = shapes(header)
    if any(_has(sizes, kind) for kind in _ADDITIONS):
        return None
    if INPUT.removeprefix(UNET) in sizes:
        header = {f"{UNET}{key}": entry for key, entry in header.items() if key != "__metadata__"}
        sizes = shapes(header)
    if INPUT not in sizes or any(key.startswith(signs) for signs in _BESIDE.values() for key in sizes):
        return None
    _refuse_quantised(sizes, name)
    _refuse_noise(sizes, name)
    _refuse_input(sizes[INPUT], name)
    return shipped_config(header)


def _is_no_model(name: str, sizes: Mapping[str, tuple[int, ...]]) -> UnsupportedModel:
    for kind in (*_FOREIGN, _DENOISER, _VAE, _VISION, _TEXT):
        if _has(sizes, kind):
            return _is(name, kind)
    if 0 < len(sizes) <= 2 and all(len(shape) == 2 and shape[-1] in (768, 1024, 1280) for shape in sizes.values()):
        return _is(name, _EMBEDDING)
    return UnsupportedModel(
        f'"{name}" is not a single-file model of the kinds that Wordbrush knows: {_KNOWN}.',
        hint=f"{_FOLDER} instead, if it has one.",
        details=f"its tensors: {', '.join(sorted(sizes)[:8])[:400]}",
    )


def is_lora(names: Collection[str]) -> bool:
    """Whether the names of a file's tensors are those of a LoRA, LoHa, LoKr or DoRA."""
    return _has(names, _ADDITIONS[0])


def _has(names: Collection[str], kind: _Kind) -> bool:
    beginnings = tuple(sign for sign in kind.signs if not sign.startswith("*"))
    parts = [sign[1:] for sign in kind.signs if sign.startswith("*")]
    return any(name.startswith(beginnings) or any(part in name for part in parts) for name in names)


def _is(name: str, kind: _Kind) -> UnsupportedModel:
    return UnsupportedModel(f'"{name}" is {kind.what}.', hint=kind.hint)


def takes_picture(shape: tuple[int, ...]) -> bool:
    """Whether a first layer of that shape takes the latents of a picture beside the noise (InstructPix2Pix)."""
    return len(shape) == 4 and shape[1] == _WITH_PICTURE


def _refuse_input(shape: tuple[int, ...], name: str) -> None:
    channels = shape[1] if len(shape) == 4 else 0
    what = {
        9: "an inpainting model: besides the noise it needs a picture and a mask",
        5: "a depth model: besides the noise it needs a picture of the depth",
        7: "an upscaling model: besides the noise it needs a small picture",
    }.get(channels)
    if what:
        raise UnsupportedModel(f'"{name}" is {what}.', hint="Choose the base model of the same name.")


def _refuse_quantised(names: Collection[str], name: str) -> None:
    for ending, how in _QUANTISED.items():
        if any(ending in key.rsplit(".", 1)[-1] or (ending.endswith(".") and ending in key) for key in names):
            raise UnsupportedModel(
                f'The weights of "{name}" are packed in a way that Wordbrush does not read ({how}).',
                hint="Get the model in fp16, bf16 or fp8.",
            )


EDM_MARKS = "edm_vpred."
"""Before the names of CosXL's marker tensors, `sigma_min` and `sigma_max`."""
_WITH_PICTURE = 8
"""Channels of such a layer."""
_NOISE: tuple[tuple[str, str], ...] = (
    ("edm_mean", "Playground v2.5, whose noise levels (EDM) are not fully described in a single file"),
)


def _refuse_noise(names: Collection[str], name: str) -> None:
    for beginning, what in _NOISE:
        if any(key.startswith(beginning) for key in names):
            raise UnsupportedModel(f'"{name}" is {what}.', hint=f"{_FOLDER} instead of its single file, if it has one.")


_FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler", "prediction_type": "flow_prediction", "shift": 1.0}
_FLOW_NAMES = ("flow", "flow_prediction", "rectified_flow", "rectified flow", "flow_matching", "rf")


def prediction(header: Mapping[str, Any], folder: str, name: str = "") -> dict[str, Any]:
    """Return what a file says about its noise, as keys of a scheduler config.

    A Stable Diffusion model that was taught to be a rectified flow has "rectified" in its name, as in Forge, or says so
    in its metadata; no tensor shows it.

    Marker tensors (`v_pred`, `ztsnr`, those of `EDM_MARKS`) take precedence over the ModelSpec metadata (Stability AI).
    A Stable Diffusion 2.x file without either is taken for the 768-pixel version, which predicts v, unless its metadata
    mention 512.

    Raises:
        UnsupportedModel: the metadata name an unknown prediction type.
    """
    notes = metadata(header)
    marks: dict[str, Any] = {}
    kind = notes.get("modelspec.prediction_type", "").strip().lower()
    if kind:
        known = {"epsilon": "epsilon", "eps": "epsilon"}
        known |= dict.fromkeys(("v", "v_prediction", "v-prediction", "v_pred"), "v_prediction")
        if kind in _FLOW_NAMES:
            return dict(_FLOW)
        if kind not in known:
            raise UnsupportedModel(
                f'The model says that it predicts "{kind[:40]}", which Wordbrush does not know.',
                hint="Choose a model that predicts noise (epsilon) or v.",
            )
        marks["prediction_type"] = known[kind]
    elif folder == "sd21":
        small = "512" in notes.get("modelspec.architecture", "") + notes.get("modelspec.resolution", "")
        marks["prediction_type"] = "epsilon" if small else "v_prediction"
    if "rectified" in name.lower():
        return dict(_FLOW)
    if any(each.startswith(EDM_MARKS) for each in header):
        marks |= {"_class_name": "EDMEulerScheduler", "prediction_type": "v_prediction", "sigma_data": 1.0}
        marks |= {"sigma_schedule": "exponential"}
    if "v_pred" in header:
        marks["prediction_type"] = "v_prediction"
    if "ztsnr" in header:
        marks |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return marks
