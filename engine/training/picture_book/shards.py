"""Encoded compositions for the denoiser's training: latents, areas and facts, in shards of 500 scenes.

`python -m engine.training.picture_book.shards --data DIR --vae DIR/ae/vae --out DIR/latents-32 --side 32 --shards 20`
adds the shards that are missing; a running training uses new ones after it is restarted.
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

SCENES = 500
"""Scenes per shard, by default; a multiple of the size of style groups."""

THUMB = 128
"""A reference's width and height in pixels."""

_SMALLEST = 0.002
"""Captions do not mention parts that cover a smaller share of the picture."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """One scene of the store.

    Attributes:
        latents: float16 `[C, side, side]`. parts: the parts that a caption can mention.
        areas: float32 `[parts, side, side]`, the share of each cell that a part covers, 0..1.
    """

    latents: np.ndarray
    parts: list[Mention]
    areas: np.ndarray


class ShardStore:
    """All shards of a folder, memory-mapped.

    Raises:
        StoreError: there are none, or their latents have another side.
    """

    def __init__(self, folder: Path, side: int) -> None:
        self.side = side
        self._shards = []
        for shard in sorted(path for path in folder.glob("[0-9]*") if path.name.isdigit()):
            arrays = {name: np.load(shard / f"{name}.npy", mmap_mode="r") for name in ("latents", "areas", "thumbs")}
            facts = json.loads((shard / "facts.json").read_text())
            if arrays["latents"].shape[-1] != side:
                raise StoreError(f"{shard} holds latents of side {arrays['latents'].shape[-1]}, not of {side}")
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
        return Example(
            latents=np.array(arrays["latents"][at]),
            parts=[Mention(**part) for part in facts["parts"][at]],
            areas=arrays["areas"][ends[at] : ends[at + 1]].astype(np.float32) / 255,
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


@torch.inference_mode()
def make_shard(
    folder: Path,
    number: int,
    composer: Composer,
    model: AutoencoderTiny,
    side: int,
    device: torch.device,
    scenes: int = SCENES,
) -> None:
    """Compose and encode one shard; for latents of half the side, pictures are halved in size."""
    pixels, first = 16 * side, number * scenes
    latents, areas, thumbs, facts = [], [], [], []
    for seed in range(first, first + scenes):
        scene = composer(seed)
        image = Image.fromarray(in_style(scene, seed))
        thumbs.append(np.asarray(image.resize((THUMB, THUMB), Image.Resampling.BOX)))
        small = image if pixels == SIZE else image.resize((pixels, pixels), Image.Resampling.BOX)
        picture = torch.from_numpy(np.array(small)).permute(2, 0, 1)[None].float().to(device) / 127.5 - 1
        with torch.autocast(device.type, torch.bfloat16):
            encoded = model.encode(picture.contiguous(memory_format=torch.channels_last)).latents
        latents.append((encoded[0].float() * model.config.scaling_factor).half().cpu().numpy())
        captioned = captioned_parts(scene)
        areas.append(np.round(255 * cell_areas([scene.parts[k].area for k in captioned], side)).astype(np.uint8))
        parts = [scene.parts[k] for k in captioned]
        facts.append([asdict(Mention(name=part.name, colour=part.colour, group=part.group)) for part in parts])

    def write(new: Path) -> None:
        new.mkdir(parents=True)
        arrays = {"latents": np.stack(latents), "areas": np.concatenate(areas), "thumbs": np.stack(thumbs)}
        for name, array in arrays.items():
            np.save(new / f"{name}.npy", array)
        (new / "facts.json").write_text(json.dumps({"first": first, "parts": facts}))

    put_in_place(folder / f"{number:05d}", write)


def main(argv: list[str] | None = None) -> int:
    """Add the missing shards; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.picture_book.shards", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with sprites/ and backdrops/")
    parser.add_argument("--vae", type=Path, required=True, help="the autoencoder's folder")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of the shards, one for each autoencoder and side"
    )
    parser.add_argument(
        "--side",
        type=int,
        choices=(16, 32),
        default=32,
        help="width and height of the latents",
    )
    parser.add_argument("--shards", type=int, default=20, help="the number of shards in all, with 500 scenes each")
    parser.add_argument("--device", default="auto")
    arguments = parser.parse_args(argv)
    device = pick_device(arguments.device)
    pool = BackdropPool(arguments.data / "backdrops")
    composer = Composer(SpriteStore(arguments.data / "sprites"), pool)
    model = AutoencoderTiny.from_pretrained(arguments.vae, use_safetensors=True).to(device).eval()
    for number in range(arguments.shards):
        if (arguments.out / f"{number:05d}").is_dir():
            continue
        make_shard(arguments.out, number, composer, model, arguments.side, device)
        print(f"shard {number + 1} of {arguments.shards} is made", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
