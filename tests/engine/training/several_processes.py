"""Runs the training of experts on several processes, as `torchrun` starts them: MODEL DATA DIR are its arguments.

Torch is loaded once, and each process is a fork of this one. It prints what the ranks said, and ends with their codes.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from engine.surroundings import own_process

CUT = 9
"""The exit code of a process that is cut off."""


def launch(processes: int, arguments: list[str], *, cut_in_draw: int | None = None) -> list[int]:
    """Run the command on so many processes at once; returns their exit codes. `cut_in_draw` ends all in that draw."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    children = []
    for rank in range(processes):
        child = os.fork()
        if child == 0:
            where = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": processes, "LOCAL_WORLD_SIZE": processes}
            if processes > 1:
                os.environ.update({name: str(value) for name, value in where.items()})
                os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), ACCELERATE_USE_CPU="true")
            os._exit(_run(arguments, cut_in_draw))
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _run(arguments: list[str], cut_in_draw: int | None) -> int:
    from engine.training import expert_trainer, experts

    expert_trainer._JUDGED = 1
    if cut_in_draw is not None:
        real, drawn = expert_trainer.ExpertTrainer._draw, []

        def draw(self, node, seed):
            drawn.append(seed)
            if len(drawn) > cut_in_draw:
                os._exit(CUT)
            return real(self, node, seed)

        expert_trainer.ExpertTrainer._draw = draw
    code = experts.main(arguments)
    sys.stdout.flush()
    return code


def main(model: str, data: str, folder: str) -> None:
    import torch

    from engine.training import experts  # noqa: F401
    from engine.training.captioned_dataset import folder_batches  # noqa: F401  (loaded once, for all forks)

    torch.set_num_threads(1)

    def arguments(name: str, *more: str) -> list[str]:
        work = Path(folder) / name
        given = ["--from", model, "--data", data, "--out", str(work / "out"), "--work", str(work), "--device", "cpu"]
        return [*given, "--size", "64x64", "--batch", "2", "--steps", "8", "--rank", "2", "--every", "0", *more]

    codes = [launch(2, arguments("two"))]
    codes.append(launch(2, arguments("cut"), cut_in_draw=6))
    codes.append(launch(1, arguments("cut", "--resume")))
    print(codes)


if __name__ == "__main__":
    own_process()
    main(*sys.argv[1:])
