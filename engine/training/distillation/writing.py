"""What comes of a distillation, on disk: an LCM-LoRA in diffusers' format, or a whole model; and sheets to look at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.sampling.loop import SeededNoise, WalkStep, sample
from engine.sampling.schedule import SigmaSchedule
from engine.training.distillation.networks import SharedLora
from engine.training.distillation.trajectories import WALKED
from engine.training.training_batches import TrainingBatch
from resources import atomic

if TYPE_CHECKING:
    from engine.training.distillation.distiller import Distiller, DistilPlan


def name_of(plan: DistilPlan, model: str) -> str:
    """The name of a LoRA's file, by which programs, ours among them, tell what settings it asks for."""
    return f"{model}-{'guidance-distilled' if plan.walks else 'lcm'}-{plan.few}-steps"


def write_lora(lora: SharedLora, file: Path, *, model: str) -> None:
    """Write a LoRA in float16 under diffusers' names, with what it is said of it in the metadata.

    Args:
        file: see `name_of`. model: the name of the model that it was made for.

    Raises:
        OSError: it cannot be written.
    """
    from safetensors.torch import save_file

    tensors = {}
    for layer, down, up in zip(lora.layers, lora.down, lora.up, strict=True):
        tensors[f"unet.{layer}.lora_A.weight"] = down.detach().half().cpu().contiguous()
        tensors[f"unet.{layer}.lora_B.weight"] = up.detach().half().cpu().contiguous()
    told = {
        "format": "pt",
        "modelspec.title": file.stem,
        "ss_output_name": file.stem,
        "ss_sd_model_name": model,
        "ss_network_dim": str(lora.rank),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    with atomic.replacing(file) as new:
        save_file(tensors, new, metadata=told)
    file.chmod(0o644)


def write_model(network: Any, folder: Path, facts: InstalledModel, *, known: int) -> None:
    """Write a student that takes guidance as an input: the model's folder with its denoiser and an LCM scheduler.

    Stock `LatentConsistencyModelPipeline` loads it. Experts are left out: the student does the work of all of them.

    Args:
        folder: must not be the model's own. known: levels that the student was taught.

    Raises:
        OSError: it cannot be written.
    """
    from diffusers import LCMScheduler

    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    left_out = {"unet", "scheduler", "experts", "loras"}
    for each in facts.path.iterdir():
        if each.is_dir() and each.name not in left_out:
            shutil.copytree(each, half / each.name)
    index = json.loads((facts.path / "model_index.json").read_text())
    index["scheduler"] = ["diffusers", "LCMScheduler"]
    index["_class_name"] = architectures()[facts.family].guided_pipeline or index["_class_name"]
    atomic.write_text(half / "model_index.json", json.dumps(index, indent=2) + "\n")
    own = facts.path / "wordbrush.json"
    if own.is_file():
        kept = json.loads(own.read_text())
        few = {"steps": 4, "sampler": "lcm", "name": folder.name}
        kept = {name: value for name, value in kept.items() if name != "experts"} | few
        atomic.write_text(half / "wordbrush.json", json.dumps(kept) + "\n")
    network.half().save_pretrained(half / "unet", safe_serialization=True)
    config = json.loads((facts.config / "scheduler" / "scheduler_config.json").read_text())
    LCMScheduler.from_config(config, original_inference_steps=known).save_pretrained(half / "scheduler")
    for file in half.rglob("*.safetensors"):
        file.chmod(0o644)
    shutil.rmtree(folder, ignore_errors=True)
    half.replace(folder)


def sheet_of(conditions: Any, autoencoder: Any) -> Callable[[Distiller, Path], None]:
    """Return a function that writes a sheet for a `Distiller` of the starter: held-out scenes; what the teacher makes
    of them in all its steps, painted; and what the student makes of them in few."""
    from engine.training.conditions import REFERENCE_SIDE, EncoderInputs
    from engine.training.contact_sheets import held_out, painted_cells, to_rgb, write_sheet

    def write(distiller: Distiller, file: Path, count: int = 8) -> None:
        renders = held_out(count)
        device = distiller.accelerator.device
        both = torch.ones(count, dtype=torch.bool)
        inputs = EncoderInputs(
            prompts=[render.caption for render in renders],
            clip=both,
            t5=both,
            references=torch.zeros(count, 3, REFERENCE_SIDE, REFERENCE_SIDE),
            styled=~both,
        )
        with torch.no_grad():
            context, token_bias = conditions(inputs.to(device))
        noise = torch.randn(
            count, autoencoder.config.latent_channels, 16, 16, generator=torch.Generator().manual_seed(0)
        )
        noise = noise.to(device)
        batch = TrainingBatch(
            clean=noise,
            context=context,
            token_bias=token_bias,
            paint=painted_cells(renders, conditions, context.shape[1]).to(device),
            weight=torch.ones(count, device=device),
        )
        rows = [np.stack([render.rgb for render in renders])]
        whole = distiller.follow(noise, batch).end
        for latents in (whole, few_steps(distiller, noise, batch)):
            with torch.no_grad():
                rows.append(to_rgb(autoencoder.decode(latents.float() / autoencoder.config.scaling_factor).sample))
        write_sheet(file, rows)

    return write


@torch.no_grad()
def few_steps(distiller: Distiller, noise: Tensor, batch: TrainingBatch) -> Tensor:
    """Latents `[B, C, h, w]` that the student makes in few steps by its own sampler, with the trained weights.

    Args:
        noise: unit noise of that shape, which it begins from.
    """
    scale = torch.full((len(noise),), sum(distiller.plan.guidance) / 2, device=noise.device)
    sigmas = [float(((1 - alpha) / alpha).sqrt()) for alpha in distiller.alphas[distiller.few]]
    walk = SigmaSchedule((*sigmas, 0.0), tuple(map(float, distiller.few)), (1 + sigmas[0] ** 2) ** 0.5)

    def denoise(x: Tensor, step: WalkStep) -> Tensor:
        time = distiller.few[step.index]
        noisy = x * distiller.alphas[time].sqrt()
        with distiller.accelerator.autocast():
            return distiller.student_x0(noisy, torch.full((len(x),), time, device=x.device), batch, scale)

    fresh = SeededNoise(range(len(noise)), tuple(noise.shape[1:]), noise.device)
    *_, last = sample(WALKED if distiller.plan.walks else "lcm", walk, denoise, fresh, latent=noise * walk.start)
    return last.x
