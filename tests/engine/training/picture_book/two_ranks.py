"""Trains a narrow denoiser in two processes; MADE DATA OUT are its arguments; writes the sums of their weights."""

from __future__ import annotations

import itertools
import os
import socket
import sys
from pathlib import Path


def _train(made: Path, data: Path, out: Path) -> None:
    import torch

    from engine.training.picture_book import denoiser, work
    from tests.engine.training.picture_book.narrow import narrow_unet

    torch.set_num_threads(1)
    denoiser.new_unet = narrow_unet
    denoiser._APART = 2
    denoiser._judge = lambda *_: None
    # Clocks that disagree: the second process would stop after half of the steps.
    ticks = itertools.count()
    work.worked = lambda _: float(next(ticks) * (1 + int(os.environ["RANK"])))
    trainer = denoiser.train(
        made / "shards", made / "vae", data, out,
        side=16, minutes=6 / 60, device=torch.device("cpu"), resume=False, batch=2,
    )  # fmt: skip
    total = sum(float(each.double().abs().sum()) for each in trainer.unet.parameters())
    (out / f"rank-{os.environ['RANK']}.txt").write_text(f"{total:.9g}")


def main(made: str, data: str, out: str) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ.update(WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    children = []
    for rank in range(2):
        child = os.fork()
        if child == 0:
            os.environ["RANK"] = str(rank)
            _train(Path(made), Path(data), Path(out))
            sys.stdout.flush()
            os._exit(0)
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
