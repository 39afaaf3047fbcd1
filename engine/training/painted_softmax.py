"""The softmax of painted cross-attention for training, with a way back of its own."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class PaintedSoftmax(torch.autograd.Function):
    """Attention shares `[B, h, N, T]` in which paint has moved attention among text tokens; the others keep theirs.

    With s the scores, b = s + bias and P the text tokens' part of softmax(s): a text token's share is P times its part
    of the text's softmax(b), and any other token's is that of softmax(s), as in the program.
    """

    @staticmethod
    def forward(ctx: Any, scores: Tensor, bias: Tensor, others: slice) -> Tensor:
        """Return the shares, in the scores' number format.

        Args:
            scores: `[B, h, N, T]`, with the token bias in them. bias: of the paint, float32 `[B, 1, N, T]`.
            others: the tokens that are not text, T or beyond where there are none.
        """
        plain = scores.float().softmax(-1)
        text = 1 - plain[..., others].sum(-1, keepdim=True)
        painted = scores + bias
        painted[..., others] = -torch.inf
        painted = painted.softmax(-1)
        shares = painted * text
        shares[..., others] = plain[..., others]
        ctx.others = others
        ctx.save_for_backward(plain, painted, text)
        return shares.to(scores.dtype)

    @staticmethod
    def backward(ctx: Any, wanted: Tensor) -> tuple[Tensor, None, None]:
        """Return the gradient of the scores; paint is given, not learnt."""
        plain, painted, text = ctx.saved_tensors
        others = ctx.others
        gradient = wanted.float()
        of_text = (painted * gradient).sum(-1, keepdim=True)
        of_others = gradient[..., others]
        mean = of_text * text + (plain[..., others] * of_others).sum(-1, keepdim=True)
        made = (gradient - of_text).mul_(painted).mul_(text).addcmul_(plain, of_text - mean)
        made[..., others] = plain[..., others] * (of_others - mean)
        return made.to(wanted.dtype), None, None
