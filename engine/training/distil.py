"""Distils guidance and steps out of a UNet model: `python -m engine.training.distil --from MODEL --data SHARDS`.

By default it makes an LCM-LoRA (arXiv 2311.05556), a small file that lets the model work in 4 steps without guidance.
`--whole` makes a model that takes guidance as an input instead (arXiv 2210.03142), as LCM's checkpoints are (arXiv
2310.04378). It runs on one CPU or GPU, or on several GPUs with `accelerate launch -m engine.training.distil ...`;
--resume continues an interrupted run.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import InstalledModel
from engine.models.families import inspect
from engine.surroundings import own_process
from engine.teaching.accelerator import new_accelerator
from engine.teaching.ending import ended

if TYPE_CHECKING:
    from engine.training.distillation.distiller import DistilPlan

_MINUTES = 60.0
_RATES = {"lora": 1e-3, "large": 1e-4, "whole": 8e-6}
"""Peak learning rates: LoRA layers of a small model, those of a large one, and whole denoisers (the last two LCM's)."""


def main(argv: list[str] | None = None) -> int:
    """Train the student and write it; returns 0 when done, 1 if it failed, 2 for wrong arguments."""
    return ended(lambda: _run(_parser().parse_args(argv)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.training.distil", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--from", dest="model", type=Path, required=True, help="the model's diffusers folder")
    add(
        "--data",
        required=True,
        help="shards of the picture book, or a folder of pictures, each NAME.png with a NAME.txt",
    )
    add("--out", type=Path, required=True, help="folder that the LoRA is written to; with --whole, the new model's")
    add("--whole", action="store_true", help="write a model that takes guidance as an input, instead of a LoRA")
    add(
        "--kind",
        choices=("guided", "consistency", "trajectory"),
        default="consistency",
        help="what is learned: guidance in one pass, as many steps (guided); few steps by comparing neighbouring "
        "levels (consistency); or few steps by comparing with the teacher's whole way (trajectory), quickest for "
        "small models",
    )
    add(
        "--toward",
        choices=("end", "step"),
        default="end",
        help="of a trajectory, its end, or what the guided teacher sees at each step of a short one (--between 1), "
        "which is learned sooner and halves the time of a step",
    )
    add("--device", default="auto", help="auto, cpu, cuda, cuda:N")
    add("--resume", action="store_true", help="continue from the checkpoints in --work")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help=f"minutes of work; {_MINUTES:g} by default")
    length.add_argument("--steps", type=int, help="training steps instead of minutes")
    add("--work", type=Path, default=Path(".work/distil"), help="folder of latents and checkpoints")
    add("--rank", type=int, default=64, help="rank of the LoRA")
    add("--layers", choices=("attention", "all"), default="all", help="which layers the LoRA changes")
    add("--guidance", type=float, nargs=2, metavar=("LOW", "HIGH"), help="guidance to distil; the model's own")
    add("--few", type=int, default=4, help="steps of the student")
    add("--levels", type=int, default=50, help="noise levels of a consistency student")
    add("--skip", type=int, default=1, help="how many of these levels the teacher goes down at once")
    add("--between", type=int, default=5, help="steps of the teacher for each of the student's (trajectory)")
    add("--trajectories", type=int, default=1024, help="how many ways of the teacher are made (trajectory)")
    add("--batch", type=int, default=32, help="examples per step and process")
    add("--rate", type=float, help="peak of the learning rate")
    add("--decay", type=float, default=0.95, help="decay of the average that gives the targets, 0..1")
    add("--seed", type=int, default=0)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    add("--size", help="WxH that pictures are cropped to; the model's own by default")
    return parser


def _run(arguments: argparse.Namespace) -> None:
    _check(arguments)
    facts = inspect(arguments.model)
    _check_model(facts, arguments)
    # Imported late, so that mistakes in the arguments are reported before torch is loaded.
    from engine.models.families.components import load_noise
    from engine.training.batch_sources import batch_source
    from engine.training.distillation.distiller import Distiller
    from engine.training.distillation.networks import SharedLora, load_teacher
    from engine.training.distillation.writing import name_of, write_lora, write_model
    from engine.weights import loading

    noise = load_noise(facts)
    if noise.is_edm:
        raise UnsupportedModel(
            f'"{facts.name}" has no table of noise levels.',
            hint="Choose a model with Stable Diffusion's noise schedule.",
        )
    accelerator = new_accelerator(loading.pick_device(arguments.device))
    members = load_teacher(facts)
    # Identified by content: a model that was trained further keeps its name.
    base = float(sum(w.double().abs().sum() for member in members for w in member.network.state_dict().values()))
    source = batch_source(facts, Path(arguments.data), arguments.work, size=arguments.size, accelerator=accelerator)
    distiller = Distiller(
        members,
        noise,
        source,
        _plan(arguments, facts, painted=source.painted),
        accelerator=accelerator,
        settings={"base": base},
    )
    count = sum(weight.numel() for weight in distiller.trained.parameters())
    accelerator.print(f"{count} weights to train on {accelerator.device}")
    distiller.train(arguments.work / "student", resume=arguments.resume)
    if not accelerator.is_main_process:
        return
    if isinstance(distiller.trained, SharedLora):
        place = arguments.out / f"{name_of(distiller.plan, facts.name)}.safetensors"
        write_lora(distiller.trained, place, model=facts.name)
    else:
        place = arguments.out
        write_model(distiller.trained, place, facts, known=arguments.levels)
    accelerator.print(f"wrote {place}")


def _check(arguments: argparse.Namespace) -> None:
    numbers = (
        "minutes",
        "steps",
        "rank",
        "few",
        "levels",
        "skip",
        "between",
        "trajectories",
        "batch",
        "rate",
    )
    for name in numbers:
        value = getattr(arguments, name)
        if value is not None and not 0 < value < 1e9:  # NaN fails the comparison
            raise BadRequest(f"--{name} is {value:g}.", hint="Give a number above 0.")
    if not 0 <= arguments.decay < 1:
        raise BadRequest(f"--decay is {arguments.decay:g}.", hint="Give a number from 0 to below 1, such as 0.95.")
    if arguments.few > arguments.levels:
        raise BadRequest(
            f"--few {arguments.few} is more than --levels {arguments.levels}.", hint="Give fewer steps, or more levels."
        )
    if arguments.guidance is not None:
        low, high = arguments.guidance
        if not 0 <= low <= high < 1e3:
            raise BadRequest(f"--guidance is {low:g} to {high:g}.", hint="Give the lower one first, such as 3 8.")


def _check_model(facts: InstalledModel, arguments: argparse.Namespace) -> None:
    if not facts.path.is_dir():
        raise BadRequest(
            f'"{facts.name}" is not a diffusers folder.', hint="Give --from a folder with a model_index.json."
        )
    from engine.models.architectures import architectures

    if architectures()[facts.family].denoiser != "unet":
        raise UnsupportedModel(
            f'"{facts.name}" has a transformer, which cannot be distilled here.',
            hint="Choose a model with a UNet, such as Stable Diffusion or SDXL.",
        )
    if arguments.whole and arguments.out.resolve() == facts.path.resolve():
        raise BadRequest("--out is the model's own folder.", hint="Give --out another folder for the new model.")


def _plan(arguments: argparse.Namespace, facts: InstalledModel, *, painted: bool) -> DistilPlan:
    from engine.training.distillation.distiller import DistilPlan

    own = (facts.defaults.guidance, facts.defaults.guidance)
    kind = "whole" if arguments.whole else "lora" if painted else "large"
    return DistilPlan(
        kind=arguments.kind,
        toward=arguments.toward,
        rank=0 if arguments.whole else arguments.rank,
        layers=arguments.layers,
        guidance=own if arguments.guidance is None else tuple(arguments.guidance),
        few=arguments.few,
        known=arguments.levels,
        skip=arguments.skip,
        between=arguments.between,
        trajectories=arguments.trajectories,
        batch=arguments.batch,
        rate=arguments.rate or _RATES[kind],
        decay=arguments.decay,
        steps=arguments.steps,
        minutes=_MINUTES if arguments.steps is None and arguments.minutes is None else arguments.minutes,
        seed=arguments.seed,
        every=arguments.every,
    )


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
