"""The control pictures of a request with their networks in memory, ready for a run."""

from __future__ import annotations

from collections.abc import Generator, Hashable
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import BadRequest, UnsupportedModel
from engine.models.architectures import architectures
from engine.models.controls.finding import find_control, find_for, folders_of
from engine.models.controls.kinds import UNION, ControlModel
from engine.models.controls.maps import control_map
from engine.models.controls.reading import check_fits, read_control
from engine.models.controls.running import LoadedControl
from engine.protocol import ControlPicture, GenerateRequest
from engine.weights.files import fingerprint

if TYPE_CHECKING:
    from engine.models.families.base import Family
    from engine.models.library import Library


class RequestControls:
    """The control pictures of a request that act, and the ControlNet of each.

    Args:
        base: the model that defines the latents; those that fit it must fit all denoisers of its kind.
        library: keeps the networks for the next request; those that this one does not use go.

    Raises:
        UnsupportedModel: the model takes none. ModelNotFound: a ControlNet is not there. BadRequest: a union must be
            told what the picture shows. Others: see `engine.models.controls.kinds.describe`.
    """

    def __init__(self, request: GenerateRequest, base: Family, library: Library) -> None:
        self._base, self._library, self._size = base, library, request.picture.size
        self._found = [(control, self._model_of(control)) for control in request.adapters.controls if control.strength]
        self._loaded: tuple[LoadedControl, ...] = ()

    def _model_of(self, control: ControlPicture) -> ControlModel:
        facts = self._base.facts
        if not architectures()[facts.family].can.controls:
            raise UnsupportedModel(
                f'The model "{facts.name}" takes no control pictures.',
                hint="Choose a Stable Diffusion model, or remove the control picture.",
            )
        folders = folders_of(self._library)
        if control.model:
            model = find_control(control.model, folders)
        else:
            width = int(self._base.unet.config.cross_attention_dim)  # type: ignore[attr-defined]
            model = find_for(control.kind, width, folders, model=facts.name)
        if model.is_union and control.kind not in model.kinds:
            raise BadRequest(
                f'The ControlNet "{model.name}" has to be told what the control picture shows, but its kind is'
                f' "{control.kind}".',
                hint=f"Choose one of: {', '.join(model.kinds)}.",
            )
        return model

    @property
    def missing_bytes(self) -> int:
        """Bytes of device memory that those will take which are not loaded yet."""
        models = {model.path: model for _, model in self._found if self._key(model) not in self._library.controls}
        return sum(model.numbers for model in models.values()) * self._base.dtype.itemsize

    def loading(self) -> Generator[tuple[str, float], None, None]:
        """Load the networks onto the device of their model; yields (what comes next, fraction done).

        Raises:
            UnsupportedModel: one was made for other models. ModelIncomplete: its files are damaged.
        """
        unet: Any = self._base.unet  # type: ignore[attr-defined]
        held = self._library.controls
        keys = [self._key(model) for _, model in self._found]
        for key in [key for key in held if key not in keys]:
            del held[key]
        loaded = []
        for number, ((control, model), key) in enumerate(zip(self._found, keys, strict=True)):
            if key not in held:
                yield f'the ControlNet "{model.name}"', number / len(keys)
                network = read_control(model, unet, dtype=self._base.dtype)
                held[key] = network.to(self._base.device, memory_format=torch.channels_last)
            check_fits(model, held[key].config, unet)
            place = UNION[control.kind] if model.is_union else None
            rgb = control_map(control, self._size)
            loaded.append(LoadedControl(model, held[key], rgb, float(control.strength), control.window, place))
        self._loaded = tuple(loaded)
        if keys:
            yield "ready", 1.0

    def fitting(self, family: Family) -> tuple[LoadedControl, ...]:
        """Return those that fit a denoiser of the run: ControlNets of a base know nothing of its refiner's layers."""
        unet = getattr(family, "unet", None)
        found = []
        for control in self._loaded if unet is not None else ():
            try:
                check_fits(control.model, control.network.config, unet)
            except UnsupportedModel:
                continue
            found.append(control)
        return tuple(found)

    def _key(self, model: ControlModel) -> Hashable:
        return (model.path, fingerprint(model.path), str(self._base.device), self._base.dtype)
