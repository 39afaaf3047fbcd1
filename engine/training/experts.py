"""Branches a trained denoiser into experts: `python -m engine.training.experts --from MODEL --data SHARDS --out DIR`.

As in eDiff-I (arXiv 2211.01324, section 4.1), a binary tree over the noise levels grows at its two ends, which results
in one expert for high noise, one for low noise and one for the range between. Each expert is a LoRA of the base or a
whole denoiser. Training runs on one CPU or GPU, or on several GPUs or machines with
`accelerate launch -m engine.training.experts ...`. --resume continues an interrupted run, on any number of processes:
each step's examples stay those of as many processes as it was begun on.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BadRequest
from engine.facts import InstalledModel
from engine.models.families import inspect
from engine.surroundings import own_process
from engine.teaching.ending import ended
from engine.weights.files import read_json
from resources import atomic

if TYPE_CHECKING:
    from engine.training.expert_trainer import ExpertTrainer
    from engine.training.expert_tree import Node

_MINUTES = 60.0
_RATES = {"small": 1.5e-3, "folder": 2e-4, "whole": 1e-4}
"""Peak learning rates: for LoRA layers of a small model, of a large one, and for whole denoisers."""


def main(argv: list[str] | None = None) -> int:
    """Train the experts and write them; returns 0 when done, 1 if it failed, 2 for wrong arguments."""
    return ended(lambda: _run(_parser().parse_args(argv)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.training.experts", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--from", dest="model", type=Path, required=True, help="the trained model's diffusers folder")
    add(
        "--data",
        required=True,
        help="shards of the picture book, or a folder of pictures, each NAME.png with a NAME.txt",
    )
    add(
        "--out",
        type=Path,
        required=True,
        help="folder that experts/ and wordbrush.json are written to; may be the same",
    )
    add("--device", default="auto", help="auto, cpu, cuda, cuda:N")
    add("--resume", action="store_true", help="continue from the checkpoints in --work")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help=f"minutes of work, all experts together; {_MINUTES:g} by default")
    length.add_argument("--steps", type=int, help="training steps instead of minutes, all experts together")
    add("--work", type=Path, default=Path(".work/experts"), help="folder of latents and checkpoints")
    add("--rank", type=int, default=8, help="rank of the LoRA layers")
    add("--layers", choices=("attention", "all"), default="all", help="which layers the LoRAs change")
    add("--whole", action="store_true", help="train and write whole denoisers instead of LoRAs")
    add("--depth", type=int, default=2, help="halvings of the noise levels; each end owns 1 / 2^depth of them")
    add("--batch", type=int, default=32, help="examples per step and process")
    add("--rate", type=float, help="peak of the learning rate")
    add("--seed", type=int, default=0)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    add("--size", help="WxH that pictures are cropped to; the model's own by default")
    return parser


def _run(arguments: argparse.Namespace) -> None:
    _check(arguments)
    facts = inspect(arguments.model)
    if not facts.path.is_dir():
        raise BadRequest(
            f'"{facts.name}" is not a diffusers folder.', hint="Give --from a folder with a model_index.json."
        )
    # Imported late, so that mistakes in the arguments are reported before torch is loaded.
    import torch

    from engine.models.families.components import load_noise, load_unet
    from engine.teaching.accelerator import new_accelerator
    from engine.training.batch_sources import batch_source
    from engine.training.expert_trainer import ExpertTrainer, Plan, train_tree
    from engine.training.expert_tree import entries, grow
    from engine.weights import loading

    noise = load_noise(facts)
    nodes = grow(noise, arguments.depth)
    accelerator = new_accelerator(loading.pick_device(arguments.device))
    unet = load_unet(facts, device=torch.device("cpu"), dtype=torch.float32)
    # Identified by content: a model that was trained further keeps its name.
    base = float(sum(weight.double().abs().sum() for weight in unet.state_dict().values()))
    source = batch_source(facts, Path(arguments.data), arguments.work, size=arguments.size, accelerator=accelerator)
    kind = "whole" if arguments.whole else "small" if source.painted else "folder"
    minutes = _MINUTES if arguments.steps is None and arguments.minutes is None else arguments.minutes
    plan = Plan(
        rank=0 if arguments.whole else arguments.rank,
        layers=arguments.layers,
        batch=arguments.batch,
        rate=arguments.rate or _RATES[kind],
        steps=arguments.steps,
        minutes=minutes,
        seed=arguments.seed,
        every=arguments.every,
    )
    trainer = ExpertTrainer(unet, noise, source, plan, accelerator=accelerator, settings={"base": base})
    count = sum(weight.numel() for weight in trainer.trained.parameters())
    accelerator.print(f"{count} weights for each of {', '.join(node.name for node in nodes)} on {accelerator.device}")
    train_tree(
        trainer,
        nodes,
        arguments.work / "experts",
        resume=arguments.resume,
        finished=lambda node: _write_half(trainer, node, arguments.out),
    )
    if accelerator.is_main_process:
        put_in_place(arguments.out, facts, entries(nodes))
    accelerator.print(f"wrote {arguments.out}/experts and wordbrush.json")


def _check(arguments: argparse.Namespace) -> None:
    for name in ("minutes", "steps", "rank", "batch", "rate"):
        value = getattr(arguments, name)
        if value is not None and not 0 < value < 1e9:  # NaN fails the comparison
            raise BadRequest(f"--{name} is {value:g}.", hint="Give a number above 0.")


def _half(out: Path, name: str) -> Path:
    return out / "experts" / f"{name}.half"


def _write_half(trainer: ExpertTrainer, node: Node, out: Path) -> None:
    """Write a finished expert next to its final place; `put_in_place` moves it there."""
    from engine.training.lora_layers import LoraLayers

    if not trainer.accelerator.is_main_process:
        return
    half = _half(out, node.name)
    shutil.rmtree(half, ignore_errors=True)
    if isinstance(trainer.trained, LoraLayers):
        trainer.trained.write(half)
    else:
        import copy

        copy.deepcopy(trainer.expert_model.unet).half().save_pretrained(half, safe_serialization=True)
    for file in half.iterdir():
        # safetensors makes its files readable only for their owner, which is wrong for an installed model.
        file.chmod(0o644)


def put_in_place(out: Path, facts: InstalledModel, experts: list[dict[str, Any]]) -> None:
    """Move the written experts to their places and list them in `out`/wordbrush.json; its other keys are the model's.

    Raises:
        OSError: something cannot be written. ModelIncomplete: the model's wordbrush.json is damaged.
    """
    for entry in experts:
        place = out / "experts" / entry["name"]
        shutil.rmtree(place, ignore_errors=True)
        _half(out, entry["name"]).replace(place)
    source = facts.path / "wordbrush.json"
    own = read_json(source, part="wordbrush.json") if source.is_file() else {}
    atomic.write_text(out / "wordbrush.json", json.dumps({**own, "experts": experts}) + "\n")


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
