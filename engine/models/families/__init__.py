"""Detects a model's family and reads its facts from its files, without torch; `load` builds the family's object."""

from __future__ import annotations

import importlib
import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import ModelIncomplete, ModelNotFound, UnsupportedModel
from engine.facts import INSTRUCT, PLACES, Defaults, FastWay, FewSteps, InstalledModel, ManifestExpert
from engine.models import calibration, separate_parts
from engine.models.architectures import Architecture, architectures, of_index, too_old
from engine.models.eyes import eyes_of
from engine.models.file_kinds import INPUT, UNET, denoiser_config, recognise, takes_picture
from engine.models.manifest import read_experts
from engine.sampling import kinds
from engine.sampling.few_steps import few_steps_of
from engine.weights.files import (
    find_weights,
    has_index,
    incomplete,
    is_pickle,
    is_weights,
    read_index,
    read_json,
    read_network_config,
    unsafe,
)
from engine.weights.gguf_file import read_any_header
from engine.weights.headers import metadata, shapes
from engine.weights.tiers import WHOLE, Way
from resources.checking import Refused, check
from resources.limits import SAMPLERS, Guidance, PaintWeight, Share, Side, Steps

if TYPE_CHECKING:
    import torch

    from engine.models.assembly.tokenizers import Sources
    from engine.models.families.base import Family

    Loader = Generator[tuple[str, float], None, Family]

_NETWORKS = {
    "text_encoder": "model",
    "text_encoder_2": "model",
    "text_encoder_3": "model",
    "image_encoder": "model",
    "text_conditioner": "diffusion_pytorch_model",
    "unet": "diffusion_pytorch_model",
    "transformer": "diffusion_pytorch_model",
    "transformer_2": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
}
"""Parts that have weights -> the name of their file before variant and extension."""


def inspect(path: Path, parts: Sequence[Path] = (), sources: Sources | None = None) -> InstalledModel:
    """Reads what a model is: a diffusers folder, or a single safetensors file.

    Args:
        parts: folders where the other parts of a file that is only a denoiser are looked for, beside those near it.
        sources: where the tokenizers of a transformer's file are looked for, beside the files of its encoders.

    Raises:
        ModelNotFound: nothing is there. ModelIncomplete: a part is missing. UnsafeModel: it is a pickle.
        UnsupportedModel: a family that Wordbrush does not know.
    """
    if path.is_dir():
        if not has_index(path) and not has_parts(path):
            raise ModelNotFound(
                f'The folder "{path.name}" contains no model.',
                hint="Choose a folder that has a model_index.json in it, or a single .safetensors file.",
                details=str(path),
            )
        return _inspect_folder(path, config=path)
    if not path.exists():
        raise ModelNotFound(
            f'There is no model at "{path}".',
            hint="Choose a model from the library, or the path of a diffusers folder.",
        )
    if not path.is_file():
        raise ModelNotFound(
            f'"{path}" is neither a folder nor an ordinary file.',
            hint="Choose a model from the library, or the path of a diffusers folder.",
        )
    if is_pickle(path):
        raise unsafe("weights file", path.name)
    if not is_weights(path):
        raise UnsupportedModel(
            f'"{path.name}" is not a model file that Wordbrush can open.',
            hint="Choose a .safetensors or .gguf file, or the folder of a model (the one with model_index.json).",
        )
    return _inspect_file(path, parts, sources)


def has_parts(folder: Path) -> bool:
    """Whether a folder holds the parts of a model, with or without a model_index.json."""
    return any((folder / part / "config.json").is_file() for part in ("unet", "transformer", "vae", "text_encoder"))


def check_weights(facts: InstalledModel) -> None:
    """Checks by their headers that the weights of every part are present and complete.

    Raises:
        ModelIncomplete: a file is missing or damaged. UnsafeModel: a part has only pickles.
    """
    if facts.path.is_file():
        return
    for part in (*architectures()[facts.family].parts, "text_encoder_2", "image_encoder"):
        if part in _NETWORKS and (facts.path / part / "config.json").is_file():
            find_weights(facts.path / part, _NETWORKS[part], part=part)


def model_name(path: Path) -> str:
    """The name of the model at a path: that of its file or folder, in the Hub's cache that of its repository."""
    if path.parent.name == "snapshots" and path.parent.parent.name.startswith("models--"):
        return path.parent.parent.name.removeprefix("models--").rpartition("--")[2]
    return path.stem if is_weights(path) or is_pickle(path) else path.name


def _inspect_folder(path: Path, *, config: Path) -> InstalledModel:
    index = read_index(config)
    architecture = of_index(index)
    for part in architecture.parts:
        if not (config / part).is_dir():
            raise incomplete(part, f'the folder "{part}" is missing')
    denoiser = read_network_config(config / architecture.denoiser / "config.json", part=architecture.denoiser)
    if architecture.needs_a_picture(denoiser):
        raise UnsupportedModel(
            "This model needs more than noise to start from (it is made for inpainting or similar).",
            hint="Choose the base model of the same name.",
        )
    for part in ("text_encoder", "text_encoder_2", "text_encoder_3", "image_encoder"):
        if (config / part / "config.json").is_file():
            read_network_config(config / part / "config.json", part=part)
    factor = architecture.factor(read_network_config(config / "vae" / "config.json", part="vae"))
    if factor is None:
        raise incomplete("vae", "config.json has no usable block_out_channels")
    takes_picture = _takes_a_picture(architecture, index, denoiser)
    instruct = None if takes_picture else _instruct(path, architecture)
    own = _own(path if path.is_dir() else config)
    scheduler = read_json(config / "scheduler" / "scheduler_config.json", part="scheduler")
    kinds.check(scheduler)
    scheduler |= architecture.schedule(index)
    noise = kinds.defaults_for(scheduler, guidance_embedded=denoiser.get("time_cond_proj_dim") is not None)
    few = few_steps_of(model_name(path), *_called(path, index)) if architecture.denoiser == "unet" else None
    if noise == kinds.NoiseDefaults() and few is not None:
        noise = few
    model = architecture.asks(denoiser, scheduler)
    asked = kinds.NoiseDefaults(
        model.sampler or noise.sampler,
        model.steps or noise.steps,
        noise.guidance if model.guidance is None else model.guidance,
    )
    return InstalledModel(
        name=model_name(path),
        path=path,
        family=architecture.name,
        latents=architecture.latents,
        multiple=factor * architecture.patch * architecture.cells,
        coarsest=factor * architecture.patch * coarsest_level(denoiser, unet=architecture.denoiser == "unet"),
        defaults=_defaults(architecture, own, asked, path),
        config=config,
        names=_learnt(own, "names"),
        groups=_groups(own),
        words=_learnt(own, "words"),
        near=_near(own),
        encoders=architecture.encoders(config),
        takes_styles=architecture.takes_styles(config),
        sees=architecture.sees and path.is_dir() and eyes_of(config) is not None,
        loras=architecture.loras,
        takes_negative=architecture.can.negative and not _takes_guidance(architecture, denoiser),
        places=architecture.denoiser == "unet" and (path / PLACES).is_file(),
        structured=architecture.can.regions,
        is_few_steps=few is not None,
        experts=read_experts(path, own) or (_experts(architecture, index, path) if path.is_dir() else ()),
        fast=_fast_way(path, architecture),
        instructs=takes_picture or instruct is not None,
        needs_picture=takes_picture,
        instruct=instruct,
    )


def _takes_a_picture(architecture: Architecture, index: Mapping[str, Any], denoiser: Mapping[str, Any]) -> bool:
    """Whether a denoiser has channels for a picture, as its pipeline says.

    Raises:
        UnsupportedModel: one of the two says so and the other does not.
    """
    wider = architecture.denoiser == "unet" and denoiser.get("in_channels", 4) != denoiser.get("out_channels", 4)
    said = index.get("_class_name") == (architecture.instructed_pipeline or "")
    if wider == said:
        return said
    raise UnsupportedModel(
        "This model needs more than noise to start from (it is made for inpainting or similar)."
        if wider
        else "This model is said to follow instructions, but its denoiser takes no picture.",
        hint="Choose the base model of the same name.",
    )


def _instruct(path: Path, architecture: Architecture) -> ManifestExpert | None:
    """What lets a model with a UNet follow instructions, in its folder "instruct"; None if it has none."""
    folder = path / INSTRUCT
    if architecture.denoiser != "unet" or not folder.is_dir():
        return None
    return ManifestExpert(INSTRUCT, 0.0, math.inf, folder)


def coarsest_level(denoiser: Mapping[str, Any], *, unet: bool) -> int:
    """How many cells of the finest level are along a side of one of the coarsest that attends to words; 1 in a DiT.

    By the config of a UNet: it halves after each block but the last, and its middle attends unless it says otherwise.
    """
    blocks = denoiser.get("down_block_types", ())
    if not unet or not isinstance(blocks, list) or not 1 <= len(blocks) <= 8:
        return 1
    attending = [level for level, block in enumerate(blocks) if "CrossAttn" in str(block)]
    if "CrossAttn" in str(denoiser.get("mid_block_type", "UNetMidBlock2DCrossAttn")):
        attending.append(len(blocks) - 1)
    return int(2 ** max(attending, default=0))


def _called(path: Path, index: Mapping[str, Any]) -> tuple[str, ...]:
    """What a model's own files call it, whatever its file was renamed to."""
    said = metadata(read_any_header(path, part="weights file")) if path.is_file() else index
    found = (said.get(key) for key in ("modelspec.title", "ss_output_name", "_name_or_path"))
    return tuple(text[:200].rpartition("/")[2] for text in found if isinstance(text, str))


def _takes_guidance(architecture: Architecture, denoiser: Mapping[str, Any]) -> bool:
    """Whether guidance is an input of the network, which then has no second half: distilled Flux and LCM."""
    embeds = architecture.can.guidance_embedded and bool(denoiser.get("guidance_embeds"))
    return embeds or denoiser.get("time_cond_proj_dim") is not None


def _inspect_file(path: Path, parts: Sequence[Path], sources: Sources | None) -> InstalledModel:
    import resources

    header = read_any_header(path, part="weights file")
    sizes = shapes(header)
    if INPUT not in sizes and INPUT.removeprefix(UNET) not in sizes:
        whole = _of_separate_files(path, sizes, parts, sources)
        if whole is not None:
            return whole
    try:
        config = recognise(header, path.name)
    except (UnsupportedModel, ModelIncomplete):
        # A denoiser alone, as Forge and ComfyUI keep it, with the other parts in files of their own.
        alone = denoiser_config(header, path.name)
        if alone is None:
            raise
        facts = _inspect_folder(path, config=resources.path("models", alone))
        facts = replace(facts, files=separate_parts.find(path, facts, parts))
    else:
        facts = _inspect_folder(path, config=resources.path("models", config))
    if takes_picture(sizes.get(INPUT) or sizes.get(INPUT.removeprefix(UNET), ())):
        return replace(facts, instructs=True, needs_picture=True)
    return facts


def _of_separate_files(
    path: Path, sizes: Mapping[str, tuple[int, ...]], parts: Sequence[Path], sources: Sources | None
) -> InstalledModel | None:
    """The model whose transformer is in a file; None if it is no transformer that is known."""
    from engine.models.assembly.assembling import assemble
    from engine.models.assembly.tokenizers import Sources

    found = assemble(path, sizes, parts, sources or Sources())
    if found is None:
        return None
    facts = replace(_inspect_folder(path, config=found.config), files=found.files, is_assembled=True)
    return replace(facts, experts=found.experts) if found.experts else facts


def _experts(architecture: Architecture, index: Mapping[str, Any], path: Path) -> tuple[ManifestExpert, ...]:
    """The denoisers by noise that the pipeline itself has."""
    found = architecture.experts(index)
    for _, _, _, part in found:
        if part and not (path / part).is_dir():
            raise incomplete(part, f'the folder "{part}" is missing')
    return tuple(ManifestExpert(name, low, high, path / part if part else None) for name, low, high, part in found)


def _fast_way(path: Path, architecture: Architecture) -> FastWay | None:
    """The first LoRA in the folder "loras" within a model's whose name says that it is for few steps; None if there is
    none. Only for a UNet: flows are walked by samplers of their own."""
    folder = path / "loras"
    for file in sorted(folder.glob("*.safetensors")) if architecture.denoiser == "unet" and folder.is_dir() else ():
        found = few_steps_of(file.stem)
        if found is not None:
            return FastWay(file.stem, FewSteps(found.steps or 4, found.sampler or "lcm", found.guidance))
    return None


def _own(folder: Path) -> Mapping[str, Any]:
    """The model's wordbrush.json, written by its author; most models have none."""
    if (folder / "wordbrush.json").is_file():
        return read_json(folder / "wordbrush.json", part="wordbrush.json")
    return {}


def _defaults(architecture: Architecture, own: Mapping[str, Any], asked: kinds.NoiseDefaults, path: Path) -> Defaults:
    """The author's own defaults, else those of the kind of noise, else the architecture's; but a paint weight
    that was calibrated on this machine takes precedence."""
    side = architecture.side
    guidance = architecture.guidance if asked.guidance is None else asked.guidance
    measured = calibration.read(path)
    weight = own.get("paint_weight", architecture.paint_weight) if measured is None else measured.paint_weight
    try:
        width, height = own.get("size", (side, side))
        defaults = Defaults(
            guidance=float(own.get("guidance", guidance)),
            paint_weight=float(weight),
            size=(int(width), int(height)),
            sampler=str(own.get("sampler", asked.sampler or "dpmpp_2m")),
            steps=int(own.get("steps", asked.steps or 20)),
            fidelity=float(own.get("fidelity", 0.0)),
            preview=_table(own.get("preview") or ()),
            instruct_guidance=float(own["instruct_guidance"]) if "instruct_guidance" in own else None,
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise incomplete("wordbrush.json", "a value in it has the wrong type", details=str(error)) from error
    try:
        for name, value, kind in (
            ("guidance", defaults.guidance, Guidance),
            ("instruct_guidance", defaults.guidance_for(instruction=True), Guidance),
            ("paint_weight", defaults.paint_weight, PaintWeight),
            ("steps", defaults.steps, Steps),
            ("fidelity", defaults.fidelity, Share),
            ("width", defaults.size[0], Side),
            ("height", defaults.size[1], Side),
        ):
            check(value, kind, f"its {name}")
    except Refused as refused:
        raise incomplete("wordbrush.json", f"{refused.message} {refused.hint}".rstrip(".")) from None
    if defaults.sampler not in SAMPLERS:
        raise incomplete("wordbrush.json", f'there is no sampler named "{defaults.sampler}"')
    return defaults


def _learnt(own: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts of a list in wordbrush.json."""
    texts = own.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise incomplete("wordbrush.json", f'its "{key}" is not a list of words')
    return tuple(texts)


def _near(own: Mapping[str, Any]) -> Mapping[str, str]:
    """Names of the model for words that it does not know, from wordbrush.json."""
    near, names = own.get("near", {}), own.get("names", [])
    if not isinstance(near, dict) or not all(name in names for name in near.values()):
        raise incomplete("wordbrush.json", 'its "near" does not give a name of the model for each word')
    return near


def _groups(own: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The model's names in groups, from wordbrush.json."""
    groups, names = own.get("groups", {}), own.get("names", [])
    listed = isinstance(groups, dict) and all(isinstance(group, list) for group in groups.values())
    if not listed or not all(name in names for group in groups.values() for name in group):
        raise incomplete("wordbrush.json", 'its "groups" are not lists of names of the model')
    return tuple((title, tuple(group)) for title, group in groups.items())


def _table(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    table = tuple(tuple(float(value) for value in row) for row in rows)
    if len({len(row) for row in table}) > 1 or any(len(row) % 3 for row in table):
        raise ValueError("the rows of its preview must have equal lengths, a multiple of 3")
    return table


def load(facts: InstalledModel, device: torch.device, way: Way = WHOLE) -> Loader:
    """Loads the model onto `device`: yields (what comes next, fraction done) before each part, returns the family.

    Args:
        way: how it uses the device's memory.

    Raises:
        ModelIncomplete, UnsafeModel, UnsupportedModel: as their names say.
    """
    try:
        return (yield from _placed(facts, device, way))
    except ImportError as error:
        # A class that is not there: a diffusers from before it, or a build without it.
        if not (error.name or "").startswith(("diffusers", "transformers")):
            raise
        raise too_old(architectures()[facts.family], details=str(error)) from error


def _placed(facts: InstalledModel, device: torch.device, way: Way) -> Loader:
    """The family's own loading, in which each part goes where the way has it."""
    from engine.weights.placing import placing

    steps = importlib.import_module(f"engine.models.families.{facts.family}").load(facts, device)
    while True:
        try:
            with placing(way):
                following = next(steps)
        except StopIteration as done:
            family: Family = done.value
            family.adopt(way)
            return family
        yield following
