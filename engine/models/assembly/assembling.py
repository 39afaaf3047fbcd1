"""Puts a model together: its transformer's file, and the files of its other parts, found by their headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError, UnsupportedModel
from engine.facts import ManifestExpert
from engine.models.architectures import Architecture, architectures
from engine.models.assembly import autoencoders, folder, half, inner_parts, missing, tokenizers
from engine.models.assembly.encoders import Encoder
from engine.models.assembly.parts import Part, parts_of
from engine.models.assembly.record import DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, bare
from engine.models.assembly.tokenizers import Sources
from engine.models.separate_parts import candidates


@dataclass(frozen=True)
class Assembled:
    """A model of separate files: the folder with its config files, and the file of each part but the denoiser.

    `experts` are its denoisers by noise, where there are several; their folders are files.
    """

    config: Path
    files: Mapping[str, Path]
    experts: tuple[ManifestExpert, ...] = ()


def architecture_of(sizes: Sizes) -> Architecture | None:
    """Return the architecture whose transformer has tensors of these shapes; None if none that is known."""
    own = bare(sizes)
    every = architectures().values()
    return next((each for each in every if each.file is not None and each.file.original(own) is not None), None)


def assemble(model: Path, sizes: Sizes, folders: Sequence[Path], sources: Sources) -> Assembled | None:
    """Return the model that a file is the transformer of; None if it is another kind of file.

    Args:
        sizes: the shapes in the file. folders: where its other parts are looked for, beside those near it.

    Raises:
        ModelIncomplete: parts are not there; the message names all of them, the hint says where to put them.
        UnsupportedModel: it is of a known family, but not one of those that can be used.
    """
    architecture = architecture_of(sizes)
    if architecture is None or architecture.file is None:
        return None
    kind, name = architecture.file, model.stem.lower()
    own = kind.original(bare(sizes)) or {}
    if refused := kind.refuses(own, name):
        raise UnsupportedModel(f'"{model.name}" is {refused}.', hint=kind.instead)
    more = {part: inner_parts.find(kind, part, (model, *candidates(model, folders))) for part in kind.more}
    if lacks := [part for part, each in more.items() if each is None]:
        raise missing.inner(model, lacks[0])
    own = {**own, **{name: size for each in more.values() if each for name, size in each.sizes.items()}}
    try:
        configs = _configs(architecture, kind, own, name)
        wanted = kind.encoders(own)
    except (KeyError, IndexError, ValueError, ArithmeticError) as error:
        raise UnsupportedModel(
            f'"{model.name}" is a transformer of a known kind, but not built like the published ones.',
            hint="Use the model's diffusers folder (the one with model_index.json) instead.",
            details=f"{architecture.name}: {type(error).__name__}: {error}",
        ) from error
    found = _find(model, folders, wanted, architecture.latents)
    lacks = [part for part, each in wanted.items() if part not in found.encoders and not each.optional]
    if lacks or found.autoencoder is None:
        raise missing.parts(
            model, [wanted[part] for part in lacks], None if found.autoencoder else architecture.latents
        )
    words: dict[str, tokenizers.Files] = {}
    for part, each in kind.tokenizers.items():
        encoder = found.encoders.get(re.sub("tokenizer|processor", "text_encoder", part))
        rows = encoder[1].words if encoder else configs.get("text_conditioner/config.json", {}).get("target_vocab_size")
        if rows is None:
            continue
        read = tokenizers.find(each, rows, encoder[0].file if encoder else None, model, sources)
        if read is None:
            raise missing.tokenizer(model, each)
        words[part] = read
    for part, (_, recognised) in found.encoders.items():
        configs[f"{part}/config.json"] = recognised.config
    configs["vae/config.json"] = found.autoencoder[1]
    experts = _experts(architecture, configs["model_index.json"], model)
    files = {part: each.file for part, (each, _) in found.encoders.items()} | {"vae": found.autoencoder[0].file}
    return Assembled(
        folder.write(configs, words), files | {part: each.file for part, each in more.items() if each}, experts
    )


def _configs(architecture: Architecture, kind: DenoiserFile, own: Sizes, name: str) -> dict[str, Mapping[str, Any]]:
    configs: dict[str, Mapping[str, Any]] = {
        "model_index.json": {"_class_name": architecture.pipeline, **kind.index(own, name)},
        f"{architecture.denoiser}/config.json": kind.config(own, name),
        "scheduler/scheduler_config.json": kind.schedule(own, name),
    }
    return configs | {f"{part}/config.json": config(own) for part, (_, config) in kind.more.items()}


def _experts(architecture: Architecture, index: Mapping[str, Any], model: Path) -> tuple[ManifestExpert, ...]:
    """The denoisers by noise: the model's own file is the first, the other one is named alike."""
    found = architecture.experts(index)
    if not found:
        return ()
    other = half.partner(model)
    if other is None:
        raise missing.half(model)
    return tuple(ManifestExpert(name, low, high, other if part else None) for name, low, high, part in found)


@dataclass(frozen=True)
class _Found:
    encoders: Mapping[str, tuple[Part, Encoder]]
    autoencoder: tuple[Part, Mapping[str, Any]] | None


def _find(model: Path, folders: Sequence[Path], wanted: Mapping[str, Wanted], latents: str) -> _Found:
    """The parts in the model's own file first, then those in the others in their order."""
    found: dict[str, tuple[Part, Encoder]] = {}
    coders: list[tuple[Part, Mapping[str, Any]]] = []
    for file in (model, *candidates(model, folders)):
        try:
            parts = list(parts_of(file))
        except EngineError:
            continue
        for each in parts:
            config = autoencoders.config_for(latents, each.sizes, file.name)
            if config is not None:
                coders.append((each, config))
                continue
            encoder = each.encoder()
            if encoder is None:
                continue
            for part, want in wanted.items():
                if part not in found and (encoder.kind, encoder.width) == (want.kind, want.width):
                    found[part] = each, encoder
    best = sorted(coders, key=lambda coder: not autoencoders.preferred(latents, coder[0].file.name))
    return _Found(found, best[0] if best else None)
