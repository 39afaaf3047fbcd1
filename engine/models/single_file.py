"""Single-file models (one .safetensors in the original Stable Diffusion layout), loaded with config files that ship."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.weights import loading
from engine.weights.files import incomplete, read_header, read_json

_PREFIXES = {"unet": "model.diffusion_model.", "vae": "first_stage_model.", "text_encoder": "cond_stage_model."}


def load_part(kind: Any, file: Path, config: Path, part: str, *, dtype: torch.dtype) -> Any:
    """One network out of a single file, in eval mode on the CPU.

    Args:
        kind: its diffusers or transformers class.
        config: the folder whose subfolder `part` ("unet", "vae", "text_encoder") holds its config.json.

    Raises:
        ModelIncomplete: tensors of the part are missing from the file or do not fit.
    """
    from safetensors import safe_open

    with safe_open(file, framework="pt") as handle:
        names = [name for name in handle.keys() if name.startswith(_PREFIXES[part])]  # noqa: SIM118 (no mapping)
        original = {name: handle.get_tensor(name) for name in names}
    if not original:
        raise incomplete(part, f"{file.name} holds none of its tensors")
    network, tensors = _convert(kind, original, config, part)
    try:
        report = network.load_state_dict(tensors, strict=False, assign=True)
    except RuntimeError as error:
        if loading.is_out_of_memory(error):
            raise
        raise incomplete(part, f"tensors in {file.name} are misshapen", details=str(error)) from error
    if report.missing_keys:
        missing = f"{len(report.missing_keys)} of its tensors are missing from {file.name}"
        raise incomplete(part, missing, details=str(report.missing_keys[:8]))
    return network.to(dtype).eval().requires_grad_(False)


def _convert(kind: Any, original: dict[str, Tensor], config: Path, part: str) -> tuple[nn.Module, dict[str, Tensor]]:
    """An empty network of that kind, and the tensors under the names it has for them."""
    from diffusers.loaders import single_file_utils

    if part == "text_encoder":
        encoder = kind(kind.config_class.from_pretrained(config / part, local_files_only=True))
        prefix = f"{_PREFIXES[part]}transformer."
        named = {name.removeprefix(prefix): tensor for name, tensor in original.items()}
        if not hasattr(encoder, "text_model"):  # newer versions of transformers keep the layers at the top
            named = {name.removeprefix("text_model."): tensor for name, tensor in named.items()}
        return encoder, named
    settings = read_json(config / part / "config.json", part=part)
    with torch.device("meta"):  # no time for random weights that are replaced at once
        network = kind.from_config(settings)
    name = "convert_ldm_unet_checkpoint" if part == "unet" else "convert_ldm_vae_checkpoint"
    return network, getattr(single_file_utils, name)(original, config=dict(network.config))


def schedule_marks(file: Path) -> dict[str, Any]:
    """What marker tensors in the file say about its noise schedule, as keys of a scheduler config."""
    header = read_header(file, part="weights file")
    marks: dict[str, Any] = {}
    if "v_pred" in header:
        marks["prediction_type"] = "v_prediction"
    if "ztsnr" in header:
        marks |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return marks
