"""What a ControlNet was made to follow, and for which models: told from its config, its tensors and its name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError, UnsupportedModel
from engine.weights.files import find_weights, is_weights, read_header, read_json
from engine.weights.headers import shapes

CLASSES = ("ControlNetModel", "ControlNetUnionModel")
STEM = "diffusion_pytorch_model"

UNION = {"pose": 0, "depth": 1, "scribble": 2, "canny": 3, "normal": 4, "segments": 5, "tile": 6}
"""Places of the kinds in a union's control type, as its authors number them (xinsir/controlnet-union-sdxl-1.0)."""

_NAMES = {
    "scribble": r"scribble|sketch|hed|pidi|softedge|soft_edge",
    "canny": r"canny|line_?art|mlsd|edge",
    "depth": r"depth|midas|zoe",
    "pose": r"pose",
    "normal": r"normal",
    "segments": r"seg",
    "tile": r"tile",
}
_TEXT = ("down_blocks.0.attentions.0", "down_blocks.1.attentions.0", "input_blocks.1.1", "input_blocks.4.1")
_FAMILIES = {768: "Stable Diffusion 1.x", 1024: "Stable Diffusion 2.x", 2048: "Stable Diffusion XL"}


@dataclass(frozen=True)
class ControlModel:
    """A ControlNet on disk, by its headers alone.

    Attributes:
        path: its folder or file. files: its weights. is_union: whether it has a type of control as an input.
        kinds: what it follows, of `resources.limits.CONTROL_KINDS`; () where nothing says so.
        width: channels of the text that it reads; 0 where no layer tells.
    """

    name: str
    path: Path
    files: tuple[Path, ...]
    is_union: bool
    kinds: tuple[str, ...]
    width: int

    @property
    def numbers(self) -> int:
        """How many numbers its weights are."""
        return sum(
            math.prod(shape) for file in self.files for shape in shapes(read_header(file, part="ControlNet")).values()
        )

    @property
    def made_for(self) -> str:
        """The models that it was made for, in words; "" where unknown."""
        return _FAMILIES.get(self.width, "")


def is_control_folder(path: Path) -> bool:
    """Whether a folder holds a ControlNet as diffusers writes it."""
    try:
        config = read_json(path / "config.json", part="ControlNet") if (path / "config.json").is_file() else {}
    except EngineError:
        return False
    return config.get("_class_name") in CLASSES


def describe(path: Path) -> ControlModel:
    """Return what a ControlNet's folder or file says of itself.

    Raises:
        UnsupportedModel: it is no ControlNet, or one for other models than Stable Diffusion. ModelIncomplete,
        UnsafeModel: its files are damaged, missing, or pickles.
    """
    if path.is_dir():
        config: Mapping[str, Any] = read_json(path / "config.json", part="ControlNet")
        if config.get("_class_name") not in CLASSES:
            raise no_control(path, f"it holds a {config.get('_class_name')}")
        files = find_weights(path, STEM, part="ControlNet").files
        is_union = config["_class_name"] == CLASSES[1]
        types = config.get("num_control_type", len(UNION)) if is_union else 0
        width = config.get("cross_attention_dim")
        return _made(path, files, types, width if isinstance(width, int) else 0)
    if not is_weights(path):
        raise no_control(path, "it is no safetensors file")
    sizes = shapes(read_header(path, part="ControlNet"))
    bare = {name.removeprefix("control_model."): shape for name, shape in sizes.items()}
    if any("lllite" in name for name in bare):
        raise no_control(path, "it is a ControlNet-LLLite, which is another kind of network")
    if "lora_controlnet" in bare:
        raise no_control(path, "it is a Control-LoRA, which holds only changes to a model")
    if not any(name.startswith(("controlnet_cond_embedding.", "input_hint_block.")) for name in bare):
        raise no_control(path, "it has no layers for a control picture")
    keys = [name for name in bare if name.startswith(_TEXT) and name.endswith("attn2.to_k.weight")]
    if not any(name.startswith(("down_blocks.0.", "input_blocks.1.")) for name in bare):
        raise no_control(path, "it was not made for a UNet")
    types = bare["task_embedding"][0] if "task_embedding" in bare else 0
    return _made(path, (path,), types, bare[keys[0]][1] if keys else 0)


def _made(path: Path, files: tuple[Path, ...], types: Any, width: int) -> ControlModel:
    name = path.name if path.is_dir() else path.stem
    if types:
        kinds = tuple(kind for kind, place in UNION.items() if place < int(types))
    else:
        kinds = tuple(kind for kind, words in _NAMES.items() if re.search(words, name.lower()))
    return ControlModel(name, path, tuple(files), bool(types), kinds, width)


def no_control(path: Path, why: str) -> UnsupportedModel:
    """The error for what is no ControlNet that can be used."""
    return UnsupportedModel(
        f'"{path.name}" is not a ControlNet that Wordbrush knows: {why}.',
        hint="Choose a ControlNet for Stable Diffusion 1.x, 2.x or XL, as a safetensors file or as a diffusers folder.",
    )
