"""What comes of a distillation, on disk: an LCM-LoRA in diffusers' format, or a whole model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.facts import InstalledModel
from engine.models.architectures import architectures
from engine.training.distillation.networks import SharedLora
from resources import atomic

if TYPE_CHECKING:
    from engine.training.distillation.distiller import DistilPlan


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
