"""Encoded compositions for the denoiser's training: latents, areas and facts, in shards of 500 scenes.

`python -m engine.training.picture_book.shards --data DIR --vae DIR/ae/vae --out DIR/shards --shards 20` adds what is
missing: scenes, and their latents by one autoencoder. A running training uses new shards after it is restarted.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from PIL import Image

from engine.training.picture_book.backdrops import SIZE, BackdropPool
from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.captions import Mention
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.errors import StoreError
from engine.training.picture_book.finish import in_style
from engine.training.picture_book.folders import put_in_place
from engine.training.picture_book.sprites import SpriteStore
from engine.training.picture_book.styles import GROUP
from engine.training.training_loop import pick_device
from resources import atomic

SCENES = 500
"""Scenes per shard, by default; a multiple of the size of style groups."""

SIDE = 32
"""Width and height of the latents of a whole picture."""

THUMB = 128
"""A reference's width and height in pixels."""

_SMALLEST = 0.002
"""Captions do not mention parts that cover a smaller share of the picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """One scene of the store.

    Attributes:
        latents: float16 `[C, side, side]`. parts: the parts that a caption can mention.
        areas: float32 `[parts, 32, 32]`, the share of each cell that is seen of a part, 0..1.
        extents: the same with what other things hide of it. squares: int `[parts, 3]`, see `canvas.Part`.
    """

    latents: np.ndarray
    parts: list[Mention]
    areas: np.ndarray
    extents: np.ndarray
    squares: np.ndarray


def is_store(folder: Path) -> bool:
    """Whether a folder holds encoded shards."""
    return any(folder.glob("[0-9]*/latents.npy"))


class ShardStore:
    """All shards of a folder, memory-mapped.

    Raises:
        StoreError: there are none.
    """

    def __init__(self, folder: Path) -> None:
        self._shards = []
        for shard in sorted(file.parent for file in folder.glob("[0-9]*/latents.npy")):
            names = ("latents", "areas", "extents", "squares", "thumbs")
            arrays = {name: np.load(shard / f"{name}.npy", mmap_mode="r") for name in names}
            facts = json.loads((shard / "facts.json").read_text())
            ends = np.cumsum([0, *(len(parts) for parts in facts["parts"])])
            self._shards.append((arrays, facts, ends))
        if not self._shards:
            raise StoreError(f"{folder} holds no shards; run engine.training.picture_book.shards")
        self._scenes = [(number, at) for number, shard in enumerate(self._shards) for at in range(len(shard[2]) - 1)]

    def __len__(self) -> int:
        return len(self._scenes)

    def seed(self, index: int) -> int:
        """The seed of a scene."""
        number, at = self._scenes[index]
        return int(self._shards[number][1]["first"]) + at

    def __getitem__(self, index: int) -> Example:
        number, at = self._scenes[index]
        arrays, facts, ends = self._shards[number]
        rows = slice(ends[at], ends[at + 1])
        return Example(
            latents=np.array(arrays["latents"][at]),
            parts=[Mention(**part) for part in facts["parts"][at]],
            areas=arrays["areas"][rows].astype(np.float32) / 255,
            extents=arrays["extents"][rows].astype(np.float32) / 255,
            squares=np.array(arrays["squares"][rows]),
        )

    def thumb(self, index: int) -> np.ndarray:
        """The scene's picture, uint8 `[128, 128, 3]`."""
        number, at = self._scenes[index]
        return np.array(self._shards[number][0]["thumbs"][at])

    def reference(self, index: int, rng: np.random.Generator) -> np.ndarray:
        """Another picture in the scene's style, uint8 `[128, 128, 3]`."""
        number, at = self._scenes[index]
        first = at // GROUP * GROUP
        other = int(rng.choice([each for each in range(first, first + GROUP) if each != at]))
        return np.array(self._shards[number][0]["thumbs"][other])


def captioned_parts(scene: Scene) -> list[int]:
    """The numbers of the parts that are large enough for a caption to mention."""
    return [number for number, part in enumerate(scene.parts) if part.area.mean() >= _SMALLEST]


def cell_areas(areas: Sequence[np.ndarray], side: int) -> np.ndarray:
    """The share of each cell that each area covers: n of bool `[512, 512]` -> float32 `[n, side, side]`, 0..1."""
    step = SIZE // side
    if not areas:
        return np.zeros((0, side, side), np.float32)
    return np.stack(areas).reshape(len(areas), side, step, side, step).mean((2, 4), np.float32)


def _bytes(areas: Sequence[np.ndarray]) -> np.ndarray:
    return np.round(255 * cell_areas(areas, SIDE)).astype(np.uint8)


def compose_shard(folder: Path, number: int, composer: Composer, scenes: int = SCENES) -> None:
    """Compose one shard: pictures, areas, squares and facts."""
    first = number * scenes
    pictures, thumbs, areas, extents, facts = [], [], [], [], []
    squares: list[tuple[int, int, int]] = []
    for seed in range(first, first + scenes):
        scene = composer(seed)
        image = Image.fromarray(in_style(scene, seed))
        pictures.append(np.asarray(image))
        thumbs.append(np.asarray(image.resize((THUMB, THUMB), Image.Resampling.BOX)))
        captioned = [scene.parts[number] for number in captioned_parts(scene)]
        facts.append([asdict(Mention(name=part.name, colour=part.colour, group=part.group)) for part in captioned])
        areas.append(_bytes([part.area for part in captioned]))
        extents.append(_bytes([part.extent for part in captioned]))
        squares += [part.square for part in captioned]

    def write(new: Path) -> None:
        new.mkdir(parents=True)
        arrays = {
            "pictures": np.stack(pictures),
            "thumbs": np.stack(thumbs),
            "areas": np.concatenate(areas),
            "extents": np.concatenate(extents),
            "squares": np.array(squares, np.int16).reshape(-1, 3),
        }
        for name, array in arrays.items():
            np.save(new / f"{name}.npy", array)
        (new / "facts.json").write_text(json.dumps({"first": first, "parts": facts}))

    put_in_place(folder, write)


@torch.inference_mode()
def encode_shard(folder: Path, model: AutoencoderTiny, device: torch.device) -> None:
    """Add the latents of a composed shard's pictures."""
    latents = []
    for rgb in np.load(folder / "pictures.npy", mmap_mode="r"):
        picture = torch.from_numpy(np.array(rgb)).permute(2, 0, 1)[None].float().to(device) / 127.5 - 1
        with torch.autocast(device.type, torch.bfloat16):
            encoded = model.encode(picture.contiguous(memory_format=torch.channels_last)).latents
        latents.append((encoded[0].float() * model.config.scaling_factor).half().cpu().numpy())
    with atomic.replacing(folder / "latents.npy") as new, new.open("wb") as file:
        np.save(file, np.stack(latents))


def main(argv: list[str] | None = None) -> int:
    """Compose and encode the missing shards; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.shards", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/ and backdrops/")
    parser.add_argument("--vae", type=Path, help="the autoencoder's folder; without it, shards are composed alone")
    parser.add_argument("--out", type=Path, required=True, help="folder of the shards")
    parser.add_argument("--shards", type=int, default=20, help="the number of shards in all, with 500 scenes each")
    parser.add_argument("--crowded", action="store_true", help="more things, in any colours, for the judge alone")
    parser.add_argument("--device", default="auto")
    arguments = parser.parse_args(argv)
    device = pick_device(arguments.device)
    sprites, pool = SpriteStore(arguments.data / "sprites"), BackdropPool(arguments.data / "backdrops")
    composer = Composer(sprites, pool, crowded=arguments.crowded)
    model = None
    if arguments.vae is not None:
        model = AutoencoderTiny.from_pretrained(arguments.vae, use_safetensors=True).eval()
        model = model.to(device, memory_format=torch.channels_last)
    for number in range(arguments.shards):
        shard = arguments.out / f"{number:05d}"
        if not shard.is_dir():
            compose_shard(shard, number, composer)
            print(f"shard {number + 1} of {arguments.shards} is composed", flush=True)
        if model is not None and not (shard / "latents.npy").exists():
            encode_shard(shard, model, device)
            print(f"shard {number + 1} of {arguments.shards} is encoded", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
