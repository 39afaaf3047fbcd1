"""A folder of captioned pictures: which are usable, and training batches of them for any Stable Diffusion model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.errors import BadReference, BadRequest
from engine.facts import InstalledModel
from engine.models.families import load
from engine.models.families.base import RunConfig
from engine.scoring.style_image import reference_from_image
from engine.text.conditioning import ABSENT
from engine.training import checkpoint_io
from engine.training.training_batches import TrainingBatch

_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_METADATA = "metadata.jsonl"
_VIEWS = 2
"""Cuts of each picture: the largest at its centre, then smaller ones at random places."""

_SMALLEST_CUT = 0.75
_NO_TEXT = 0.1


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """What lies in a folder.

    Attributes:
        pictures: each file and its caption, in the order of their names.
        skipped: names, relative to the folder, and why they are of no use.
    """

    pictures: tuple[tuple[Path, str], ...]
    skipped: tuple[tuple[str, str], ...]


def read_captions(folder: Path) -> Captioned:
    """The pictures in a folder and below, each with the text of NAME.txt, or of its line in the folder's metadata.

    That is metadata.jsonl: on each line an object with "file_name" and "text", as datasets of the "imagefolder" kind
    have it. The pictures themselves are not opened.

    Raises:
        BadRequest: there is no such folder.
    """
    if not folder.is_dir():
        raise BadRequest(f'There is no folder "{folder}".', hint='Give --data "world", or a folder of pictures.')
    skipped: list[tuple[str, str]] = []
    texts = dict(_metadata(folder, skipped))
    pictures = []
    for file in sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES and path.is_file()):
        name = file.relative_to(folder).as_posix()
        text, beside = texts.pop(name, ""), file.with_suffix(".txt")
        try:
            caption = beside.read_text(encoding="utf-8") if beside.is_file() else text
        except (OSError, ValueError) as error:
            skipped.append((name, f"{beside.name} cannot be read: {error}"))
            continue
        if caption.strip():
            pictures.append((file, " ".join(caption.split())))
        else:
            skipped.append((name, "it has no caption"))
    skipped += [(name, f"{_METADATA} names it, but it is not there") for name in texts]
    return Captioned(pictures=tuple(pictures), skipped=tuple(skipped))


def _metadata(folder: Path, skipped: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if not (folder / _METADATA).is_file():
        return
    lines = (folder / _METADATA).read_bytes().splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name, text = row["file_name"], row["text"]
            if not isinstance(name, str) or not isinstance(text, str):
                raise TypeError("file_name and text are no texts")
        except (ValueError, KeyError, TypeError) as error:
            skipped.append((f"{_METADATA}:{number}", f"the line makes no sense: {type(error).__name__} {error}"))
            continue
        yield name, text


def cut(rgb: np.ndarray, size: tuple[int, int], rng: np.random.Generator | None) -> np.ndarray:
    """A picture uint8 `[h, w, 3]` at `size` (width, height): the largest part at the centre, or one at random."""
    height, width = rgb.shape[:2]
    scale = min(width / size[0], height / size[1]) * (1 if rng is None else rng.uniform(_SMALLEST_CUT, 1))
    across, down = size[0] * scale, size[1] * scale
    x, y = (0.5, 0.5) if rng is None else rng.random(2)
    left, top = x * (width - across), y * (height - down)
    box = (left, top, min(left + across, width), min(top + down, height))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, box=box))


class FolderBatches:
    """Pictures of a folder with their captions; nothing is known of where things are.

    Args:
        encoded: latents, contexts and more, as `folder_batches` keeps them.
    """

    painted = False

    def __init__(self, encoded: dict[str, Any], accelerator: Accelerator) -> None:
        self.encoded, self.accelerator = encoded, accelerator
        self.settings: dict[str, Any] = {"data": encoded["key"]}

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        """See `BatchSource`; one caption of ten is left out."""
        device, encoded = self.accelerator.device, self.encoded
        count = len(encoded["latents"]) // _VIEWS
        chosen = rng.integers(count, size=size)
        views = rng.integers(_VIEWS, size=size)
        # The reading of no text lies behind the captions'.
        told = np.where(rng.random(size) < _NO_TEXT, count, chosen)
        rows = [encoded["contexts"][index] for index in told]
        longest = max(len(row) for row in rows)
        token_bias = torch.full((size, longest), ABSENT)
        for row, context in zip(token_bias, rows, strict=True):
            row[: len(context)] = 0
        context = torch.stack([F.pad(row.float(), (0, 0, 0, longest - len(row))) for row in rows])
        pooled = encoded["pooled"]
        added = None
        if pooled is not None:
            times = encoded["time_ids"].expand(size, -1).to(device)
            added = {"text_embeds": pooled[torch.from_numpy(told)].float().to(device), "time_ids": times}
        return TrainingBatch(
            clean=encoded["latents"][torch.from_numpy(_VIEWS * chosen + views)].float().to(device),
            context=context.to(device),
            token_bias=token_bias.to(device),
            added=added,
        )


def folder_batches(
    facts: InstalledModel, folder: Path, work: Path, *, size: tuple[int, int], accelerator: Accelerator
) -> FolderBatches:
    """Batches of a folder for a model, read and encoded once and cached in `work`; skipped pictures are printed.

    Args:
        size: (width, height) that the pictures are cut to.

    Raises:
        BadRequest: no folder, no usable picture in it, or a size that the model cannot make. ModelIncomplete,
        UnsupportedModel: by the model. OSError: `work` cannot be written.
    """
    if any(side < facts.multiple or side % facts.multiple for side in size):
        raise BadRequest(
            f'"{facts.name}" cannot make {size[0]}x{size[1]} pixels.',
            hint=f"Give --size in multiples of {facts.multiple}, such as "
            f"{facts.nearest(size[0])}x{facts.nearest(size[1])}.",
        )
    found = read_captions(folder)
    file = work / "experts" / "captioned.pt"
    with accelerator.main_process_first():
        key = _key(facts, found, size)
        encoded = checkpoint_io.read(file) or {}
        if encoded.get("key") != key:
            encoded = _encoded(facts, found, size, accelerator.device) | {"key": key}
            checkpoint_io.write(file, encoded)
    if accelerator.is_main_process:
        _report(len(encoded["latents"]) // _VIEWS, [*found.skipped, *encoded["skipped"]])
    if not len(encoded["latents"]):
        raise BadRequest(
            f'There is no usable picture in "{folder}".',
            hint=f"Put pictures there ({', '.join(_PICTURES)}), each with a text of its name, or a {_METADATA}.",
        )
    return FolderBatches(encoded, accelerator)


def _report(count: int, skipped: list[tuple[str, str]]) -> None:
    for name, why in skipped:
        print(f"skipped {name}: {why}", flush=True)
    print(f"{count} captioned pictures, {len(skipped)} skipped", flush=True)


def _key(facts: InstalledModel, found: Captioned, size: tuple[int, int]) -> str:
    """What was encoded from it depends on: the pictures, their captions, the size, and the model's files."""
    told: list[Any] = [size, str(facts.path.resolve())]
    told += [(file.name, text, file.stat().st_size, file.stat().st_mtime_ns) for file, text in found.pictures]
    for part in ("vae", "text_encoder", "text_encoder_2"):
        told += [(file.name, file.stat().st_mtime_ns) for file in sorted((facts.path / part).glob("*.safetensors"))]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@torch.no_grad()
def _encoded(facts: InstalledModel, found: Captioned, size: tuple[int, int], device: torch.device) -> dict[str, Any]:
    """Latents `[views * n, C, h, w]`, contexts of n captions and of no text, each `[T, D]`; and what is skipped."""
    loading = load(facts, device)
    while True:
        try:
            next(loading)
        except StopIteration as done:
            family: Any = done.value
            break
    latents: list[Tensor] = []
    captions: list[str] = []
    skipped: list[tuple[str, str]] = []
    for number, (file, text) in enumerate(found.pictures):
        try:
            rgb = reference_from_image(file)
        except BadReference as error:
            skipped.append((file.name, error.message))
            continue
        rng = np.random.default_rng(number)
        cuts = [cut(rgb, size, None), *(cut(rgb, size, rng) for _ in range(_VIEWS - 1))]
        # KL's mean: its spread is far below what the denoiser can tell.
        latents += [family.encode_picture(each)[0].half().cpu() for each in cuts]
        captions.append(text)
        if number % 200 == 0:
            print(f"encoded {number} of {len(found.pictures)} pictures", flush=True)
    contexts, pooled, times = [], [], None
    for text in [*captions, ""]:
        context = family.encode(text, "")
        contexts.append(context.rows[1, : context.present].half().cpu())
        added = family._added_conditions(RunConfig(context=context, size=size), [1])
        if added is not None:
            pooled.append(added["text_embeds"][0].half().cpu())
            times = added["time_ids"].float().cpu()
    return {
        "latents": torch.stack(latents) if latents else torch.zeros(0),
        "contexts": [context.clone() for context in contexts],
        "pooled": torch.stack(pooled) if pooled else None,
        "time_ids": times,
        "skipped": skipped,
    }
