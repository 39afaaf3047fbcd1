"""Training batches for any Stable Diffusion model from a folder of captioned pictures."""

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
"""Crops per picture: the largest one at its centre, then smaller ones at random places."""

_SMALLEST_CUT = 0.75
_NO_TEXT = 0.1


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """The content of a folder.

    Attributes:
        pictures: each file and its caption, sorted by name.
        skipped: names of files that cannot be used, relative to the folder, each with the reason.
    """

    pictures: tuple[tuple[Path, str], ...]
    skipped: tuple[tuple[str, str], ...]


def read_captions(folder: Path) -> Captioned:
    """Find the pictures in a folder and its subfolders, each with its caption from NAME.txt or metadata.jsonl.

    Each line of metadata.jsonl is an object with "file_name" and "text", as in the "imagefolder" format of the
    datasets library. The pictures themselves are not opened.

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
                raise TypeError("file_name and text must be strings")
        except (ValueError, KeyError, TypeError) as error:
            skipped.append((f"{_METADATA}:{number}", f"the line cannot be read: {type(error).__name__} {error}"))
            continue
        yield name, text


def cut(rgb: np.ndarray, size: tuple[int, int], rng: np.random.Generator | None) -> np.ndarray:
    """Crop and scale uint8 `[h, w, 3]` to `size` (width, height): the largest crop at the centre, or a random one."""
    height, width = rgb.shape[:2]
    scale = min(width / size[0], height / size[1]) * (1 if rng is None else rng.uniform(_SMALLEST_CUT, 1))
    across, down = size[0] * scale, size[1] * scale
    x, y = (0.5, 0.5) if rng is None else rng.random(2)
    left, top = x * (width - across), y * (height - down)
    box = (left, top, min(left + across, width), min(top + down, height))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.LANCZOS, box=box))


class FolderBatches:
    """Batches of a folder's pictures with their captions; there is no paint, since the areas of words are unknown.

    Args:
        encoded: latents, contexts and more, as cached by `folder_batches`.
    """

    painted = False

    def __init__(self, encoded: dict[str, Any], accelerator: Accelerator) -> None:
        self.encoded, self.accelerator = encoded, accelerator
        self.settings: dict[str, Any] = {"data": encoded["key"]}

    def __call__(self, rng: np.random.Generator, size: int) -> TrainingBatch:
        """See `BatchSource`; one caption in ten is replaced by the empty prompt."""
        device, encoded = self.accelerator.device, self.encoded
        count = len(encoded["latents"]) // _VIEWS
        chosen = rng.integers(count, size=size)
        views = rng.integers(_VIEWS, size=size)
        # The context of the empty prompt comes after those of the captions.
        captions = np.where(rng.random(size) < _NO_TEXT, count, chosen)
        rows = [encoded["contexts"][index] for index in captions]
        longest = max(len(row) for row in rows)
        token_bias = torch.full((size, longest), ABSENT)
        for row, context in zip(token_bias, rows, strict=True):
            row[: len(context)] = 0
        context = torch.stack([F.pad(row.float(), (0, 0, 0, longest - len(row))) for row in rows])
        pooled = encoded["pooled"]
        added = None
        if pooled is not None:
            times = encoded["time_ids"].expand(size, -1).to(device)
            added = {"text_embeds": pooled[torch.from_numpy(captions)].float().to(device), "time_ids": times}
        return TrainingBatch(
            clean=encoded["latents"][torch.from_numpy(_VIEWS * chosen + views)].float().to(device),
            context=context.to(device),
            token_bias=token_bias.to(device),
            added=added,
        )

    def negative(self, batch: TrainingBatch) -> TrainingBatch:
        """The other half of guidance for a batch: the empty prompt, for as many examples."""
        empty, size = self.encoded["contexts"][-1].float().to(self.accelerator.device), len(batch.context)
        added = batch.added
        if added is not None:
            text = self.encoded["pooled"][-1].float().to(self.accelerator.device).expand(size, -1)
            added = {**added, "text_embeds": text}
        return TrainingBatch(
            clean=batch.clean,
            context=empty.expand(size, -1, -1),
            token_bias=torch.zeros(size, len(empty), device=self.accelerator.device),
            added=added,
        )


def folder_batches(
    facts: InstalledModel, folder: Path, work: Path, *, size: tuple[int, int], accelerator: Accelerator
) -> FolderBatches:
    """Encode a folder for a model, once, with a cache in `work`; skipped pictures are printed.

    Args:
        size: (width, height) that the pictures are cropped to.

    Raises:
        BadRequest: the folder is missing or has no usable picture, or the model cannot make that size. ModelIncomplete,
        UnsupportedModel: the model cannot be loaded. OSError: `work` cannot be written.
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
            hint=f"Put pictures there ({', '.join(_PICTURES)}), each with a .txt of the same name, or a {_METADATA}.",
        )
    return FolderBatches(encoded, accelerator)


def _report(count: int, skipped: list[tuple[str, str]]) -> None:
    for name, why in skipped:
        print(f"skipped {name}: {why}", flush=True)
    print(f"{count} captioned pictures, {len(skipped)} skipped", flush=True)


def _key(facts: InstalledModel, found: Captioned, size: tuple[int, int]) -> str:
    """A hash of everything that the encoded data depends on: pictures, captions, size, and the model's files."""
    parts: list[Any] = [size, str(facts.path.resolve())]
    parts += [(file.name, text, file.stat().st_size, file.stat().st_mtime_ns) for file, text in found.pictures]
    for part in ("vae", "text_encoder", "text_encoder_2"):
        parts += [(file.name, file.stat().st_mtime_ns) for file in sorted((facts.path / part).glob("*.safetensors"))]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@torch.no_grad()
def _encoded(facts: InstalledModel, found: Captioned, size: tuple[int, int], device: torch.device) -> dict[str, Any]:
    """Latents `[views * n, C, h, w]`, contexts `[T, D]` of the n captions and the empty prompt, and skipped files."""
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
        # The mean of the KL autoencoder's distribution; its variance is negligible.
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
