"""What a LoRA file says of itself, without its weights: base model, trigger words, its other name; no torch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from engine.errors import EngineError, ModelIncomplete, ModelNotFound, UnsafeModel, UnsupportedModel
from engine.facts import FewSteps, LoraFile, ModelFacts
from engine.models.architectures import Architecture, architectures, pieces_of
from engine.models.file_kinds import is_lora
from engine.models.files_below import files_in
from engine.sampling.few_steps import few_steps_of
from engine.weights.headers import metadata, read_header, shapes

PICKLES = {".ckpt", ".pt", ".pth", ".bin", ".pkl"}
MOST_TRIGGERS = 12
_TRANSFORMERS = ("double_blocks", "single_blocks", "transformer_blocks.0.attn.", "joint_blocks", "lora_transformer_")
ANOTHER = "another kind of model"
_LAYER = re.compile(
    r"(?:(?:base_model\.)?(?:model\.)?(?:(?:diffusion_model|transformer(?:_2)?|lycoris|unet|net)\.|lora_(?:unet|transformer)_"
    r"|lycoris_))?(?P<layer>.+?)\.(?P<end>lora_\w+(?:\.\w+)*|lora\.\w+\.weight|alpha|dora_scale|diff(?:_b)?|ho?[kd]a_\w+|lo[kh]\w+)"
)
TEXT_ENCODER = re.compile(r"(base_model\.)?(text_|lora_te|text_conditioner|(diffusion_model\.|lora_unet_)?llm_adapter)")
"""How the names of a text encoder's layers begin."""


def check_kind(file: Path) -> None:
    """Raise ModelNotFound or UnsafeModel where there is no file, or one of a kind that is never opened."""
    if file.suffix.lower() in PICKLES:
        raise UnsafeModel(
            f'The LoRA "{file.name}" is a pickle, which can run code as it is opened, so Wordbrush does not open it.',
            hint="Get it as .safetensors, or convert it with a program that you trust.",
        )
    if not file.is_file():
        raise ModelNotFound(f'There is no LoRA "{file.name}".', hint="Check its name, or choose its file again.")


def damaged(file: Path, why: str) -> EngineError:
    """The error for a LoRA file that is broken."""
    return ModelIncomplete(
        f'The LoRA "{file.name}" is damaged: {why}.', hint="Get the file again, or remove the LoRA.", details=why
    )


def find_adapter(name: str, folders: Sequence[Path]) -> Path:
    """Return the file of a LoRA: a path, or the name of a file in one of the folders or below.

    A name is a file's with or without its ending, or else the one that its trainer gave it (`ss_output_name`), in any
    letter case; the first folder that has it counts.

    Raises:
        ModelNotFound: there is none. UnsafeModel: it is a pickle.
    """
    path = Path(name).expanduser()
    if path.is_file() or len(path.parts) > 1:
        check_kind(path)
        return path
    files = list(files_in(folders, pickles=True))
    for file in files:
        if name.lower() in (file.name.lower(), file.stem.lower()):
            check_kind(file)
            return file
    for file in files:
        if file.suffix.lower() not in PICKLES and given_name(file).lower() == name.lower():
            return file
    where = folders[0] if folders else "loras"
    raise ModelNotFound(
        f'There is no LoRA "{name}".', hint=f"Put its file into the folder {where}, or give the file's path."
    )


def list_adapters(folders: Sequence[Path]) -> tuple[LoraFile, ...]:
    """Return what the LoRA files in folders and below say of themselves, by name; the first folder's name counts.

    One that is damaged is among them, with its fault.
    """
    found: dict[str, LoraFile] = {}
    for file in files_in(folders):
        if file.stem.lower() not in found:
            found[file.stem.lower()] = describe(file)
    return tuple(found[name] for name in sorted(found))


def describe(file: Path) -> LoraFile:
    """Return what a LoRA file says of itself; a fault in it is said, not raised."""
    try:
        return read_lora(file)
    except EngineError as error:
        return LoraFile(file.stem, file, problem=error.message)


def read_lora(file: Path) -> LoraFile:
    """Return what a LoRA file says of itself.

    Raises:
        ModelNotFound, UnsafeModel, ModelIncomplete: see `read_notes`. UnsupportedModel: it is no LoRA.
    """
    header = _header(file)
    sizes = shapes(header)
    if not is_lora(sizes):
        raise UnsupportedModel(
            f'The file "{file.name}" is not a LoRA.',
            hint="Choose a LoRA, LoHa, LoKr or DoRA file in .safetensors format.",
        )
    notes = metadata(header)
    few = few_steps_by_name(file.stem, *(notes.get(key, "") for key in ("ss_output_name", "modelspec.title")))
    return LoraFile(file.stem, file, _triggers(notes), base_of(notes), made_for(sizes), few_steps=few)


def few_steps_by_name(*names: str) -> FewSteps | None:
    """Return what suits a model with the LoRA that is called so, if it is one of few steps; None for any other."""
    found = few_steps_of(*names)
    return None if found is None else FewSteps(found.steps or 4, found.sampler or "euler", found.guidance)


def suited(few: FewSteps, facts: ModelFacts) -> FewSteps:
    """What suits a model with a LoRA of few steps: models that are flows are walked by their own sampler, and where
    guidance is an input of the network it stays."""
    if architectures()[facts.family].denoiser == "unet":
        return few
    return FewSteps(few.steps, facts.defaults.sampler, few.guidance if facts.takes_negative else None)


def made_for(sizes: Mapping[str, tuple[int, ...]]) -> str:
    """The kind of models that a file is made for, told by the names and shapes of its tensors; "" if they do not tell.

    A transformer's layers tell it by their names, a UNet's layers of cross-attention by the width of the text.
    """
    outputs, inputs = _layer_sizes(sizes)
    if outputs:
        fitting = {each.loras for each in architectures().values() if _has_all(each, outputs, inputs)}
        if fitting:
            return fitting.pop() if len(fitting) == 1 else ""
    if any(part in name for name in sizes for part in _TRANSFORMERS):
        return ANOTHER
    taking = [each for each in architectures().values() if each.loras and not each.layers]
    for name, shape in sizes.items():
        of_text = "attn2" in name and ("to_k" in name or "to_v" in name) and ("down" in name or "lora_A" in name)
        if of_text and len(shape) > 1:
            fitted = [each for each in taking if each.lora_width == shape[1]]
            return (fitted or [each for each in taking if each.lora_width is None])[0].loras
    return ""


def _layer_sizes(sizes: Mapping[str, tuple[int, ...]]) -> tuple[dict[str, int], dict[str, int]]:
    """Of a denoiser's layers: outputs and inputs, 0 where they are not seen at once."""
    outputs: dict[str, int] = {}
    inputs: dict[str, int] = {}
    for name, shape in sizes.items():
        match = _LAYER.fullmatch(name)
        if match is None or TEXT_ENCODER.match(name):
            continue
        layer = _flat(match["layer"])
        up, down = match["end"].startswith(("lora_up", "lora_B")), match["end"].startswith(("lora_down", "lora_A"))
        outputs[layer] = shape[0] if up and shape else outputs.get(layer, 0)
        inputs[layer] = shape[1] if down and len(shape) > 1 else inputs.get(layer, 0)
    return outputs, inputs


def _has_all(architecture: Architecture, outputs: Mapping[str, int], inputs: Mapping[str, int]) -> bool:
    """Whether these are layers of that transformer, as its original code or diffusers name them."""
    known = _layers(architecture)
    if not all(_numberless(layer) in known for layer in outputs):
        return False
    for name, ratio in architecture.layer_ratios.items():
        pattern = re.compile(re.escape(_flat(name)).replace(r"\#", r"\d+"))
        if any(pattern.fullmatch(each) and ratio * inputs[each] not in (0, outputs[each]) for each in outputs):
            return False
    return True


@cache
def _named(layers: tuple[tuple[str, str], ...]) -> frozenset[str]:
    both = [*(original for original, _ in layers), *(each for _, new in layers for each in pieces_of(new))]
    return frozenset(map(_numberless, both))


def _layers(architecture: Architecture) -> frozenset[str]:
    return _named(tuple(architecture.layers.items()))


def _flat(layer: str) -> str:
    return layer.replace(".processor.", ".").replace(".", "_")


def _numberless(layer: str) -> str:
    return re.sub(r"(?<=_)\d+(?=_|$)", "#", _flat(layer))


def read_notes(file: Path) -> Mapping[str, str]:
    """Return a file's metadata. Raises ModelNotFound, UnsafeModel, ModelIncomplete."""
    return metadata(_header(file))


def _header(file: Path) -> Mapping[str, Any]:
    check_kind(file)
    try:
        return read_header(file, part="LoRA")
    except ModelIncomplete as error:
        raise damaged(file, error.details or error.message) from error


def given_name(file: Path) -> str:
    """Return the name that a file's trainer gave it, "" if none."""
    try:
        return read_notes(file).get("ss_output_name", "")
    except EngineError:
        return ""


def base_of(notes: Mapping[str, str]) -> str:
    """Return what a file's metadata say that it was made for, "" if nothing."""
    for key in ("modelspec.architecture", "ss_base_model_version", "ss_sd_model_name"):
        if notes.get(key):
            return notes[key][:80]
    return ""


def trigger_words(file: Path) -> tuple[str, ...]:
    """Return the words that a LoRA was trained with, as its metadata say; the most frequent first, at most 12.

    `modelspec.trigger_phrase` where it is there, else the tags that stood at more than a third of the pictures
    (`ss_tag_frequency`, of kohya's trainer).

    Raises:
        as `read_notes`.
    """
    return _triggers(read_notes(file))


def _triggers(notes: Mapping[str, str]) -> tuple[str, ...]:
    phrase = notes.get("modelspec.trigger_phrase", "").strip()
    if phrase:
        return tuple(dict.fromkeys(each.strip() for each in phrase.split(",") if each.strip()))[:MOST_TRIGGERS]
    try:
        folders = json.loads(notes.get("ss_tag_frequency", "{}"))
    except (ValueError, RecursionError):
        return ()
    counts: dict[str, int] = {}
    for tags in folders.values() if isinstance(folders, dict) else ():
        for tag, count in tags.items() if isinstance(tags, dict) else ():
            if isinstance(count, int) and tag.strip():
                counts[tag.strip()] = counts.get(tag.strip(), 0) + count
    often = max(counts.values(), default=0)
    ranked = sorted(counts, key=lambda tag: (-counts[tag], tag))
    return tuple(tag for tag in ranked if counts[tag] * 3 > often)[:MOST_TRIGGERS]
