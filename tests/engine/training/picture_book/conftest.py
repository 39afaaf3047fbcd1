"""A tiny store of sprites and backdrops, drawn by the tests themselves: no pack, no network."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw

from engine.training.picture_book.autoencoder import new_autoencoder
from engine.training.picture_book.backdrops import draw_pool
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.shards import compose_shard, encode_shard
from engine.training.picture_book.sprites import SpriteStore

NAMES = ("cat", "balloon", "apple", "fish", "car", "sun", "house", "tree", "sailing boat", "chair")
PACKS = "FNT"
TINTS = {"F": (214, 60, 40, 255), "N": (200, 40, 60, 255), "T": (220, 80, 50, 255)}


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `sprites/` and `backdrops/`, as training has it."""
    folder = tmp_path_factory.mktemp("picture-book")
    drawn = folder / "sprites" / "png"
    drawn.mkdir(parents=True)
    rows = []
    for name in NAMES:
        for pack in PACKS:
            image = Image.new("RGBA", (90, 110))
            ImageDraw.Draw(image).ellipse([2, 2, 88, 108], fill=TINTS[pack])
            file = f"{name.replace(' ', '-')}-{pack}.png"
            image.save(drawn / file)
            rows.append({"noun": name, "pack": pack, "icon": name, "tone": "", "file": file})
    (folder / "sprites" / "index.json").write_text(json.dumps({"drawings": rows}))
    draw_pool(folder / "backdrops", 6, progress=lambda _: None)
    return folder


@pytest.fixture(scope="session")
def sprites(data: Path) -> SpriteStore:
    """The store in `data`."""
    return SpriteStore(data / "sprites")


@pytest.fixture(scope="session")
def made(sprites: SpriteStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `vae/`, and two shards of eight scenes in `latents/`."""
    folder = tmp_path_factory.mktemp("made")
    torch.manual_seed(0)
    model = new_autoencoder().eval()
    model.save_pretrained(folder / "vae")
    for number in range(2):
        shard = folder / "shards" / f"{number:05d}"
        compose_shard(shard, number, Composer(sprites), scenes=8)
        encode_shard(shard, model, torch.device("cpu"))
    return folder


@pytest.fixture
def a_second_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training's clock, on which a step takes a second however busy the machine is."""
    ticks = itertools.count()
    monkeypatch.setattr("engine.training.picture_book.work.worked", lambda _: float(next(ticks)))
