"""Training examples: a picture's latent, its conditioning (caption, reference), and where its words are painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.training.conditions import REFERENCE_SIDE, STYLE_TOKENS, WIDTH, Conditions, EncoderInputs
from engine.training.data import GROUP, WorldData, is_plain, training_look
from engine.training.painted_attention import CELLS
from engine.training.vocabulary import MAX_LENGTH, nonsense
from engine.world.captions import write_caption
from engine.world.looks import MEDIA, PLAIN

_READINGS = ((0.55, (True, True)), (0.25, (True, False)), (0.2, (False, True)))
"""Probability of each choice of encoders for the prompt: (CLIP, T5)."""

_STYLED = {True: 0.3, False: 0.99}
"""Probability that an example gets a reference, by whether it is in the plain look.

A picture in another look almost always has one, so that without a reference the model draws in the plain look."""

_GARBLED = 0.25
"""Probability that an example without a reference gets meaningless reference tokens."""

_NO_TEXT = 0.1


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Examples for one step.

    Attributes:
        latents: float `[B, 8, 16, 16]`.
        inputs: the prompts and references, and which encoders read them.
        truth, paint: float `[B, 256, 77 + 17 + T]`: where each token's object is, and where it is painted.
        weight: float `[B]`, the paint weight w'.
        media: int64 `[B]`, the medium of each reference, an index into `MEDIA`.
    """

    latents: Tensor
    inputs: EncoderInputs
    truth: Tensor
    paint: Tensor
    weight: Tensor
    media: Tensor


class Captioner:
    """Writes a new random caption for a picture at each call, with the span of each item."""

    def __init__(self, data: WorldData, rng: np.random.Generator) -> None:
        self.data, self.rng = data, rng

    def __call__(self, index: int) -> tuple[str, list[tuple[int, int, int]]]:
        """Return a caption of picture `index` and its `(item, start, end)` spans in code points."""
        items, rng = self.data.items[index], self.rng
        order = rng.permutation(len(items))
        kinds = [name for name, _ in items]
        phrases = []
        for k in order:
            name, colour = items[k]
            with_colour = colour and (kinds.count(name) > 1 or rng.random() < 0.65)
            phrases.append(f"{colour} {name}" if with_colour else name)
        text, spans = write_caption(phrases, rng)
        if rng.random() < 0.1:
            prefix = nonsense(rng) + " "
            text, spans = prefix + text, [(a + len(prefix), b + len(prefix)) for a, b in spans]
        if rng.random() < 0.05:
            text += " " + nonsense(rng)
        if rng.random() < 0.1:
            text = text[:1].upper() + text[1:]
        return text, [(int(k), a, b) for k, (a, b) in zip(order, spans, strict=True)]


def rough(area: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An area `[16, 16]` as people might paint it: exact, dilated, blurred, or a box or oval around a small object."""
    draw = rng.random()
    if draw < 0.45:
        return area
    if draw < 0.65 and 0 < area.mean() < 0.15:
        rows, columns = (np.flatnonzero(area.max(axis) > 0.3) for axis in (1, 0))
        if len(rows) and len(columns):
            y, x = np.mgrid[0:CELLS, 0:CELLS]
            middle = (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2
            half = (rows[-1] - rows[0] + 1) / 2, (columns[-1] - columns[0] + 1) / 2
            dy, dx = np.abs(y - middle[0]) / half[0], np.abs(x - middle[1]) / half[1]
            return ((np.maximum(dy, dx) if rng.random() < 0.5 else np.hypot(dy, dx) * 0.95) <= 1).astype(np.float32)
    padded = np.pad(area, 1, mode="edge")
    near = np.stack([padded[dy : dy + CELLS, dx : dx + CELLS] for dy in range(3) for dx in range(3)])
    return near.max(0) if rng.random() < 0.4 else near.mean(0)


class Batches:
    """Draws random batches of examples.

    Args:
        latents: of all pictures, then of their mirror images, `[2 n, 8, 16, 16]`.
    """

    def __init__(self, data: WorldData, latents: Tensor, conditions: Conditions, rng: np.random.Generator) -> None:
        self.data, self.latents, self.conditions, self.rng = data, latents, conditions, rng
        self.captioner = Captioner(data, rng)

    def __call__(self, size: int) -> Batch:
        """The next `size` examples."""
        rng = self.rng
        chosen, mirrored = rng.integers(len(self.data), size=size), rng.random(size) < 0.5
        captions, placed = [], []
        clip, t5, styled = (np.zeros(size, bool) for _ in range(3))
        weight = np.zeros(size, np.float32)
        media = np.zeros(size, np.int64)
        references = np.zeros((size, REFERENCE_SIDE, REFERENCE_SIDE, 3), np.float32)
        for row, index in enumerate(int(each) for each in chosen):
            look = training_look(index)
            styled[row] = rng.random() < _STYLED[look == PLAIN]
            media[row] = MEDIA.index(look.medium)
            references[row] = self._reference(index, plain=look == PLAIN)
            clip[row], t5[row] = _READINGS[int(rng.choice(len(_READINGS), p=[share for share, _ in _READINGS]))][1]
            text, spans = self.captioner(index)
            if rng.random() < _NO_TEXT:
                captions.append("")
                continue
            captions.append(text)
            mode = rng.choice(3, p=[0.4, 0.38, 0.22])
            if mode:
                weight[row] = np.exp(rng.uniform(np.log(0.15), np.log(2.0)))
            areas = self.data.areas[index].astype(np.float32)[:, :, :: -1 if mirrored[row] else 1]
            for item, start, end in spans:
                painted = mode == 1 or (mode == 2 and rng.random() < 0.5)
                area = rough(areas[item], rng) if painted else None
                placed.append((row, self.conditions.places(text, (start, end)), areas[item], area))
        garbled = ~styled & (rng.random(size) < _GARBLED)
        inputs = EncoderInputs(
            prompts=captions,
            clip=torch.from_numpy(clip),
            t5=torch.from_numpy(t5),
            references=torch.from_numpy(references).permute(0, 3, 1, 2).contiguous() / 127.5 - 1,
            styled=torch.from_numpy(styled),
            garbled=torch.from_numpy(garbled),
            disorder=torch.from_numpy(rng.permutation(STYLE_TOKENS * WIDTH)),
        )
        truth, paint = self._planes(size, placed, clip, t5)
        return Batch(
            latents=self.latents[torch.from_numpy(chosen + len(self.data) * mirrored)].float(),
            inputs=inputs,
            truth=truth,
            paint=paint,
            weight=torch.from_numpy(weight),
            media=torch.from_numpy(media),
        )

    def _planes(
        self,
        size: int,
        placed: list[tuple[int, list[int], np.ndarray, np.ndarray | None]],
        clip: np.ndarray,
        t5: np.ndarray,
    ) -> tuple[Tensor, Tensor]:
        tokens = 1 + max((position for _, positions, _, _ in placed for position in positions), default=0)
        truth = np.zeros((size, CELLS * CELLS, tokens), np.float32)
        paint = np.zeros_like(truth)
        for row, positions, area, painted in placed:
            for position in positions:
                if not (clip[row] if position < MAX_LENGTH else t5[row]):
                    continue
                truth[row, :, position] = area.ravel()
                if painted is not None:
                    paint[row, :, position] = painted.ravel()
        return torch.from_numpy(truth), torch.from_numpy(paint)

    def _reference(self, index: int, *, plain: bool) -> np.ndarray:
        """Another picture in the same look, float32 `[128, 128, 3]` in 0..255, mirrored half of the time."""
        rng, first = self.rng, index // GROUP * GROUP
        others = [other for other in range(first, min(first + GROUP, len(self.data))) if other != index]
        if plain:
            others += [
                other for other in (int(each) for each in rng.integers(len(self.data), size=8)) if is_plain(other)
            ]
        other = int(rng.choice(others or [index]))
        step = self.data.rgb.shape[1] // REFERENCE_SIDE
        small = self.data.rgb[other].reshape(REFERENCE_SIDE, step, REFERENCE_SIDE, step, 3).mean((1, 3), np.float32)
        return small[:, ::-1] if rng.random() < 0.5 else small
