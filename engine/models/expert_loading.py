"""Loads a model's own experts along with its base; computes sizes of denoisers and checks that their latents fit."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import torch
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.facts import DELTAS, InstalledModel, ManifestExpert
from engine.models import lora, picture_input
from engine.models.architectures import architectures
from engine.models.families.components import load_part, load_unet
from engine.models.families.sd import StableDiffusion
from engine.models.families.transformer import TransformerFamily
from engine.models.memory_ways import part_of
from engine.sampling.schedule import NoiseSchedule
from engine.weights import loading
from engine.weights.files import incomplete, read_json

Base = StableDiffusion | TransformerFamily

_UNET = "UNet2DConditionModel"
_SCALING = {"AutoencoderKL": 0.18215, "AutoencoderTiny": 1.0}
"""diffusers' defaults of `scaling_factor`, for configs that have none."""
_ALIKE = (
    "in_channels",
    "out_channels",
    "cross_attention_dim",
    "text_dim",
    "addition_embed_type",
    "projection_class_embeddings_input_dim",
)
"""What an expert's network must have in common with the base, whose text and latents it takes."""


def load(own: ManifestExpert, base: Base, *, outside: bool) -> Generator[tuple[str, float], None, Base]:
    """Load one of the base's own experts: yields (what comes next, fraction done), returns the expert.

    Args:
        outside: leave its weights off the device until it is needed; without effect on the CPU.

    Raises:
        ModelIncomplete: files are missing or damaged. UnsupportedModel: they do not fit the base.
    """
    yield f'expert "{own.name}"', 0.0
    assert own.folder is not None, "the base needs no loading"
    place = torch.device("cpu") if outside else base.device
    if own.is_delta:
        part = part_of(own)
        deltas = lora.read_deltas(own.folder / DELTAS, part=part)
        picture = picture_input.read(own.folder, part=part)
        reload = partial(_read_merged, type(_network(base)), base.facts, own, base.dtype)
        return _made_of(base, deltas, reload, outside=outside, part=part, noise=_noise(own), picture=picture)
    else:
        reload = partial(read_whole, type(_network(base)), base.facts, own, base.dtype)
        network = reload()
        _check_fits(own, network.config, base)
        network = network.to(place)
    if isinstance(base, TransformerFamily):
        return base.with_network(network, reload, noise=_noise(own))
    return base.with_unet(network, reload, noise=_noise(own))


def _made_of(
    base: Base,
    deltas: dict[str, lora.Delta],
    reload: Callable[[], Any],
    *,
    outside: bool,
    part: str,
    noise: NoiseSchedule | None,
    picture: Tensor | None = None,
) -> Base:
    """The base with deltas: merged now, or, `outside` on a device of its own, each time its turn comes.

    Args:
        picture: weights of the first layer for the channels of a picture, which it then takes, too.
    """
    if base.offloaded.has_copies:
        deltas = lora.locked(deltas)
    weights = base.offloaded.weights()
    later = outside and base.offloaded.has_copies
    if later:
        for layer, delta in deltas.items():
            lora.check_fits(weights.get(f"{layer}.weight"), layer, delta, part=part)
    else:
        weights = lora.merge(weights, deltas, part=part)
    weights = picture_input.widened(weights, picture, part=part)
    recipe = partial(_changed, deltas=deltas, picture=picture, part=part)
    made: Base
    if isinstance(base, TransformerFamily):
        kind = type(base.denoiser.network)
        config = kind.load_config(base.facts.config / base.architecture.denoiser, local_files_only=True)
        network = lora.transformer_with_weights(kind, config, weights)
        made = base.with_network(network, reload, noise=noise, recipe=recipe)
    else:
        made = base.with_unet(lora.with_weights(base.unet, weights), reload, noise=noise, recipe=recipe)
    if later:
        made.offloaded.release()
    return made


def _changed(
    weights: dict[str, Tensor], *, deltas: dict[str, lora.Delta], picture: Tensor | None, part: str
) -> dict[str, Tensor]:
    changed = lora.merge_into(weights, deltas, part=part)
    return changed if picture is None else picture_input.widened(changed, picture, part=part)


def _network(base: Base) -> Any:
    return base.denoiser.network if isinstance(base, TransformerFamily) else base.unet


def read_whole(kind: Any, facts: InstalledModel, own: ManifestExpert, dtype: torch.dtype) -> Any:
    assert own.folder is not None
    if facts.is_assembled:
        from engine.models.assembly import reading

        part = architectures()[facts.family].denoiser
        return reading.load_part(kind, facts, part, dtype=dtype, file=own.folder)
    network = loading.load_part(kind, facts.path, own.folder.relative_to(facts.path).as_posix(), dtype=dtype)
    return network.to(memory_format=torch.channels_last) if kind.__name__ == _UNET else network


def _read_merged(kind: Any, facts: InstalledModel, own: ManifestExpert, dtype: torch.dtype) -> Any:
    assert own.folder is not None
    if kind.__name__ == _UNET:
        network = load_unet(facts, device=torch.device("cpu"), dtype=dtype)
    else:
        network = load_part(facts, kind, architectures()[facts.family].denoiser, dtype=dtype)
    deltas = lora.read_deltas(own.folder / DELTAS, part=part_of(own))
    merged = lora.merge(network.state_dict(), deltas, part=part_of(own))
    picture = picture_input.read(own.folder, part=part_of(own))
    if picture is not None:
        return lora.with_weights(network, picture_input.widened(merged, picture, part=part_of(own)))
    network.load_state_dict(merged, assign=True)
    return network


def _check_fits(own: ManifestExpert, config: Any, base: Base) -> None:
    for name in _ALIKE:
        ours, theirs = _network(base).config.get(name), config.get(name)
        if ours != theirs:
            raise UnsupportedModel(
                f"The model's expert \"{own.name}\" does not fit its base: its {name} is {theirs}, the base's {ours}.",
                hint="Get the expert that was made for this model, or choose the base alone.",
            )


def _noise(own: ManifestExpert) -> NoiseSchedule | None:
    """Return the noise schedule that an expert was trained on; None if its files name none: it uses the base's."""
    assert own.folder is not None
    if not (own.folder / "scheduler_config.json").is_file():
        return None
    try:
        return NoiseSchedule(read_json(own.folder / "scheduler_config.json", part=part_of(own)))
    except UnsupportedModel as error:
        message = f'The expert "{own.name}" cannot work: {error.message}'
        raise UnsupportedModel(
            message, hint="Choose the base alone, or another model.", details=error.details
        ) from error
    except (ValueError, TypeError, ArithmeticError) as error:
        raise incomplete(part_of(own), "its scheduler_config.json makes no sense", details=str(error)) from error


def check_latents(facts: InstalledModel, base: InstalledModel) -> None:
    """Make sure that two models' denoisers can work on the same picture.

    Raises:
        UnsupportedModel: their latents differ; both are named.
    """
    ours, theirs = _latents(base), _latents(facts)
    if ours != theirs:
        raise UnsupportedModel(
            f'"{base.name}" and "{facts.name}" cannot work on the same picture: their latents differ '
            f"({_text(ours)}; {_text(theirs)}).",
            hint=f'Choose an expert of the same kind as "{base.name}", such as a model that was made from it.',
        )


def _latents(facts: InstalledModel) -> tuple[int, int, float]:
    part = architectures()[facts.family].denoiser
    unet = read_json(facts.config / part / "config.json", part=part)
    vae = read_json(facts.config / "vae" / "config.json", part="vae")
    try:
        scaling = vae.get("scaling_factor", _SCALING.get(str(vae.get("_class_name")), 1.0))
        return int(unet.get("in_channels", 4)), facts.multiple, float(scaling)
    except (TypeError, ValueError) as error:
        raise incomplete(part, "its config makes no sense", details=str(error)) from error


def _text(latents: tuple[int, int, float]) -> str:
    channels, pixels, scaling = latents
    return f"{channels} channels, one cell for {pixels}x{pixels} pixels, scaled by {scaling:g}"
