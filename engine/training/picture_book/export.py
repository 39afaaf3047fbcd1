"""Writes the picture book as a model folder: `python -m engine.training.picture_book.export --model DIR --vae DIR ...`.

It can be done at any time of the training, to try in the program what there is.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel

from engine.facts import STYLES
from engine.training.conditions import Conditions
from engine.training.export import export, fit_preview
from engine.training.picture_book.backdrops import SIZE
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.shards import ShardStore
from engine.training.picture_book.stuff import TEXTURES
from engine.training.picture_book.vocabulary import names, other_words, synonyms

_DEFAULTS = {
    "name": "starter",
    "size": [SIZE, SIZE],
    "steps": 20,
    "sampler": "dpmpp_2m",
    "guidance": 3.0,
    "instruct_guidance": 6.0,
    "paint_weight": 1.0,
    "fidelity": 0.5,
}
"""The model's own defaults, which the engine reads from `wordbrush.json`."""

_SHOWN = 400
"""Scenes that the preview is fitted to."""


def own_facts() -> dict[str, Any]:
    """What `wordbrush.json` says beside the preview: defaults, names, and other words."""
    words = dict.fromkeys(part for text in (*synonyms(), *other_words()) for part in (text, *text.split()))
    groups: dict[str, list[str]] = {}
    for noun in nouns().values():
        groups.setdefault(noun.category.capitalize(), []).append(noun.name)
    groups["Landscape"] = list(TEXTURES)
    known = {"names": names(), "groups": groups, "words": [word for word in words if word not in names()]}
    return {**_DEFAULTS, **known}


def write_model(folder: Path, *, model: Path, vae: Path, store: ShardStore) -> None:
    """Write the model folder.

    Args:
        model: the denoiser and its encoders, as training writes them. vae: the autoencoder, perhaps with a polished
            decoder. store: scenes that it was trained on.
    """
    examples = range(min(_SHOWN, len(store)))
    latents = torch.from_numpy(np.stack([store[index].latents for index in examples]))
    preview = fit_preview(latents, np.stack([store.thumb(index) for index in examples]))
    export(
        folder,
        unet=UNet2DConditionModel.from_pretrained(model / "unet", use_safetensors=True),
        conditions=Conditions.load(model),
        autoencoder=AutoencoderTiny.from_pretrained(vae, use_safetensors=True),
        preview=preview,
        own=own_facts(),
    )
    if (model / STYLES).is_dir():
        shutil.copytree(model / STYLES, folder / STYLES, dirs_exist_ok=True)


def main(argv: list[str] | None = None) -> int:
    """Write the folder; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.export", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--model", type=Path, required=True, help="model/ of the denoiser's training")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder, polished or not")
    parser.add_argument("--latents", type=Path, required=True, help="folder of shards that the denoiser was trained on")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args(argv)
    write_model(arguments.out, model=arguments.model, vae=arguments.vae, store=ShardStore(arguments.latents))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
