"""Leaves a device to the denoiser alone where its memory ran out: encoders and autoencoder go on on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from engine.models.families.autoencoder import PictureCoder
from engine.weights import loading


class Lightened:
    """A family whose readers have an `encoder` each, and whose autoencoder is a `PictureCoder`."""

    device: torch.device
    coder: PictureCoder
    readers: Sequence[Any]

    def lighten(self) -> None:
        """See `Family`."""
        for reader in self._encoders():
            reader.encoder.to("cpu")
        self.coder.leave()

    def gather(self) -> None:
        """See `Family`."""
        try:
            for reader in self._encoders():
                reader.encoder.to(self.device)
            self.coder.come_back()
        except (RuntimeError, MemoryError) as error:
            if not loading.is_out_of_memory(error):
                raise
            self.lighten()  # there is no room yet: all of it is slower, and none of it lost

    def _encoders(self) -> list[Any]:
        beside = (getattr(self, name, None) for name in ("t5", "image"))
        return [reader for reader in (*self.readers, *beside) if reader is not None]
