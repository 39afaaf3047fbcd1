"""What an IP-Adapter's file and an image encoder's files say of themselves, by their headers alone; no torch."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError, UnsupportedModel
from engine.weights.files import is_pickle, read_header, read_json
from engine.weights.headers import shapes

MODELS = {768: "Stable Diffusion 1.x", 2048: "Stable Diffusion XL"}
"""For models that read text of so many channels there are IP-Adapters."""
ENCODER_CLASSES = ("CLIPVisionModelWithProjection", "CLIPVisionModel")
_CLASS = "vision_model.embeddings.class_embedding"
_KEY = re.compile(r"ip_adapter\.(\d+)\.to_k_ip\.weight")
_WIDEST = 1024
"""CLIP's own encoders have at most so many channels and a quick GELU; wider ones are OpenCLIP's, with a usual one."""


@dataclass(frozen=True)
class IPAdapter:
    """An IP-Adapter's file.

    Attributes:
        is_plus: whether it reads all of a picture's patches (plus), or one vector for the whole of it.
        width: channels of its tokens, which are those of the model's text. reads: channels that it takes from the
            image encoder: of its patches (plus), else of its projection.
        layers: channels of each cross-attention layer that it was made for, in the order of the UNet's modules.
    """

    name: str
    path: Path
    is_plus: bool
    width: int
    reads: int
    layers: tuple[int, ...]

    @property
    def made_for(self) -> str:
        """The models that it was made for, in words; "" where unknown."""
        return MODELS.get(self.width, "")


@dataclass(frozen=True)
class ImageEncoder:
    """A CLIP image encoder: a folder as transformers writes it, or a single file with the same names.

    Attributes:
        config: the values of its CLIPVisionConfig.
    """

    path: Path
    config: Mapping[str, Any]

    def fits(self, adapter: IPAdapter) -> bool:
        """Whether an IP-Adapter can read what it gives."""
        return bool(self.config.get("hidden_size" if adapter.is_plus else "projection_dim") == adapter.reads)


def describe(path: Path) -> IPAdapter:
    """Return what an IP-Adapter's file says.

    Raises:
        UnsupportedModel: it is none, or of a kind that cannot be used. ModelIncomplete: it is damaged.
    """
    sizes = shapes(read_header(path, part="IP-Adapter"))
    keys = {
        int(match[1]): shape for name, shape in sizes.items() if (match := _KEY.fullmatch(name)) and len(shape) == 2
    }
    if not keys or not any(name.startswith("image_proj.") for name in sizes):
        raise _no_adapter(path, "it has no layers of one")
    if any("lora" in name for name in sizes) or any("perceiver_resampler" in name for name in sizes):
        raise _no_adapter(path, "it is one for faces (FaceID), which needs a program that recognises them")
    if "image_proj.proj.weight" in sizes:
        wide, reads = sizes["image_proj.proj.weight"]
        is_plus, width = False, wide // 4
    elif "image_proj.latents" in sizes and "image_proj.proj_in.weight" in sizes:
        reads, width = sizes["image_proj.proj_in.weight"][1], sizes["image_proj.proj_out.weight"][0]
        is_plus = True
    else:
        raise _no_adapter(path, "it reads pictures in a way that is not known")
    layers = tuple(keys[number][0] for number in sorted(keys))
    return IPAdapter(path.stem, path, is_plus, width, reads, layers)


def describe_encoder(path: Path) -> ImageEncoder | None:
    """Return the image encoder in a folder or file; None where there is none."""
    try:
        if path.is_dir():
            config = read_json(path / "config.json", part="image encoder") if (path / "config.json").is_file() else {}
            kinds = config.get("architectures") or ()
            known = config.get("model_type") == "clip_vision_model" or any(kind in ENCODER_CLASSES for kind in kinds)
            projects = ENCODER_CLASSES[0] in kinds
            return ImageEncoder(path, config | ({} if projects else {"projection_dim": 0})) if known else None
        sizes = shapes(read_header(path, part="image encoder"))
    except EngineError:
        return None
    return ImageEncoder(path, _config_of(sizes)) if _CLASS in sizes else None


def _config_of(sizes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    """The config of an encoder whose tensors have these shapes; what no shape tells is as in all of CLIP's."""
    (width,) = sizes[_CLASS]
    patch = sizes["vision_model.embeddings.patch_embedding.weight"][2]
    places = sizes["vision_model.embeddings.position_embedding.weight"][0]
    layer = re.compile(r"vision_model\.encoder\.layers\.(\d+)\.")
    return {
        "hidden_size": width,
        "intermediate_size": sizes["vision_model.encoder.layers.0.mlp.fc1.weight"][0],
        "num_hidden_layers": len({match[1] for name in sizes if (match := layer.match(name))}),
        # ViT-H and bigG have 16 heads of 80 and 104 channels, all others heads of 64.
        "num_attention_heads": max(1, width // 64) if width <= _WIDEST else 16,
        "patch_size": patch,
        "image_size": math.isqrt(places - 1) * patch,
        "projection_dim": sizes.get("visual_projection.weight", (0,))[0],
        "hidden_act": "quick_gelu" if width <= _WIDEST else "gelu",
    }


def is_named_so(path: Path) -> bool:
    """Whether a file's name is that of an IP-Adapter, in the spellings that people use."""
    return re.search(r"ip[-_ ]?adapter", path.name.lower()) is not None


def is_pickled(path: Path) -> bool:
    """Whether it is an IP-Adapter by its name and a pickle by its ending."""
    return is_named_so(path) and is_pickle(path)


def _no_adapter(path: Path, why: str) -> UnsupportedModel:
    return UnsupportedModel(
        f'"{path.name}" is not an IP-Adapter that Wordbrush knows: {why}.',
        hint="Choose one for Stable Diffusion 1.x or XL, plain or plus, as a safetensors file.",
    )
