"""What LoRA files and learnt words do to a loaded transformer; see `engine.models.families.adapting`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from engine.models.adapters.word_adapter import hear_in_text, text_hooks_of
from engine.models.architectures import Architecture
from engine.models.families.adapting import Adapting
from engine.text.spans import token_positions

if TYPE_CHECKING:
    from engine.models.families.base import RunConfig


class TransformerAdapting(Adapting):
    """A transformer's and its reader's.

    Args:
        denoiser: a `TransformerDenoiser`. reader: a `PromptReader`.
    """

    def __init__(self, denoiser: Any, reader: Any, architecture: Architecture) -> None:
        self._sides = denoiser.sides
        readers = dict(reader.parts)
        networks = {"transformer": denoiser.network, **{part: each.encoder for part, each in readers.items()}}
        if hasattr(reader, "conditioner"):
            networks["text_conditioner"] = reader.conditioner
        self._reader = reader
        super().__init__(networks, readers, made_for=architecture.loras, layers=architecture.layers)

    def begin(
        self,
        brief: RunConfig,
        layout: TokenLayout,
        counts: Sequence[int],
        rows: slice,
        control: TransformerControl,
    ) -> None:
        """Let the denoiser hear the words' files in a run; see `engine.models.adapters.word_in_sequence`.

        Args:
            counts: of the text's tokens in each row of a call. rows: the conditional ones.
        """
        if not self._words:
            return
        from engine.models.adapters.word_in_sequence import RunPlaces, hear_in_sequence

        self._cells.end()
        for each in self._words:
            places = RunPlaces(
                layout, counts, rows, each.mask, brief.context.positions(each.span), paused=control.is_paused
            )
            hear_in_sequence(self._cells, self._networks["transformer"], each, self._sides, places)

    def _hear_in_text(self, prompt: str) -> None:
        for part, network in self._networks.items():
            if part == "transformer":
                continue
            hooks = text_hooks_of(network)
            hooks.end()
            changing = [each for each in self._words if each.changes.get(part)]
            if not changing:
                continue
            reader = self._by_part.get(part)
            if reader is None or not hasattr(reader, "tokenize"):
                raise changing[0].source.misfit(
                    "it changes the model's text encoder, which reads the prompt as a whole; it can only act "
                    "on the whole picture, not on one word",
                    hint="Let the LoRA act in the whole picture, or choose one that changes the transformer alone.",
                )
            tokenized = reader.tokenize(prompt)
            ids = torch.from_numpy(tokenized.input_ids)
            for each in changing:
                hear_in_text(hooks, network, part, each, ids, token_positions(tokenized, each.span))
