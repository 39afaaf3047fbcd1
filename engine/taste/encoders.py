"""The image encoder by which a model reads pictures for their look: its own, or an IP-Adapter's; and its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.models.ip_adapters.finding import FoundAdapter, can_take, find
from engine.models.ip_adapters.reading import read_encoder, states_of
from engine.text.encoders import load_image_reader
from engine.weights import loading
from engine.weights.files import is_weights

if TYPE_CHECKING:
    from engine.facts import InstalledModel
    from engine.models.library import Library

_ENDS = 1 << 16
"""Bytes at each end of a file of weights that tell it from others: the header is in front, the last layer behind."""


@dataclass(frozen=True)
class LookEncoder:
    """What reads pictures for a model.

    Attributes:
        files: its weights. adapter: the IP-Adapter that it belongs to; None where it is the model's own.
    """

    facts: InstalledModel
    files: tuple[Path, ...]
    adapter: FoundAdapter | None = None

    @property
    def digest(self) -> str:
        """Names the encoder, and which of its states are read, on any machine; changes where its weights do."""
        is_plus = self.adapter is not None and self.adapter.adapter.is_plus
        told = hashlib.sha256(b"own" if self.adapter is None else b"plus" if is_plus else b"vector")
        for path in self.files:
            with path.open("rb") as file:
                size = file.seek(0, 2)
                told.update(str(size).encode())
                for start in (0, max(0, size - _ENDS)):
                    file.seek(start)
                    told.update(file.read(_ENDS))
        return told.hexdigest()[:24]


def encoder_of(facts: InstalledModel, library: Library) -> LookEncoder:
    """Return what reads pictures for a model.

    Raises:
        UnsupportedModel: it takes nothing from pictures. ModelNotFound and others: its IP-Adapter is not there, see
            `engine.models.ip_adapters.finding.find`.
    """
    if facts.takes_styles:
        return LookEncoder(facts, _weights(facts.path / "image_encoder"))
    if not can_take(facts):
        raise UnsupportedModel(
            f'The model "{facts.name}" cannot use moods: it has no image encoder.',
            hint="Remove the mood, or choose a model with an image encoder, such as the starter.",
        )
    found = find(facts, library)
    return LookEncoder(facts, _weights(found.encoder.path), found)


def _weights(path: Path) -> tuple[Path, ...]:
    return tuple(sorted(each for each in path.iterdir() if is_weights(each))) if path.is_dir() else (path,)


class LookReader:
    """Reads pictures by the encoder alone; no denoiser is loaded.

    Raises:
        ModelIncomplete, UnsafeModel: its files are damaged. DeviceUnavailable: there is no such device.
    """

    def __init__(self, encoder: LookEncoder, device: str) -> None:
        place = loading.pick_device(device)
        dtype = loading.pick_dtype(place)
        self._found = encoder.adapter
        self._network: Any = None
        if self._found is None:
            self._own = load_image_reader(encoder.facts, device=place, dtype=dtype)
        else:
            self._network = read_encoder(self._found.encoder, dtype=dtype).to(place)

    @torch.inference_mode()
    def read(self, rgb: np.ndarray) -> Tensor:
        """Return the states `[n, C]`, float32 on the CPU, of uint8 RGB `[h, w, 3]`: what a style picture's tokens or an
        IP-Adapter's projection are made of. Raises NotFinite where the encoder fails."""
        if self._found is None:
            states = self._own.read(rgb)[0]
        else:
            states = states_of(self._network, rgb, is_plus=self._found.adapter.is_plus)[1:]
            states = states[0] if states.ndim == 3 else states
        return states.float().cpu()
