"""Runs a request's denoisers outside a generation: loaded as the engine loads them, one noise level at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

import numpy as np
import torch
from torch import Tensor

from engine.attention.fidelity import NONE
from engine.experts.ensemble import Ensemble
from engine.experts.slots import find_slots
from engine.models.families.sd import StableDiffusion
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.weights import loading as weights

T = TypeVar("T")

_HALFWAY = 0.5


@contextmanager
def opened(
    request: GenerateRequest, library: Library, *, guidance: float, paint_weight: float
) -> Iterator[tuple[StableDiffusion, Ensemble]]:
    """Load the request's model and the denoisers that its noise levels use, ready for one picture.

    Yields:
        the model's family and its ensemble; the ensemble is closed at the end.

    Raises:
        DeviceOutOfMemory: the model, or a step of it, does not fit. ModelNotFound and others: see `Library.loading`.
    """
    ensemble: Ensemble | None = None
    try:
        slots = find_slots(request, library.inspect(request.model), library)
        base = _finished(library.loading(request.model, request.device, outside=True))
        ensemble = Ensemble(request, slots, base, library, guidance=guidance, paint_weight=paint_weight, fidelity=NONE)
        _finished(ensemble.load())
        ensemble.begin(1)
        yield cast(StableDiffusion, base), ensemble
    except (RuntimeError, MemoryError) as error:
        if not weights.is_out_of_memory(error):
            raise
        raise weights.out_of_memory(error, size=request.picture.size, batch=1) from error
    finally:
        if ensemble is not None:
            ensemble.close()


def _finished(loading: Generator[tuple[str, float], None, T]) -> T:
    while True:
        try:
            next(loading)
        except StopIteration as done:
            result: T = done.value
            return result


def encode(family: StableDiffusion, rgb: np.ndarray) -> Tensor:
    """The scaled latent of uint8 RGB `[H, W, 3]`: float32 `[1, C, h, w]` on the CPU."""
    return family.encode_picture(rgb).cpu()


def errors(
    ensemble: Ensemble, clean: Tensor, noise: Tensor, sigmas: Sequence[float], *, device: torch.device
) -> np.ndarray:
    """The mean squared error of v at each sigma: float64 `[sigmas]`.

    It is computed from x0, whose error is that of v times sigma / sqrt(1 + sigma^2), so it does not depend on what the
    model itself predicts.

    Args:
        clean: the latent `[1, C, h, w]`. noise: of unit variance, `[sigmas, C, h, w]`.
        sigmas: preferably from high to low, so that no expert has to be loaded twice.
        device: the model's.
    """
    found = []
    for sigma, unit in zip(sigmas, noise, strict=True):
        ensemble.activate(sigma, last=True)
        made = ensemble.denoise((clean + sigma * unit).to(device), sigma, fraction=_HALFWAY)
        found.append(float((made.cpu() - clean).double().square().mean()) * (1 + sigma**2) / sigma**2)
    return np.array(found)
