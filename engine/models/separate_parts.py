"""Finds the encoders and the autoencoder of a denoiser's file where A1111, Forge and ComfyUI keep them; no torch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.errors import EngineError, ModelIncomplete
from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.weights.files import is_weights, read_json
from engine.weights.gguf_file import read_any_header
from engine.weights.headers import shapes

MODELS = ("checkpoints", "diffusion_models", "unet", "diffusers", "stable-diffusion")
"""Folders with models, in lower case; the last one is A1111's and Forge's."""
PARTS = ("vae", "clip", "text_encoder", "text_encoders")
"""Folders with encoders and autoencoders, in lower case."""
LORAS = ("loras", "lora", "lycoris")
EMBEDDINGS = ("embeddings",)
"""Folders with LoRA files, and with words that were learnt (textual inversion), in lower case."""
IP_ADAPTERS = ("ipadapter", "ip_adapter", "ip-adapter", "ip_adapters")
IMAGE_ENCODERS = ("clip_vision", "clip-vision", "image_encoder")
"""Folders with IP-Adapters, and with the image encoders that they need, in lower case."""
_DEEP = 4
"""How far below such a folder a model may lie for the parts beside that folder to be found."""
_WORDS = {"text_encoder": "text encoder", "text_encoder_2": "second text encoder", "vae": "autoencoder (VAE)"}
_MOST_FILES = 200
_TOKENS = (
    "text_model.embeddings.token_embedding.weight",
    "embeddings.token_embedding.weight",
    "token_embedding.weight",
)
_FIRST = ("decoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight")


def find(model: Path, facts: InstalledModel, folders: Sequence[Path] = ()) -> dict[str, Path]:
    """Return the files of a denoiser's other parts, by part.

    They are looked for beside the file, and in the folders vae, clip, text_encoder and text_encoders (in any letter
    case) of its own folder, of the one above, and of the one that holds a folder of `MODELS` in which it lies; then in
    `folders`, those of the programs that were added. What a file holds is told by its header. Autoencoders of Stable
    Diffusion and of its XL are alike but for a factor: that of an XL has "xl" in its name. Where several files fit,
    one that begins with the model's own name goes first, then the order of their names counts.

    Raises:
        ModelIncomplete: a part is not there.
    """
    wanted = [part for part in architectures()[facts.family].parts if part in _WORDS]
    found: dict[str, Path] = {}
    for file in candidates(model, folders):
        if len(found) == len(wanted):
            break
        try:
            sizes = shapes(read_any_header(file, part="weights file"))
        except EngineError:
            continue
        for part in wanted:
            if part not in found and _fits(part, sizes, file, facts):
                found[part] = file
    lacks = [part for part in wanted if part not in found]
    if lacks:
        raise ModelIncomplete(
            f'"{model.name}" is only a denoiser (UNet), and its {_WORDS[lacks[0]]} was not found.',
            hint="Put the other parts (such as clip_l.safetensors and the VAE) beside it, or into folders named "
            '"vae" and "text_encoders" next to its own; or get the whole model.',
            details=f"missing: {', '.join(lacks)}",
        )
    return found


def candidates(model: Path, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the weights files that may be parts of a model, the nearest first; see `find` for where they lie."""
    near = [model.parent, model.parent.parent]
    near += [above.parent for above in [*model.parents][1:_DEEP] if above.name.lower() in MODELS]
    places = [model.parent]
    for above in near:
        for name in _names(above):
            if name.lower() in PARTS:
                places += _with_inner(above / name)
    for folder in folders:
        places += _with_inner(folder)
    looked = 0
    for place in dict.fromkeys(places):
        files = [place / name for name in _names(place)]
        for file in sorted(files, key=lambda path: (not path.stem.startswith(model.stem), path.name.lower())):
            if not is_weights(file) or file == model or not file.is_file():
                continue
            looked += 1
            if looked > _MOST_FILES:
                return
            yield file


def _with_inner(folder: Path) -> list[Path]:
    """A folder of parts and the folders in it, by which some keep the parts of different models apart."""
    return [folder, *(each for name in _names(folder) if (each := folder / name).is_dir())]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _fits(part: str, sizes: Mapping[str, tuple[int, ...]], file: Path, facts: InstalledModel) -> bool:
    config: Mapping[str, Any] = read_json(facts.config / part / "config.json", part=part)
    if part == "vae":
        shape = next((sizes[name] for name in _FIRST if name in sizes), ())
        blocks = config.get("block_out_channels") or [0]
        if any(name.startswith("model.diffusion_model.") for name in sizes):  # of a whole model of its own
            return False
        of_xl = facts.latents == "stable-diffusion-xl"
        return shape[:2] == (blocks[-1], config.get("latent_channels")) and ("xl" in file.stem.lower()) == of_xl
    shape = next((sizes[name] for name in _TOKENS if name in sizes), ())
    return shape == (config.get("vocab_size"), config.get("hidden_size"))
