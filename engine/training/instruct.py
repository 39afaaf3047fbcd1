"""Teaches a starter to follow instructions: `python -m engine.training.instruct --from MODEL --out DIR`.

As in InstructPix2Pix (arXiv 2211.09800) it learns from pairs of pictures that Prompt-to-Prompt makes with the model
itself. What is learnt is small: weights for the channels of a picture, and low-rank changes; they go into a folder
"instruct", which makes a model follow instructions when it lies in the model's own. It runs on one CPU or GPU, or on
several GPUs with `accelerate launch -m engine.training.instruct ...`; --resume continues an interrupted run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.errors import BadRequest, UnsupportedModel
from engine.facts import INSTRUCT, InstalledModel
from engine.models.families import inspect
from engine.surroundings import own_process
from engine.teaching.accelerator import new_accelerator
from engine.teaching.ending import ended

_MINUTES = 40.0
_RATE = 3e-3


def main(argv: list[str] | None = None) -> int:
    """Make the pairs, train the adapter and write it; returns 0 when done, 1 if it failed, 2 for wrong arguments."""
    return ended(lambda: _run(_parser().parse_args(argv)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.training.instruct", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--from", dest="model", type=Path, required=True, help="the starter's folder")
    add("--out", type=Path, required=True, help='folder that "instruct" is written into; may be the same')
    add("--device", default="auto", help="auto, cpu, cuda, cuda:N")
    add("--resume", action="store_true", help="continue from the checkpoints in --work")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help=f"minutes of training; {_MINUTES:g} by default")
    length.add_argument("--steps", type=int, help="training steps instead of minutes")
    add("--work", type=Path, default=Path(".work/instruct"), help="folder of pairs and checkpoints")
    add("--shards", type=int, default=20, help="how many times 6 instructions for 3 pictures each are made")
    add("--drawn", type=int, default=30, help="pairs that the world draws, for each shard; 0 for none but drawings")
    add("--rank", type=int, default=2, help="rank of the changes")
    add("--least", type=float, default=0.0, help="leave out changes whose singular value is not above this")
    add("--batch", type=int, default=16, help="examples per step and process")
    add("--rate", type=float, default=_RATE, help="peak of the learning rate")
    add("--seed", type=int, default=0)
    add("--every", type=float, default=120, help="seconds between checkpoints")
    return parser


def _run(arguments: argparse.Namespace) -> None:
    for name in ("minutes", "steps", "shards", "rank", "batch", "rate"):
        value = getattr(arguments, name)
        if value is not None and not 0 < value < 1e9:  # NaN fails the comparison
            raise BadRequest(f"--{name} is {value:g}.", hint="Give a number above 0.")
    if not 0 <= arguments.drawn < 1e6:
        raise BadRequest(f"--drawn is {arguments.drawn}.", hint="Give 0 or more.")
    facts = inspect(arguments.model)
    _check_model(facts)
    # Imported late, so that mistakes in the arguments are reported before torch is loaded.
    import torch

    from engine.lab.segmentation_eval import load_judge
    from engine.models.families.components import load_noise, load_unet
    from engine.models.library import Library
    from engine.training.conditions import Conditions
    from engine.training.instructing.adapter import write_adapter
    from engine.training.instructing.examples import read_pairs
    from engine.training.instructing.pairs import PairMaker, make_pairs
    from engine.training.instructing.trainer import InstructPlan, InstructTrainer
    from engine.weights import loading

    accelerator = new_accelerator(loading.pick_device(arguments.device))
    folder = arguments.work / f"pairs-{arguments.drawn}"
    with accelerator.main_process_first():
        maker = PairMaker(facts, Library(), load_judge(), drawn=arguments.drawn)
        for number in make_pairs(maker, folder, arguments.shards):
            accelerator.print(f"pairs: {number + 1} of {arguments.shards} shards")
    base = load_unet(facts, device=torch.device("cpu"), dtype=torch.float32)
    trainer = InstructTrainer(
        base,
        load_noise(facts),
        Conditions.load(facts.path),
        read_pairs(folder, arguments.shards),
        InstructPlan(
            rank=arguments.rank,
            batch=arguments.batch,
            rate=arguments.rate,
            steps=arguments.steps,
            minutes=_MINUTES if arguments.steps is None and arguments.minutes is None else arguments.minutes,
            seed=arguments.seed,
            every=arguments.every,
        ),
        accelerator=accelerator,
        # Identified by content: a model that was trained further keeps its name.
        settings={"base": float(sum(each.double().abs().sum() for each in base.state_dict().values()))},
    )
    accelerator.print(f"{sum(each.numel() for each in trainer.trained.parameters())} weights to train")
    trainer.train(arguments.work / "adapter", resume=arguments.resume)
    if accelerator.is_main_process:
        write_adapter(trainer.trained, arguments.out / INSTRUCT, model=facts.name, least=arguments.least)
        accelerator.print(f"wrote {arguments.out / INSTRUCT}")


def _check_model(facts: InstalledModel) -> None:
    if not facts.path.is_dir():
        raise BadRequest(
            f'"{facts.name}" is not a diffusers folder.', hint="Give --from a folder with a model_index.json."
        )
    if facts.needs_picture:
        raise UnsupportedModel(f'"{facts.name}" follows instructions already.', hint="Choose the model it was made of.")
    if facts.encoders != ("clip", "t5") or not facts.names:
        raise UnsupportedModel(
            f'"{facts.name}" is not a starter that was trained on the world.',
            hint="Train one with engine.training.picture_book.",
        )


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
