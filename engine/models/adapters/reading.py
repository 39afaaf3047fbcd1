"""Reads a LoRA file: what changes which layer."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models.adapters.changes import ROLES, Change
from engine.models.adapters.names import flat, layer_names
from engine.models.adapters.notes import TEXT_ENCODER, base_of, check_kind, damaged, made_for
from engine.models.assembly.half import of as named_half
from engine.weights.headers import metadata, read_header, shapes
from engine.weights.tensors import read_tensors

_SECOND = re.compile(r"(base_model\.model\.)?transformer_2\.")
_ENDINGS = sorted(ROLES, key=len, reverse=True)


@dataclass(frozen=True, eq=False)
class AdapterFile:
    """A LoRA file as it was read.

    Attributes:
        name: what messages call it. changes: by the name of the layer in the file. base: what its trainer says that it
            was made for, "" if nothing. made_for: what its layers are made for, see `notes.made_for`.
    """

    name: str
    changes: Mapping[str, Change]
    base: str = ""
    made_for: str = ""

    def of(
        self, networks: Mapping[str, Any], layers: Mapping[str, str] | None = None, *, half: str = ""
    ) -> dict[str, dict[str, Change]]:
        """Return the changes by part and module path.

        Args:
            networks: the model's, by part: "unet" or "transformer", "text_encoder", "text_encoder_2" and so on.
            layers: of the transformer, see `Architecture.layers`.
            half: which of two transformers that share the noise levels, see `for_half`.

        Raises:
            UnsupportedModel: the model has no layer for one of them, or one of another size.
        """
        known = layer_names(networks)
        if layers:
            from engine.models.adapters.transformer_names import original_names

            known = {**dict(original_names(networks["transformer"], layers)), **known}
        found: dict[str, dict[str, Change]] = {part: {} for part in networks}
        for layer, change in self.for_half(half).items():
            places = known.get(flat(layer))
            if places is None:
                raise self.misfit(f"it changes {layer}, for which the model has no layer")
            for place in places:
                try:
                    found[place.part][place.path] = change.cut(place.rows, place.whole)
                except ValueError as error:
                    raise self.misfit(f"in {layer}, {error}") from error
        return found

    def for_half(self, half: str) -> Mapping[str, Change]:
        """The changes that are for one of two transformers, at "high" or "low" noise; "" is a model that has one.

        A file may hold both: `transformer` is the one for high noise, `transformer_2` the one for low, as in the folder
        of the model. Of two files each says in its name which it is for. What says nothing is for both.
        """
        if not half:
            return self.changes
        second = {name: match for name in self.changes if (match := _SECOND.match(name))}
        if second or not named_half(self.name):
            others = {name: each for name, each in self.changes.items() if name not in second}
            if half == "high" or not second:
                return others
            own = {f"transformer.{name[match.end() :]}": self.changes[name] for name, match in second.items()}
            return own | {name: each for name, each in others.items() if TEXT_ENCODER.match(name)}
        mine = named_half(self.name) == half
        return {name: each for name, each in self.changes.items() if mine or TEXT_ENCODER.match(name)}

    def misfit(self, why: str, *, hint: str = "") -> UnsupportedModel:
        """The error for a file that was made for other models."""
        made_for = f" It says that it was made for {self.base}." if self.base else ""
        return UnsupportedModel(
            f'The LoRA "{self.name}" does not fit this model: {why}.' + made_for,
            hint=hint or "Choose a LoRA that was made for this model's family, or remove it.",
        )


_held: dict[tuple[Path, int, int], AdapterFile] = {}
"""By file, time and size."""


def read_adapter(file: Path) -> AdapterFile:
    """Read a LoRA file; it is kept until it changes on disk, or `hold_only` leaves it out.

    Raises:
        ModelNotFound: there is no such file. UnsafeModel: it is a pickle. ModelIncomplete: it is damaged.
        UnsupportedModel: it holds something else. Each names the file.
    """
    check_kind(file)
    stat = file.stat()
    key = (file, stat.st_mtime_ns, stat.st_size)
    if key not in _held:
        _held[key] = _read(file)
    return _held[key]


def hold_only(files: Collection[AdapterFile]) -> None:
    """Let go of the files that were read, except these."""
    for key, held in [*_held.items()]:
        if all(held is not each for each in files):
            del _held[key]


def _read(file: Path) -> AdapterFile:
    try:
        header = read_header(file, part="LoRA")
        names = [name for name in header if name != "__metadata__"]
        split = {name: _split(file, name) for name in names}
        tensors = read_tensors([file], part="LoRA", dtype=torch.float32)
    except ModelIncomplete as error:
        raise damaged(file, error.details or error.message) from error
    layers: dict[str, dict[str, Tensor]] = {}
    for name, (layer, role) in split.items():
        tensor = tensors[name]
        if not tensor.is_floating_point() or not bool(torch.isfinite(tensor.float()).all()):
            raise damaged(file, f"{name} holds NaN or infinity")
        layers.setdefault(layer, {})[role] = tensor
    if not layers:
        raise damaged(file, "it holds nothing")
    notes = metadata(header)
    alphas = _noted_alphas(notes)
    changes = {}
    for layer, parts in layers.items():
        alpha = parts.pop("alpha", None)
        if alpha is not None and alpha.numel() != 1:
            raise damaged(file, f"the alpha of {layer} is not a single number")
        change = Change(parts, _alpha(alphas, layer, parts) if alpha is None else float(alpha))
        if change.fault:
            raise damaged(file, f"{layer} is not whole: {change.fault}")
        changes[layer] = change
    return AdapterFile(file.stem, changes, base_of(notes), made_for(shapes(header)))


def _split(file: Path, name: str) -> tuple[str, str]:
    for ending in _ENDINGS:
        if name.endswith(f".{ending}"):
            return name.removesuffix(f".{ending}"), ROLES[ending]
    raise UnsupportedModel(
        f'The file "{file.name}" is not a LoRA that Wordbrush knows: it holds {name}.',
        hint="Choose a LoRA, LoHa, LoKr or DoRA file in .safetensors format.",
    )


def _noted_alphas(notes: Mapping[str, str]) -> Mapping[str, Any]:
    """What diffusers writes of its settings into a file's metadata."""
    try:
        found = json.loads(notes.get("lora_adapter_metadata", "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _alpha(noted: Mapping[str, Any], layer: str, parts: Mapping[str, Tensor]) -> float | None:
    part, _, path = layer.partition(".")
    value = noted.get(f"{part}.lora_alpha")
    patterns = noted.get(f"{part}.alpha_pattern")
    if isinstance(patterns, dict):
        named = [each for key, each in patterns.items() if path == key or path.endswith(f".{key}")]
        value = named[0] if named else value
    if not isinstance(value, int | float) or "down" not in parts:
        return None
    rank = parts["down"].shape[0]
    return float(value) * (rank**0.5 if noted.get(f"{part}.use_rslora") else 1.0)
