"""Loads one part of a model that is put together from separate files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from engine.errors import EngineError
from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.models.assembly import autoencoders, converting, inner_parts
from engine.models.assembly.parts import Part, parts_of, read_sizes
from engine.models.assembly.sizes import PREFIXES
from engine.weights import loading
from engine.weights.files import incomplete, read_network_config
from engine.weights.tensors import read_tensors


def load_part(kind: Any, facts: InstalledModel, part: str, *, dtype: torch.dtype, file: Path | None = None) -> Any:
    """Load one network of a model of separate files, in eval mode on the CPU.

    Args:
        kind: its diffusers or transformers class. file: of the denoiser, if it is not the model's own.

    Raises:
        ModelIncomplete: tensors are missing or do not fit. UnsupportedModel: its weights are packed in an unknown way.
    """
    architecture = architectures()[facts.family]
    assert architecture.file is not None, "a model of separate files"
    place = file or facts.files.get(part, facts.path)
    config = read_network_config(facts.config / part / "config.json", part=part)
    try:
        if part == architecture.denoiser:
            found = _read(place, _denoiser_prefix(place), part, dtype)
            if architecture.file.is_original(found):
                found = converting.denoiser(found, architecture.file.converter)
        elif part in architecture.file.more:
            inner = inner_parts.of_file(architecture.file, part, place)
            found = _read(place, inner.prefix if inner else "", part, dtype)
        elif part == "vae":
            prefix = _prefix(place, lambda each: autoencoders.config_for(facts.latents, each.sizes, place.name))
            found = converting.autoencoder(_read(place, prefix, part, dtype), config)
        else:
            prefix = _prefix(place, lambda each: _is_encoder(each, config))
            with torch.device("meta"):
                empty = kind(kind.config_class(**config))
            found = converting.text(_read(place, prefix, part, dtype), config, empty)
        network, report = loading.from_tensors(kind, facts.config / part, found, dtype)
    except EngineError:
        raise
    except Exception as error:
        if loading.is_out_of_memory(error):
            raise
        raise incomplete(part, f"{place.name} does not load", details=f"{type(error).__name__}: {error}") from error
    lacks = [*report.get("missing_keys", ()), *report.get("mismatched_keys", ())]
    if lacks:
        raise incomplete(part, f"{len(lacks)} tensors of {place.name} are missing or misshapen", details=str(lacks[:8]))
    return network.eval().requires_grad_(False)


def _is_encoder(each: Part, config: dict[str, Any]) -> bool:
    found = each.encoder()
    return found is not None and dict(found.config) == config


def _denoiser_prefix(file: Path) -> str:
    sizes, _ = read_sizes(file)
    return next((prefix for prefix in PREFIXES if any(name.startswith(prefix) for name in sizes)), "")


def _prefix(file: Path, fits: Callable[[Part], Any]) -> str:
    return next((each.prefix for each in parts_of(file) if fits(each)), "")


def _read(file: Path, prefix: str, part: str, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    found = read_tensors([file], part=part, dtype=dtype, beginnings=(prefix,))
    return {name.removeprefix(prefix): tensor for name, tensor in found.items()}
