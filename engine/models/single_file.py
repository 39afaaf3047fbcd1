"""Loads single-file models (one safetensors file in the original Stable Diffusion layout) with shipped config files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import ModelIncomplete
from engine.models.architectures import architectures
from engine.models.file_kinds import EDM_MARKS, INPUT, UNET, prediction
from engine.sampling import kinds
from engine.weights import loading
from engine.weights.files import read_network_config
from engine.weights.gguf_file import read_any_header
from engine.weights.tensors import read_tensors

_VAE = "first_stage_model."


def load_part(kind: Any, file: Path, config: Path, part: str, *, family: str, dtype: torch.dtype) -> Any:
    """Load one network from a single file, in eval mode on the CPU.

    Args:
        kind: its diffusers or transformers class.
        config: the folder whose subfolder `part` ("unet", "vae", "text_encoder", "text_encoder_2") holds its
            config.json.
        family: the name of its architecture.

    Raises:
        ModelIncomplete: tensors of the part are missing from the file or do not fit. UnsupportedModel: its weights use
            an unknown kind of quantisation.
    """
    original = _read(file, prefixes(family, part), part, dtype)
    try:
        network, tensors = _convert(kind, original, config, part, family=family)
        report = network.load_state_dict(tensors, strict=False, assign=True)
    except (RuntimeError, KeyError) as error:
        if loading.is_out_of_memory(error):
            raise
        raise _incomplete(
            part, f"tensors in {file.name} are missing or have the wrong shape", details=repr(error)
        ) from error
    if report.missing_keys:
        missing = f"{len(report.missing_keys)} of its tensors are missing from {file.name}"
        raise _incomplete(part, missing, details=str(report.missing_keys[:8]))
    return network.to(dtype).eval().requires_grad_(False)


def _incomplete(part: str, fault: str, *, details: str = "") -> ModelIncomplete:
    return ModelIncomplete(
        f"The model's {part} is incomplete: {fault}.",
        hint="Get the whole file again (often 2 to 7 GB), or the model's diffusers folder.",
        details=details,
    )


def prefixes(family: str, part: str) -> tuple[str, ...]:
    """Return the prefixes that the tensors of a part may have in a single file."""
    return {"unet": (UNET,), "vae": (_VAE,)}.get(part) or architectures()[family].text_tensors[part]


def _read(file: Path, beginnings: tuple[str, ...], part: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """Return copies of a part's tensors; quantised weights are expanded to `dtype`."""
    tensors = read_tensors([file], part=part, dtype=dtype, beginnings=beginnings)
    if not tensors:  # a file of that part alone
        whole = {"unet": UNET, "vae": _VAE}.get(part, "")
        tensors = {f"{whole}{name}": each for name, each in read_tensors([file], part=part, dtype=dtype).items()}
    if not tensors:
        raise _incomplete(part, f"{file.name} has none of its tensors")
    return tensors


def _convert(
    kind: Any, original: dict[str, Tensor], config: Path, part: str, *, family: str
) -> tuple[nn.Module, dict[str, Tensor]]:
    """Return an empty network of that class, and the tensors renamed to its parameter names."""
    from diffusers.loaders import single_file_utils

    settings = dict(read_network_config(config / part / "config.json", part=part))
    if part == "unet" and INPUT in original:  # models that change pictures take one, too
        settings["in_channels"] = int(original[INPUT].shape[1])
    with torch.device("meta"):  # random weights would take time and are replaced at once
        network = kind(kind.config_class(**settings)) if part.startswith("text") else kind.from_config(settings)
    if part.startswith("text"):
        return _materialised(network), _text_tensors(network, original, prefixes(family, part))
    if part == "vae" and any(name.startswith(f"{_VAE}decoder.mid_block.") for name in original):
        bare = {name.removeprefix(_VAE): tensor for name, tensor in original.items()}
        network._fix_state_dict_keys_on_load(bare)
        return network, bare
    name = "convert_ldm_unet_checkpoint" if part == "unet" else "convert_ldm_vae_checkpoint"
    return network, getattr(single_file_utils, name)(original, config=dict(network.config))


def _materialised(network: nn.Module) -> nn.Module:
    """Move the position ids, which files need not contain, off the meta device; returns the network."""
    for module in network.modules():
        ids = getattr(module, "position_ids", None)
        if isinstance(ids, Tensor) and ids.is_meta:
            module.register_buffer("position_ids", torch.arange(ids.shape[-1])[None], persistent=False)
    return network


def _text_tensors(network: nn.Module, original: dict[str, Tensor], beginnings: tuple[str, ...]) -> dict[str, Tensor]:
    from diffusers.loaders import single_file_utils

    prefix = next((each for each in beginnings if any(name.startswith(each) for name in original)), "")
    if prefix.endswith("model.") or any(name.startswith(f"{prefix}transformer.resblocks.") for name in original):
        named = single_file_utils.convert_open_clip_checkpoint(network, original, prefix=prefix)
    else:
        named = {name.removeprefix(prefix): tensor for name, tensor in original.items()}
    # Whether the layers are at the top level or in "text_model" depends on the versions of transformers and the file.
    bare = {name.removeprefix("text_model."): tensor for name, tensor in named.items()}
    if not hasattr(network, "text_model"):
        return bare
    top = ("text_projection.",)
    return {name if name.startswith(top) else f"text_model.{name}": tensor for name, tensor in bare.items()}


def schedule_marks(file: Path, config: Path) -> dict[str, Any]:
    """Return what a file says about its noise schedule, as keys of a scheduler config."""
    marks = prediction(read_any_header(file, part="weights file"), config.name, file.stem)
    if marks.get("_class_name") == kinds.EDM:
        levels = read_tensors([file], part="weights file", dtype=torch.float32, beginnings=(EDM_MARKS,))
        marks |= {name.removeprefix(EDM_MARKS): float(value.flatten()[0]) for name, value in levels.items()}
    return marks
