"""Captions as a UNet reads them, with a gradient to the vectors of the word that is taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.embeddings import spans_of
from engine.models.families.sd import StableDiffusion
from engine.text.learnt_words import Vocabulary
from engine.text.spans import TokenizedPrompt, token_positions


@dataclass(frozen=True, eq=False)
class Read:
    """Captions as they were read.

    Attributes:
        context: `[B, T, C]`. present: bool `[B, T]`, tokens that there are, None for all. tokens: `[B, T, 1]`, 1 where
            the word stands. added: the added conditions of SDXL.
    """

    context: Tensor
    present: Tensor | None
    tokens: Tensor
    added: dict[str, Tensor] | None


def parts_of(family: StableDiffusion) -> dict[str, Any]:
    """The CLIP readers of a family by the name of their part."""
    return dict(zip(("text_encoder", "text_encoder_2"), family.readers, strict=False))


class CaptionReader:
    """Reads captions as the family's own `encode` does, but in batches, and with gradients.

    Args:
        vectors: of the word by part, `[n, C]`; they are looked up anew at each call.
        size: (width, height) of the pictures.
    """

    def __init__(
        self, family: StableDiffusion, word: str, vectors: Mapping[str, Tensor], size: tuple[int, int]
    ) -> None:
        self._family, self._word, self._size = family, word, size
        self._readers = parts_of(family)
        self._vectors = vectors
        self._words = {
            part: Vocabulary({word: vector}, lambda text: spans_of(text, [word])) for part, vector in vectors.items()
        }
        for reader in self._readers.values():
            reader.encoder.requires_grad_(False)

    def __call__(self, captions: Sequence[str]) -> Read:
        """Return what the UNet takes; captions are shorter than an encoder's length."""
        device = self._family.device
        states, cuts, pooled = [], [], None
        for part, reader in self._readers.items():
            found = [
                self._words[part].tokenize(reader.tokenizer, text, max_length=reader.length, chunks=1)
                for text in captions
            ]
            ids = torch.from_numpy(_stacked(found)).to(device)
            with _looked_up(reader.encoder, found, self._vectors[part]):
                out = reader.encoder(ids, output_hidden_states=reader.layer is not None)
            states.append((out[0] if reader.layer is None else out.hidden_states[reader.layer]).float())
            pooled = getattr(out, "text_embeds", pooled)
            cuts.append(found)
        context = torch.cat(states, dim=-1)
        tokens = torch.zeros(context.shape[:2], device=device)
        for row, tokenized in enumerate(cuts[0]):
            tokens[row, [place for place, _, _ in tokenized.learnt]] = 1
        present = None
        if self._family.t5 is not None:
            more, there, ours = self._by_t5(captions)
            present = torch.cat([torch.ones_like(tokens, dtype=torch.bool), there], dim=1)
            context, tokens = torch.cat([context, more], dim=1), torch.cat([tokens, ours], dim=1)
        added = None
        if pooled is not None:
            width, height = self._size
            sizes = torch.tensor([[height, width, 0, 0, height, width]], dtype=torch.float32, device=device)
            added = {"text_embeds": pooled.float(), "time_ids": sizes.expand(len(captions), -1)}
        return Read(context, present, tokens[..., None], added)

    def _by_t5(self, captions: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """States of T5, which reads the word as ordinary text; which tokens there are, and which are the word's."""
        assert self._family.t5 is not None
        with torch.no_grad():
            found = [self._family.t5.read(text) for text in captions]
        longest = max(states.shape[1] for _, states in found)
        rows, there, ours = [], [], []
        for text, (tokenized, states) in zip(captions, found, strict=True):
            missing = longest - states.shape[1]
            # A copy: what was read while a picture was made cannot take part in a gradient.
            rows.append(F.pad(states.clone().float(), (0, 0, 0, missing)))
            there.append([True] * states.shape[1] + [False] * missing)
            places = {place for span, _ in spans_of(text, [self._word]) for place in token_positions(tokenized, span)}
            ours.append([float(place in places) for place in range(longest)])
        device = self._family.device
        return torch.cat(rows), torch.tensor(there, device=device), torch.tensor(ours, device=device)


def _stacked(found: Sequence[TokenizedPrompt]) -> Any:
    import numpy as np

    return np.concatenate([each.input_ids[:1] for each in found])


def _looked_up(encoder: Any, found: Sequence[TokenizedPrompt], vectors: Tensor) -> ExitStack:
    """Within it, an encoder finds the vectors where the word stands in each row."""
    stack = ExitStack()
    length = found[0].input_ids.shape[1]
    at = [(row * length + place, number) for row, each in enumerate(found) for place, _, number in each.learnt]
    if at:
        places, numbers = torch.tensor(at).unbind(1)

        def replace(_module: nn.Module, _args: Any, out: Tensor) -> Tensor:
            rows = vectors.to(out.device)[numbers.to(out.device)].to(out.dtype)
            return out.flatten(0, 1).index_copy(0, places.to(out.device), rows).view_as(out)

        handle = encoder.get_input_embeddings().register_forward_hook(replace)
        stack.callback(handle.remove)
    return stack
