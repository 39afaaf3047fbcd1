"""Trains the starter model from scratch: `python -m engine.training.starter --out DIR --minutes N --resume`.

The stages, each with its share of the minutes, are the segmenter (which serves as judge and as the autoencoder's
perceptual loss), the autoencoder, the denoiser with its encoders, the adversarial polish of the decoder, and the
segmenter again on decoded pictures. --resume continues an interrupted run.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from engine.surroundings import own_process
from engine.training.data import load_or_draw
from engine.training.training_loop import pick_device

SHARES = {"segmenter": 0.1, "autoencoder": 0.21, "denoiser": 0.53, "polish": 0.11, "judge": 0.05}
"""How the minutes are divided."""


def main(argv: list[str] | None = None) -> int:
    """Run all stages that are not done yet and write the model folder."""
    parser = argparse.ArgumentParser(prog="python -m engine.training.starter", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder that the model is written to")
    parser.add_argument("--minutes", type=float, default=120, help="minutes of work, all stages together")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:N")
    parser.add_argument("--resume", action="store_true", help="continue from the checkpoints in --work")
    parser.add_argument(
        "--work", type=Path, default=Path(".work/starter"), help="folder of renders, checkpoints and sample sheets"
    )
    parser.add_argument("--pictures", type=int, default=8000, help="renders to train on")
    parser.add_argument(
        "--warm", type=Path, help="folder of an earlier starter that training begins with; its segmenter lies beside it"
    )
    parser.add_argument("--until", choices=list(SHARES), default="judge", help="last stage to run")
    arguments = parser.parse_args(argv)

    device = pick_device(arguments.device)
    workers = os.cpu_count() or 1
    torch.set_num_threads(workers)
    work, minutes = arguments.work, {stage: share * arguments.minutes for stage, share in SHARES.items()}
    data = load_or_draw(
        work / "world", arguments.pictures, workers=workers, progress=lambda text: print(text, flush=True)
    )
    common = {"device": device, "resume": arguments.resume, "warm": arguments.warm}

    # Imported stage by stage, so that the first does not wait for the libraries of the others.
    from engine.scoring.segmenter import save
    from engine.training.segmenter import accuracy, train_judge, train_segmenter

    judge = train_segmenter(data, work, minutes=minutes["segmenter"], **common)
    save(judge, arguments.out.parent / "segmenter")
    print(f"segmenter: {accuracy(judge):.4f} of the pixels of unseen renders are right", flush=True)
    if arguments.until == "segmenter":
        return 0

    from engine.training.autoencoder import polish_decoder, train_autoencoder

    autoencoder = train_autoencoder(data, judge, work, minutes=minutes["autoencoder"], **common)
    if arguments.until == "autoencoder":
        return 0

    from engine.training.denoiser import encode_all, train_denoiser
    from engine.training.export import export, fit_preview

    unet, conditions = train_denoiser(data, autoencoder, work, minutes=minutes["denoiser"], **common)
    latents = encode_all(data, autoencoder, work, device)
    # The latents of the mirror images come after all others.
    shown = min(400, len(data))
    preview = fit_preview(latents[:shown], data.rgb[:shown])
    parts = {"unet": unet, "conditions": conditions, "preview": preview}
    export(arguments.out, autoencoder=autoencoder, **parts)
    if arguments.until == "denoiser":
        return 0

    timed = {"device": device, "resume": arguments.resume}
    polished = polish_decoder(autoencoder, data, latents, judge, work, minutes=minutes["polish"], **timed)
    export(arguments.out, autoencoder=polished, **parts)
    if arguments.until == "polish":
        return 0

    judge = train_judge(judge, data, polished, latents, work, minutes=minutes["judge"], **timed)
    save(judge, arguments.out.parent / "segmenter")
    print(f"judge: {accuracy(judge):.4f} of the pixels of unseen renders are right", flush=True)
    return 0


if __name__ == "__main__":
    own_process()
    raise SystemExit(main())
