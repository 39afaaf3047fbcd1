"""Any picture inverted, for programs: its latents up to noise, and how near the model's own steps come to it again."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine import preload
from engine.attention.fidelity import NONE
from engine.editing.inversion import denoiser_of, inverted_by
from engine.errors import BadRequest
from engine.experts.ensemble import Ensemble
from engine.experts.shares import Stopped
from engine.experts.slots import find_slots
from engine.models.library import Library, shared_library
from engine.protocol import GenerateRequest
from engine.validation import check_request, check_size

if TYPE_CHECKING:
    from torch import Tensor

    from engine.models.families.base import Family

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, eq=False)
class InvertedPicture:
    """A picture's inversion, and what the steps down make of it again.

    Attributes:
        sigmas: the noise levels from the noisiest to the last, as the request's sampler visits them.
        latents: for each of them float32 `[1, C, h, w]`, variance exploding (x = x0 + sigma * noise).
        rgb: uint8 `[H, W, 3]`, what DDIM's steps make of `latents[0]` with the same prompt.
        latent_error: the norm of the difference between what they lead to and the picture's latent, over the latter's.
        error: root mean square of the difference between `rgb` and the picture, in levels of 255.
        coding_error: the same of what the autoencoder gives back without any step: no inversion is better.
    """

    sigmas: tuple[float, ...]
    latents: tuple[Tensor, ...]
    rgb: np.ndarray
    latent_error: float
    error: float
    coding_error: float


def invert(
    request: GenerateRequest,
    *,
    library: Library | None = None,
    cancel: threading.Event | None = None,
    rounds: int = 0,
) -> InvertedPicture:
    """Invert the picture of `request.start` along the steps of a request, and measure what comes of it again.

    It runs in the calling thread, without guidance; the picture's strength and mask count for nothing.

    Args:
        request: whose prompt, painted words, model, steps and sampler are used. The better its prompt says what is
            there, the less the way up leaves the model's own paths.
        library: the models to use; by default one that all calls share. cancel: set it, from any thread, to stop.
        rounds: see `engine.sampling.inversion.inverted`; 0 is the usual number.

    Raises:
        BadRequest: the request begins from no picture, or see `check_request`. Stopped: `cancel` was set. EngineError:
            the engine's other errors.

    Example:
        >>> request = GenerateRequest.of(id="1", prompt="a house by a lake", start=StartPicture(rgb=photograph))
        >>> found = invert(request)
        >>> found.latents[0].shape, found.error
    """
    check_request(request)
    if request.start is None:
        raise BadRequest("There is no picture to invert.", hint="Give one as the start of the request.")
    library = library or shared_library()
    facts = library.inspect(request.model)
    check_size(request, facts)
    preload.load_libraries()

    def check() -> None:
        if cancel is not None and cancel.is_set():
            raise Stopped

    family = _done(library.loading(request.model, request.device, memory=request.memory))
    plain = request.replace(start=None, refine=None, edit=None, colours=None, count=1, batch=1)
    weight = request.conditioning.paint_weight
    ensemble = Ensemble(
        plain, find_slots(plain, facts, library), family, library, guidance=1.0,
        paint_weight=facts.defaults.paint_weight if weight is None else float(weight), fidelity=NONE, check=check,
    )  # fmt: skip
    try:
        _done(ensemble.load())
        ensemble.begin(1)
        return _measured(ensemble, family, request.start.rgb, rounds)
    finally:
        ensemble.close()


def _measured(ensemble: Ensemble, family: Family, rgb: np.ndarray, rounds: int) -> InvertedPicture:
    from engine.sampling.inversion import relative_error, retraced

    clean = family.encode_picture(rgb)
    found = _done(inverted_by(ensemble, family, clean, rounds=rounds))
    *_, last = retraced(denoiser_of(ensemble), found)
    made = family.decode(family.noise.to_input(last, found.walk.sigmas[-1]))[0]
    return InvertedPicture(
        sigmas=found.walk.sigmas,
        latents=found.latents,
        rgb=made,
        latent_error=relative_error(last, found.latents[-1]),
        error=_levels(made, rgb),
        coding_error=_levels(family.decode(clean)[0], rgb),
    )


def _levels(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.mean((one.astype(np.float32) - other.astype(np.float32)) ** 2)))


def _done(work: Generator[object, None, _T]) -> _T:
    """What a generator returns, with all that it yields passed over."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
