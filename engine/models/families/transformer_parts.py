"""The parts of a transformer's folder, loaded one by one: encoders, tokenizers, the network, and the rest."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from engine.errors import UnsupportedModel
from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.models.families.autoencoder import PictureCoder
from engine.models.families.components import load_noise, load_part, load_vae, read_ahead
from engine.models.families.transformer import TransformerDenoiser, TransformerFamily
from engine.surroundings import secluded
from engine.text.prompt_states import PromptReader
from engine.weights import loading
from engine.weights.files import incomplete, read_json
from engine.weights.placing import place_denoiser, place_encoder


def picked_dtype(facts: InstalledModel, device: torch.device) -> torch.dtype:
    """The number format that a model's networks work in on a device."""
    return loading.pick_dtype(device, architectures()[facts.family].half)


def load_network(
    facts: InstalledModel,
    kind: Any,
    *,
    device: torch.device,
    dtype: torch.dtype,
    part: str | None = None,
    low: float = 0.4,
    high: float = 0.85,
) -> Generator[tuple[str, float], None, Any]:
    """The denoiser of a diffusers class on `device`; yields as it is read. `part` is the architecture's by default."""
    folder = part or architectures()[facts.family].denoiser
    yield from read_ahead(facts, folder, "denoiser", low, high)
    return place_denoiser(load_part(facts, kind, folder, dtype=dtype), device)


def load_encoder(
    facts: InstalledModel,
    kinds: Mapping[str, str],
    *,
    device: torch.device,
    dtype: torch.dtype,
    part: str = "text_encoder",
    inner: Sequence[str] = (),
) -> Any:
    """A text encoder of whichever class its config names.

    Args:
        kinds: classes -> the name of their model in transformers ("Qwen3Model" -> "qwen3").
        inner: names of modules within modules, down to the one that reads text; a name that a class lacks is passed
            over. All else (eyes, the head that predicts words) is thrown away before anything is moved.

    Raises:
        UnsupportedModel: it is of another class. ModelIncomplete: files are missing or damaged.
    """
    named = read_json(facts.config / part / "config.json", part=part).get("architectures") or [next(iter(kinds))]
    name = str(named[0]) if isinstance(named, list) and named else ""
    if name not in kinds:
        raise UnsupportedModel(
            f"The model's text encoder is a {name or 'nameless class'}, which is not supported.",
            hint=f"Choose a model with one of: {', '.join(kinds)}.",
        )
    module = importlib.import_module(f"transformers.models.{kinds[name]}.modeling_{kinds[name]}")
    encoder = load_part(facts, getattr(module, name), part, dtype=dtype)
    for step in inner:
        encoder = getattr(encoder, step, encoder)
    return place_encoder(encoder, device)


def load_text_tokenizer(facts: InstalledModel, part: str = "tokenizer") -> Any:
    """The tokenizer of a language model, of the class that its own config names, from its files alone.

    Raises:
        ModelIncomplete: its files are missing or damaged.
    """
    from transformers.models.auto.tokenization_auto import AutoTokenizer

    try:
        with secluded():
            return AutoTokenizer.from_pretrained(facts.config / part, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise incomplete(part, "its files do not load", details=f"{type(error).__name__}: {error}") from error


def load_rest(
    facts: InstalledModel,
    *,
    reader: PromptReader,
    denoiser: TransformerDenoiser,
    device: torch.device,
    dtype: torch.dtype,
) -> Generator[tuple[str, float], None, TransformerFamily]:
    """The autoencoder and the noise levels, and the family made of all."""
    noise = load_noise(facts)
    yield "autoencoder", 0.9
    architecture = architectures()[facts.family]
    vae = load_vae(facts, device=device, dtype=dtype)
    kind = type(denoiser.network)
    reload: Callable[[], nn.Module] = partial(load_part, facts, kind, architecture.denoiser, dtype=dtype)
    return TransformerFamily(
        facts,
        reader=reader,
        denoiser=denoiser,
        coder=PictureCoder(vae, device=device, multiple=facts.multiple // (architecture.patch * architecture.cells)),
        noise=noise,
        reload=reload,
        device=device,
    )
