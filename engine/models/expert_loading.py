"""Loads a model's own experts along with its base; computes sizes of denoisers and checks that their latents fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import torch

from engine.errors import UnsupportedModel
from engine.facts import DELTAS, InstalledModel, ManifestExpert
from engine.models import lora
from engine.models.architectures import architectures
from engine.models.families.components import load_part, load_unet
from engine.models.families.sd import StableDiffusion
from engine.models.families.transformer import TransformerFamily
from engine.sampling.schedule import NoiseSchedule
from engine.weights import loading
from engine.weights.files import find_weights, incomplete, read_json
from engine.weights.gguf_file import read_any_header
from engine.weights.memory_plan import Need, Plan, free_bytes, plan

Base = StableDiffusion | TransformerFamily

_UNET = "UNet2DConditionModel"
_SINGLE_FILE_PREFIX = "model.diffusion_model."
_CODERS = ("first_stage_model.", "vae.")
_SCALING = {"AutoencoderKL": 0.18215, "AutoencoderTiny": 1.0}
"""diffusers' defaults of `scaling_factor`, for configs that have none."""
_BESIDE = (
    ("text_encoder", "model"),
    ("text_encoder_2", "model"),
    ("text_encoder_3", "model"),
    ("image_encoder", "model"),
    ("text_conditioner", "diffusion_pytorch_model"),
    ("vae", "diffusion_pytorch_model"),
)
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
        part = _part(own)
        deltas = lora.read_deltas(own.folder / DELTAS, part=part)
        reload = partial(_read_merged, type(_network(base)), base.facts, own, base.dtype)
        return _made_of(base, deltas, reload, outside=outside, part=part, noise=_noise(own))
    else:
        reload = partial(_read_whole, type(_network(base)), base.facts, own, base.dtype)
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
) -> Base:
    """The base with deltas: merged now, or, `outside` on a device of its own, each time its turn comes."""
    if base.offloaded.has_copies:
        deltas = lora.locked(deltas)
    weights = base.offloaded.weights()
    later = outside and base.offloaded.has_copies
    if later:
        for layer, delta in deltas.items():
            lora.check_fits(weights.get(f"{layer}.weight"), layer, delta, part=part)
    else:
        weights = lora.merge(weights, deltas, part=part)
    recipe = partial(lora.merge_into, deltas=deltas, part=part)
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


def _network(base: Base) -> Any:
    return base.denoiser.network if isinstance(base, TransformerFamily) else base.unet


def _part(own: ManifestExpert) -> str:
    return f'expert "{own.name}"'


def _read_whole(kind: Any, facts: InstalledModel, own: ManifestExpert, dtype: torch.dtype) -> Any:
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
    deltas = lora.read_deltas(own.folder / DELTAS, part=_part(own))
    network.load_state_dict(lora.merge(network.state_dict(), deltas, part=_part(own)), assign=True)
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
        return NoiseSchedule(read_json(own.folder / "scheduler_config.json", part=_part(own)))
    except UnsupportedModel as error:
        message = f'The expert "{own.name}" cannot work: {error.message}'
        raise UnsupportedModel(
            message, hint="Choose the base alone, or another model.", details=error.details
        ) from error
    except (ValueError, TypeError, ArithmeticError) as error:
        raise incomplete(_part(own), "its scheduler_config.json makes no sense", details=str(error)) from error


def need(facts: InstalledModel, own: ManifestExpert | None, *, itemsize: int) -> Need:
    """Return the memory that a denoiser takes, judged by its files: the model's base, or one of its own experts.

    Args:
        itemsize: bytes per weight.

    Raises:
        ModelIncomplete, UnsafeModel, UnsupportedModel: the files are not there, damaged, or of another kind.
    """
    if own is not None and own.folder is not None and not own.is_delta:
        files = (own.folder,) if own.folder.is_file() else _files(own.folder, _part(own))
        shapes = _shapes(files, part=_part(own))
        whole = _count(shapes.values()) * itemsize
        return Need(own.name, whole, whole)
    shapes = denoiser_shapes(facts)
    whole = _count(shapes.values()) * itemsize
    if own is None or own.folder is None:
        return Need(own.name if own else facts.name, whole, whole, is_base=True)
    changed = _changed(own.folder / DELTAS, _part(own), _stamp(own.folder / DELTAS))
    extra = _count(shapes.get(f"{layer}.weight", ()) for layer in changed) * itemsize
    return Need(own.name, whole, extra)


def denoiser_shapes(facts: InstalledModel) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the base denoiser's tensors, by their names in its files; see `need` for the errors."""
    if not facts.path.is_file():
        part = architectures()[facts.family].denoiser
        return _shapes(_files(facts.path / part, part), part=part)
    shapes = _shapes((facts.path,), part="weights file")
    whole_model = any(name.startswith(_SINGLE_FILE_PREFIX) for name in shapes)
    return {name: size for name, size in shapes.items() if not whole_model or name.startswith(_SINGLE_FILE_PREFIX)}


def autoencoder(facts: InstalledModel, *, itemsize: int) -> int:
    """Return the bytes of a model's autoencoder, which `beside` counts too; 0 where its files do not tell."""
    if "vae" in facts.files:
        shapes = _shapes((facts.files["vae"],), part="vae")
        inside = facts.files["vae"] == facts.path
        return _count(shape for name, shape in shapes.items() if not inside or name.startswith(_CODERS)) * itemsize
    if facts.path.is_file():
        shapes = _shapes((facts.path,), part="weights file")
        return _count(shape for name, shape in shapes.items() if name.startswith("first_stage_model.")) * itemsize
    return _count(_shapes(_files(facts.path / "vae", "vae"), part="vae").values()) * itemsize


def beside(facts: InstalledModel, *, itemsize: int) -> int:
    """Return the bytes of a model's other parts, encoders and autoencoder, which are not moved between devices."""
    if facts.files:
        # Two encoders may have the same names: each file is counted by itself.
        total = sum(_count(_shapes((file,), part="weights file").values()) for file in {*facts.files.values()})
        if facts.path in facts.files.values():
            total -= _count(denoiser_shapes(facts).values())
        return total * itemsize
    if facts.path.is_file():
        shapes = _shapes((facts.path,), part="weights file")
        return _count(shape for name, shape in shapes.items() if not name.startswith(_SINGLE_FILE_PREFIX)) * itemsize
    total = 0
    for part, stem in _BESIDE:
        if (facts.path / part / "config.json").is_file():
            files = find_weights(facts.path / part, stem, part=part).files
            total += _count(_shapes(files, part=part).values()) * itemsize
    return total


def plan_for(facts: InstalledModel, device: torch.device) -> Plan:
    """Plan how the model's own experts would share a device on which none is loaded yet; see `need` for the errors."""
    itemsize = loading.pick_dtype(device).itemsize
    parts = {own.folder: own for own in facts.experts}
    return plan([need(facts, own, itemsize=itemsize) for own in parts.values()], free_bytes(device))


def _files(folder: Path, part: str) -> tuple[Path, ...]:
    return find_weights(folder, "diffusion_pytorch_model", part=part).files


def _shapes(files: Iterable[Path], *, part: str) -> dict[str, tuple[int, ...]]:
    return {name: shape for file in files for name, shape in _file_shapes(file, part, _stamp(file)).items()}


def _stamp(file: Path) -> tuple[int, ...]:
    """What changes when a file is written anew; empty where it is not there, which reading it will explain."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=48)  # every run plans its memory, and live painting runs several times a second
def _file_shapes(file: Path, part: str, stamp: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    header = read_any_header(file, part=part)
    try:
        return {
            name: tuple(int(side) for side in entry["shape"])
            for name, entry in header.items()
            if name != "__metadata__"
        }
    except (KeyError, TypeError, ValueError) as error:
        raise incomplete(part, "its weights file is not a complete safetensors file", details=repr(error)) from error


@lru_cache(maxsize=48)
def _changed(file: Path, part: str, stamp: tuple[int, ...]) -> frozenset[str]:
    return lora.layers(file, part=part)


def _count(shapes: Iterable[tuple[int, ...]]) -> int:
    return sum(math.prod(shape) for shape in shapes if shape)


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
