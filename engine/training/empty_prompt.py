"""The other half of guidance for batches of painted captions: the empty prompt."""

from __future__ import annotations

import torch
from accelerate import Accelerator
from torch import Tensor
from torch.nn import functional as F

from engine.text.conditioning import ABSENT
from engine.training.conditions import MAX_LENGTH, REFERENCE_SIDE, STYLE_TOKENS, Conditions, EncoderInputs


class EmptyPrompt:
    """The empty prompt's context for any batch of a model, without paint and without a reference.

    Args:
        conditions: the model's frozen encoders.
    """

    def __init__(self, conditions: Conditions, accelerator: Accelerator) -> None:
        self.conditions, self.accelerator = conditions, accelerator
        self._read: tuple[Tensor, Tensor] | None = None

    @torch.no_grad()
    def __call__(self, context: Tensor, token_bias: Tensor) -> tuple[Tensor, Tensor]:
        """The context and token bias of as many empty prompts, as long as those of a batch, `[B, T, D]` and `[B, T]`,
        read by the same encoders that read its prompts."""
        if self._read is None:
            nothing = EncoderInputs(
                prompts=[""],
                clip=torch.ones(1, dtype=torch.bool),
                t5=torch.ones(1, dtype=torch.bool),
                references=torch.zeros(1, 3, REFERENCE_SIDE, REFERENCE_SIDE),
                styled=torch.zeros(1, dtype=torch.bool),
            )
            with self.accelerator.autocast():
                self._read = self.conditions(nothing.to(self.accelerator.device))
        tokens, end = context.shape[1], MAX_LENGTH + STYLE_TOKENS
        empty, bias = (part.expand(len(context), *part.shape[1:]) for part in self._read)
        short = tokens - empty.shape[1]
        if short < 0:  # no prompt of the batch is as long as the end of an empty one
            empty, bias, short = empty[:, :tokens], bias[:, :tokens], 0
        empty = F.pad(empty, (0, 0, 0, short))
        bias = F.pad(bias, (0, short), value=ABSENT)
        # Encoders that do not read the prompt do not read the empty one.
        unread = token_bias[:, [0]] < 0, token_bias[:, [end]] < 0
        bias = torch.cat(
            [
                bias[:, :MAX_LENGTH].masked_fill(unread[0], ABSENT),
                bias[:, MAX_LENGTH:end],
                bias[:, end:].masked_fill(unread[1], ABSENT),
            ],
            1,
        )
        return empty.to(context.dtype), bias
