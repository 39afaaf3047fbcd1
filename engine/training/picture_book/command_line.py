"""Command line options that the picture book's two trainings share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from engine.training.training_loop import pick_device


def training_parser(
    module: str, documentation: str | None, *, folder: str, rate: float, batch: int
) -> argparse.ArgumentParser:
    """A parser with the options that `training_options` reads, and --out.

    Args:
        module: the name of the training's module in this package.
        documentation: the module's docstring; its first line is the description.
        folder: the folder of the weights in --out. rate, batch: the training's defaults.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m engine.training.picture_book.{module}", description=(documentation or "").split("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True, help=f"folder for checkpoints, log, sheets and {folder}")
    parser.add_argument("--minutes", type=float, default=600, help="minutes of work, including those of earlier runs")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoint in --out")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N")
    parser.add_argument("--rate", type=float, default=rate, help="peak of the learning rate")
    parser.add_argument("--batch", type=int, default=batch, help="examples per step")
    return parser


def training_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments of `train` that both trainings take: minutes, device, resume, peak and batch."""
    return {
        "minutes": arguments.minutes,
        "device": pick_device(arguments.device),
        "resume": arguments.resume,
        "peak": arguments.rate,
        "batch": arguments.batch,
    }
